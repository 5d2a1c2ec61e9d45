/** Traces of an own writer: every header kind, both pointer widths, and everything that can be wrong with a file. */
import { describe, expect, it } from 'vitest';
import { Level } from '../../core/entry.ts';
import {
  at,
  COMPRESSED,
  classicEvent,
  described,
  EVENTS_LOST,
  fullEvent,
  instanceEvent,
  PROVIDER,
  perfinfoEvent,
  readTrace,
  START_TIME,
  systemEvent,
  traceFile,
  wppMessage,
} from './test-support.ts';

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const wide = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf16le');
const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [place, value] of values.entries()) bytes.writeUInt32LE(value, place * 4);
  return bytes;
};

const TMF = `${PROVIDER} test // SRC=irp.c MJ= MN=
#typev irp_c42 10 "%0irp %10!p! of %11!s!: %12!d! bytes" //   LEVEL=TRACE_LEVEL_WARNING FLAGS=IO FUNC=Dispatch
{
irp, ItemPtr -- 10
name, ItemString -- 11
bytes, ItemLong -- 12
}
`;

const debugPrint = (message: string): Buffer => Buffer.concat([u32(77, 3), text(message)]);

describe.each([32, 64] as const)('a trace of a machine of %i bits', (bits) => {
  const stamp = (ms: number) => ({ ticks: at(ms), pid: 1234, tid: 5678, bits });
  const pointer = bits === 64 ? Buffer.from('1032547698badcfe', 'hex') : Buffer.from('10325476', 'hex');
  const shown = bits === 64 ? 'FEDCBA9876543210' : '76543210';

  it('has an event of every header kind as a row of its own', () => {
    const schema = described('Opened', [
      ['path', 1],
      ['status', 20],
    ]);
    const traits = { type: 12, bytes: Buffer.from('\x11\0Probe.Provider\0') };
    const stack = { type: 6, bytes: Buffer.alloc(3 * 8, 0xab) };
    const events = [
      systemEvent(10, 32, debugPrint('system'), stamp(1)),
      systemEvent(10, 32, debugPrint('compact'), stamp(2), { compact: true }),
      perfinfoEvent(10, 32, debugPrint('perfinfo'), stamp(3)),
      classicEvent(PROVIDER, 9, u32(0xdeadbeef), stamp(4), 2),
      instanceEvent(PROVIDER, 41, u32(1), stamp(5)),
      fullEvent(PROVIDER, 300, u32(5), stamp(6), { level: 3 }),
      fullEvent(PROVIDER, 0, Buffer.concat([wide('C:\\a'), u32(0xc0000022)]), stamp(7), {
        extended: [stack, schema, traits],
      }),
      wppMessage(PROVIDER, 10, Buffer.concat([pointer, text('disk'), u32(512)]), stamp(8)),
      wppMessage(PROVIDER, 11, u32(7), stamp(9)),
    ];
    const { rows, broken, source } = readTrace(traceFile([{ cpu: 1, events }], { bits }), { tmf: TMF });
    expect(rows.map((row) => [row.text, row.level, row.pid, row.timeNs / 1e6])).toEqual([
      ['system', Level.Info, 1234, 1],
      ['compact', Level.Info, 1234, 2],
      ['perfinfo', Level.Info, 0, 3],
      [`{${PROVIDER}} type 9, version 1: 0xEFBEADDE`, Level.Error, 1234, 4],
      [`{${PROVIDER}} instance 41 type 3, version 1: 0x01000000`, Level.Info, 1234, 5],
      [`{${PROVIDER}} event 300, version 1, task 7, opcode 0, keywords 0x8000: 0x05000000`, Level.Warning, 1234, 6],
      ['Opened: path=C:\\a, status=0xc0000022', Level.Info, 1234, 7],
      [`irp ${shown} of disk: 512 bytes`, Level.Warning, 1234, 8],
      [`no format for message 11 of {${PROVIDER}}: 0x07000000`, Level.Info, 1234, 9],
    ]);
    expect(rows.every(({ cpu }) => cpu === 1)).toBe(true);
    // Whose PDB to look for.
    expect(broken).toEqual([`1 message of {${PROVIDER}} has no format: give the PDB or the TMF file of that module`]);
    expect(source.info).toMatchObject({
      producer: 'Test Logger',
      cpuCount: 2,
      startUnixMs: Date.UTC(2026, 10, 28, 12),
      // Its stamps are those of a counter that began when the machine was started.
      uptime: { frequency: 10_000_000, startTicks: '5000000' },
    });
    expect(source.stats()).toMatchObject({
      state: 'ended',
      cpus: [{ cpu: 1, read: 9, lost: 0 }],
      file: { ended: true, format: 'Windows trace' },
    });
    expect([...source.missingFormats]).toEqual([[`${PROVIDER} 11`, 1]]);
    // What each is called: provider, event, function, source file.
    expect(rows.map((row) => Object.values(source.eventNames.at(row.event) ?? {}))).toEqual([
      ['Windows Kernel', 'DbgPrint', null, null],
      ['Windows Kernel', 'DbgPrint', null, null],
      ['Windows Kernel', 'DbgPrint', null, null],
      [PROVIDER, '9', null, null],
      [PROVIDER, '3', null, null],
      [PROVIDER, '300', null, null],
      ['Probe.Provider', 'Opened', null, null],
      ['test', 'irp_c42', 'Dispatch', 'irp.c'],
      [PROVIDER, '11', null, null],
    ]);
  });

  it('has arrays and structures of an event that describes itself', () => {
    // Name, type with its bits, what follows: how many fields a structure has, how many values there are.
    const field = (name: string, ...bytes: number[]): Buffer => Buffer.concat([text(name), Buffer.from(bytes)]);
    const fields = Buffer.concat([
      field('n', 4),
      field('list', 0x40 | 6),
      field('two', 0x20 | 4, 2, 0),
      field('irp', 0x40 | 0x80 | 24, 2),
      ...[field('status', 0x80 | 8, 31), field('name', 2)],
      field('bytes', 14),
      field('port', 0x80 | 6, 22),
    ]);
    const body = Buffer.concat([Buffer.from([0]), text('Opened'), fields]);
    const schema = { type: 11, bytes: Buffer.concat([Buffer.from([body.length + 2, 0]), body]) };
    const counted = (count: number, ...parts: Uint8Array[]): Buffer =>
      Buffer.concat([Buffer.from([count, 0]), ...parts]);
    const data = Buffer.concat([
      Buffer.from([7]),
      counted(2, Buffer.from([1, 0, 2, 0])),
      Buffer.from([3, 4]),
      counted(2, u32(0xc0000022), text('a'), u32(0), text('b')),
      counted(2, Buffer.from([0xaa, 0xbb])),
      Buffer.from([0x01, 0xbb]),
    ]);
    const event = fullEvent(PROVIDER, 0, data, stamp(1), { extended: [schema] });
    expect(readTrace(traceFile([{ events: [event] }], { bits })).texts).toEqual([
      'Opened: n=7, list=[1,2], two=[3,4], irp=[{status=0xc0000022(STATUS_ACCESS_DENIED), name=a},' +
        '{status=0x00000000(STATUS_SUCCESS), name=b}], bytes=AABB, port=443',
    ]);
  });

  it('has processes and images by name', () => {
    const width = bits / 8;
    const process = Buffer.concat([
      Buffer.alloc(width),
      u32(4321, 4, 1, 0x103),
      Buffer.alloc(width),
      u32(0),
      u32(0),
      text('probe.exe'),
      wide('probe.exe -v'),
    ]);
    const image = Buffer.concat([
      Buffer.concat([Buffer.from('00a0', 'hex'), Buffer.alloc(width - 2)]),
      Buffer.concat([Buffer.from('0010', 'hex'), Buffer.alloc(width - 2)]),
      u32(4321, 0, 0, 0),
      Buffer.alloc(width + 16),
      wide('\\Driver\\probe.sys'),
    ]);
    const events = [
      systemEvent(3, 1, process, stamp(1), { version: 4 }),
      systemEvent(20, 10, image, stamp(2), { version: 3 }),
    ];
    const { texts, source } = readTrace(traceFile([{ events }], { bits }));
    expect(texts).toEqual([
      'process 4321 probe.exe started, parent 4, session 1: probe.exe -v',
      'image \\Driver\\probe.sys loaded in process 4321(probe.exe) at 0xa000, 4096 bytes',
    ]);
    expect(source.processNames.get(4321)).toBe('probe.exe');
  });
});

