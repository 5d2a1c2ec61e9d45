/** What a capture does beside moving rows: peaks, counts, budgets, turns and limits. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { IDLE_POLL_MS, SLOW_POLL_MS } from '../../../native/core/pacing.ts';
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { LogSource } from '../../../native/sources/source.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { batchOf, cpuStats, entry, FakeArchive, FakeSource, lost, WatchedSession } from '../test-support.ts';
import { MAX_SOURCES, REATTACH_MS, type SessionOptions } from './session.ts';
import { RateMeter } from './statistics.ts';

function setUp(more: Partial<SessionOptions> = {}) {
  const sources = new Map<string, FakeSource>();
  const open = (spec: string): Result<LogSource> => {
    const source = sources.get(spec);
    return source === undefined ? fail('source-not-found', `there is no ${spec}`, 'Start it') : ok(source);
  };
  const session = new WatchedSession({ open, now: () => 0, store: { memoryCapBytes: 1 << 26 }, ...more });
  const source = (name: string, of: ConstructorParameters<typeof FakeSource>[0] = {}) => {
    const made = new FakeSource({ name, sessionId: name, ...of });
    sources.set(name, made);
    return made;
  };
  return { session, sources, source };
}

const rows = (count: number, from = 0) => batchOf(Array.from({ length: count }, (_, i) => entry(from + i, 'text')));
const fill = (peakPendingBytes: number, pendingBytes = 0) => [cpuStats(0, { peakPendingBytes, pendingBytes })];

describe('what is known beside the rows', () => {
  it('is asked for without changing anything, whatever became of the sources', () => {
    const { session, source } = setUp();
    const [a, b] = [source('a'), source('b')];
    const ask = () => [
      session.sourceNames,
      session.filterNames,
      session.facts(),
      session.sourceInfo,
      [session.isUnused, session.standing, session.title, session.captureFilter, session.startUnixMs],
    ];
    /** Everything that the session holds, as text. */
    const inside = () => inspect(session, { depth: 8 });
    const changesNothing = () => {
      const before = inside();
      ask();
      expect(inside()).toBe(before);
    };
    changesNothing();
    session.start('a');
    session.add('b');
    a.cpus = fill(49_152, 49_152);
    changesNothing();
    expect(session.sourceNames.map(({ name }) => name)).toEqual(['a', 'b']);
    a.ready = [rows(3)];
    session.tick(0);
    changesNothing();
    expect(session.facts().sources).toMatchObject([
      { name: 'a', read: 3 },
      { name: 'b', read: 0 },
    ]);
    b.state = 'gone';
    session.tick(REATTACH_MS);
    changesNothing();
    session.remove(1);
    session.remove(0);
    changesNothing();
    expect(session.facts().sources).toMatchObject([{ name: 'a', read: 3 }]);
    session.clear();
    changesNothing();
  });
});

describe('the fill of the rings', () => {
  it('is remembered at its highest: of sources that are gone, came back or were taken away', () => {
    const { session, source, sources } = setUp();
    const a = source('a');
    const b = source('b');
    session.start('a');
    session.add('b');
    a.cpus = fill(16_384, 16_384);
    b.cpus = fill(8192);
    expect(session.status(0)).toMatchObject({ ringFill: 0.25, peakRingFill: 0.25 });
    // It grew and fell between two looks: the source knows its peak.
    a.cpus = fill(49_152, 1024);
    expect(session.status(0)).toMatchObject({ ringFill: 1 / 64, peakRingFill: 0.75 });
    // Its last figures are those it had when it went.
    a.cpus = fill(57_344);
    a.state = 'gone';
    session.tick(0);
    expect(session.status(0)).toMatchObject({ ringFill: 0, peakRingFill: 0.875 });
    session.remove(0);
    expect(session.status(0).peakRingFill).toBe(0.875);
    session.clear();
    expect(session.status(0).peakRingFill).toBe(0);
    // A new session of an old name has a peak of its own, which is news however low it is.
    b.cpus = fill(65_536);
    session.clear();
    b.state = 'gone';
    session.tick(0);
    expect(session.status(0).peakRingFill).toBe(0);
    const again = new FakeSource({ name: 'b', sessionId: 'another' });
    again.cpus = fill(8192);
    sources.set('b', again);
    session.tick(REATTACH_MS);
    expect(session.status(REATTACH_MS).peakRingFill).toBe(0.125);
  });

  it('is counted out of what is there: losses of a source that goes and of one that stays', () => {
    const { session, source } = setUp();
    const a = source('a');
    const b = source('b');
    session.start('a');
    session.add('b');
    a.cpus = [cpuStats(0, { ...lost('full', 3), late: 1 })];
    b.cpus = [cpuStats(0, { ...lost('tooBig', 2), late: 2 })];
    session.remove(0);
    expect(session.status(0)).toMatchObject({ lost: 5, late: 3, lostByCause: { full: 3, tooBig: 2 } });
    expect(session.status(0).sources).toMatchObject([{ id: 1, lost: 2 }]);
    session.clear();
    b.cpus = [cpuStats(0, { ...lost('tooBig', 6), late: 2 })];
    session.stop();
    expect(session.status(0)).toMatchObject({ lost: 4, late: 0, lostByCause: { full: 0, tooBig: 4 } });
  });
});

