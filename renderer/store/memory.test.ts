import { describe, expect, it } from 'vitest';
import type { PageState } from '../../electron/contract/page-state.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { ROW_PX } from '../model/scroll.ts';
import { createFixture } from '../test/app-fixture.ts';

const PAGE: PageState = {
  filter: { pattern: '', regex: false, caseSensitive: false },
  find: { pattern: '', regex: false, caseSensitive: false, open: false },
  selection: null,
  place: null,
  shift: 0,
};

async function started(restored: { filter?: object; page?: Partial<PageState> } | null) {
  const fixture = createFixture({ rows: 10_000, rate: 0 });
  if (restored !== null) {
    const filter = { ...SHOW_ALL, ...restored.filter };
    await fixture.session.setFilter(filter);
    fixture.session.calls.length = 0;
    fixture.session.restored = { filter, page: { ...PAGE, ...restored.page } };
  }
  fixture.app.connect();
  fixture.app.view.setViewPx(400);
  fixture.session.push();
  await fixture.run();
  return fixture;
}

describe('a page that takes the place of one that ended', () => {
  it('shows the filter that is in force in its box, and a click on a chip keeps the text', async () => {
    const text = { pattern: 'IRP', regex: false, caseSensitive: true };
    const { app, calls, run } = await started({ filter: { text, hiddenCpus: [1] }, page: { filter: text } });
    expect(app.filter.store.getState()).toMatchObject({ pattern: 'IRP', caseSensitive: true });
    expect(calls('setFilter')).toEqual([]);
    app.filter.toggleCpu(0);
    await run();
    expect(calls('setFilter')).toEqual([{ ...SHOW_ALL, text, hiddenCpus: [0, 1] }]);
  });

  it('puts in force what had been typed and was not in force yet, and says what does not compile', async () => {
    const typed = await started({ page: { filter: { pattern: 'late', regex: false, caseSensitive: false } } });
    expect(typed.calls('setFilter')).toHaveLength(1);
    const bad = await started({ page: { filter: { pattern: 'IRP(', regex: true, caseSensitive: false } } });
    expect(bad.app.filter.store.getState().failure?.code).toBe('bad-pattern');
    expect(bad.app.filter.store.getState().applied).toEqual(SHOW_ALL);
  });

  it('stands where the other stood, to the pixel, with the same rows selected, whatever their positions are now', async () => {
    const { app } = await started({
      filter: { hiddenCpus: [0] },
      page: { selection: { anchor: 5001, focus: 5003 }, place: { row: 4999, hiddenPx: 7 } },
    });
    const { top, cache, selection, follow } = app.view.store.getState();
    expect(follow).toBe(false);
    expect(cache.get(Math.floor(top / ROW_PX))?.row).toBe(4999);
    expect(top % ROW_PX).toBe(7);
    expect([selection?.anchor.row, selection?.focus.row]).toEqual([5001, 5003]);
    expect(cache.get(selection?.focus.position ?? -1)?.row).toBe(5003);
  });

  it('stands there also if it is so slow that it is sent the first rows a second time', async () => {
    const fixture = createFixture({ rows: 10_000, rate: 0 });
    const { session, app } = fixture;
    const subscribe = session.onViewUpdate.bind(session);
    session.onViewUpdate = (listener) =>
      subscribe((update) => {
        listener(update);
        queueMicrotask(() => listener(update));
        setTimeout(() => listener(update));
      });
    session.restored = { filter: SHOW_ALL, page: { ...PAGE, place: { row: 4000, hiddenPx: 0 } } };
    app.connect();
    app.view.setViewPx(400);
    await fixture.settle();
    session.push();
    await fixture.run();
    expect(app.view.store.getState().top).toBe(4000 * ROW_PX);
  });

  it('follows the newest rows if the other did, and stands at the oldest if its row has left the history', async () => {
    expect((await started({})).app.view.store.getState().follow).toBe(true);
    const gone = await started({ page: { place: { row: 999_999, hiddenPx: 0 } } });
    expect(gone.app.view.store.getState()).toMatchObject({ follow: false, top: 0 });
  });

  it('looks for what the other looked for, and counts it again', async () => {
    const find = { pattern: 'IRP', regex: false, caseSensitive: false, open: true };
    const { app, fireTimers, settle, calls } = await started({ page: { find, shift: 32 } });
    fireTimers();
    await settle();
    expect(app.find.store.getState()).toMatchObject(find);
    expect(calls('countFinds')).toEqual([{ pattern: 'IRP', regex: false, caseSensitive: false }]);
    expect(app.ui.store.getState().shift).toBe(32);
  });
});

describe('what a page tells of itself', () => {
  it('is what the next one needs, told at once and then at intervals, and not while it only follows', async () => {
    const { app, session, calls, run, fireTimers } = await started(null);
    const before = calls('remember').length;
    for (let i = 0; i < 5; i++) {
      session.advance(100);
      await run();
    }
    expect(calls('remember')).toHaveLength(before);
    app.filter.setPattern('x'.repeat(10_000));
    app.view.scrollTo(100 * ROW_PX + 3);
    await run();
    app.selectAt(104, false);
    await run();
    fireTimers();
    await run();
    const last = calls('remember').at(-1) as PageState;
    expect(last.place).toEqual({ row: 100, hiddenPx: 3 });
    expect(last.selection).toEqual({ anchor: 104, focus: 104 });
    expect(last.filter.pattern).toHaveLength(4096);
    expect(calls('remember').length).toBeLessThanOrEqual(before + 3);
  });

  it('does not forget place and selection if it ends before it has shown a row', async () => {
    const page = { selection: { anchor: 3, focus: 5 }, place: { row: 2, hiddenPx: 0 } };
    const fixture = createFixture({ rows: 1000, rate: 0 });
    fixture.session.restored = { filter: SHOW_ALL, page: { ...PAGE, ...page } };
    fixture.app.connect();
    await fixture.settle();
    fixture.app.ui.restoreShift(16);
    await fixture.settle();
    expect(fixture.calls('remember').at(-1)).toMatchObject({ ...page, shift: 16 });
  });
});