describe('the order of a trace', () => {
  const say = (ms: number, what: string) => systemEvent(10, 32, debugPrint(what), { ticks: at(ms) });

  it('is that of its clock over the buffers of all CPUs, wherever they lie in the file', () => {
    const buffers = [
      { cpu: 1, events: [say(2, 'b'), say(9, 'e')] },
      { cpu: 0, events: [say(5, 'c'), say(6, 'd')], sequence: 3 },
      { cpu: 0, events: [say(1, 'a')], sequence: 2 },
      { cpu: 700, events: [say(10, 'f')], sequence: 4 },
    ];
    const { texts, rows, broken } = readTrace(traceFile(buffers));
    expect(texts.join('')).toBe('abcdef');
    expect(rows.at(-1)?.cpu).toBe(700);
    expect(broken).toEqual([]);
  });

  it('of a circular file begins with its oldest buffer, in the middle, and nothing was lost', () => {
    const buffers = [
      { events: [say(8, 'd')], sequence: 14 },
      { events: [say(1, 'a')], sequence: 11 },
      { events: [say(2, 'b')], sequence: 12 },
      { events: [say(4, 'c')], sequence: 13 },
    ];
    const { texts, broken } = readTrace(traceFile(buffers, { logFileMode: 2 }));
    expect(texts.join('')).toBe('abcd');
    expect(broken).toEqual([]);
    // A file that is not circular has no reason to begin with buffer 11.
    expect(readTrace(traceFile(buffers)).broken).toEqual([
      '8192: buffers 1 to 10 of the logging session are missing before this one',
    ]);
  });

  it('of a file that was appended to is that of its logging sessions, each by its own clock', () => {
    const first = traceFile([
      { cpu: 0, events: [say(1, 'a'), say(3, 'b')] },
      { cpu: 1, events: [say(2, 'x')] },
    ]);
    const later = START_TIME + 600n * 10_000_000n;
    const second = traceFile([{ cpu: 0, events: [say(1, 'c')] }], { startTime: later });
    const { rows, broken } = readTrace(Buffer.concat([first, second]));
    expect(rows.map(({ text: said, timeNs }) => [said, timeNs / 1e6])).toEqual([
      ['a', 1],
      ['x', 2],
      ['b', 3],
      ['c', 600_001],
    ]);
    expect(broken).toEqual([]);
  });

  it.each([1, 2] as const)(
    'of a logging session that was appended without a header is behind the one before (clock %i)',
    (clock) => {
      const first = traceFile(
        [
          { cpu: 0, events: [say(1, 'a'), say(4, 'c')] },
          { cpu: 1, events: [say(2, 'b')] },
        ],
        { clock, eventsLost: 2, logFileMode: 4 },
      );
      const second = traceFile(
        [
          { cpu: 1, events: [say(7000, 'd')], sequence: 2 },
          { cpu: 0, events: [say(8000, 'f')], sequence: 1 },
          { cpu: 1, events: [say(7500, 'e')], sequence: 3 },
        ],
        { clock },
      );
      const { rows, texts, broken } = readTrace(Buffer.concat([first, second.subarray(4096)]));
      expect(texts.filter((said) => said !== '').join('')).toBe('abcdef');
      // What was lost is counted once.
      expect(rows.filter(({ lost }) => lost).map(({ remarks }) => remarks)).toEqual([2]);
      const place = first.length;
      const said = `${place}: buffer 2 is in the file a second time: a logging session was appended without a header of its own, and is read by the one before`;
      const times = ', so that its times are right only if the machine was not started anew between them';
      expect(broken).toEqual([clock === 2 ? said : said + times]);
    },
  );

  it('is kept by a clock that jumps: the rows stay as they were written, and the place is named', () => {
    const events = [say(1000, 'a'), say(5000, 'b'), say(2000, 'c'), say(2001, 'd')];
    const { rows, broken, source } = readTrace(traceFile([{ cpu: 3, events }], { clock: 2 }));
    // The time of the system says nothing of when the machine was started.
    expect(source.info.uptime).toBeUndefined();
    expect(rows.map(({ text: said, timeNs }) => [said, timeNs / 1e6])).toEqual([
      ['a', 1000],
      ['b', 5000],
      ['c', 2000],
      ['d', 2001],
    ]);
    expect(broken).toEqual([`${4096 + 72 + 96}: the clock of CPU 3 went back by 3.000 s`]);
  });

  it('is exact where the trace did not begin with a millisecond, as is what its clock showed then', () => {
    const file = traceFile([{ events: [say(5, 'a')] }], { startTime: START_TIME + 1234n });
    const { rows, source } = readTrace(file);
    expect(source.info.startUnixMs).toBe(Date.UTC(2026, 10, 28, 12));
    expect(rows[0]?.timeNs).toBe(5e6 + 123_400);
    expect(source.info.uptime).toEqual({ frequency: 10_000_000, startTicks: String(5_000_000 - 1234) });
  });

  it('of a private logger of a process, and of one that is kept in memory, is that of any other', () => {
    const buffers = [{ events: [say(1, 'a'), say(2, 'b')] }];
    for (const logFileMode of [0x800, 0x800 | 0x20000, 0x400]) {
      const { texts, broken } = readTrace(traceFile(buffers, { logFileMode }));
      expect([texts, broken]).toEqual([['a', 'b'], []]);
    }
  });

  it.each([
    [1, 1000],
    [2, 1000],
    // The header of the writer says 10 MHz.
    [3, 1000],
  ] as const)('of clock type %i is in nanoseconds since the trace began', (clock, ms) => {
    const { rows } = readTrace(traceFile([{ events: [say(ms, 'a')] }], { clock }));
    expect(rows[0]?.timeNs).toBe(ms * 1e6);
  });
});

