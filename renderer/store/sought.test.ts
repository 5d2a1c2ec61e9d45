/** What is looked at stays, also where a filter comes to it only after its view is shown. */
import { describe, expect, it } from 'vitest';
import { ROW_PX, visibleRange } from '../model/scroll.ts';
import { selectedSpans } from '../model/selection.ts';
import { startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import { extentOf } from './view-state.ts';

const ROWS = 20_000;

/** Rows searched at a time, and so how exactly a test says how far a filter comes. */
const PIECE_ROWS = 500;

/** Standing in the middle of a log, a row with the word selected, its filter about to be typed. */
async function standing(word: string, segmentRows = PIECE_ROWS) {
  const fixture = await startFixture({ rows: ROWS, segmentRows });
  const { app, program, run, fireTimers } = fixture;
  const get = app.view.store.getState;
  app.view.scrollTo(9_990 * ROW_PX);
  await run();
  let row = 9_995;
  while (!rowAt(row).text.includes(word)) row++;
  app.selectAt(row, false);
  program.holdsSearches = true;
  /** Types a text; the filter comes to the rows below `reached` at first, and to those that are searched with them. */
  const filter = async (text: string, reached: number) => {
    app.filter.setPattern(text);
    fireTimers();
    await scanTo(reached);
  };
  const scanTo = async (reached: number) => {
    await fixture.settle();
    program.searchOn(reached);
    await run();
  };
  const y = () => (get().selection?.focus.position ?? Number.NaN) * ROW_PX - get().top;
  const selectedRow = () => get().selection?.focus.row ?? null;
  const bottomRow = () => get().cache.get(visibleRange(get().top, extentOf(get())).end - 1)?.row;
  return { ...fixture, get, row, filter, scanTo, y, selectedRow, bottomRow };
}

describe('a text filter that comes to the selected row after its view is shown', () => {
  it('keeps the row selected and where it was on the screen', async () => {
    const { filter, scanTo, row, y, selectedRow, get } = await standing('watchdog');
    const before = y();
    await filter('watchdog', 500);
    expect(get().generation).toBe(2);
    expect(selectedRow()).toBeNull();
    const waiting = get().top;
    await scanTo(row - PIECE_ROWS);
    expect(get().top).toBe(waiting);
    await scanTo(row + 1);
    expect(selectedRow()).toBe(row);
    await scanTo(Number.POSITIVE_INFINITY);
    expect(selectedRow()).toBe(row);
    expect(y()).toBe(before);
    expect(get().cache.get(get().selection!.focus.position)?.row).toBe(row);
  });

  it('keeps the old view on the screen while the filter is about to come to the row', async () => {
    const { app, program, filter, scanTo, row, y, selectedRow, get, settle, fireTimers } = await standing('watchdog');
    const before = y();
    app.filter.setPattern('watchdog');
    fireTimers();
    await settle();
    program.searchOn(500);
    await settle();
    expect(get().generation).toBe(1);
    const seen: (number | null)[] = [];
    app.view.store.subscribe(() => seen.push(selectedRow()));
    await scanTo(Number.POSITIVE_INFINITY);
    expect(get().generation).toBe(2);
    expect(new Set(seen)).toEqual(new Set([row]));
    expect(y()).toBe(before);
    await filter('', Number.POSITIVE_INFINITY);
    expect([selectedRow(), y()]).toEqual([row, before]);
  });

  it('keeps it over several filters typed one after another, none of which was applied to the end', async () => {
    const { filter, scanTo, row, y, selectedRow } = await standing('watchdog');
    const before = y();
    for (const text of ['wat', 'watch', 'watchdog']) await filter(text, 500);
    await scanTo(Number.POSITIVE_INFINITY);
    expect(selectedRow()).toBe(row);
    expect(y()).toBe(before);
  });

  it('does not move the table once the person has scrolled, and selects the row all the same', async () => {
    const { app, filter, scanTo, row, selectedRow, get, run } = await standing('watchdog');
    await filter('watchdog', 5_000);
    app.view.scrollTo(3 * ROW_PX);
    await run();
    await scanTo(Number.POSITIVE_INFINITY);
    expect(get().top).toBe(3 * ROW_PX);
    expect(selectedRow()).toBe(row);
  });

  it('leaves alone what the person has selected since', async () => {
    const { app, filter, scanTo, selectedRow, get, run } = await standing('watchdog');
    await filter('watchdog', 5_000);
    app.selectAt(2, false);
    await run();
    const { top } = get();
    const chosen = selectedRow();
    await scanTo(Number.POSITIVE_INFINITY);
    expect(selectedRow()).toBe(chosen);
    expect(get().top).toBe(top);
  });

  it('leaves the table at the newest row once the person follows it', async () => {
    const { command, filter, scanTo, get, run } = await standing('watchdog');
    await filter('watchdog', 5_000);
    command('follow');
    await run();
    await scanTo(Number.POSITIVE_INFINITY);
    expect(get().follow).toBe(true);
    expect(visibleRange(get().top, extentOf(get())).end).toBe(get().end);
  });

  it('goes to the nearest row shown where the row looked at is hidden', async () => {
    const has = (number: number) => rowAt(number).text.includes('ioctl');
    // The nearest one is right behind it.
    let looked = 9_000;
    while (looked % 2 === 0 || has(looked - 1) || has(looked) || !has(looked + 1)) looked++;
    // What is searched together ends right between the two.
    const { app, filter, scanTo, selectedRow, bottomRow, get, run } = await standing('watchdog', (looked + 1) / 2);
    app.view.scrollTo((looked - 29) * ROW_PX);
    await run();
    app.selectAt(looked, false);
    await filter('ioctl', 500);
    // Hidden it is, but what is nearest to it cannot be said before the filter has shown one behind it.
    await scanTo(looked + 1);
    await scanTo(Number.POSITIVE_INFINITY);
    expect(bottomRow()).toBe(looked + 1);
    expect(get().follow).toBe(false);
    expect(selectedRow()).toBeNull();
  });

  it('keeps both ends of a selection of many rows', async () => {
    const { app, filter, scanTo, row, get, run } = await standing('watchdog');
    let last = row + 40;
    while (!rowAt(last).text.includes('watchdog')) last++;
    app.selectAt(last, true);
    await run();
    await filter('watchdog', row + 1);
    await scanTo(Number.POSITIVE_INFINITY);
    expect(get().selection!.anchor.row).toBe(row);
    expect(get().selection!.focus.row).toBe(last);
  });
});

describe('go to a row that a filter', () => {
  it('has not come to yet: says so, and goes there when it does', async () => {
    const { app, filter, scanTo, row, selectedRow, run } = await standing('watchdog');
    await filter('watchdog', 500);
    const going = app.goTo(String(row + 1));
    await run();
    expect(await going).toBeNull();
    expect(app.ui.store.getState().notices.at(-1)?.message).toContain('has not come to record');
    await scanTo(Number.POSITIVE_INFINITY);
    expect(selectedRow()).toBe(row);
  });

  it('hides: says so, and selects the nearest one', async () => {
    const { app, filter, selectedRow, run } = await standing('watchdog');
    await filter('watchdog', Number.POSITIVE_INFINITY);
    let hidden = 12_000;
    while (rowAt(hidden).text.includes('watchdog')) hidden++;
    for (const text of [String(hidden + 1), `${rowAt(hidden).timeNs}ns`]) {
      const going = app.goTo(text);
      await run();
      expect(await going).toBeNull();
      expect(app.ui.store.getState().notices.at(-1)?.message).toMatch(/^Record 12,\d\d\d is hidden by the filter/);
      expect(rowAt(selectedRow()!).text).toContain('watchdog');
      app.ui.dismiss(app.ui.store.getState().notices.at(-1)!.id);
    }
  });
});

describe('a selected row that a filter hides', () => {
  const ALL = Number.POSITIVE_INFINITY;

  it('comes back with its place where the filter is taken back, also after another one that hides it', async () => {
    const { filter, row, y, selectedRow, program, get } = await standing('watchdog');
    program.holdsSearches = false;
    const [before, top] = [y(), get().top];
    await filter('-watchdog', ALL);
    expect(selectedRow()).toBeNull();
    await filter('-watchdog -timeout', ALL);
    expect(selectedRow()).toBeNull();
    await filter('', ALL);
    expect([selectedRow(), y(), get().top]).toEqual([row, before, top]);
  });

  it('comes back where the person has gone, and not once another is selected', async () => {
    const { app, filter, row, selectedRow, program, get, bottomRow, run } = await standing('watchdog');
    program.holdsSearches = false;
    await filter('-watchdog', ALL);
    app.view.scrollBy(-400 * ROW_PX);
    await run();
    const seen = bottomRow() as number;
    await filter('', ALL);
    expect(selectedRow()).toBe(row);
    expect(Math.abs((bottomRow() as number) - seen)).toBeLessThan(60);
    await filter('-watchdog', ALL);
    const other = get().cache.get(visibleRange(get().top, extentOf(get())).from)?.row as number;
    app.selectAt(visibleRange(get().top, extentOf(get())).from, false);
    await filter('', ALL);
    expect(selectedRow()).toBe(other);
  });
});

describe('the place of who scrolls while another filter comes', () => {
  it('is where they are about to be, and no filter after it leads back to where they stood', async () => {
    const { app, program, filter, fireTimers, get, run } = await standing('watchdog');
    program.holdsSearches = false;
    const topRow = () => get().cache.get(visibleRange(get().top, extentOf(get())).from)?.row;
    // By columns, so that all of it is there at once.
    app.filter.setPattern('-cpu:1');
    fireTimers();
    app.view.scrollTo(3_000 * ROW_PX);
    // Rows of the new place are not there when the filter takes over.
    expect(topRow()).toBe(9_990);
    await run();
    expect([get().generation, get().top]).toEqual([2, 3_000 * ROW_PX]);
    const seen = topRow();
    expect(seen).toBeGreaterThan(3_000);
    await filter('', Number.POSITIVE_INFINITY);
    expect([get().generation, topRow()]).toEqual([3, seen]);
  });
});

describe('several ranges of rows that are selected', () => {
  const selectedRows = ({ app, program }: Awaited<ReturnType<typeof startFixture>>) => {
    const view = program.service.workspace.openViews[0]?.log;
    return selectedSpans(app.view.store.getState().selection).flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, n) => view?.rowAt(first + n)),
    );
  };

  it('are those of their rows that a filter shows, and all again where it is taken back', async () => {
    const fixture = await standing('watchdog');
    const { app, program, filter } = fixture;
    program.holdsSearches = false;
    const { selecting } = app;
    app.selectAt(9_992, false);
    selecting.toggleAt(9_996);
    selecting.addTo(9_999);
    selecting.toggleAt(9_997);
    const chosen = [9_992, 9_996, 9_998, 9_999];
    expect(selectedRows(fixture)).toEqual(chosen);
    const onCpus = [rowAt(9_992).cpu, rowAt(9_998).cpu];
    const left = chosen.filter((row) => onCpus.includes(rowAt(row).cpu));
    await filter(`cpu:${onCpus.join(',')}`, Number.POSITIVE_INFINITY);
    expect(selectedRows(fixture)).toEqual(left);
    expect(left.length).toBeGreaterThan(1);
    expect(left.length).toBeLessThan(chosen.length);
    await filter('', Number.POSITIVE_INFINITY);
    expect(selectedRows(fixture)).toEqual(chosen);
  });

  it('are copied and bookmarked as they are, and none where the last was taken away', async () => {
    const fixture = await standing('watchdog');
    const { app, program, run, command } = fixture;
    app.selectAt(9_992, false);
    app.selecting.toggleAt(9_996);
    command('copy');
    await run();
    expect(program.clipboard.trimEnd().split('\n').length).toBe(2);
    await app.marking.toggle();
    await run();
    expect([...app.bookmarks.store.getState().marks.keys()]).toEqual([9_992, 9_996]);
    command('standUp');
    command('addUp');
    expect(selectedRows(fixture)).toEqual([9_992, 9_994, 9_995, 9_996]);
    app.selectAt(9_992, false);
    command('toggleRow');
    expect(selectedRows(fixture)).toEqual([]);
    expect(app.selecting.range()).toBeNull();
    command('standDown');
    command('toggleRow');
    expect(selectedRows(fixture)).toEqual([9_993]);
  });
});
