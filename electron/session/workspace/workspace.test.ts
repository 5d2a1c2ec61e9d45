import { describe, expect, it } from 'vitest';
import { ok } from '../../../native/core/result.ts';
import { MOST_SESSIONS, MOST_VIEWS } from '../../contract/limits.ts';
import { KEEP_ALL } from '../../contract/retention.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { batchOf, entry, FakeSource, FakeThreads } from '../test-support.ts';
import { Workspace } from './workspace.ts';

const CAP = 1 << 30;

/** A workspace whose sessions each have a source of their own; `sim:N` feeds session N. */
function setUp(now: () => number = () => 0) {
  const sources = new Map<number, FakeSource>();
  const workspace = new Workspace({
    scanner: new FakeThreads().pool,
    now,
    memoryCapBytes: CAP,
    largestCapBytes: CAP,
    policy: KEEP_ALL,
    changed: () => {},
    sessionOptions: (session) => ({
      open: (name) => {
        const source = new FakeSource({ name });
        sources.set(session, source);
        return ok(source);
      },
      now,
      store: { memoryCapBytes: CAP },
    }),
  });
  const start = (id: number): FakeSource => {
    const session = workspace.session(id);
    if (!session.ok || !session.value.start(`sim:${id}`).ok) throw new Error(`session ${id} does not start`);
    return sources.get(id) as FakeSource;
  };
  const rows = (source: FakeSource, count: number, cpus = 1): void => {
    source.ready.push(batchOf(Array.from({ length: count }, (_, n) => entry(n, 'x', { cpu: n % cpus }))));
  };
  const layout = () => workspace.layout.map(({ session, views }) => [session, ...views.map(({ view }) => view)]);
  return { workspace, start, rows, layout };
}

const hideCpu = (cpu: number): FilterSpec => ({ ...SHOW_ALL, hiddenCpus: [cpu] });