describe('what is lost', () => {
  const say = (ms: number, what: string, cpu = 0) => ({
    cpu,
    events: [systemEvent(10, 32, debugPrint(what), { ticks: at(ms) })],
  });

  /** Who lost the records of a row: the logging session, and where. */
  const loser = (source: ReturnType<typeof readTrace>['source'], row: { readonly event: number } | undefined) => {
    const names = source.eventNames.at(row?.event ?? 0);
    return [names?.provider, names?.event];
  };

  it('stands as rows where it was lost, with the counts of the logging session', () => {
    const buffers = [
      say(1, 'a'),
      { ...say(2, 'b'), flags: EVENTS_LOST },
      say(3, 'c'),
      { ...say(4, 'd', 1), flags: EVENTS_LOST },
    ];
    const { rows, source } = readTrace(traceFile(buffers, { eventsLost: 7 }));
    expect(rows.map((row) => [row.lost ? `lost ${row.remarks}` : row.text, row.cpu, row.timeNs / 1e6])).toEqual([
      ['a', 0, 1],
      ['lost 4', 0, 2],
      ['b', 0, 2],
      ['c', 0, 3],
      ['lost 3', 1, 4],
      ['d', 1, 4],
    ]);
    expect(loser(source, rows[1])).toEqual(['Test Logger', 'kernel buffers full']);
    expect(source.stats().cpus.map(({ cpu, lost, lostByCause }) => [cpu, lost, lostByCause.full])).toEqual([
      [0, 4, 4],
      [1, 3, 3],
    ]);
  });

  it('of which the logging session only has a count stands at the end', () => {
    const { rows, broken, source } = readTrace(traceFile([say(1, 'a')], { eventsLost: 5, buffersLost: 2 }));
    expect(rows.map(({ lost, remarks }) => [lost, remarks])).toEqual([
      [false, 0],
      [true, 5],
      [true, 2],
    ]);
    expect(rows.slice(1).map(({ event }) => source.eventNames.at(event)?.event)).toEqual([
      'kernel buffers full',
      'buffers not in the file',
    ]);
    expect(broken).toEqual(['2 buffers were lost while the trace was written, it is not known where']);
  });

  it('in a gap between the numbers of buffers is a row there', () => {
    const { rows, broken, source } = readTrace(
      traceFile([say(1, 'a'), { ...say(5, 'b', 1), sequence: 4 }], { buffersLost: 2 }),
    );
    expect(loser(source, rows[1])).toEqual(['Test Logger', 'buffers not in the file']);
    expect(rows.map((row) => (row.lost ? `lost ${row.remarks} on ${row.cpu}` : row.text))).toEqual([
      'a',
      'lost 2 on 1',
      'b',
    ]);
    expect(broken).toEqual(['8192: buffers 2 to 3 of the logging session are missing before this one']);
  });

  it('by a logging session that was read live is a row behind the event that says so', () => {
    const lost = classicEvent('6a399ae0-4bc6-4de9-870b-3657f8947e7e', 33, Buffer.alloc(0), { ticks: at(2) });
    const { rows, source } = readTrace(traceFile([{ events: [lost] }]));
    expect(rows.map(({ lost: isLost, text: said }) => (isLost ? 'lost' : said))).toEqual([
      'the logging session lost a buffer while it was read live',
      'lost',
    ]);
    expect(loser(source, rows[1])).toEqual(['Test Logger', 'real-time reader too slow']);
    expect(source.stats().cpus[0]?.lostByCause).toMatchObject({ unread: 1, full: 0 });
  });
});

