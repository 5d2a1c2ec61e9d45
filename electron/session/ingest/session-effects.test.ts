/** What a capture does beside moving rows: peaks, counts, budgets, turns and limits. */
import { describe, expect, it } from 'vitest';
import { IDLE_POLL_MS, SLOW_POLL_MS } from '../../../native/core/pacing.ts';
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { LogSource } from '../../../native/sources/source.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { batchOf, cpuStats, entry, FakeArchive, FakeSource, lost } from '../test-support.ts';
import { CaptureEngine, type CaptureOptions, MAX_SOURCES, REATTACH_MS } from './capture.ts';
import { RateMeter } from './statistics.ts';

function setUp(more: Partial<CaptureOptions> = {}) {
  const sources = new Map<string, FakeSource>();
  const open = (spec: string): Result<LogSource> => {
    const source = sources.get(spec);
    return source === undefined ? fail('source-not-found', `there is no ${spec}`, 'Start it') : ok(source);
  };
  const engine = new CaptureEngine({ open, now: () => 0, store: { memoryCapBytes: 1 << 26 }, ...more });
  const source = (name: string, of: ConstructorParameters<typeof FakeSource>[0] = {}) => {
    const made = new FakeSource({ name, sessionId: name, ...of });
    sources.set(name, made);
    return made;
  };
  return { engine, sources, source };
}

const rows = (count: number, from = 0) => batchOf(Array.from({ length: count }, (_, i) => entry(from + i, 'text')));
const fill = (peakPendingBytes: number, pendingBytes = 0) => [cpuStats(0, { peakPendingBytes, pendingBytes })];

describe('the fill of the rings', () => {
  it('is remembered at its highest: of sources that are gone, came back or were taken away', () => {
    const { engine, source, sources } = setUp();
    const a = source('a');
    const b = source('b');
    engine.start('a');
    engine.add('b');
    a.cpus = fill(16_384, 16_384);
    b.cpus = fill(8192);
    expect(engine.status(0)).toMatchObject({ ringFill: 0.25, peakRingFill: 0.25 });
    // It grew and fell between two looks: the source knows its peak.
    a.cpus = fill(49_152, 1024);
    expect(engine.status(0)).toMatchObject({ ringFill: 1 / 64, peakRingFill: 0.75 });
    // Its last figures are those it had when it went.
    a.cpus = fill(57_344);
    a.state = 'gone';
    engine.tick(0);
    expect(engine.status(0)).toMatchObject({ ringFill: 0, peakRingFill: 0.875 });
    engine.remove(0);
    expect(engine.status(0).peakRingFill).toBe(0.875);
    engine.clear();
    expect(engine.status(0).peakRingFill).toBe(0);
    // A new session of an old name has a peak of its own, which is news however low it is.
    b.cpus = fill(65_536);
    engine.clear();
    b.state = 'gone';
    engine.tick(0);
    expect(engine.status(0).peakRingFill).toBe(0);
    const again = new FakeSource({ name: 'b', sessionId: 'another' });
    again.cpus = fill(8192);
    sources.set('b', again);
    engine.tick(REATTACH_MS);
    expect(engine.status(REATTACH_MS).peakRingFill).toBe(0.125);
  });

  it('is counted out of what is there: losses of a source that goes and of one that stays', () => {
    const { engine, source } = setUp();
    const a = source('a');
    const b = source('b');
    engine.start('a');
    engine.add('b');
    a.cpus = [cpuStats(0, { ...lost('full', 3), late: 1 })];
    b.cpus = [cpuStats(0, { ...lost('tooBig', 2), late: 2 })];
    engine.remove(0);
    expect(engine.status(0)).toMatchObject({ lost: 5, late: 3, lostByCause: { full: 3, tooBig: 2 } });
    expect(engine.status(0).sources).toMatchObject([{ id: 1, lost: 2 }]);
    engine.clear();
    b.cpus = [cpuStats(0, { ...lost('tooBig', 6), late: 2 })];
    engine.stop();
    expect(engine.status(0)).toMatchObject({ lost: 4, late: 0, lostByCause: { full: 0, tooBig: 4 } });
  });
});

