/** The traces that are measured: events of the system logger and WPP messages of four CPUs, written as Windows writes them. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { bufferOf, START_TICKS, systemEvent, traceFile, wppMessage } from '../../native/sources/etl/test-support.ts';

export const BUFFER_BYTES = 65_536;
const HEADER_BYTES = 72;
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

/** What DbgPrint leaves: component, level, text. */
const PRINTED = Buffer.from(
  '\0\0\0\0\x03\0\0\0storport: IRP completed with status 0x00000000 after 132 us on queue 3\0',
  'latin1',
);
/** The items of the format. */
const LOGGED = Buffer.from(
  '\x00\x00\x45\x23\x01\x80\xff\xff\\Device\\Harddisk0\\DR0\0\x84\0\0\0\x22\0\0\xc0',
  'latin1',
);

const print = (ticks: bigint): Buffer => systemEvent(10, 32, PRINTED, { ticks, pid: 4, tid: 77 });
const message = (ticks: bigint): Buffer => wppMessage(PROVIDER, 10, LOGGED, { ticks, pid: 4, tid: 0 });

function buffer(sequence: number, events: readonly Buffer[]): Buffer {
  return bufferOf(events, BUFFER_BYTES, { cpu: sequence % CPUS, sequence, flags: 0, type: 0 });
}

function headerBuffer(buffers: number): Buffer {
  return traceFile([], { bufferBytes: BUFFER_BYTES, cpus: CPUS, buffersWritten: buffers + 1 });
}

/** Writes a trace of so many full buffers; the events. */
export function writeTrace(path: string, buffers: number, what: 'prints' | 'messages'): number {
  const fd = openSync(path, 'w');
  let events = 0;
  let ticks = START_TICKS;
  try {
    writeSync(fd, headerBuffer(buffers));
    for (let number = 1; number <= buffers; number++) {
      const written: Buffer[] = [];
      // Buffers of all CPUs fill at the same time.
      let own = ticks + BigInt(number % CPUS);
      for (let end = HEADER_BYTES; end + 160 < BUFFER_BYTES; ) {
        const event = what === 'prints' ? print(own) : message(own);
        written.push(event);
        end += (event.length + 7) & ~7;
        own += BigInt(CPUS);
      }
      events += written.length;
      if (number % CPUS === 0) ticks = own;
      writeSync(fd, buffer(number, written));
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
      const event = print(START_TICKS + BigInt(number * 1000));
      writeSync(fd, buffer(number, [event]), 0, HEADER_BYTES + event.length, number * BUFFER_BYTES);
    }
    ftruncateSync(fd, (buffers + 1) * BUFFER_BYTES);
  } finally {
    closeSync(fd);
  }
}
