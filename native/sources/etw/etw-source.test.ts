import { describe, expect, it } from 'vitest';
import type { BatchSink } from '../../core/batch-writer.ts';
import { Level } from '../../core/entry.ts';
import { HEADER_FLAG } from '../../win32/tracing/structures.ts';
import { readSymbols } from '../etl/symbols.ts';
import { PROVIDER } from '../etl/test-support.ts';
import { type FileRow, rowsOf } from '../file/test-support.ts';
import { openSource } from '../open.ts';
import { LinkState, setLinkState } from '../thread-link.ts';
import { createLink } from './etw-link.ts';
import { EtwSource, type SessionCounts } from './etw-source.ts';
import { linkWriter, packed, type WrittenRecord } from './test-support.ts';

const DBGPRINT = '13976d09-a327-438c-950b-7f03192815c7';
const RT_LOST = '6a399ae0-4bc6-4de9-870b-3657f8947e7e';
const START = 5_000_000n;
const MS = 10_000n;

/** A source whose session and thread are this test. */
function setUp({ own = true, ringBytes = 1 << 20 } = {}) {
  const symbols = readSymbols({}, {});
  if (!symbols.ok) throw new Error('no symbols');
  const link = createLink('RingView-1-1', true, ringBytes);
  setLinkState(link, LinkState.Open);
  const now = { ms: 0 };
  const lost = { eventsLost: 3, readBuffersLost: 1 };
  const asked: string[] = [];
  const counts = (): SessionCounts => ({ ...lost });
  const source = new EtwSource({
    info: { name: 'etw:x', producer: 'test', cpuCount: 2, identity: '1', startUnixMs: 0 },
    loggingSession: 'RingView-1-1',
    link,
    control: {
      own,
      counts,
      flush: () => asked.push('flush'),
      stop: () => {
        asked.push('stop');
        setLinkState(link, LinkState.Closed);
        return counts();
      },
    },
    clock: { startTicks: START, startTime: 0n, frequency: 10_000_000n },
    pointerBytes: 8,
    symbols: symbols.value,
    encoding: 'windows-1252',
    nowMs: () => now.ms,
  });
  const rows: FileRow[] = [];
  const sink: BatchSink = (batch) => rows.push(...rowsOf(batch));
  const write = linkWriter(link);
  return { source, link, now, lost, asked, rows, sink, write, poll: () => source.poll(sink) };
}

