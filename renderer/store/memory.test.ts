import { describe, expect, it } from 'vitest';
import type { PageState, ViewState } from '../../electron/contract/page-state.ts';
import { type FilterSpec, SHOW_ALL } from '../../electron/contract/rows.ts';
import { ROW_PX } from '../model/scroll.ts';
import { createFixture, startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';

const VIEW: ViewState = {
  filter: { pattern: '', regex: false, caseSensitive: false },
  find: { pattern: '', regex: false, caseSensitive: false, open: false },
  selection: null,
  place: null,
  shift: 0,
};

/** What a page told whose only view was like this. */
const told = (state: Partial<ViewState>): PageState => ({
  active: 1,
  views: [{ view: 1, state: { ...VIEW, ...state } }],
});

/** A page after one that had told `view` of its view, over a program in which a filter is in force. */
function after(view: Partial<ViewState>, filter: Partial<FilterSpec> = {}) {
  const fixture = createFixture({ rows: 10_000, restored: told(view) });
  fixture.program.view.log.setFilter({ ...SHOW_ALL, ...filter });
  // It has been for a while.
  fixture.program.advance(100);
  fixture.program.move();
  return fixture;
}

async function started(view: Partial<ViewState>, filter: Partial<FilterSpec> = {}) {
  const fixture = after(view, filter);
  await fixture.connect(400);
  return fixture;
}

describe('a page that takes the place of one that ended', () => {
  it('shows the filter that is in force in its box, and a click on a chip keeps the text', async () => {
    const text = { pattern: 'IRP', regex: false, caseSensitive: true };
    const { app, calls, run } = await started({ filter: text }, { text, hiddenCpus: [1] });
    expect(app.filter.store.getState()).toMatchObject({ pattern: 'IRP', caseSensitive: true });
    expect(calls('view.setFilter')).toEqual([]);
    app.filter.toggleCpu(0);
    await run();
    expect(calls('view.setFilter')).toEqual([{ view: 1, filter: { ...SHOW_ALL, text, hiddenCpus: [0, 1] } }]);
  });

  it('puts in force what had been typed and was not in force yet, and says what does not compile', async () => {
    const typed = await started({ filter: { pattern: 'late', regex: false, caseSensitive: false } });
    expect(typed.calls('view.setFilter')).toHaveLength(1);
    const bad = await started({ filter: { pattern: 'IRP(', regex: true, caseSensitive: false } });
    expect(bad.app.filter.store.getState().failure?.code).toBe('bad-pattern');
    expect(bad.app.filter.store.getState().applied).toEqual(SHOW_ALL);
  });

  it('stands where the other stood, to the pixel, with the same rows selected, whatever their positions are now', async () => {
    const { app } = await started(
      { selection: { anchor: 5001, focus: 5003 }, place: { row: 4999, hiddenPx: 7 } },
      { hiddenCpus: [0] },
    );
    const { top, cache, selection, follow } = app.view.store.getState();
    expect(follow).toBe(false);
    expect(cache.get(Math.floor(top / ROW_PX))?.row).toBe(4999);
    expect(top % ROW_PX).toBe(7);
    expect([selection?.anchor.row, selection?.focus.row]).toEqual([5001, 5003]);
    expect(cache.get(selection?.focus.position ?? -1)?.row).toBe(5003);
  });

  it('stands there also if it is so slow that it is sent the first rows a second time', async () => {
    const fixture = after({ place: { row: 4000, hiddenPx: 0 } });
    const { program, page, wire, settle, run } = fixture;
    const slow = wire.hold('view.rows');
    const updates = () => wire.told.filter(({ channel }) => channel === 'view.update').length;
    program.frozen = true;
    page.connect();
    await settle();
    fixture.app.view.setViewPx(400);
    program.frozen = false;
    await run();
    expect([updates(), slow.length]).toEqual([1, 1]);
    // Nothing was confirmed for so long that the program believes the page lost.
    program.append(10);
    program.advance(2100);
    await settle();
    expect(updates()).toBe(2);
    wire.release('view.rows');
    for (const each of slow) await each.answer();
    await run();
    const { app } = fixture;
    expect(app.view.store.getState().top).toBe(4000 * ROW_PX);
  });

  it('stands there also where the filter comes to its row only later', async () => {
    const text = { pattern: 'irp', regex: false, caseSensitive: false };
    let row = 7_000;
    while (!rowAt(row).text.startsWith('IRP')) row++;
    const state = { filter: text, selection: { anchor: row, focus: row }, place: { row, hiddenPx: 7 } };
    const fixture = createFixture({ rows: 10_000, segmentRows: 500, restored: told(state) });
    const { program, run } = fixture;
    program.holdsSearches = true;
    program.view.log.setFilter({ ...SHOW_ALL, text });
    program.advance(100);
    program.move();
    program.searchOn(1000);
    await fixture.connect(400);
    program.searchOn();
    await run();
    const { top, cache, selection, follow } = fixture.app.view.store.getState();
    expect(cache.get(Math.floor(top / ROW_PX))?.row).toBe(row);
    expect([top % ROW_PX, follow, selection?.focus.row]).toEqual([7, false, row]);
  });

  it('follows the newest rows if the other did, and stands at the oldest if its row has left the history', async () => {
    expect((await started({})).app.view.store.getState().follow).toBe(true);
    const gone = await started({ place: { row: 999_999, hiddenPx: 0 } });
    expect(gone.app.view.store.getState()).toMatchObject({ follow: false, top: 0 });
  });

  it('looks for what the other looked for, and counts it again', async () => {
    const find = { pattern: 'IRP', regex: false, caseSensitive: false, open: true };
    const { app, fireTimers, settle, calls } = await started({ find, shift: 32 });
    fireTimers();
    await settle();
    expect(app.find.store.getState()).toMatchObject(find);
    expect(calls('view.countFinds')).toEqual([
      { view: 1, query: { pattern: 'IRP', regex: false, caseSensitive: false } },
    ]);
    expect(app.reading.store.getState().shift).toBe(32);
  });
});

describe('what a page tells of itself', () => {
  it('is what the next one needs, told at once and then at intervals, and not while it only follows', async () => {
    const { app, program, calls, run, fireTimers } = await startFixture({ rows: 10_000, rate: 1000 });
    const before = calls('app.remember').length;
    for (let i = 0; i < 5; i++) {
      program.advance(100);
      await run();
    }
    expect(calls('app.remember')).toHaveLength(before);
    app.filter.setPattern('x'.repeat(10_000));
    app.view.scrollTo(100 * ROW_PX + 3);
    await run();
    app.selectAt(104, false);
    await run();
    fireTimers();
    await run();
    const last = calls('app.remember').at(-1)?.state;
    expect(last).toMatchObject({ active: 1, views: [{ view: 1 }] });
    const { place, selection, filter } = last?.views[0]?.state ?? VIEW;
    expect(place).toEqual({ row: 100, hiddenPx: 3 });
    expect(selection).toEqual({ anchor: 104, focus: 104 });
    expect(filter.pattern).toHaveLength(4096);
    expect(calls('app.remember').length).toBeLessThanOrEqual(before + 3);
  });

  it('does not forget place and selection if it ends before it has shown a row', async () => {
    const view = { selection: { anchor: 3, focus: 5 }, place: { row: 2, hiddenPx: 0 } };
    const fixture = after(view);
    const { program, page, settle, calls } = fixture;
    // No row comes.
    program.frozen = true;
    page.connect();
    await settle();
    fixture.app.reading.restoreShift(16);
    await settle();
    expect(calls('app.remember').at(-1)?.state.views[0]?.state).toMatchObject({ ...view, shift: 16 });
  });
});
