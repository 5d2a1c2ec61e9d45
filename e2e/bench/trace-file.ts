/** The traces that are measured: events of the system logger and WPP messages of four CPUs, written as Windows writes them. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 65_536;
const HEADER_BYTES = 72;
const START_TICKS = 5_000_000n;
const PROVIDER = '9b93a332-c452-3e71-64f7-55130c7de2e4';

export const CPUS = 4;

/** The format of the messages in the trace: a pointer, a text, a number. */
export const TMF = `${PROVIDER} bench // SRC=bench.c MJ= MN=
#typev bench_c1 10 "%0irp %10!p! of %11!s! took %12!d! us, status %13!s!" //   LEVEL=TRACE_LEVEL_INFORMATION FLAGS=IO FUNC=Complete
{
irp, ItemPtr -- 10
device, ItemString -- 11
took, ItemLong -- 12
status, ItemNTSTATUS -- 13
}
`;

function buffer(sequence: number, cpu: number, type: number): Buffer {
  const bytes = Buffer.alloc(BUFFER_BYTES);
  bytes.writeUInt32LE(BUFFER_BYTES, 0);
  bytes.writeBigInt64LE(BigInt(sequence), 24);
  bytes.writeUInt16LE(cpu, 40);
  bytes.writeUInt16LE(0x20, 52);
  bytes.writeUInt16LE(type, 54);
  return bytes;
}

function ended(bytes: Buffer, end: number): Buffer {
  for (const at of [4, 8, 48]) bytes.writeUInt32LE(end, at);
  return bytes;
}

function headerBuffer(buffers: number): Buffer {
  const bytes = buffer(0, 0, 4);
  const at = HEADER_BYTES;
  const data = at + 32;
  const after = data + 56 + 16 + 176;
  const end = after + 32 + 32;
  bytes.writeUInt16LE(2, at);
  bytes.writeUInt16LE(0xc002, at + 2);
  bytes.writeUInt16LE(end - at, at + 4);
  bytes.writeBigInt64LE(START_TICKS, at + 16);
  bytes.writeUInt32LE(BUFFER_BYTES, data);
  bytes.writeUInt32LE(CPUS, data + 12);
  bytes.writeUInt32LE(1, data + 32);
  bytes.writeUInt32LE(buffers + 1, data + 36);
  bytes.writeUInt32LE(8, data + 44);
  bytes.writeBigInt64LE(10_000_000n, after + 8);
  bytes.writeBigInt64LE((BigInt(Date.UTC(2026, 10, 28)) + 11_644_473_600_000n) * 10_000n, after + 16);
  bytes.writeUInt32LE(1, after + 24);
  return ended(bytes, end);
}

/** Header of a DbgPrint event, and its text. */
function print(bytes: Buffer, at: number, ticks: bigint): number {
  const text = 'storport: IRP completed with status 0x00000000 after 132 us on queue 3\0';
  const size = 32 + 8 + text.length;
  bytes.writeUInt16LE(2, at);
  bytes.writeUInt16LE(0xc002, at + 2);
  bytes.writeUInt16LE(size, at + 4);
  bytes.writeUInt16LE(0x0a20, at + 6);
  bytes.writeUInt32LE(77, at + 8);
  bytes.writeUInt32LE(4, at + 12);
  bytes.writeBigInt64LE(ticks, at + 16);
  bytes.writeUInt32LE(3, at + 36);
  bytes.write(text, at + 40, 'latin1');
  return (at + size + 7) & ~7;
}

function message(bytes: Buffer, at: number, ticks: bigint): number {
  const text = '\\Device\\Harddisk0\\DR0\0';
  const size = 44 + 8 + text.length + 8;
  bytes.writeUInt16LE(size, at);
  bytes.writeUInt16LE(0x9000, at + 2);
  bytes.writeUInt16LE(10, at + 4);
  bytes.writeUInt16LE(1 | 2 | 8 | 32 | 128, at + 6);
  Buffer.from('32a3939b52c4713e64f755130c7de2e4', 'hex').copy(bytes, at + 12);
  bytes.writeBigInt64LE(ticks, at + 28);
  bytes.writeUInt32LE(4, at + 40);
  bytes.writeBigUInt64LE(0xffff8001_2345_0000n, at + 44);
  bytes.write(text, at + 52, 'latin1');
  bytes.writeInt32LE(132, at + 52 + text.length);
  bytes.writeUInt32LE(0xc0000022, at + 56 + text.length);
  return (at + size + 7) & ~7;
}

/** Writes a trace of so many full buffers; the events. */
export function writeTrace(path: string, buffers: number, what: 'prints' | 'messages'): number {
  const fd = openSync(path, 'w');
  let events = 0;
  let ticks = START_TICKS;
  try {
    writeSync(fd, headerBuffer(buffers));
    for (let number = 1; number <= buffers; number++) {
      const bytes = buffer(number, number % CPUS, 0);
      // Buffers of all CPUs fill at the same time.
      const first = ticks + BigInt(number % CPUS);
      let at = HEADER_BYTES;
      let own = first;
      while (at + 160 < BUFFER_BYTES) {
        at = what === 'prints' ? print(bytes, at, own) : message(bytes, at, own);
        own += BigInt(CPUS);
        events++;
      }
      if (number % CPUS === 0) ticks = own;
      writeSync(fd, ended(bytes, at));
    }
  } finally {
    closeSync(fd);
  }
  return events;
}

/** Writes a trace of so many buffers of which each has one event: the rest of the file is a hole, and takes no disk. */
export function writeSparseTrace(path: string, buffers: number): void {
  const fd = openSync(path, 'w');
  try {
    writeSync(fd, headerBuffer(buffers));
    for (let number = 1; number <= buffers; number++) {
      const bytes = buffer(number, number % CPUS, 0);
      const end = print(bytes, HEADER_BYTES, START_TICKS + BigInt(number * 1000));
      ended(bytes, end);
      writeSync(fd, bytes, 0, end, number * BUFFER_BYTES);
    }
    ftruncateSync(fd, (buffers + 1) * BUFFER_BYTES);
  } finally {
    closeSync(fd);
  }
}