describe('the time a tick may take', () => {
  it('ends the filter between two steps, and asks to be called at once until all rows are looked at', () => {
    let now = 0;
    const { session, source } = setUp({ now: () => (now += 5) });
    const a = source('a');
    session.start('a');
    a.ready = [rows(70_000)];
    session.tick(0);
    session.view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    const waits: number[] = [];
    const done: number[] = [];
    do {
      waits.push(session.tick(1));
      done.push(session.view.scan?.done ?? session.view.end);
    } while (session.view.scan !== null);
    expect(done.length).toBeGreaterThan(1);
    expect(done[0]).toBeLessThanOrEqual(2 * 32_768);
    expect(waits.slice(0, -1).every((wait) => wait === 0)).toBe(true);
    expect(waits.at(-1)).toBeGreaterThan(0);
    expect(session.view.end).toBe(70_000);
  });

  it('moves rows to disk in steps after the cap was lowered, and asks to be called at once meanwhile', () => {
    let now = 0;
    const store = { memoryCapBytes: 1 << 20, segmentRows: 64, chunkBytes: 1024, archive: new FakeArchive() };
    const { session, source } = setUp({ now: () => (now += 5), store });
    const a = source('a');
    session.start('a');
    a.ready = [rows(4000)];
    session.tick(0);
    expect(session.status(0).retention.diskRows).toBe(0);
    session.store.setMemoryCap(20_000);
    expect(session.tick(1)).toBe(0);
    const { diskRows } = session.status(1).retention;
    expect(diskRows).toBeGreaterThan(0);
    expect(diskRows).toBeLessThan(1000);
    let ticks = 0;
    while (session.tick(2) === 0) expect(++ticks).toBeLessThan(200);
    expect(ticks).toBeGreaterThan(5);
    expect(session.store.usedBytes).toBeLessThanOrEqual(20_000);
    expect(session.status(2)).toMatchObject({ evictedRows: 0 });
    expect(session.store.memoryCapBytes).toBe(20_000);
  });

  it('is waited for shortly while rows wait for another source, and long while nothing happens', () => {
    const { session, source } = setUp();
    const a = source('a', { startTicks: '0' });
    const b = source('b', { startTicks: '0' });
    session.start('a');
    session.add('b');
    for (let i = 0; i < 20; i++) session.tick(i);
    expect(session.tick(20)).toBe(IDLE_POLL_MS);
    a.ready = [rows(1)];
    b.safeTimeNs = -1;
    session.tick(21);
    for (let i = 0; i < 20; i++) expect(session.tick(22 + i)).toBeLessThanOrEqual(SLOW_POLL_MS);
    expect(session.store.rowCount).toBe(0);
    session.tick(71);
    expect(session.store.rowCount).toBe(1);
  });
});

describe('limits', () => {
  it('are as many sources as are said, and one that is held counts once', () => {
    const { session, source } = setUp();
    for (let i = 0; i <= MAX_SOURCES; i++) source(`s${i}`);
    for (let i = 0; i < MAX_SOURCES; i++) expect(session.add(`s${i}`).ok).toBe(true);
    expect(session.add(`s${MAX_SOURCES}`)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(session.add('s3').ok).toBe(true);
    expect(session.status(0).sources.length).toBe(MAX_SOURCES);
    session.remove(3);
    expect(session.add(`s${MAX_SOURCES}`).ok).toBe(true);
    session.stop();
    // After a stop, those that were captured are in nobody's way.
    expect(session.add('s3').ok).toBe(true);
    expect(session.status(0).sources.map(({ name }) => name)).toEqual(['s3']);
  });
});

describe('what a capture filter leaves out', () => {
  it('is neither stored nor, by a lease, written where it would be', () => {
    const { session, source } = setUp();
    const a = source('a');
    const leases: boolean[] = [];
    const { poll } = a;
    a.poll = (sink, lease?: Parameters<LogSource['poll']>[1]) => {
      leases.push(lease?.(1, 8) != null);
      return poll.call(a, sink);
    };
    session.start('a');
    session.tick(0);
    session.setCaptureFilter(SHOW_ALL);
    session.tick(1);
    session.setCaptureFilter(null);
    session.tick(2);
    expect(leases).toEqual([true, false, true]);
  });
});

describe('a rate', () => {
  it('is over exactly the last second, whatever the distance of samples', () => {
    const meter = new RateMeter();
    for (const [ms, total] of [
      [0, 0],
      [500, 100],
      [1000, 200],
      [1500, 1200],
    ] as const)
      meter.sample(ms, Float64Array.of(total));
    // From 500 to 1500.
    expect(meter.rates(1500).perSecond).toBe(1100);
    // A sample that comes too soon after another is left out; one at the distance is not.
    meter.sample(1549, Float64Array.of(9999));
    expect(meter.rates(1549).cpus).toEqual([{ cpu: 0, perSecond: 1100 / 1.049 }]);
    meter.sample(1550, Float64Array.of(1300));
    expect(meter.rates(1550).perSecond).toBeCloseTo(1200 / 1.05);
  });
});
