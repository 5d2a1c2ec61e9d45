import { describe, expect, it } from 'vitest';
import { ok } from '../../native/core/result.ts';
import type { Layout } from '../contract/app.ts';
import type { FindCount } from '../contract/find.ts';
import type { NumberedNames, ProcessName } from '../contract/machine.ts';
import { KEEP_ALL } from '../contract/retention.ts';
import { SHOW_ALL, type ViewUpdate } from '../contract/rows.ts';
import type { Status } from '../contract/status.ts';
import type { Session } from '../session/ingest/session.ts';
import { ALL_FIELDS } from '../session/output/output-facts.ts';
import { batchOf, entry, FakeSource, FakeThreads } from '../session/test-support.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import { Workspace } from '../session/workspace/workspace.ts';
import { Loop } from './loop.ts';
import { PageFeed } from './page-feed.ts';
import { ViewPlaces } from './view-places.ts';

const CAP = 64 * 1024 * 1024;

/** A loop on a clock that the test moves, with a page that writes down what it is sent of the first view. */
function setUp() {
  let clock = 0;
  let pending: { readonly at: number; readonly run: () => void } | null = null;
  const source = new FakeSource();
  const threads = new FakeThreads();
  const workspace = new Workspace({
    scanner: threads.pool,
    now: () => clock,
    memoryCapBytes: CAP,
    largestCapBytes: CAP,
    policy: KEEP_ALL,
    changed: () => loop.wake(),
    sessionOptions: () => ({ open: () => ok(source), now: () => clock, store: { memoryCapBytes: CAP } }),
  });
  const session = workspace.openSessions[0]?.session as Session;
  const first = workspace.openViews[0] as OpenView;
  const { finder } = first;
  const views: ViewUpdate[] = [];
  const counts: FindCount[] = [];
  const statuses: Status[] = [];
  const told: ProcessName[] = [];
  const events: NumberedNames[] = [];
  const layouts: Layout[] = [];
  const facts = { fields: ALL_FIELDS };
  /** Updates and figures by the view or session they are of, also of those opened later. */
  const others: string[] = [];
  const timers = {
    now: () => clock,
    after: (ms: number, run: () => void) => {
      const timer = { at: clock + ms, run };
      pending = timer;
      return () => {
        if (pending === timer) pending = null;
      };
    },
  };
  const loop = new Loop(workspace, timers);
  const places = new ViewPlaces(workspace);
  const feed = new PageFeed(workspace, places, places.add(), {
    emptied: () => {},
    sendLayout: (layout) => layouts.push(layout),
    sendUpdate: (view, update) => (view === first.id ? views.push(update) : others.push(`view ${view}: ${update.end}`)),
    sendFound: (_, count) => counts.push(count),
    sendStatus: (of, status) => (of === first.session ? statuses.push(status) : others.push(`session ${of}`)),
    sendProcesses: (_, names) => told.push(...names),
    sendEventNames: (_, names) => events.push(...names),
    sendBookmarks: () => {},
    fileLogOf: () => null,
    fieldsOf: () => facts.fields,
  });
  loop.inform(feed);
  /** What the handlers do. */
  const setTail = (rows: number): void => {
    feed.setTail(first, rows);
    loop.wake();
  };
  const confirm = (sequence: number): void => {
    if (feed.confirm(first.id, sequence)) loop.wake();
  };
  const pageLoaded = (): void => {
    feed.pageLoaded();
    setTail(0);
  };
  // A page that has begun, and looks at the first view.
  pageLoaded();
  const pass = (ms: number): void => {
    const until = clock + ms;
    while (pending !== null && pending.at <= until) {
      const { at, run } = pending;
      clock = Math.max(clock, at);
      pending = null;
      run();
    }
    clock = until;
  };
  let next = 1;
  const arrive = (count: number): void => {
    source.ready.push(batchOf(Array.from({ length: count }, () => entry(next++, 'message'))));
  };
  return {
    workspace,
    places,
    session,
    first,
    finder,
    threads,
    feed,
    loop,
    setTail,
    confirm,
    pageLoaded,
    facts,
    layouts,
    others,
    source,
    views,
    counts,
    statuses,
    told,
    events,
    pass,
    arrive,
    idle: () => pending === null,
  };
}

