/** Answers that come too late, and places that are no longer there: what is shown is of the newest wish alone. */
import { describe, expect, it } from 'vitest';
import { pack } from '../../electron/contract/packed.ts';
import { ok } from '../../native/core/result.ts';
import { ROW_PX, visibleRange } from '../model/scroll.ts';
import { startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import { extentOf } from './view-state.ts';

async function started() {
  const fixture = await startFixture({ rows: 100_000 });
  const get = fixture.app.view.store.getState;
  const shown = () => {
    const { from, end } = visibleRange(get().top, extentOf(get()));
    return Array.from({ length: end - from }, (_, i) => get().cache.get(from + i)?.row);
  };
  return { ...fixture, view: fixture.app.view, get, shown };
}

describe('a row at the top that the new filter hides', () => {
  it('leaves the table at the nearest row that is shown, not at either end of the log', async () => {
    const { app, view, run, shown } = await started();
    let number = 50_000;
    while (rowAt(number).level !== 3) number++;
    view.scrollTo(number * ROW_PX);
    await run();
    expect(shown()[0]).toBe(number);
    app.filter.toggleLevel(3);
    await run();
    // Of two that are as near, the later one.
    let far = 0;
    while ([number + far, number - far].every((each) => rowAt(each).level === 3)) far++;
    expect(shown()[0]).toBe(rowAt(number + far).level === 3 ? number - far : number + far);
  });
});

describe('rows that were asked for in a view before', () => {
  it('neither fill the new view nor keep it from asking', async () => {
    const { app, view, run, settle, wire, get, shown } = await started();
    const slow = wire.hold('view.rows');
    view.scrollTo(20_000 * ROW_PX);
    await settle();
    const old = slow[0];
    wire.release('view.rows');
    app.filter.toggleLevel(3);
    await run();
    await run();
    expect(get().generation).toBe(2);
    // Two wishes are on their way, which is all there may be; the third waits for one of them.
    const held = wire.hold('view.rows');
    for (const place of [30_000, 40_000, 50_000]) {
      view.scrollTo(place * ROW_PX);
      await settle();
    }
    expect(held.length).toBe(2);
    old?.say(ok(pack({ generation: 1, first: 20_000, rows: [] })));
    await settle();
    wire.release('view.rows');
    for (const each of held) await each.answer();
    await run();
    expect(get().top).toBe(50_000 * ROW_PX);
    expect(shown()).not.toContain(undefined);
    for (const number of shown()) expect(rowAt(number as number).level).not.toBe(3);
  });
});

describe('an answer that was overtaken', () => {
  it('of a search shows no row, whether a newer search or another text overtook it', async () => {
    const { app, run, settle, wire, get } = await started();
    const slow = wire.hold('view.find');
    app.find.setPattern('watchdog');
    const first = app.find.go('next');
    await settle();
    const second = app.find.go('previous');
    await settle();
    expect(slow.length).toBe(2);
    await slow[1]?.answer();
    await second;
    await run();
    const { selection } = get();
    expect(selection).not.toBeNull();
    slow[0]?.say({ ok: true, value: { position: 5, wrapped: false } });
    await first;
    await run();
    expect(get().selection).toEqual(selection);
    const third = app.find.go('next');
    await settle();
    app.find.setPattern('another');
    slow[2]?.say({ ok: true, value: { position: 7, wrapped: false } });
    await third;
    await run();
    expect(get().selection).toEqual(selection);
    expect(app.find.store.getState()).toMatchObject({ busy: false, outcome: 'none', failure: null });
  });

  it('of a filter does not bring the filter before it back, nor its failure', async () => {
    const { app, settle, wire } = await started();
    const slow = wire.hold('view.setFilter');
    app.filter.toggleLevel(0);
    app.filter.toggleLevel(1);
    await settle();
    await slow[1]?.answer();
    await settle();
    slow[0]?.say({ ok: false, failure: { code: 'bad-pattern', message: 'no', action: 'yes' } });
    await settle();
    expect(app.filter.store.getState()).toMatchObject({ applied: { hiddenLevels: [0, 1] }, failure: null });
    expect(await app.filter.settled()).toBe(2);
  });

  it('of the details is not shown: the row looked at now is', async () => {
    const { app, settle, wire } = await started();
    const slow = wire.hold('view.details');
    app.details.show(10);
    await settle();
    app.details.show(20);
    expect(slow.length).toBe(1);
    await slow[0]?.answer();
    await settle();
    expect(app.details.store.getState()).toMatchObject({ row: 20, details: null });
    await slow[1]?.answer();
    await settle();
    expect(app.details.store.getState()).toMatchObject({ row: 20, details: { row: { row: 20 } }, gone: false });
    app.details.show(30);
    await settle();
    app.details.show(null);
    await slow[2]?.answer();
    await settle();
    expect(app.details.store.getState()).toEqual({ row: null, details: null, gone: false });
  });

  it('of a count is not believed for another text', async () => {
    const { app, settle, wire, fireTimers } = await started();
    const slow = wire.hold('view.countFinds');
    app.find.open();
    app.find.setPattern('(');
    fireTimers();
    app.find.setPattern('watchdog');
    fireTimers();
    await settle();
    slow[0]?.say({ ok: false, failure: { code: 'bad-pattern', message: 'no', action: 'yes' } });
    await settle();
    expect(app.find.store.getState().failure).toBeNull();
  });
});

describe('a new generation', () => {
  it('is acknowledged once it is shown, also when the one before it was overtaken', async () => {
    const { app, run, settle, program, calls, get } = await started();
    const before = calls('view.ack').length;
    app.filter.toggleLevel(3);
    app.filter.toggleLevel(2);
    await settle();
    expect(calls('view.ack').length).toBe(before);
    await run();
    await run();
    expect(get().generation).toBe(3);
    expect(calls('view.ack').length).toBeGreaterThan(before);
    program.append(10);
    await run();
    const levels = Array.from({ length: 30 }, (_, i) => get().cache.get(get().end - 30 + i)?.level);
    for (const level of levels) expect([2, 3]).not.toContain(level);
  });
});
