/** Bookmarks as a person meets them: a page over the real service, keys, menu and list. */
import { describe, expect, it } from 'vitest';
import { MAX_NOTE, MOST_BOOKMARKS } from '../../electron/contract/bookmarks.ts';
import { ROW_PX } from '../model/scroll.ts';
import { createFixture, type Fixture, startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import { rowVerbs, verbRow } from './row-verbs.ts';

const marksOf = ({ app }: Fixture): number[] => [...app.bookmarks.store.getState().marks.keys()];
const focusOf = ({ app }: Fixture): number | undefined => app.view.store.getState().selection?.focus.position;
const said = ({ app }: Fixture): string | undefined => app.ui.store.getState().notices.at(-1)?.message;

/** Presses the key of a command, and lets everything happen. */
async function press(fixture: Fixture, ...commands: Parameters<Fixture['command']>[0][]): Promise<void> {
  for (const command of commands) {
    fixture.command(command);
    await fixture.run();
  }
}

async function select(fixture: Fixture, from: number, to = from): Promise<void> {
  // A row that is out of sight is not gone on from.
  fixture.app.view.scrollTo(Math.max(0, from - 5) * ROW_PX);
  fixture.app.selectAt(from, false);
  if (to !== from) fixture.app.selectAt(to, true);
  await fixture.run();
}

/** A page whose rows at these positions have a bookmark. */
async function marked(...positions: number[]): Promise<Fixture> {
  const fixture = await startFixture({ rows: 1000 });
  for (const position of positions) {
    await select(fixture, position);
    await press(fixture, 'bookmark');
  }
  return fixture;
}

describe('the key for bookmarks', () => {
  it('sets them on the selected rows, removes them again, and says so', async () => {
    const fixture = await startFixture({ rows: 1000 });
    await select(fixture, 20, 24);
    await press(fixture, 'bookmark');
    expect([marksOf(fixture), said(fixture)]).toEqual([[20, 21, 22, 23, 24], '5 bookmarks set.']);
    await select(fixture, 22);
    await press(fixture, 'bookmark');
    expect([marksOf(fixture), said(fixture)]).toEqual([[20, 21, 23, 24], 'Bookmark removed.']);
    expect(fixture.program.session.bookmarks.rows).toEqual([20, 21, 23, 24]);
  });

  it('sets one on the newest row while it follows, and goes on following', async () => {
    const fixture = await startFixture({ rows: 1000 });
    await press(fixture, 'bookmark');
    expect(marksOf(fixture)).toEqual([999]);
    expect(fixture.app.view.store.getState()).toMatchObject({ follow: true, selection: null });
    await press(fixture, 'first', 'bookmark');
    expect(marksOf(fixture)).toEqual([0, 999]);
  });

  it('says why more than there may be are not set, and that there is no row', async () => {
    const fixture = await startFixture({ rows: MOST_BOOKMARKS + 1 });
    await press(fixture, 'selectAll', 'bookmark');
    expect(marksOf(fixture)).toEqual([]);
    expect(said(fixture)).toContain('at most 10,000 bookmarks');
    const empty = await startFixture({ rows: 0 });
    await press(empty, 'bookmark');
    expect(said(empty)).toBe('There is no row to set a bookmark on.');
  });
});

describe('the keys from bookmark to bookmark', () => {
  it('walk those that are shown, both ways and round the end, and say so', async () => {
    const fixture = await marked(100, 300, 200);
    await select(fixture, 150);
    const visited: [number | undefined, string | undefined][] = [];
    for (let n = 0; n < 3; n++) {
      await press(fixture, 'nextBookmark');
      visited.push([focusOf(fixture), n === 2 ? said(fixture) : undefined]);
    }
    expect(visited).toEqual([
      [200, undefined],
      [300, undefined],
      [100, 'Went round the end: this is the first bookmark.'],
    ]);
    await press(fixture, 'previousBookmark');
    expect([focusOf(fixture), said(fixture)]).toEqual([300, 'Went round the beginning: this is the last bookmark.']);
    await press(fixture, 'previousBookmark');
    expect(focusOf(fixture)).toBe(200);
  });

  it('say that there is none, none other, and none that is shown', async () => {
    const fixture = await startFixture({ rows: 1000 });
    await press(fixture, 'nextBookmark');
    expect([said(fixture), fixture.calls('view.findBookmark')]).toEqual(['There is no bookmark.', []]);
    await select(fixture, 40);
    await press(fixture, 'bookmark', 'nextBookmark');
    expect([focusOf(fixture), said(fixture)]).toEqual([40, 'There is no other bookmark here.']);
    fixture.app.filter.toggleCpu(rowAt(40).cpu);
    await fixture.run();
    await press(fixture, 'nextBookmark');
    expect(said(fixture)).toBe('The bookmark is not shown here.');
  });

  it('begin at what is seen where the selected row was scrolled out of sight', async () => {
    const fixture = await marked(100, 300, 700);
    await select(fixture, 100);
    fixture.app.view.scrollTo(500 * ROW_PX);
    await fixture.run();
    await press(fixture, 'nextBookmark');
    expect(focusOf(fixture)).toBe(700);
  });

  it('begin at the row that is seen where none is selected, which may be the one', async () => {
    const fixture = await marked(0, 500);
    fixture.app.view.select(null);
    await press(fixture, 'first', 'nextBookmark');
    expect(focusOf(fixture)).toBe(0);
  });
});

describe('bookmarks and what is shown', () => {
  it('are where the view shows them, said to be hidden where it does not, and gone to nearby', async () => {
    const [hidden, shown] = [
      100,
      101 + Array.from({ length: 50 }).findIndex((_, n) => rowAt(101 + n).cpu !== rowAt(100).cpu),
    ];
    const fixture = await marked(hidden, shown);
    const place = (row: number) => fixture.app.marking.store.getState().places?.get(row);
    fixture.fireTimers();
    await fixture.run();
    expect([place(hidden)?.position, place(shown)?.position]).toEqual([hidden, shown]);
    fixture.app.filter.toggleCpu(rowAt(hidden).cpu);
    await fixture.run();
    fixture.fireTimers();
    await fixture.run();
    expect(place(hidden)).toMatchObject({ position: null, absence: 'hidden' });
    expect(place(shown)?.absence).toBeNull();
    const focusedRow = () => fixture.app.view.store.getState().selection?.focus.row ?? -1;
    await fixture.app.goToRow(hidden);
    await fixture.run();
    expect(said(fixture)).toBe('Record 101 is hidden by the filter. The nearest row shown is selected.');
    expect(focusedRow()).not.toBe(hidden);
    expect(Math.abs(focusedRow() - hidden)).toBeLessThan(20);
    await fixture.app.goToRow(shown);
    await fixture.run();
    expect(focusedRow()).toBe(shown);
    expect(marksOf(fixture)).toEqual([hidden, shown]);
  });

  it('stay on rows that are dropped, which nobody can go to', async () => {
    const fixture = await startFixture({ rows: 1000, keep: 1000, segmentRows: 256 });
    await select(fixture, 5);
    await press(fixture, 'bookmark');
    fixture.program.append(3000);
    await fixture.run();
    fixture.fireTimers();
    await fixture.run();
    expect(fixture.program.session.store.firstRow).toBeGreaterThan(5);
    expect(fixture.app.marking.store.getState().places?.get(5)).toMatchObject({ position: null, absence: 'gone' });
    await fixture.app.goToRow(5);
    expect(said(fixture)).toBe('That row is no longer kept.');
    // Its note can still be written.
    await fixture.app.bookmarks.setNote(5, 'before it was dropped');
    await fixture.run();
    const { text, note } = fixture.app.bookmarks.store.getState().marks.get(5) ?? {};
    expect([text, note]).toEqual([rowAt(5).text, 'before it was dropped']);
  });

  it('are the same in another view of the session, in a page that comes back, and not in another session', async () => {
    const fixture = await marked(7, 70);
    const { page, run } = fixture;
    await page.openView();
    await run();
    fixture.show(2);
    await run();
    expect(marksOf(fixture)).toEqual([7, 70]);
    await press(fixture, 'first', 'nextBookmark', 'nextBookmark');
    expect(focusOf(fixture)).toBe(70);
    await page.openSession();
    await run();
    fixture.show(3);
    await run();
    expect(marksOf(fixture)).toEqual([]);
    const after = createFixture({}, fixture.program);
    await after.connect();
    after.show(1);
    await after.run();
    expect(marksOf(after)).toEqual([7, 70]);
  });

  it('go with the rows when a person clears them', async () => {
    const fixture = await marked(7, 70);
    await press(fixture, 'clear');
    expect(marksOf(fixture)).toEqual([]);
    fixture.program.append(100);
    await fixture.run();
    expect([marksOf(fixture), fixture.app.bookmarks.store.getState().undoable]).toEqual([[], 0]);
  });
});

describe('the list of bookmarks', () => {
  it('opens and closes by its key, and leaves a sheet above it open', async () => {
    const { app, command } = await startFixture({ rows: 10 });
    const open = () => [app.ui.store.getState().pane, app.ui.store.getState().sessions];
    command('sessions');
    command('pane.bookmarks');
    expect(open()).toEqual(['bookmarks', true]);
    command('pane.bookmarks');
    expect(open()).toEqual([null, true]);
  });

  it('changes notes, says what is too long, removes one and all, and brings back what was removed last', async () => {
    const fixture = await marked(10, 20, 30);
    const { app, run } = fixture;
    const state = app.bookmarks.store.getState;
    expect(await app.bookmarks.setNote(20, 'look')).toBe(true);
    await run();
    expect(state().marks.get(20)?.note).toBe('look');
    expect(await app.bookmarks.setNote(20, 'x'.repeat(MAX_NOTE + 1))).toBe(false);
    expect(state().failure?.message).toContain('200 characters');
    await app.bookmarks.remove(10);
    await run();
    expect([marksOf(fixture), state().undoable, state().failure]).toEqual([[20, 30], 1, null]);
    await app.bookmarks.removeAll();
    await run();
    expect([marksOf(fixture), state().undoable]).toEqual([[], 2]);
    await app.bookmarks.restore();
    await run();
    expect([marksOf(fixture), state().marks.get(20)?.note, state().undoable]).toEqual([[20, 30], 'look', 0]);
    // Of a session that nothing records it says how long they last.
    expect(state().remark).toContain('not recorded');
  });
});

describe('the menu of a row', () => {
  const verb = ({ app }: Fixture, id: string) => {
    const row = verbRow(app);
    if (row === undefined) throw new Error('no row is selected');
    return rowVerbs(app, row).find((each) => each.id === id);
  };

  it('sets and removes bookmarks, of all selected rows, in the words of what it will do', async () => {
    const fixture = await startFixture({ rows: 1000 });
    fixture.app.view.scrollTo(0);
    await select(fixture, 3, 5);
    expect(verb(fixture, 'bookmark')?.label).toBe('Bookmark');
    verb(fixture, 'bookmark')?.run();
    await fixture.run();
    expect([marksOf(fixture), verb(fixture, 'bookmark')?.label]).toEqual([[3, 4, 5], 'Remove bookmark']);
    await select(fixture, 5, 6);
    expect(verb(fixture, 'bookmark')?.label).toBe('Bookmark');
    await select(fixture, 4);
    verb(fixture, 'bookmark')?.run();
    await fixture.run();
    expect(marksOf(fixture)).toEqual([3, 5]);
  });

  it('opens the list to write the note of a row, which gets a bookmark if it has none', async () => {
    const fixture = await startFixture({ rows: 1000 });
    fixture.app.view.scrollTo(0);
    await select(fixture, 8);
    expect(verb(fixture, 'note')?.label).toBe('Note…');
    verb(fixture, 'note')?.run();
    await fixture.run();
    expect(marksOf(fixture)).toEqual([8]);
    expect(fixture.app.ui.store.getState()).toMatchObject({ pane: 'bookmarks', noteOf: 8 });
    await fixture.app.bookmarks.setNote(8, 'why?');
    await fixture.run();
    expect(verb(fixture, 'note')?.label).toBe('Change note…');
  });
});