describe('a damaged trace', () => {
  const say = (ms: number, what: string) => systemEvent(10, 32, debugPrint(what), { ticks: at(ms) });

  it('that is cut in a buffer keeps every whole event before the cut', () => {
    const whole = traceFile([{ events: [say(1, 'a'), say(2, 'b'), say(3, 'c')] }]);
    const eventBytes = 48;
    const { texts, broken } = readTrace(whole.subarray(0, 4096 + 72 + 2 * eventBytes + 20));
    expect(texts).toEqual(['a', 'b']);
    expect(broken[0]).toBe('4096: the file ends within this buffer');
    const header = readTrace(whole.subarray(0, 4096 + 40));
    expect([header.texts, header.broken]).toEqual([[], ['4096: the file ends within the header of a buffer']]);
  });

  it('names what is no buffer, and reads what lies behind it', () => {
    const file = traceFile([{ events: [say(1, 'a')] }, { events: [say(2, 'b')] }, { events: [say(3, 'c')] }]);
    file.fill(0xff, 8192, 8192 + 72);
    const { texts, broken } = readTrace(file);
    expect(texts.filter((said) => said !== '')).toEqual(['a', 'c']);
    expect(broken).toEqual([
      '8192: there is no buffer up to 12288',
      '12288: buffer 2 of the logging session is missing before this one',
    ]);
  });

  it('names what is no event, and goes on with the next buffer', () => {
    const file = traceFile([{ events: [say(1, 'a'), say(2, 'b')] }, { events: [say(3, 'c')] }]);
    file[4096 + 72 + 48 + 3] = 0;
    const { texts, broken } = readTrace(file);
    expect(texts).toEqual(['a', 'c']);
    expect(broken).toEqual([`${4096 + 120}: here is no event: the last 48 bytes of the buffer at 4096 are left out`]);
  });

  it('takes the mark of the end of a buffer for no damage', () => {
    const { texts, broken } = readTrace(
      traceFile([{ events: [say(1, 'a'), Buffer.alloc(64, 0xff)] }, { events: [say(2, 'b')] }]),
    );
    expect([texts, broken]).toEqual([['a', 'b'], []]);
  });

  it('of compressed buffers has their events; one whose data is damaged is named, and the others are read', () => {
    const events = Array.from({ length: 40 }, (_, place) => say(place + 1, `message ${place}`));
    const buffers = [
      { cpu: 0, events: events.slice(0, 20), flags: COMPRESSED },
      { cpu: 1, events: events.slice(20), flags: COMPRESSED },
      { cpu: 0, events: [say(99, 'last')] },
    ];
    const file = traceFile(buffers);
    const whole = readTrace(file);
    expect(whole.broken).toEqual([]);
    expect(whole.texts).toEqual([...events.map((_, place) => `message ${place}`), 'last']);
    // The first match refers to what lies before everything.
    file.writeUInt32LE(0xffffffff, 4096 + 72);
    const { texts, broken } = readTrace(file);
    expect(texts).toEqual([...events.slice(20).map((_, place) => `message ${place + 20}`), 'last']);
    expect(broken).toEqual(['4096: the buffer is compressed, and its data is damaged: it is left out']);
  });

  it('of compressed buffers that would fill the memory leaves them out, and names them', () => {
    const buffers = Array.from({ length: 20 }, (_, cpu) => ({ cpu, events: [say(cpu + 1, 'x')], flags: COMPRESSED }));
    const file = traceFile(buffers);
    for (let at = 4096; at < file.length; at += file.readUInt32LE(at)) file.writeUInt32LE(16 * 1024 * 1024, at + 48);
    const { texts, broken } = readTrace(file);
    expect(texts.length).toBe(16);
    expect(broken.filter((problem) => problem.includes('would take more memory')).length).toBe(4);
  });

  it('has an event of 64 KiB as a row, and those around it', () => {
    const long = 'x'.repeat(65_535 - 32 - 9);
    const events = [say(1, 'a'), say(2, long), say(3, 'b'), say(4, long), say(5, 'c')];
    const { texts, broken } = readTrace(traceFile([{ events }], { bufferBytes: 262_144 }));
    expect(texts.map((said) => said.length)).toEqual([1, long.length, 1, long.length, 1]);
    expect(broken).toEqual([]);
  });

  it('is refused if it does not begin as one', () => {
    expect(() => readTrace(Buffer.alloc(8192))).toThrow('is no trace');
    expect(() => readTrace(Buffer.alloc(0))).toThrow('is no trace');
    const file = traceFile([]);
    expect(() => readTrace(file, { encoding: 'klingon' })).toThrow("'klingon' is no encoding");
  });
});