describe('a workspace', () => {
  it('begins with one session and one view, and never has none', () => {
    const { workspace, layout } = setUp();
    expect(layout()).toEqual([[1, 1]]);
    workspace.closeView(1);
    expect(layout()).toEqual([[2, 2]]);
    workspace.closeSession(2);
    expect(layout()).toEqual([[3, 3]]);
    // Harmless twice, and for what never was.
    workspace.closeView(1);
    workspace.closeSession(99);
    expect(layout()).toEqual([[3, 3]]);
    expect(workspace.view(1)).toMatchObject({ ok: false, failure: { code: 'closed' } });
    expect(workspace.session(1)).toMatchObject({ ok: false, failure: { code: 'closed' } });
  });

  it('moves all sessions in one tick, and names each by its sources', () => {
    const { workspace, start, rows } = setUp();
    workspace.openSession();
    rows(start(1), 10);
    rows(start(2), 20);
    workspace.tick(0);
    expect(workspace.openSessions.map(({ session }) => session.store.rowCount)).toEqual([10, 20]);
    expect(workspace.layout.map(({ name }) => name)).toEqual(['sim:1', 'sim:2']);
    expect(setUp().workspace.layout[0]?.name).toBe('Session 1');
  });

  it('opens a view with the filter of another, and each has its own from then on', () => {
    const { workspace, start, rows } = setUp();
    rows(start(1), 100, 4);
    workspace.tick(0);
    const [first] = workspace.openViews;
    first?.log.setFilter(hideCpu(0));
    const opened = workspace.openView(1);
    if (!opened.ok) throw new Error(opened.failure.message);
    const second = opened.value;
    expect(second.log.filterSpec).toEqual(hideCpu(0));
    second.log.setFilter(hideCpu(1));
    second.log.setPaused(true);
    rows(start(1), 0);
    workspace.tick(1);
    expect([first?.log.paused, first?.log.filterSpec.hiddenCpus]).toEqual([false, [0]]);
    expect(first?.log.rows(0, 3).rows.map(({ cpu }) => cpu)).toEqual([1, 2, 3]);
    expect(second.log.rows(0, 3).rows.map(({ cpu }) => cpu)).toEqual([0, 2, 3]);
    workspace.closeView(second.id);
    expect(workspace.viewsOf(1).map(({ id }) => id)).toEqual([1]);
    expect(first?.log.end).toBe(75);
  });

  it('refuses more sessions or views than there may be, and says what to do', () => {
    const { workspace } = setUp();
    while (workspace.openSessions.length < MOST_SESSIONS) expect(workspace.openSession().ok).toBe(true);
    expect(workspace.openSession()).toMatchObject({ ok: false, failure: { code: 'overloaded' } });
    while (workspace.openViews.length < MOST_VIEWS) expect(workspace.openView(1).ok).toBe(true);
    expect(workspace.openView(1)).toMatchObject({ ok: false, failure: { code: 'overloaded' } });
    expect(workspace.openView(999)).toMatchObject({ ok: false, failure: { code: 'closed' } });
    workspace.closeSession(3);
    expect(workspace.openSession().ok).toBe(true);
  });

  it('gives up the rows of a session that is closed, and its memory to the others', () => {
    const { workspace, start, rows } = setUp();
    workspace.openSession();
    const source = start(2);
    rows(source, 1000);
    workspace.tick(0);
    workspace.tick(1);
    const closing = workspace.openSessions[1]?.session;
    expect(closing?.store.rowCount).toBe(1000);
    expect(workspace.openSessions[0]?.session.store.memoryCapBytes).toBeLessThan(CAP);
    workspace.closeSession(2);
    expect([closing?.store.rowCount, source.closed]).toEqual([0, 1]);
    expect(workspace.openSessions[0]?.session.store.memoryCapBytes).toBe(CAP);
  });

  it('lets every view have its turn of the time for filters', () => {
    // Each look at the clock takes a whole slice, so one tick has time for one view.
    let clock = 0;
    const { workspace, start, rows } = setUp(() => (clock += 20));
    rows(start(1), 200_000, 4);
    workspace.tick(0);
    for (let n = 0; n < 3; n++) workspace.openView(1);
    for (const { log } of workspace.openViews) log.setFilter(hideCpu(0));
    for (let ticks = 0; workspace.openViews.some(({ log }) => log.scan !== null); ticks++) {
      workspace.tick(ticks);
      expect(ticks).toBeLessThan(10_000);
      const reached = workspace.openViews.map(({ log }) => log.reachedRow);
      // No view is finished before the others have begun.
      if (Math.max(...reached) === 200_000) expect(Math.min(...reached)).toBeGreaterThan(0);
    }
    expect(workspace.openViews.map(({ log }) => log.end)).toEqual([150_000, 150_000, 150_000, 150_000]);
  });

  it('changes what is kept for a session and those opened later, and how much memory all have', () => {
    const { workspace } = setUp();
    const [first] = workspace.openSessions;
    if (first === undefined) throw new Error('no session');
    workspace.setPolicy(first.session, { keep: 'rows', rows: 5000 });
    workspace.setMemoryCap(1 << 29);
    const opened = workspace.openSession();
    if (!opened.ok) throw new Error(opened.failure.message);
    const policies = workspace.openSessions.map(({ session }) => session.store.policy);
    expect(policies).toEqual([
      { keep: 'rows', rows: 5000 },
      { keep: 'rows', rows: 5000 },
    ]);
    expect(workspace.status(first.session, 0)).toMatchObject({ memoryCapBytes: 1 << 29 });
  });
});

describe('a second view', () => {
  it('of ten million rows costs its index of matches and nothing else', () => {
    const { workspace, start } = setUp();
    const source = start(1);
    const rows = 10_000_000;
    const batch = batchOf(Array.from({ length: 50_000 }, (_, n) => entry(n, 'x', { cpu: n % 4 })));
    for (let at = 0; at < rows; at += batch.count) {
      source.ready.push(batch);
      workspace.tick(at);
    }
    const [open] = workspace.openSessions;
    const { store } = open?.session ?? {};
    expect(store?.rowCount).toBe(rows);
    const before = store?.usedBytes ?? 0;
    const all = workspace.openView(1);
    workspace.tick(rows);
    expect(store?.usedBytes).toBe(before);
    if (!all.ok) throw new Error(all.failure.message);
    all.value.log.setFilter(hideCpu(0));
    for (let ticks = 0; all.value.log.scan !== null; ticks++) {
      workspace.tick(rows + ticks);
      expect(ticks).toBeLessThan(10_000);
    }
    expect(all.value.log.matchedEntries).toBe(7_500_000);
    expect((store?.usedBytes ?? 0) - before).toBe(all.value.log.memoryBytes);
    // Four bytes a match and little more.
    expect(all.value.log.memoryBytes / 7_500_000).toBeLessThan(4.5);
    workspace.closeView(all.value.id);
    expect(store?.usedBytes).toBe(before);
  }, 120_000);
});
