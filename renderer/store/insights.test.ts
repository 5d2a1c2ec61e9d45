/** What a view tells beyond its rows, over the real service: all rows with a value, intervals, lanes, addresses. */
import { describe, expect, it } from 'vitest';
import { intervalTexts } from '../model/interval-text.ts';
import { ROW_PX } from '../model/scroll.ts';
import { startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import { measureSelected } from './interval-rows.ts';
import { rowVerbs } from './row-verbs.ts';
import { timesInSight } from './time-range.ts';

const ROWS = 2000;
const VALUE = '0xffffa98f41c2e010';

async function started() {
  const fixture = await startFixture({ rows: ROWS, sources: 1 });
  await fixture.app.decoder.load();
  return {
    fixture,
    async settle(): Promise<void> {
      for (let turn = 0; turn < 6; turn++) {
        fixture.fireTimers();
        await fixture.run();
      }
    },
  };
}

const named = Array.from({ length: ROWS }, (_, at) => at).filter((at) => rowAt(at).text.includes(VALUE));

describe('all rows with a value', () => {
  it('are a view within this one, which keeps its selection, and the same row is selected there', async () => {
    const { fixture, settle } = await started();
    const outer = fixture.app;
    const row = named[3] as number;
    await outer.goToRow(row);
    await settle();
    const found = outer.view.store.getState().cache.get(row);
    if (found === undefined) throw new Error('the row is not here');
    const verb = rowVerbs(outer, found).find(({ id }) => id === 'life');
    expect(verb?.label).toBe(`All rows with ${VALUE}`);
    verb?.run();
    await settle();
    const inner = fixture.app;
    inner.view.setViewPx(600);
    await settle();
    expect(inner.look.view).not.toBe(outer.look.view);
    expect(inner.filter.store.getState().pattern).toBe(`hex:${VALUE}`);
    expect(inner.view.store.getState().matchedEntries).toBe(named.length);
    expect(inner.view.store.getState().selection?.focus.row).toBe(row);
    expect(outer.view.store.getState().selection?.focus.row).toBe(row);
    expect(outer.ui.store.getState().pane).toBe('life');
    const stop = inner.life.watch();
    await settle();
    expect(inner.life.store.getState().report).toMatchObject({ count: named.length, firstRow: named[0] });
    stop();
  });

  it('are asked for by a key, and a row that names none says so', async () => {
    const { fixture, settle } = await started();
    const without = Array.from({ length: 500 }, (_, at) => at).find((at) => !/0x/.test(rowAt(at).text)) as number;
    await fixture.app.goToRow(without);
    await settle();
    fixture.command('life');
    await settle();
    expect(fixture.page.ui.store.getState().notices.at(-1)?.message).toBe(
      'The selected row names no address or handle',
    );
  });
});

describe('intervals', () => {
  it('are measured from what is typed, stopped, and refused with a reason', async () => {
    const { fixture, settle } = await started();
    const { intervals } = fixture.app;
    const stop = intervals.watch();
    intervals.measure();
    expect(intervals.store.getState().asked).toBeNull();
    intervals.setStart('/MDL (\\w+)/');
    intervals.setEnd('/IRP (\\w+) /');
    intervals.measure();
    await settle();
    expect(intervals.store.getState().report).toMatchObject({ looked: ROWS, total: ROWS, endsAlone: named.length });
    intervals.stop();
    await settle();
    fixture.program.append(100);
    await settle();
    expect(intervals.store.getState().report).toMatchObject({ looked: ROWS, total: ROWS + 100 });
    intervals.measure();
    await settle();
    expect(intervals.store.getState().report).toMatchObject({ looked: ROWS + 100 });
    intervals.setStart('/(/');
    intervals.measure();
    await settle();
    expect(intervals.store.getState().failure).toMatchObject({ code: 'bad-pattern' });
    stop();
  });
});

describe('intervals between two selected rows', () => {
  it('are between messages like both, wherever they are', async () => {
    const { fixture, settle } = await started();
    const { app } = fixture;
    const stop = app.intervals.watch();
    const [first, last] = [named[0], named.at(-1)] as [number, number];
    // The later one is selected first, and the earlier one is not in sight then.
    await app.goToRow(last);
    await settle();
    app.selecting.toggleAt(first);
    fixture.command('pane.intervals');
    await settle();
    const [start, end] = intervalTexts(rowAt(first).text, rowAt(last).text);
    expect(app.ui.store.getState().pane).toBe('intervals');
    expect(app.intervals.store.getState()).toMatchObject({ start, end, asked: { start, end }, failure: null });
    // A third one makes it no pair: what is there stays.
    app.selecting.toggleAt(first + 1);
    expect(await measureSelected(app)).toBe(false);
    expect(app.intervals.store.getState().start).toBe(start);
    stop();
  });
});

describe('CPU lanes', () => {
  it('show a part and keep what they show until it is counted', async () => {
    const { fixture, settle } = await started();
    const { lanes } = fixture.app;
    const stop = lanes.watch();
    await settle();
    const whole = lanes.store.getState().report;
    expect(whole).toMatchObject({ looked: ROWS, total: ROWS });
    // What is captured goes on to now, though the log ended long before.
    expect(whole?.nowNs).toBeGreaterThan(2 * (whole?.logToNs ?? Number.POSITIVE_INFINITY));
    lanes.zoom(0.01, 0);
    await settle();
    const part = lanes.store.getState();
    expect(part.report?.bucketNs).toBeLessThan(whole?.bucketNs ?? 0);
    lanes.move(-9);
    await settle();
    expect(lanes.store.getState().range?.fromNs).toBe(whole?.logFromNs);
    lanes.showAll();
    await settle();
    expect(lanes.store.getState()).toMatchObject({ range: null, report: { fromNs: whole?.fromNs } });
    stop();
  });
});

describe('the time of the lanes and of the table', () => {
  it('become one: the table comes to what is zoomed to, the lanes to where the table is moved', async () => {
    const { fixture, settle } = await started();
    const { app } = fixture;
    const { lanes, view } = app;
    const stop = lanes.watch();
    await settle();
    const seen = () => timesInSight(view.store.getState()) ?? { fromNs: Number.NaN, toNs: Number.NaN };
    const range = () => lanes.store.getState().range ?? { fromNs: Number.NaN, toNs: Number.NaN };
    expect(view.store.getState().follow).toBe(true);
    lanes.zoom(0.002, 0);
    await settle();
    expect(seen().toNs).toBeLessThan(range().toNs);
    expect(seen().toNs).toBeGreaterThanOrEqual(range().fromNs);
    expect(view.store.getState().follow).toBe(false);

    // Forth, the first row of the time is the first in sight; back, the last one of it is the last.
    lanes.move(1);
    await settle();
    expect(seen().fromNs).toBeGreaterThanOrEqual(range().fromNs);
    expect(rowAt(view.store.getState().top / ROW_PX - 1).timeNs).toBeLessThan(range().fromNs);
    lanes.move(-0.5);
    await settle();
    const { top } = view.store.getState();
    lanes.move(0.1);
    await settle();
    expect(view.store.getState().top).toBe(top);
    lanes.move(-0.9);
    await settle();
    expect(seen().toNs).toBeLessThan(range().toNs);

    const length = range().toNs - range().fromNs;
    lanes.keepInSight({ fromNs: rowAt(1500).timeNs, toNs: rowAt(1520).timeNs });
    expect(range().toNs - range().fromNs).toBe(length);
    expect(range().fromNs).toBeLessThan(rowAt(1500).timeNs);
    expect(range().toNs).toBeGreaterThan(rowAt(1520).timeNs);
    const kept = range();
    lanes.keepInSight({ fromNs: kept.toNs - 5, toNs: kept.toNs + 5 });
    expect(range()).toEqual(kept);

    // The command takes what is zoomed to while the lanes are looked at, else the rows in sight.
    app.ui.openPane('lanes');
    fixture.command('onlyThisTime');
    await settle();
    const within = Array.from({ length: ROWS }, (_, at) => rowAt(at).timeNs).filter(
      (ns) => ns >= kept.fromNs && ns < kept.toNs,
    );
    expect(view.store.getState().matchedEntries).toBe(within.length);
    app.filter.reset();
    app.ui.togglePane('lanes');
    await settle();
    const rows = seen();
    fixture.command('onlyThisTime');
    await settle();
    expect(app.filter.store.getState().pattern).toMatch(/^time:/);
    expect([seen(), view.store.getState().matchedEntries]).toEqual([rows, expect.any(Number)]);
    expect(view.store.getState().matchedEntries).toBeLessThan(100);
    // Once more there is one time, also where it was asked for by the clock; a step back is the one before.
    const { filter } = app;
    const before = filter.store.getState().pattern;
    fixture.command('onlyThisTime');
    await settle();
    expect(filter.store.getState().pattern.match(/time/g)).toHaveLength(1);
    filter.setPattern('time>2000-01-01T00:00 /./ time<1h');
    filter.applyNow();
    await settle();
    fixture.command('onlyThisTime');
    await settle();
    expect(filter.store.getState().pattern).toMatch(/^time:\S+ \/\.\/$/);
    filter.undo();
    await settle();
    expect(filter.store.getState().pattern).toBe('time>2000-01-01T00:00 /./ time<1h');
    expect(before).toMatch(/^time:/);
    stop();
  });
});

describe('addresses', () => {
  it('are asked for once for a row, and again when a list of modules was opened', async () => {
    const { fixture, settle } = await started();
    const { app } = fixture;
    const row = app.view.store.getState().cache.get(named.find((at) => at >= ROWS - 20) ?? ROWS - 1);
    if (row === undefined) throw new Error('the row is not here');
    const asked = (): number => fixture.calls('view.addresses').length;
    for (let look = 0; look < 3; look++) {
      app.addresses.of(row);
      await settle();
    }
    expect(app.addresses.of(row)).toMatchObject({ found: [], modules: 0 });
    const before = asked();
    await app.addresses.openModules();
    app.addresses.of(row);
    expect(asked()).toBe(before);
    fixture.program.filterPath = '/nowhere';
    await app.addresses.openModules();
    expect(fixture.page.ui.store.getState().notices.at(-1)?.severity).toBe('error');
  });
});