const print = (text: string, ms: number, more: Partial<WrittenRecord> = {}): WrittenRecord => ({
  guid: DBGPRINT,
  flags: HEADER_FLAG.CLASSIC | HEADER_FLAG.HEADER_64,
  opcode: 32,
  data: Buffer.concat([Buffer.from([77, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(`${text}\n\0`)]),
  ticks: START + BigInt(ms) * MS,
  pid: 4,
  tid: 88,
  cpu: 1,
  ...more,
});

const brief = ({ lost, remarks, text }: FileRow): string => (lost ? `lost ${remarks}` : text);

describe('a logging session that is read while it runs', () => {
  it('has its events as rows, with time, process, thread, CPU and names', () => {
    const { source, rows, write, poll } = setUp();
    write(print('first', 1));
    write({ guid: PROVIDER, id: 300, level: 2, data: Buffer.from([5]), ticks: START + 2n * MS, pid: 9, tid: 10 });
    expect(poll()).toMatchObject({ state: 'capturing', rows: 2, more: false });
    expect(rows[0]).toMatchObject({
      text: 'first',
      level: Level.Error,
      pid: 4,
      tid: 88,
      cpu: 1,
      timeNs: 1e6,
      index: 1,
    });
    expect(rows[1]).toMatchObject({ pid: 9, tid: 10, timeNs: 2e6, index: 2 });
    expect(rows[1]?.text).toContain('event 300');
    expect(source.eventNames.at(rows[0]?.event ?? 0)).toMatchObject({ provider: 'Windows Kernel', event: 'DbgPrint' });
    expect(source.stats()).toMatchObject({
      state: 'capturing',
      cpus: [
        { cpu: 0, read: 1 },
        { cpu: 1, read: 1 },
      ],
      notes: [],
    });
  });

  it('is late where it comes long behind what was written later, and not where clocks of CPUs differ a little', () => {
    const { source, write, poll } = setUp();
    for (const ms of [1000, 950, 500]) write(print('x', ms));
    poll();
    expect(source.stats().cpus).toMatchObject([{ read: 3, late: 1 }]);
  });

  it('has rows for events that had no room on the way, with how many', () => {
    const { source, rows, write, poll } = setUp({ ringBytes: 1024 });
    const written = Array.from({ length: 20 }, (_, place) => write(print(`message ${place}`, place)));
    const taken = written.filter((done) => done).length;
    expect(taken).toBeGreaterThan(2);
    expect(taken).toBeLessThan(20);
    poll();
    expect(rows.map(brief)).toEqual([
      ...Array.from({ length: taken }, (_, place) => `message ${place}`),
      `lost ${20 - taken}`,
    ]);
    write(print('after', 30));
    poll();
    expect(rows.map(brief).at(-1)).toBe('after');
    expect(source.stats().cpus).toMatchObject([
      { read: taken + 1, lost: 20 - taken, lostByCause: { unread: 20 - taken } },
    ]);
  });

  it('has rows for what the session counts as lost, once, and for what it says by events', () => {
    const { source, rows, write, poll, lost, now } = setUp();
    const at = (ms: number): void => {
      now.ms = ms;
      poll();
    };
    lost.eventsLost += 5;
    lost.readBuffersLost += 2;
    at(1000);
    // One of them comes as an event, before it is accounted for.
    write({ guid: RT_LOST, flags: HEADER_FLAG.CLASSIC, opcode: 32, ticks: START });
    at(2000);
    at(3000);
    expect(rows.map(brief)).toEqual([
      'the logging session lost an event while it was read live',
      'lost 1',
      'lost 2',
      'lost 4',
    ]);
    expect(source.stats().cpus[0]).toMatchObject({ lost: 7, lostByCause: { full: 5, unread: 2 } });
    // What it had lost before it was opened is not this source's.
    at(9000);
    expect(rows).toHaveLength(4);
  });

  it('accounts at the end for what was lost until then', () => {
    const { source, rows, write, sink, lost, asked } = setUp();
    write(print('last', 1));
    lost.eventsLost += 4;
    source.close(sink);
    source.close(sink);
    expect(rows.map(brief)).toEqual(['last', 'lost 4']);
    expect(asked).toEqual(['stop']);
    expect(source.poll(sink)).toMatchObject({ rows: 0 });
  });

  it('asks for what waits in the buffers of a session of its own, but not at each poll', () => {
    const own = setUp();
    for (const ms of [0, 50, 99, 100, 150]) {
      own.now.ms = ms;
      own.poll();
    }
    expect(own.asked).toEqual(['flush', 'flush']);
    const other = setUp({ own: false });
    other.poll();
    expect(other.asked).toEqual([]);
  });

  it.each([
    [true, 'gone'],
    [false, 'ended'],
  ] as const)('that is stopped by others (own: %s) is %s, with all that it had', (own, state) => {
    const { link, rows, write, poll } = setUp({ own });
    write(print('last', 1));
    setLinkState(link, LinkState.Closed);
    expect(poll()).toMatchObject({ state, rows: 1 });
    expect(rows.map(brief)).toEqual(['last']);
  });

  it('fails with the reason when its thread is gone', () => {
    const { source, poll } = setUp();
    source.broke('it ended');
    expect(poll().state).toBe('failed');
    expect(source.stats().failure?.message).toContain('it ended');
  });

  it('names what a person should know: events that are damaged, and messages without a format', () => {
    const { source, write, sink, poll } = setUp();
    const damaged = packed(print('damaged', 1));
    // It says that it has an item.
    damaged[84] = 1;
    write(damaged);
    write(damaged.subarray(0, 20));
    write({ guid: PROVIDER, flags: HEADER_FLAG.TRACE_MESSAGE, id: 12 });
    write(print('x', 1));
    source.note('a note');
    poll();
    source.close(sink);
    expect(source.stats().notes).toEqual([
      'a note',
      '2 events could not be read: Windows handed them over damaged',
      `1 message of {${PROVIDER}} has no format: give the PDB or the TMF file of that module`,
    ]);
  });
});

it.runIf(process.platform !== 'win32')('says on other systems that it needs Windows, and what is wrong first', () => {
  const failure = (spec: string) => {
    const opened = openSource(spec);
    return opened.ok ? null : opened.failure;
  };
  for (const spec of ['etw:kernel', 'etw:', 'etw:session:x', `etw:${PROVIDER}`, 'channel:System']) {
    expect(failure(spec)).toMatchObject({ code: 'source-unsupported' });
    expect(failure(spec)?.message).toMatch(/Windows only$/);
  }
  expect(failure('etw:a/b')?.code).toBe('bad-argument');
  expect(failure('channel:..')?.code).toBe('bad-argument');
});
