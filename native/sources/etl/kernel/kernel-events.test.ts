/** Events of the system logger: each kind by its name and fields, in one line, with the names that the rundown gave. */
import { describe, expect, it } from 'vitest';
import { Level } from '../../../core/entry.ts';
import { at, perfinfoEvent, readTrace, systemEvent, traceFile } from '../test-support.ts';

const wide = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf16le');
const u32 = (...values: number[]): Buffer => Buffer.concat(values.map((value) => number(value, 4)));
const u64 = (...values: (number | bigint)[]): Buffer => Buffer.concat(values.map((value) => number(BigInt(value), 8)));
const bytes = (...values: number[]): Buffer => Buffer.from(values.map((value) => value & 0xff));
const port = (value: number): Buffer => bytes(value >> 8, value);
const KEY = 0xffff8001_00000040n;

function number(value: number | bigint, length: 4 | 8): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return buffer.subarray(0, length);
}

describe.each([32, 64] as const)('a kernel event of a machine of %i bits', (bits) => {
  const pointer = (value: number | bigint): Buffer => number(value, bits === 64 ? 8 : 4);
  const shown = (value: bigint): string => `0x${BigInt.asUintN(bits, value).toString(16)}`;
  const start = (pid: number, name: string): Buffer =>
    systemEvent(
      3,
      1,
      Buffer.concat([pointer(1), u32(pid, 4, 1, 0), pointer(0), u32(0, 0), Buffer.from(`${name}\0`), wide('')]),
      { ticks: at(0.5), bits },
      { version: 4 },
    );
  const fileName = systemEvent(4, 36, Buffer.concat([pointer(KEY), wide('\\Device\\x.sys')]), { ticks: at(0.5), bits });

  /** The row of one event, behind those that say what the process and the file are called. */
  function row(group: number, opcode: number, data: Buffer, version = 2, perfinfo = false) {
    const stamp = { ticks: at(2), bits };
    const event = perfinfo
      ? perfinfoEvent(group, opcode, data, stamp)
      : systemEvent(group, opcode, data, stamp, { version });
    const { rows, source, broken } = readTrace(
      traceFile([{ events: [start(4321, 'probe.exe'), fileName, event] }], { bits }),
    );
    expect(broken).toEqual([]);
    const { text = '', level = -1 } = rows[2] ?? {};
    return { text, level, name: source.eventNames.at(source.eventNames.size - 1) };
  }

  const text = (group: number, opcode: number, data: Buffer, version = 2, perfinfo = false): string =>
    row(group, opcode, data, version, perfinfo).text;

  it('of a disk names the file, and says how long it took', () => {
    const data = Buffer.concat([u32(0, 0x43, 4096, 0), u64(65_536), pointer(KEY), pointer(0x99), u64(123), u32(77)]);
    const read = row(1, 10, data, 3);
    expect(read.text).toBe(
      'DiskIo/Read: disk=0, flags=0x43, bytes=4096, offset=65536, file=\\Device\\x.sys, irp=0x99, response=12.3us, thread=77',
    );
    expect(read.name).toMatchObject({ provider: 'Windows Kernel', event: 'DiskIo/Read', function: null });
    // Systems before Windows 8 do not say which thread it was.
    expect(text(1, 11, data.subarray(0, -4))).toMatch(/^DiskIo\/Write: .*response=12\.3us$/);
    expect(text(1, 14, Buffer.concat([u32(1, 0), u64(10_000_000), pointer(5), u32(9)]))).toBe(
      'DiskIo/FlushBuffers: disk=1, flags=0x0, response=1000000.0us, irp=0x5, thread=9',
    );
    expect(text(1, 12, Buffer.concat([pointer(5), u32(9)]))).toBe('DiskIo/ReadInit: irp=0x5, thread=9');
  });

  it('of a file has its name, in the layout of its version', () => {
    const create = [u32(1, 0x80, 7), wide('\\Device\\new.txt')];
    expect(text(4, 64, Buffer.concat([pointer(1), pointer(8), pointer(2), ...create]))).toBe(
      'FileIo/Create: irp=0x1, thread=8, object=0x2, options=0x1, attributes=0x80, share=0x7, name=\\Device\\new.txt',
    );
    expect(text(4, 64, Buffer.concat([pointer(1), pointer(2), u32(8), ...create]), 3)).toBe(
      'FileIo/Create: irp=0x1, object=0x2, thread=8, options=0x1, attributes=0x80, share=0x7, name=\\Device\\new.txt',
    );
    const write = Buffer.concat([u64(512), pointer(1), pointer(2), pointer(KEY), u32(8, 100, 0x60900)]);
    expect(text(4, 68, write, 3)).toBe(
      'FileIo/Write: offset=512, irp=0x1, object=0x2, file=\\Device\\x.sys, thread=8, bytes=100, flags=0x60900',
    );
    expect(text(4, 66, Buffer.concat([pointer(1), pointer(2), pointer(0x77), u32(8)]), 3)).toBe(
      'FileIo/Close: irp=0x1, object=0x2, file=0x77, thread=8',
    );
    expect(text(4, 76, Buffer.concat([pointer(1), pointer(0), u32(0xc0000022)]))).toBe(
      'FileIo/OperationEnd: irp=0x1, extra=0x0, status=0xc0000022(STATUS_ACCESS_DENIED)',
    );
    expect(text(4, 0, Buffer.concat([pointer(KEY), wide('\\a')]))).toBe(`FileIo/Name: key=${shown(KEY)}, name=\\a`);
  });

  it('of the registry has its key, status and time', () => {
    const data = Buffer.concat([u64(at(1)), u32(0, 3), pointer(0xab), wide('\\Registry\\Machine')]);
    expect(text(9, 16, data)).toBe(
      'Registry/QueryValue: took=1000.0us, status=0x00000000(STATUS_SUCCESS), index=3, key=0xab, name=\\Registry\\Machine',
    );
  });

  it('of the network has its process by name and both ends', () => {
    const four = Buffer.concat([u32(4321, 1460), bytes(10, 0, 0, 2), bytes(192, 168, 1, 9), port(443), port(50_000)]);
    expect(text(6, 10, Buffer.concat([four, u32(0, 0, 0), pointer(0)]))).toBe(
      'TcpIp/Send: process=4321(probe.exe), bytes=1460, to=10.0.0.2, from=192.168.1.9, toPort=443, fromPort=50000',
    );
    const six = Buffer.concat([
      u32(7, 10),
      bytes(0xfe, 0x80),
      Buffer.alloc(13),
      bytes(1),
      Buffer.alloc(16),
      port(1),
      port(2),
    ]);
    expect(text(6, 27, six)).toBe(
      'TcpIp/RecvIPv6: process=7, bytes=10, to=fe80:0:0:0:0:0:0:1, from=0:0:0:0:0:0:0:0, toPort=1, fromPort=2',
    );
    expect(text(8, 11, four)).toMatch(/^UdpIp\/Recv: process=4321\(probe\.exe\), bytes=1460, /);
    expect(text(6, 17, bytes(6, 0, 5, 0))).toBe('TcpIp/Fail: protocol=6, code=5');
  });

  it('of the scheduler says who goes and why', () => {
    const swap = Buffer.concat([u32(11, 22), bytes(8, 15, 0, 0, 6, 1, 5, 0), u32(3, 0)]);
    expect(text(5, 36, swap, 2, true)).toBe(
      'Thread/CSwitch: to=11, from=22, priority=8, oldPriority=15, waitReason=UserRequest, waitMode=1, oldState=waiting, waited=3',
    );
    expect(text(5, 50, Buffer.concat([u32(11), bytes(1, -1, 0, 0)]), 2, true)).toBe(
      'Thread/ReadyThread: thread=11, reason=1, increment=-1, flag=0',
    );
  });

  it('of an interrupt, a DPC, a fault has its address and how long it took', () => {
    expect(text(15, 68, Buffer.concat([u64(at(1.99)), pointer(0x1234)]), 2, true)).toBe(
      'PerfInfo/DPC: took=10.0us, routine=0x1234',
    );
    expect(text(15, 67, Buffer.concat([u64(at(1.995)), pointer(0x1234), bytes(1, 0xb0, 0, 0)]), 2, true)).toBe(
      'PerfInfo/ISR: took=5.0us, routine=0x1234, handled=1, vector=176',
    );
    const fault = Buffer.concat([u64(at(1)), u64(8192), pointer(0x7000), pointer(KEY), u32(5, 4096)]);
    expect(text(2, 32, fault, 2, true)).toBe(
      'PageFault/HardFault: took=1000.0us, offset=8192, address=0x7000, file=\\Device\\x.sys, thread=5, bytes=4096',
    );
  });

  it('of DbgPrint has its text and the level it was printed at', () => {
    const print = (level: number) => row(10, 32, Buffer.concat([u32(77, level), Buffer.from('said\n\0')]));
    expect([0, 1, 2, 3, 9].map((level) => print(level).level)).toEqual([
      Level.Error,
      Level.Warning,
      Level.Trace,
      Level.Info,
      Level.Info,
    ]);
    expect(print(0)).toMatchObject({ text: 'said', name: { event: 'DbgPrint' } });
  });

  it('of a process, an image, a stack has the process by name', () => {
    expect(text(3, 11, u32(4321))).toBe('Process/Terminate: process=4321(probe.exe)');
    expect(text(5, 1, u32(4321, 9))).toBe('thread 9 of process 4321(probe.exe) started');
    const image = Buffer.concat([
      pointer(0x1000),
      pointer(512),
      u32(4321, 0, 0, 0),
      pointer(0),
      Buffer.alloc(16),
      wide('\\y'),
    ]);
    expect(text(3, 10, image)).toBe('image \\y loaded in process 4321(probe.exe) at 0x1000, 512 bytes');
    const frames = Array.from({ length: 20 }, (_, frame) => pointer(0x100 + frame));
    expect(text(0x18, 32, Buffer.concat([u64(1), u32(4321, 9), ...frames.slice(0, 2)]))).toBe(
      'stack of thread 9 of process 4321(probe.exe): 0x100 0x101',
    );
    expect(text(0x18, 32, Buffer.concat([u64(1), u32(4321, 9), ...frames]))).toMatch(/ 0x10f \.\.\. 20 frames$/);
  });

  it.each([
    [0x0d, 'notification facility'],
    [0x15, 'dpc'],
    [0x16, 'cache'],
    [0x17, 'critical section'],
    [0x18, 'stack walk'],
    [0x19, 'user-mode scheduling'],
    [0x1a, 'alpc'],
    [0x1b, 'split io'],
    [0x1c, 'thread pool'],
    [0x1d, 'hypervisor'],
  ] as const)('of group 0x%x is of "%s", as EVENT_TRACE_GROUP has it', (group, name) => {
    expect(row(group, 0xee, Buffer.alloc(0))).toMatchObject({
      text: `${name}, type 238`,
      name: { event: `${name}/238` },
    });
  });

  it('of a kind that is not known has its numbers and bytes', () => {
    expect(row(7, 99, u32(1))).toMatchObject({ text: 'job, type 99: 0x01000000', name: { event: 'job/99' } });
    expect(text(0x77, 1, Buffer.alloc(0))).toBe('group 0x77, type 1');
    // A layout of a version before those that are known.
    expect(text(1, 10, u32(1), 0)).toBe('disk, type 10: 0x01000000');
  });
});
