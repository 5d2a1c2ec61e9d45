import { describe, expect, it } from 'vitest';
import { ok } from '../../native/core/result.ts';
import type { FindCount } from '../contract/find.ts';
import type { ProcessName } from '../contract/machine.ts';
import type { ViewUpdate } from '../contract/rows.ts';
import type { Status } from '../contract/status.ts';
import { CaptureEngine } from '../session/ingest/capture.ts';
import { batchOf, entry, FakeSource, FakeThreads } from '../session/test-support.ts';
import { Finder } from '../session/view/finder.ts';
import { CaptureLoop } from './capture-loop.ts';

/** A loop on a clock that the test moves, with a page that writes down what it is sent. */
function setUp() {
  let clock = 0;
  let pending: { readonly at: number; readonly run: () => void } | null = null;
  const source = new FakeSource();
  const engine = new CaptureEngine({
    open: () => ok(source),
    now: () => clock,
    store: { memoryCapBytes: 64 * 1024 * 1024 },
  });
  const threads = new FakeThreads();
  const finder = new Finder(engine.view, threads.pool, () => loop.wake());
  const views: ViewUpdate[] = [];
  const counts: FindCount[] = [];
  const statuses: Status[] = [];
  const told: ProcessName[] = [];
  const loop = new CaptureLoop(
    { engine, finder },
    {
      sendView: (update) => views.push(update),
      sendCount: (count) => counts.push(count),
      sendStatus: (status) => statuses.push(status),
      sendProcesses: (names) => told.push(...names),
    },
    {
      now: () => clock,
      after: (ms, run) => {
        const timer = { at: clock + ms, run };
        pending = timer;
        return () => {
          if (pending === timer) pending = null;
        };
      },
    },
  );
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
    engine,
    finder,
    threads,
    loop,
    source,
    views,
    counts,
    statuses,
    told,
    pass,
    arrive,
    idle: () => pending === null,
  };
}

describe('CaptureLoop', () => {
  it('drains while the page owes a confirmation, and sends the newest state once it has it', () => {
    const { engine, loop, views, pass, arrive } = setUp();
    engine.start('sim:test');
    loop.start();
    pass(1000);
    const sent = views.length;
    expect(sent).toBe(1);
    for (let i = 0; i < 10; i++) {
      arrive(100);
      pass(100);
    }
    expect(views.length).toBe(sent);
    expect(engine.store.rowCount).toBe(1000);
    loop.confirm(views[0]?.sequence ?? -1);
    pass(1);
    expect(views.length).toBe(sent + 1);
    expect(views.at(-1)?.sessionRows).toBe(1000);
  });

  it('sends at most one update in 33 ms', () => {
    const { engine, loop, views, pass, arrive } = setUp();
    engine.start('sim:test');
    loop.start();
    for (let ms = 0; ms < 1000; ms++) {
      arrive(1);
      pass(1);
      const last = views.at(-1);
      if (last) loop.confirm(last.sequence);
    }
    expect(views.length).toBeGreaterThan(20);
    expect(views.length).toBeLessThanOrEqual(31);
  });

  it('sends half as many while the end runs away by many screens, and all again when it does not', () => {
    const { engine, loop, views, pass, arrive } = setUp();
    engine.start('sim:test');
    loop.start();
    loop.setTail(8);
    const sentIn = (ms: number, rows: number) => {
      const before = views.length;
      for (let passed = 0; passed < ms; passed++) {
        arrive(rows);
        pass(1);
        const last = views.at(-1);
        if (last) loop.confirm(last.sequence);
      }
      return views.length - before;
    };
    const calm = sentIn(1000, 1);
    const hurried = sentIn(1000, 20);
    expect(calm).toBeGreaterThan(26);
    expect(hurried).toBeGreaterThan(12);
    expect(hurried).toBeLessThanOrEqual(17);
    expect(sentIn(1000, 1)).toBeGreaterThan(26);
  });

  it('sends again to a page that forgot to confirm, and to one that was loaded anew', () => {
    const { engine, loop, views, pass, arrive } = setUp();
    engine.start('sim:test');
    loop.start();
    pass(100);
    arrive(5);
    pass(1900);
    expect(views.length).toBe(1);
    pass(200);
    expect(views.length).toBe(2);
    loop.pageLoaded();
    pass(50);
    expect(views.length).toBe(3);
    expect(views.at(-1)?.end).toBe(5);
  });

  it('carries as many newest rows as were asked for', () => {
    const { engine, loop, views, pass, arrive } = setUp();
    engine.start('sim:test');
    loop.start();
    arrive(50);
    pass(100);
    loop.confirm(views.at(-1)?.sequence ?? -1);
    loop.setTail(7);
    pass(100);
    expect(views.at(-1)?.tail.map((row) => row.index)).toEqual([44, 45, 46, 47, 48, 49, 50]);
  });

  it('leaves an idle page alone', () => {
    const { engine, loop, views, statuses, pass, arrive } = setUp();
    engine.start('sim:test');
    loop.start();
    arrive(10);
    pass(5000);
    loop.confirm(views.at(-1)?.sequence ?? -1);
    pass(5000);
    const [view, status] = [views.length, statuses.length];
    pass(60_000);
    expect(views.length).toBe(view);
    expect(statuses.length).toBe(status);
  });

  it('tells at once that capture started, stopped or ended, or that rows were cleared', () => {
    const { engine, loop, source, statuses, pass, arrive } = setUp();
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
    expect(told(() => engine.start('sim:test'))).toMatchObject({ capturing: true });
    expect(told(() => engine.clear())).toMatchObject({ levels: [0, 0, 0, 0, 0] });
    expect(told(() => engine.store.setMemoryCap(32 * 1024 * 1024))).toMatchObject({ memoryCapBytes: 33_554_432 });
    const ended = told(() => {
      source.state = 'ended';
    });
    expect(ended?.sources[0]?.state).toBe('ended');
    expect(told(() => engine.stop())).toMatchObject({ capturing: false });
  });

  it('tells names of processes once, and all of them to a page that was loaded anew', () => {
    const { engine, loop, source, told, pass } = setUp();
    engine.start('sim:test');
    source.processNames = new Map([[4, 'a.exe']]);
    loop.start();
    pass(1000);
    expect(told.splice(0)).toEqual([{ source: 0, pid: 4, name: 'a.exe' }]);
    source.processNames.set(8, 'b.exe');
    pass(1000);
    expect(told.splice(0)).toEqual([{ source: 0, pid: 8, name: 'b.exe' }]);
    loop.pageLoaded();
    pass(1000);
    expect(told.map(({ pid }) => pid)).toEqual([4, 8]);
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
    const { engine, finder, threads, loop, counts, pass, arrive } = setUp();
    engine.start('sim:test');
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
});