describe('the time a tick may take', () => {
  it('ends the filter between two steps, and asks to be called at once until all rows are looked at', () => {
    let now = 0;
    const { engine, source } = setUp({ now: () => (now += 5) });
    const a = source('a');
    engine.start('a');
    a.ready = [rows(70_000)];
    engine.tick(0);
    engine.view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    const waits: number[] = [];
    const done: number[] = [];
    do {
      waits.push(engine.tick(1));
      done.push(engine.view.scan?.done ?? engine.view.end);
    } while (engine.view.scan !== null);
    expect(done.length).toBeGreaterThan(1);
    expect(done[0]).toBeLessThanOrEqual(2 * 32_768);
    expect(waits.slice(0, -1).every((wait) => wait === 0)).toBe(true);
    expect(waits.at(-1)).toBeGreaterThan(0);
    expect(engine.view.end).toBe(70_000);
  });

  it('moves rows to disk in steps after the cap was lowered, and asks to be called at once meanwhile', () => {
    let now = 0;
    const store = { memoryCapBytes: 1 << 20, segmentRows: 64, chunkBytes: 1024, archive: new FakeArchive() };
    const { engine, source } = setUp({ now: () => (now += 5), store });
    const a = source('a');
    engine.start('a');
    a.ready = [rows(4000)];
    engine.tick(0);
    expect(engine.status(0).history.diskRows).toBe(0);
    engine.store.setMemoryCap(20_000);
    expect(engine.tick(1)).toBe(0);
    const { diskRows } = engine.status(1).history;
    expect(diskRows).toBeGreaterThan(0);
    expect(diskRows).toBeLessThan(1000);
    let ticks = 0;
    while (engine.tick(2) === 0) expect(++ticks).toBeLessThan(200);
    expect(ticks).toBeGreaterThan(5);
    expect(engine.store.usedBytes).toBeLessThanOrEqual(20_000);
    expect(engine.status(2)).toMatchObject({ evictedRows: 0, memoryCapBytes: 20_000 });
  });

  it('is waited for shortly while rows wait for another source, and long while nothing happens', () => {
    const { engine, source } = setUp();
    const a = source('a', { startTicks: '0' });
    const b = source('b', { startTicks: '0' });
    engine.start('a');
    engine.add('b');
    for (let i = 0; i < 20; i++) engine.tick(i);
    expect(engine.tick(20)).toBe(IDLE_POLL_MS);
    a.ready = [rows(1)];
    b.safeTimeNs = -1;
    engine.tick(21);
    for (let i = 0; i < 20; i++) expect(engine.tick(22 + i)).toBeLessThanOrEqual(SLOW_POLL_MS);
    expect(engine.store.rowCount).toBe(0);
    engine.tick(71);
    expect(engine.store.rowCount).toBe(1);
  });
});

describe('limits', () => {
  it('are as many sources as are said, and one that is held counts once', () => {
    const { engine, source } = setUp();
    for (let i = 0; i <= MAX_SOURCES; i++) source(`s${i}`);
    for (let i = 0; i < MAX_SOURCES; i++) expect(engine.add(`s${i}`).ok).toBe(true);
    expect(engine.add(`s${MAX_SOURCES}`)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(engine.add('s3').ok).toBe(true);
    expect(engine.status(0).sources.length).toBe(MAX_SOURCES);
    engine.remove(3);
    expect(engine.add(`s${MAX_SOURCES}`).ok).toBe(true);
    engine.stop();
    // After a stop, those that were captured are in nobody's way.
    expect(engine.add('s3').ok).toBe(true);
    expect(engine.status(0).sources.map(({ name }) => name)).toEqual(['s3']);
  });
});

describe('what the filter leaves out', () => {
  it('is neither stored nor, by a lease, written where it would be', () => {
    const { engine, source } = setUp();
    const a = source('a');
    const leases: boolean[] = [];
    const { poll } = a;
    a.poll = (sink, lease?: Parameters<LogSource['poll']>[1]) => {
      leases.push(lease?.(1, 8) != null);
      return poll.call(a, sink);
    };
    engine.start('a');
    engine.tick(0);
    engine.store.setPolicy({ keep: 'shown' });
    engine.tick(1);
    engine.store.setPolicy({ keep: 'all' });
    engine.tick(2);
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