describe('what a page is told', () => {
  it('drains while the page owes a confirmation, and sends the newest state once it has it', () => {
    const { session, loop, views, pass, arrive, confirm } = setUp();
    session.start('sim:test');
    loop.start();
    pass(1000);
    const sent = views.length;
    expect(sent).toBe(1);
    for (let i = 0; i < 10; i++) {
      arrive(100);
      pass(100);
    }
    expect(views.length).toBe(sent);
    expect(session.store.rowCount).toBe(1000);
    confirm(views[0]?.sequence ?? -1);
    pass(1);
    expect(views.length).toBe(sent + 1);
    expect(views.at(-1)?.sessionRows).toBe(1000);
  });

  it('sends at most one update in 33 ms, and half as many of a table that does not follow the newest rows', () => {
    const { session, loop, views, pass, arrive, confirm, setTail } = setUp();
    session.start('sim:test');
    loop.start();
    const sentIn = (rows: number) => {
      setTail(rows);
      pass(100);
      const before = views.length;
      for (let ms = 0; ms < 1000; ms++) {
        arrive(1);
        pass(1);
        const last = views.at(-1);
        if (last) confirm(last.sequence);
      }
      return views.length - before;
    };
    const following = sentIn(8);
    expect(following).toBeGreaterThan(20);
    expect(following).toBeLessThanOrEqual(31);
    const standing = sentIn(0);
    expect(standing).toBeGreaterThan(12);
    expect(standing).toBeLessThanOrEqual(17);
  });

  it('sends at once what the page has just asked for: rows of a table that comes into sight, and another order of rows', () => {
    const { session, workspace, loop, views, pass, arrive, confirm, setTail } = setUp();
    session.start('sim:test');
    loop.start();
    arrive(1000);
    pass(100);
    confirm(views.at(-1)?.sequence ?? 0);
    arrive(1);
    pass(40);
    confirm(views.at(-1)?.sequence ?? 0);
    arrive(1);
    pass(40);
    // The page has not confirmed what it was told while it did not show the table.
    const before = views.length;
    arrive(1);
    pass(1);
    expect(views).toHaveLength(before);
    setTail(8);
    pass(1);
    expect(views).toHaveLength(before + 1);
    expect(views.at(-1)?.tail).toHaveLength(8);
    confirm(views.at(-1)?.sequence ?? 0);

    const { log } = workspace.openViews[0] as OpenView;
    const { generation } = views.at(-1) as ViewUpdate;
    log.setFilter({ ...SHOW_ALL, text: { pattern: 'message', regex: false, caseSensitive: false } });
    loop.wake();
    pass(1);
    expect(views).toHaveLength(before + 2);
    expect(views.at(-1)).toMatchObject({ scan: null, end: 1003 });
    expect(views.at(-1)?.generation).toBeGreaterThan(generation);
  });

  it('sends rows of another order with the first screen of them, all there are at once, and does not wait for what the page owes', () => {
    const { session, workspace, threads, loop, views, pass, arrive, confirm, setTail } = setUp();
    session.start('sim:test');
    loop.start();
    setTail(8);
    arrive(40_000);
    pass(100);
    confirm(views.at(-1)?.sequence ?? 0);
    arrive(1);
    pass(100);
    // An update that the page has not confirmed.
    const { generation, sequence } = views.at(-1) as ViewUpdate;
    const before = views.length;
    const { log } = workspace.openViews[0] as OpenView;
    log.setFilter({ ...SHOW_ALL, text: { pattern: 'message', regex: false, caseSensitive: false } });
    loop.wake();
    pass(1);
    expect(views).toHaveLength(before + 1);
    expect(views.at(-1)).toMatchObject({ scan: { done: 2048, total: 40_001 } });
    expect(views.at(-1)?.tail).toHaveLength(8);
    expect(views.at(-1)?.generation).toBeGreaterThan(generation);

    // More of it waits for the page, which is asked for nothing by a late word about the one before.
    threads.settle();
    confirm(sequence);
    pass(1);
    expect(views).toHaveLength(before + 1);
    confirm(views.at(-1)?.sequence ?? 0);
    pass(1);
    expect(views).toHaveLength(before + 2);
    expect(views.at(-1)).toMatchObject({ scan: null, matchedEntries: 40_001 });
  });

  it('does not send rows of another order while there are next to none, but for no longer than a moment', () => {
    const { session, workspace, loop, views, pass, arrive, confirm, setTail } = setUp();
    session.start('sim:test');
    loop.start();
    setTail(8);
    arrive(40_000);
    pass(200);
    confirm(views.at(-1)?.sequence ?? 0);
    pass(200);
    const before = views.length;
    const { log } = workspace.openViews[0] as OpenView;
    log.setFilter({ ...SHOW_ALL, text: { pattern: 'nowhere', regex: false, caseSensitive: false } });
    loop.wake();
    pass(99);
    expect(views).toHaveLength(before);
    pass(2);
    expect(views).toHaveLength(before + 1);
    expect(views.at(-1)).toMatchObject({ end: 0, scan: { done: 2048, total: 40_000 } });
  });

  it('sends a third of them while the end runs away by many screens, and all again when it does not', () => {
    const { session, loop, views, pass, arrive, confirm, setTail } = setUp();
    session.start('sim:test');
    loop.start();
    setTail(8);
    const sentIn = (ms: number, rows: number) => {
      const before = views.length;
      for (let passed = 0; passed < ms; passed++) {
        arrive(rows);
        pass(1);
        const last = views.at(-1);
        if (last) confirm(last.sequence);
      }
      return views.length - before;
    };
    const calm = sentIn(1000, 1);
    const hurried = sentIn(1000, 20);
    expect(calm).toBeGreaterThan(26);
    expect(hurried).toBeGreaterThan(8);
    expect(hurried).toBeLessThanOrEqual(12);
    expect(sentIn(1000, 1)).toBeGreaterThan(26);
  });

  it('sends again to a page that forgot to confirm, and to one that was loaded anew', () => {
    const { session, loop, views, pass, arrive, pageLoaded } = setUp();
    session.start('sim:test');
    loop.start();
    pass(100);
    arrive(5);
    pass(1900);
    expect(views.length).toBe(1);
    pass(200);
    expect(views.length).toBe(2);
    pageLoaded();
    pass(50);
    expect(views.length).toBe(3);
    expect(views.at(-1)?.end).toBe(5);
  });

  it('carries as many newest rows as were asked for', () => {
    const { session, loop, views, pass, arrive, confirm, setTail } = setUp();
    session.start('sim:test');
    loop.start();
    arrive(50);
    pass(100);
    confirm(views.at(-1)?.sequence ?? -1);
    setTail(7);
    pass(100);
    expect(views.at(-1)?.tail.map((row) => row.index)).toEqual([44, 45, 46, 47, 48, 49, 50]);
  });

  it('leaves an idle page alone', () => {
    const { session, loop, views, statuses, pass, arrive, confirm } = setUp();
    session.start('sim:test');
    loop.start();
    arrive(10);
    pass(5000);
    confirm(views.at(-1)?.sequence ?? -1);
    pass(5000);
    const [view, status] = [views.length, statuses.length];
    pass(60_000);
    expect(views.length).toBe(view);
    expect(statuses.length).toBe(status);
  });

  it('tells at once that capture started, stopped or ended, or that rows were cleared', () => {
    const { workspace, session, loop, source, statuses, pass, arrive } = setUp();
    loop.start();
    pass(1);
    const told = (act: () => void) => {
      // Right after the last one, when the next is furthest away.
      pass(251);
      arrive(1);
      loop.wake();
      pass(1);
      const before = statuses.length;
      act();
      loop.wake();
      pass(1);
      expect(statuses.length).toBeGreaterThan(before);
      return statuses.at(-1);
    };
    expect(told(() => session.start('sim:test'))).toMatchObject({ capturing: true });
    expect(told(() => session.clear())).toMatchObject({ levels: [0, 0, 0, 0, 0] });
    expect(told(() => workspace.setMemoryCap(32 * 1024 * 1024))).toMatchObject({ memoryCapBytes: 33_554_432 });
    expect(told(() => session.setCaptureFilter(SHOW_ALL))).toMatchObject({ retention: { captureFilter: SHOW_ALL } });
    const ended = told(() => {
      source.state = 'ended';
    });
    expect(ended?.sources[0]?.state).toBe('ended');
    expect(told(() => session.stop())).toMatchObject({ capturing: false });
  });

  it('tells names of processes once, and all of them to a page that was loaded anew', () => {
    const { session, loop, source, told, pass, pageLoaded } = setUp();
    session.start('sim:test');
    source.processNames = new Map([[4, 'a.exe']]);
    loop.start();
    pass(1000);
    expect(told.splice(0)).toEqual([{ source: 0, pid: 4, name: 'a.exe' }]);
    source.processNames.set(8, 'b.exe');
    pass(1000);
    expect(told.splice(0)).toEqual([{ source: 0, pid: 8, name: 'b.exe' }]);
    pageLoaded();
    pass(1000);
    expect(told.map(({ pid }) => pid)).toEqual([4, 8]);
  });

  it('tells what events are called once, a part at a time, and all of it to a page that was loaded anew', () => {
    const { session, loop, events, pass, pageLoaded } = setUp();
    session.start('sim:test');
    loop.start();
    const names = { provider: 'Nic', function: null, source_file: null };
    for (let n = 0; n < 1500; n++) session.eventNames.numberOf({ ...names, event: `${n}` });
    pass(300);
    expect(events.length).toBe(1000);
    pass(300);
    expect(events.map(({ number }) => number)).toEqual(Array.from({ length: 1500 }, (_, at) => at + 1));
    expect(events.at(-1)?.names).toEqual({ ...names, event: '1499' });
    pass(1000);
    expect(events.splice(0).length).toBe(1500);
    pageLoaded();
    pass(1000);
    expect(events.length).toBe(1500);
  });

  it('stops', () => {
    const { loop, pass, idle } = setUp();
    loop.start();
    pass(10);
    loop.stop();
    expect(idle()).toBe(true);
    loop.wake();
    expect(idle()).toBe(true);
  });

  it('tells the count of matches as it grows, at a bounded rate, and nothing when it stands', async () => {
    const { session, finder, threads, loop, counts, pass, arrive } = setUp();
    session.start('sim:test');
    loop.start();
    arrive(10_000);
    pass(100);
    const query = { pattern: 'mess', regex: false, caseSensitive: true };
    expect(finder.setCounted(query)).toMatchObject({ ok: true });
    for (let i = 0; i < 20; i++) {
      threads.work();
      pass(10);
    }
    pass(100);
    expect(counts.length).toBeLessThanOrEqual(5);
    expect(counts.at(-1)).toEqual({ query, generation: 1, count: 10_000, progress: null, at: null, failure: null });
    const search = finder.find({ generation: 1, query, from: 41, direction: 'next' });
    threads.settle();
    expect(await search).toEqual({ ok: true, value: { position: 41, wrapped: false } });
    pass(200);
    expect(counts.at(-1)).toMatchObject({ count: 10_000, at: 42 });
    const told = counts.length;
    pass(1000);
    expect(counts.length).toBe(told);
  });

  it('is of all sessions and views it has asked for, each at its own pace, and of none it has not', () => {
    const { workspace, session, source, feed, loop, setTail, confirm, views, layouts, others, pass } = setUp();
    session.start('sim:test');
    loop.start();
    const opened = workspace.openView(1);
    const other = workspace.openSession();
    if (!opened.ok || !other.ok) throw new Error('not opened');
    setTail(0);
    pass(100);
    expect(layouts.at(-1)?.map((info) => info.views.map(({ view }) => view))).toEqual([[1, 2], [3]]);
    expect(others).toEqual([]);
    feed.setTail(opened.value, 0);
    feed.setTail(other.value, 0);
    source.ready.push(batchOf([entry(1, 'one')]));
    loop.wake();
    pass(300);
    expect(others).toEqual(['view 2: 1', 'view 3: 0', 'session 2']);
    confirm(views.at(-1)?.sequence ?? -1);
    pass(300);
    // The second view owes a confirmation; the first goes on.
    expect(views.at(-1)?.end).toBe(1);
    workspace.closeView(2);
    workspace.closeSession(2);
    source.ready.push(batchOf([entry(2, 'two')]));
    loop.wake();
    pass(5000);
    expect(layouts.at(-1)?.map((info) => info.views.map(({ view }) => view))).toEqual([[1]]);
    expect(others).toHaveLength(3);
  });

  it('says what the rows of a source do not state, as long as that is so', () => {
    const { session, loop, statuses, facts, pass } = setUp();
    session.start('sim:test');
    loop.start();
    pass(1000);
    expect(statuses.at(-1)?.lacking).toBeUndefined();
    facts.fields = { lacks: new Set(['cpu', 'level']), zeroPidIsNone: true };
    pass(1000);
    expect(statuses.at(-1)?.lacking).toEqual([{ id: 0, fields: ['cpu', 'level'], zeroPidIsNone: true }]);
    // A number that may mean nothing is something to know as well.
    facts.fields = { lacks: new Set(), zeroPidIsNone: true };
    pass(1000);
    expect(statuses.at(-1)?.lacking).toEqual([{ id: 0, fields: [], zeroPidIsNone: true }]);
    facts.fields = ALL_FIELDS;
    pass(1000);
    expect(statuses.at(-1)?.lacking).toBeUndefined();
  });

  it('says whether a log is read from its start: not of a stream, nor beside what is written, nor one that ends with what matters', () => {
    const files = (...info: object[]): true | undefined => {
      const { views, loop, pass, session, source, first } = setUp();
      const sourcesInUse = info.map((each, id) => ({ id, spec: '', info: { ...source.info, ...each } }));
      Object.defineProperty(session, 'sourcesInUse', { get: () => sourcesInUse });
      loop.start();
      pass(1000);
      expect(first.readsFromStart).toBe(views.at(-1)?.readsFromStart ?? false);
      return views.at(-1)?.readsFromStart;
    };
    const [file, stream] = [{ file: { path: '/a.log' } }, { file: { path: null } }];
    const dump = { file: { path: '/MEMORY.DMP', fromEnd: true } };
    expect([files(file), files(file, file)]).toEqual([true, true]);
    expect([files(), files({}), files(stream), files(file, {}), files(stream, file)]).toEqual(Array(5).fill(undefined));
    expect([files(dump), files(dump, file)]).toEqual([undefined, undefined]);
  });

  it('is of its own views alone, where there are several pages', () => {
    const { workspace, places, session, source, feed, loop, pass, layouts, told, finder } = setUp();
    const number = places.add();
    const sent: string[] = [];
    const names: ProcessName[] = [];
    const second = new PageFeed(workspace, places, number, {
      fieldsOf: () => ALL_FIELDS,
      sendLayout: (layout) => sent.push(`layout of ${layout.map(({ views }) => views.map(({ view }) => view)).join()}`),
      emptied: () => sent.push('empty'),
      sendUpdate: (view, { end }) => sent.push(`view ${view}: ${end}`),
      sendFound: () => {},
      sendStatus: () => {},
      sendProcesses: (_, news) => names.push(...news),
      sendEventNames: () => {},
      sendBookmarks: () => {},
      fileLogOf: () => null,
    });
    session.start('sim:test');
    source.processNames = new Map([[4, 'a.exe']]);
    loop.start();
    const opened = workspace.openView(1);
    if (!opened.ok) throw new Error('not opened');
    places.put(2, number);
    second.pageLoaded();
    second.setTail(opened.value, 0);
    loop.inform(second);
    pass(300);
    expect(sent).toEqual(['view 2: 0']);
    expect(layouts.flatMap((layout) => layout.flatMap(({ views }) => views.map(({ view }) => view)))).not.toContain(2);
    // Both know what a process is called, whoever was told first.
    expect([told, names]).toEqual([[{ source: 0, pid: 4, name: 'a.exe' }], [{ source: 0, pid: 4, name: 'a.exe' }]]);
    // A page that is loaded anew ends no search of another one's.
    finder.setCounted({ pattern: 'x', regex: false, caseSensitive: false });
    second.pageLoaded();
    expect(finder.count).not.toBeNull();
    // Its view is closed, and it shows nothing.
    workspace.closeView(2);
    loop.wake();
    pass(100);
    expect(sent.at(-1)).toBe('empty');
    expect(feed.layout).toHaveLength(1);
  });
});
