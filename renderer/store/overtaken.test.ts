/** Answers that come too late, and places that are no longer there: what is shown is of the newest wish alone. */
import { describe, expect, it } from 'vitest';
import { ROW_PX, visibleRange } from '../model/scroll.ts';
import { createFixture } from '../test/app-fixture.ts';
import type { FakeOptions } from '../test/fake-data.ts';
import { extentOf } from './view-state.ts';

async function started(options: Partial<FakeOptions> = {}) {
  const fixture = createFixture({ rows: 100_000, ...options });
  fixture.app.connect();
  fixture.app.view.setViewPx(600);
  fixture.session.push();
  await fixture.run();
  const get = fixture.app.view.store.getState;
  const shown = () => {
    const { from, end } = visibleRange(get().top, extentOf(get()));
    return Array.from({ length: end - from }, (_, i) => get().cache.get(from + i)?.row);
  };
  return { ...fixture, view: fixture.app.view, get, shown };
}

/** Makes a function wait: each call is answered when the test says so, with what the function says then. */
function held<A extends unknown[], R>(answer: (...args: A) => Promise<R>) {
  const waiting: { readonly args: A; answer(): Promise<void>; say(reply: R): void }[] = [];
  const call = (...args: A): Promise<R> =>
    new Promise((resolve) =>
      waiting.push({
        args,
        async answer() {
          resolve(await answer(...args));
        },
        say: resolve,
      }),
    );
  return { call, waiting };
}

describe('a row at the top that the new filter hides', () => {
  it('leaves the table at the next row that is shown, not at either end of the log', async () => {
    const { app, view, run, session, shown } = await started();
    let number = 50_000;
    while (session.rowAt(number).level !== 3) number++;
    view.scrollTo(number * ROW_PX);
    await run();
    expect(shown()[0]).toBe(number);
    app.filter.toggleLevel(3);
    await run();
    let next = number;
    while (session.rowAt(next).level === 3) next++;
    expect(shown()[0]).toBe(next);
  });
});

describe('rows that were asked for in a view before', () => {
  it('neither fill the new view nor keep it from asking', async () => {
    const { app, view, run, settle, session, get, shown } = await started();
    const rows = session.rows.bind(session);
    const slow = held(rows);
    session.rows = slow.call;
    view.scrollTo(20_000 * ROW_PX);
    await settle();
    const old = slow.waiting[0];
    session.rows = rows;
    app.filter.toggleLevel(3);
    await run();
    await run();
    expect(get().generation).toBe(2);
    // Two wishes are on their way, which is all there may be; the third waits for one of them.
    session.rows = slow.call;
    const before = slow.waiting.length;
    for (const place of [30_000, 40_000, 50_000]) {
      view.scrollTo(place * ROW_PX);
      await settle();
    }
    expect(slow.waiting.length).toBe(before + 2);
    old?.say({ generation: 1, first: 20_000, rows: [] });
    await settle();
    session.rows = rows;
    for (const each of slow.waiting.slice(before)) await each.answer();
    await run();
    expect(get().top).toBe(50_000 * ROW_PX);
    expect(shown()).not.toContain(undefined);
    for (const number of shown()) expect(session.rowAt(number as number).level).not.toBe(3);
  });
});

describe('an answer that was overtaken', () => {
  it('of a search shows no row, whether a newer search or another text overtook it', async () => {
    const { app, run, settle, session, get } = await started();
    const slow = held(session.find.bind(session));
    session.find = slow.call;
    app.find.setPattern('watchdog');
    const first = app.find.go('next');
    await settle();
    const second = app.find.go('previous');
    await settle();
    expect(slow.waiting.length).toBe(2);
    await slow.waiting[1]?.answer();
    await second;
    await run();
    const { selection } = get();
    expect(selection).not.toBeNull();
    slow.waiting[0]?.say({ ok: true, value: { position: 5, wrapped: false } });
    await first;
    await run();
    expect(get().selection).toEqual(selection);
    const third = app.find.go('next');
    await settle();
    app.find.setPattern('another');
    slow.waiting[2]?.say({ ok: true, value: { position: 7, wrapped: false } });
    await third;
    await run();
    expect(get().selection).toEqual(selection);
    expect(app.find.store.getState()).toMatchObject({ busy: false, outcome: 'none', failure: null });
  });

  it('of a filter does not bring the filter before it back, nor its failure', async () => {
    const { app, settle, session } = await started();
    const slow = held(session.setFilter.bind(session));
    session.setFilter = slow.call;
    app.filter.toggleLevel(0);
    app.filter.toggleLevel(1);
    await settle();
    await slow.waiting[1]?.answer();
    await settle();
    slow.waiting[0]?.say({ ok: false, failure: { code: 'bad-pattern', message: 'no', action: 'yes' } });
    await settle();
    expect(app.filter.store.getState()).toMatchObject({ applied: { hiddenLevels: [0, 1] }, failure: null });
    expect(await app.filter.settled()).toBe(2);
  });

  it('of the details is not shown: the row looked at now is', async () => {
    const { app, settle, session } = await started();
    const slow = held(session.details.bind(session));
    session.details = slow.call;
    app.details.show(10);
    await settle();
    app.details.show(20);
    expect(slow.waiting.length).toBe(1);
    await slow.waiting[0]?.answer();
    await settle();
    expect(app.details.store.getState()).toMatchObject({ row: 20, details: null });
    await slow.waiting[1]?.answer();
    await settle();
    expect(app.details.store.getState()).toMatchObject({ row: 20, details: { row: { row: 20 } }, gone: false });
    app.details.show(30);
    await settle();
    app.details.show(null);
    await slow.waiting[2]?.answer();
    await settle();
    expect(app.details.store.getState()).toEqual({ row: null, details: null, gone: false });
  });

  it('of a count is not believed for another text', async () => {
    const { app, settle, session, fireTimers } = await started();
    const slow = held(session.countFinds.bind(session));
    session.countFinds = slow.call;
    app.find.open();
    app.find.setPattern('(');
    fireTimers();
    app.find.setPattern('watchdog');
    fireTimers();
    await settle();
    slow.waiting[0]?.say({ ok: false, failure: { code: 'bad-pattern', message: 'no', action: 'yes' } });
    await settle();
    expect(app.find.store.getState().failure).toBeNull();
  });
});

describe('a new generation', () => {
  it('is acknowledged once it is shown, also when the one before it was overtaken', async () => {
    const { app, run, settle, session, calls, get } = await started();
    const before = calls('ackView').length;
    app.filter.toggleLevel(3);
    app.filter.toggleLevel(2);
    await settle();
    expect(calls('ackView').length).toBe(before);
    await run();
    await run();
    expect(get().generation).toBe(3);
    expect(calls('ackView').length).toBeGreaterThan(before);
    session.append(10);
    session.push();
    await run();
    const levels = Array.from({ length: 30 }, (_, i) => get().cache.get(get().end - 30 + i)?.level);
    for (const level of levels) expect([2, 3]).not.toContain(level);
  });
});
