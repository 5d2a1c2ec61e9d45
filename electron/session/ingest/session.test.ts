import { describe, expect, it } from 'vitest';
import { RowFlag } from '../../../native/core/entry.ts';
import { IDLE_POLL_MS } from '../../../native/core/pacing.ts';
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { LogSource } from '../../../native/sources/source.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { batchOf, cpuStats, entry, FakeSource, gap, lost, WatchedSession } from '../test-support.ts';
import { REATTACH_MS } from './session.ts';

function setUp() {
  const sources = new Map<string, FakeSource>();
  const opened: string[] = [];
  const open = (spec: string): Result<LogSource> => {
    opened.push(spec);
    const source = sources.get(spec);
    return source === undefined ? fail('source-not-found', `there is no ${spec}`, 'Start it') : ok(source);
  };
  const session = new WatchedSession({ open, now: () => 0, store: { memoryCapBytes: 1 << 26 } });
  const texts = () => session.view.rows(0, 1000).rows.map((row) => row.text);
  const times = () => session.view.rows(0, 1000).rows.map((row) => row.timeNs);
  return { sources, opened, session, texts, times };
}

describe('a session', () => {
  it('fails at once for an unknown source, and leaves what it has alone', () => {
    const { session, sources } = setUp();
    expect(session.start('sim:none')).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
    expect(session.isCapturing).toBe(false);
    expect(session.status(0).source).toBeNull();
    const source = new FakeSource();
    sources.set('sim:a', source);
    expect(session.start('sim:a')).toEqual({ ok: true, value: source.info });
    expect(session.start('sim:none').ok).toBe(false);
    expect([session.isCapturing, source.closed]).toEqual([true, 0]);
  });

  it('does not open a source twice', () => {
    const { session, sources, opened } = setUp();
    sources.set('sim:a', new FakeSource());
    session.start('sim:a');
    expect(session.start('sim:a').ok).toBe(true);
    expect(opened).toEqual(['sim:a']);
  });

  it('moves entries, and keeps those held back when it stops', () => {
    const { session, sources, texts } = setUp();
    const source = new FakeSource();
    source.ready = [batchOf([entry(1, 'one'), gap(2, 0, 3)])];
    source.heldBack = [batchOf([entry(2, 'two')])];
    sources.set('sim:a', source);
    session.start('sim:a');
    session.tick(0);
    expect(texts()).toEqual(['one', '']);
    session.stop();
    expect(texts()).toEqual(['one', '', 'two']);
    expect(source.closed).toBe(1);
    expect(session.status(5)).toMatchObject({
      capturing: false,
      source: { state: 'stopped' },
      levels: [0, 0, 2, 0, 0],
    });
    session.stop();
    session.tick(10);
    expect(source.closed).toBe(1);
  });

  it('forgets what came before when the source asks for it, and goes on', () => {
    const { session, sources, texts } = setUp();
    const source = new FakeSource();
    source.ready = [batchOf([entry(1, 'before')])];
    source.clear = true;
    sources.set('dbwin:', source);
    session.start('dbwin:');
    session.tick(0);
    expect(texts()).toEqual([]);
    source.ready = [batchOf([entry(2, 'after')])];
    session.tick(1);
    expect(texts()).toEqual(['after']);
    expect(session.isCapturing).toBe(true);
  });

  it('waits longer the longer a source is idle, and not at all while there is more to filter', () => {
    const { session, sources } = setUp();
    const source = new FakeSource();
    sources.set('sim:a', source);
    session.start('sim:a');
    const waits = Array.from({ length: 20 }, (_, i) => session.tick(i));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(IDLE_POLL_MS);
    source.ready = [batchOf([entry(1, 'x')])];
    expect(session.tick(30)).toBeLessThan(5);
  });

  it('knows what its clock shows while nothing comes, as long as it is captured', () => {
    const { session, sources } = setUp();
    const source = new FakeSource();
    sources.set('sim:a', source);
    expect(session.clockNs(0)).toBeNull();
    session.start('sim:a');
    session.tick(0);
    expect(session.clockNs(5)).toBeNull();
    source.ready = [batchOf([entry(1, 'x', { timeNs: 7e9 })])];
    session.tick(100);
    expect([session.clockNs(100), session.clockNs(2100)]).toEqual([7e9, 9e9]);
    // A promise is a look at its clock too.
    source.safeTimeNs = 12e9;
    session.tick(3000);
    expect(session.clockNs(3000)).toBe(12e9);
    session.clear();
    expect(session.clockNs(4000)).toBe(13e9);

    // Of a second source nothing is known yet.
    sources.set('sim:b', new FakeSource({ sessionId: '0000000000000002' }));
    session.add('sim:b');
    session.tick(4100);
    expect(session.clockNs(4100)).toBeNull();
    session.remove(1);
    expect(session.clockNs(4100)).toBe(13.1e9);
    source.state = 'ended';
    session.tick(5000);
    expect(session.clockNs(5000)).toBeNull();
  });

  it.each(['gone', 'ended'] as const)('waits for a source that is %s, and goes on with its next session', (state) => {
    const { session, sources, opened, texts } = setUp();
    const first = new FakeSource();
    first.ready = [batchOf([entry(1, 'before')])];
    first.heldBack = [batchOf([entry(2, 'held')])];
    sources.set('sim:a', first);
    session.start('sim:a');
    first.state = state;
    session.tick(0);
    expect(session.status(1)).toMatchObject({ capturing: true, source: { state } });
    expect([first.closed, texts()]).toEqual([1, ['before', 'held']]);

    // The old session is still there: it is looked at, let go, and not read again.
    expect(session.tick(REATTACH_MS - 1)).toBe(1);
    expect(opened.length).toBe(1);
    session.tick(REATTACH_MS);
    expect([opened.length, first.closed]).toEqual([2, 2]);
    sources.delete('sim:a');
    session.tick(2 * REATTACH_MS);
    expect(session.status(1)).toMatchObject({ source: { state, failure: null } });

    const second = new FakeSource({ sessionId: '0000000000000002', startUnixMs: 1_002_000 });
    second.ready = [batchOf([entry(1, 'after')])];
    sources.set('sim:a', second);
    session.tick(3 * REATTACH_MS);
    session.tick(3 * REATTACH_MS);
    expect(texts()).toEqual(['before', 'held', 'after']);
    expect(session.status(1)).toMatchObject({
      source: { state: 'capturing', info: { identity: second.info.identity } },
    });
  });

  it('says why a source cannot be opened again, unless it is only missing', () => {
    const results: Result<LogSource>[] = [];
    const source = new FakeSource();
    const session = new WatchedSession({
      open: () => results.shift() ?? ok(source),
      now: () => 0,
      store: { memoryCapBytes: 1 << 26 },
    });
    session.start('sim:a');
    source.state = 'gone';
    session.tick(0);
    results.push(fail('source-busy', 'someone else reads it', 'Close the other reader'));
    session.tick(REATTACH_MS);
    expect(session.status(0).source).toMatchObject({ state: 'gone', failure: { code: 'source-busy' } });
    session.stop();
    expect(session.tick(2 * REATTACH_MS)).toBeGreaterThan(0);
    expect(session.status(0).source).toMatchObject({ state: 'stopped', failure: null });
  });

  it('keeps one time line over several sessions', () => {
    const { session, sources, times } = setUp();
    const run = (name: string, startUnixMs: number, timeNs: number) => {
      const source = new FakeSource({ sessionId: name, startUnixMs });
      source.ready = [batchOf([entry(1, name, { timeNs }), entry(2, name, { timeNs: timeNs + 10 })])];
      sources.set(name, source);
      session.start(name);
      session.tick(0);
    };
    run('a', 5000, 100);
    expect(session.startUnixMs).toBe(5000);
    run('b', 5003, 7);
    expect(session.status(0).source).not.toHaveProperty('followNs');
    // A clock set back by an hour, and a session that began before the first.
    run('c', 5000 - 3_600_000, 50);
    expect(times()).toEqual([100, 110, 3_000_007, 3_000_017, 3_000_017, 3_000_027]);
    // By how much it was put behind the others is said.
    expect(session.status(0).source).toMatchObject({ followNs: 3600e9 + 3_000_017 - 50 });
    session.clear();
    run('d', 9000, 1);
    expect([times(), session.startUnixMs]).toEqual([[1, 11], 9000]);
  });

  it('captures several sources in one order by their common clock', () => {
    const { session, sources, texts, times } = setUp();
    const a = new FakeSource({ name: 'a', sessionId: 'a', startTicks: '5000', startUnixMs: 100 });
    // Its wall clock says otherwise: the monotonic clock is the one that counts.
    const b = new FakeSource({ name: 'b', sessionId: 'b', startTicks: '4000', startUnixMs: 900 });
    sources.set('a', a).set('b', b);
    session.start('a');
    expect(session.add('b').ok).toBe(true);
    expect(session.add('b').ok).toBe(true);
    expect(session.status(0).sources.map(({ id, name }) => [id, name])).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
    // On the common time line, which begins with b: a at 1100 and 1300, b at 1200.
    a.ready = [batchOf([entry(1, 'a1', { timeNs: 100 }), entry(2, 'a2', { timeNs: 300 })])];
    a.safeTimeNs = 300;
    b.ready = [batchOf([entry(1, 'b1', { timeNs: 1200 })])];
    b.safeTimeNs = 1250;
    expect(session.tick(0)).toBeLessThanOrEqual(2);
    expect([texts(), times(), session.startUnixMs]).toEqual([['a1', 'b1'], [1100, 1200], 900]);
    session.tick(49);
    expect(texts()).toEqual(['a1', 'b1']);
    session.tick(50);
    expect(texts()).toEqual(['a1', 'b1', 'a2']);
    b.ready = [batchOf([entry(2, 'late', { timeNs: 1260 })])];
    b.safeTimeNs = undefined;
    a.safeTimeNs = undefined;
    session.tick(51);
    expect(session.view.rows(0, 9).rows.map((row) => [row.text, row.source, row.flags])).toEqual([
      ['a1', 0, 0],
      ['b1', 1, 0],
      ['a2', 0, 0],
      ['late', 1, RowFlag.Late],
    ]);
    expect(session.status(52)).toMatchObject({ late: 1, sources: [{ rows: 2 }, { rows: 2 }] });
  });

  it('ends a tick that took long, and gives the other sources their turn before anything is called late', () => {
    let now = 0;
    const sources = new Map<string, FakeSource>();
    const polled: string[] = [];
    for (const spec of ['a', 'b', 'c']) {
      const source = new FakeSource({ name: spec, sessionId: spec, startTicks: '0' });
      const { poll } = source;
      source.poll = (sink) => {
        polled.push(spec);
        now += 10;
        return poll.call(source, sink);
      };
      source.safeTimeNs = 0;
      sources.set(spec, source);
    }
    const open = (spec: string): Result<LogSource> => ok(sources.get(spec) as FakeSource);
    const session = new WatchedSession({ open, now: () => now, store: { memoryCapBytes: 1 << 26 } });
    for (const spec of sources.keys()) session.add(spec);
    const push = (spec: string, timeNs: number) => {
      (sources.get(spec) as FakeSource).ready = [batchOf([entry(1, spec, { timeNs })])];
    };
    push('a', 300);
    push('b', 200);
    push('c', 100);
    expect(session.tick(0)).toBe(0);
    expect(session.tick(60)).not.toBe(0);
    expect(polled).toEqual(['a', 'b', 'c']);
    session.tick(120);
    session.tick(180);
    expect(polled).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    const { rows } = session.view.rows(0, 9);
    expect(rows.map(({ text, flags }) => [text, flags])).toEqual([
      ['c', 0],
      ['b', 0],
      ['a', 0],
    ]);
  });

  it('lets one source go while the others go on, and keeps its rows, name and losses', () => {
    const { session, sources, texts } = setUp();
    const a = new FakeSource({ name: 'a', sessionId: 'a' });
    const b = new FakeSource({ name: 'b', sessionId: 'b' });
    sources.set('a', a).set('b', b);
    session.start('a');
    session.add('b');
    expect(session.add('c')).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
    a.ready = [batchOf([entry(1, 'a1')])];
    a.cpus = [cpuStats(0, lost('full', 4))];
    session.tick(0);
    a.heldBack = [batchOf([entry(2, 'a2')])];
    session.remove(0);
    b.ready = [batchOf([entry(5, 'b1')])];
    session.tick(1);
    expect([a.closed, b.closed, texts()]).toEqual([1, 0, ['a1', 'a2', 'b1']]);
    expect(session.status(2)).toMatchObject({
      capturing: true,
      lost: 4,
      sources: [{ id: 1, name: 'b' }],
      sourceNames: [
        { id: 0, name: 'a' },
        { id: 1, name: 'b' },
      ],
    });
    session.remove(7);
    session.remove(1);
    expect(session.status(3)).toMatchObject({ capturing: false, sources: [{ id: 1, state: 'stopped' }] });
    session.clear();
    expect(session.status(4).sourceNames).toEqual([{ id: 1, name: 'b' }]);
  });

  it('goes on with one source while another is gone, and takes it back under its number', () => {
    const { session, sources, texts } = setUp();
    const a = new FakeSource({ name: 'a', sessionId: 'a1' });
    const b = new FakeSource({ name: 'b', sessionId: 'b' });
    sources.set('a', a).set('b', b);
    session.start('a');
    session.add('b');
    a.safeTimeNs = 0;
    a.state = 'gone';
    b.ready = [batchOf([entry(1, 'b1')])];
    session.tick(0);
    expect(texts()).toEqual(['b1']);
    expect(session.status(1).sources).toMatchObject([{ state: 'gone' }, { state: 'capturing' }]);
    const again = new FakeSource({ name: 'a', sessionId: 'a2' });
    again.ready = [batchOf([entry(9, 'a again')])];
    sources.set('a', again);
    session.tick(REATTACH_MS);
    session.tick(REATTACH_MS + 1);
    expect(session.view.rows(0, 9).rows.map((row) => [row.text, row.source])).toEqual([
      ['b1', 1],
      ['a again', 0],
    ]);
  });

  it('counts losses and fill over all sources since the last clear', () => {
    const { session, sources } = setUp();
    const a = new FakeSource();
    a.cpus = [cpuStats(0, { ...lost('full', 4), pendingBytes: 32_768, peakPendingBytes: 65_536 })];
    const b = new FakeSource({ sessionId: 'b' });
    b.cpus = [cpuStats(0, { ...lost('nesting', 1), late: 2, peakPendingBytes: 16_384 })];
    sources.set('a', a);
    sources.set('b', b);
    session.start('a');
    expect(session.status(0)).toMatchObject({ lost: 4, ringFill: 0.5, peakRingFill: 1 });
    session.start('b');
    expect(session.status(0)).toMatchObject({ lost: 5, late: 2, ringFill: 0, peakRingFill: 1 });
    session.clear();
    expect(session.status(0)).toMatchObject({
      lost: 0,
      late: 0,
      lostByCause: { full: 0, nesting: 0 },
      peakRingFill: 0,
    });
    b.cpus = [cpuStats(0, { ...lost('nesting', 3), late: 2, peakPendingBytes: 32_768 })];
    expect(session.status(0)).toMatchObject({ lost: 2, late: 0, peakRingFill: 0.5 });
  });

  it('applies a filter as rows come in', () => {
    const { session, sources, texts } = setUp();
    const source = new FakeSource();
    sources.set('sim:a', source);
    session.start('sim:a');
    session.view.setFilter({ ...SHOW_ALL, hiddenCpus: [1] });
    source.ready = [batchOf([entry(1, 'zero'), entry(2, 'one', { cpu: 1 })])];
    session.tick(0);
    expect(texts()).toEqual(['zero']);
    expect(session.view.update(1, 5)).toMatchObject({ end: 1, scan: null, sessionRows: 2 });
  });
});
