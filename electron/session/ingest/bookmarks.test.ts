/** What a person may do to bookmarks, held against a plain map, and what those who watch them learn of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bookmark, MOST_BOOKMARKS, withNews } from '../../contract/bookmarks.ts';
import { countCases } from '../../contract/test-support.ts';
import { Bookmarks } from './bookmarks.ts';

const mark = (row: number, note = ''): Bookmark => ({
  row,
  index: row + 1,
  timeNs: row * 10,
  text: `row ${row}`,
  note,
});

const ROWS = 12;
const row = fc.nat({ max: ROWS - 1 });
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), rows: fc.array(row, { maxLength: 5 }) }),
  fc.record({ do: fc.constant('note' as const), row, note: fc.constantFrom('', 'a', 'b') }),
  fc.record({ do: fc.constant('remove' as const), rows: fc.array(row, { maxLength: 5 }) }),
  fc.record({ do: fc.constantFrom('all' as const, 'restore' as const, 'clear' as const, 'look' as const) }),
);

describe('the bookmarks of a session', () => {
  it('are what was done to them, and whoever asks now and then for what is new has all of them', () => {
    const cases = countCases('a note changed', 'brought back', 'news by parts', 'nothing new');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const bookmarks = new Bookmarks();
        const model = new Map<number, Bookmark>();
        let last: readonly Bookmark[] = [];
        let known: ReadonlyMap<number, Bookmark> = new Map();
        let change = 0;
        const take = (rows: readonly number[]): void => {
          const going = [...new Set(rows)].flatMap((each) => model.get(each) ?? []);
          if (going.length > 0) last = going;
          for (const each of going) model.delete(each.row);
        };
        const look = (): void => {
          const news = bookmarks.newsSince(change);
          cases.note('news by parts', !news.anew && (news.set.length > 0 || news.removed.length > 0));
          cases.note('nothing new', change > 0 && change === bookmarks.changes);
          if (change > 0 && change === bookmarks.changes) expect([news.set, news.removed]).toEqual([[], []]);
          known = withNews(known, { ...news, remark: '' });
          change = bookmarks.changes;
          expect([...known.values()]).toEqual(bookmarks.all);
        };
        for (const each of steps) {
          switch (each.do) {
            case 'set':
              for (const at of each.rows) if (!model.has(at)) model.set(at, mark(at));
              expect(bookmarks.set(each.rows.map((at) => mark(at))).ok).toBe(true);
              break;
            case 'note': {
              const before = model.get(each.row);
              expect(bookmarks.setNote(each.row, each.note)).toBe(before !== undefined);
              cases.note('a note changed', before !== undefined && before.note !== each.note);
              if (before !== undefined) model.set(each.row, { ...before, note: each.note });
              break;
            }
            case 'remove':
              bookmarks.remove(each.rows);
              take(each.rows);
              break;
            case 'all':
              bookmarks.removeAll();
              take([...model.keys()].sort((a, b) => a - b));
              break;
            case 'restore':
              cases.note('brought back', last.length > 0);
              expect(bookmarks.restore().ok).toBe(true);
              for (const gone of last) if (!model.has(gone.row)) model.set(gone.row, gone);
              last = [];
              break;
            case 'clear':
              bookmarks.clear();
              model.clear();
              last = [];
              break;
            case 'look':
              look();
          }
          expect(bookmarks.all).toEqual([...model.values()].sort((a, b) => a.row - b.row));
          expect(bookmarks.undoable).toBe(last.length);
        }
        look();
      }),
      { numRuns: 300 },
    );
    cases.expectEach();
  });

  it('are no more than there may be: what would be too many is refused as a whole', () => {
    const bookmarks = new Bookmarks();
    const all = Array.from({ length: MOST_BOOKMARKS }, (_, at) => mark(at));
    expect(bookmarks.set(all).ok).toBe(true);
    expect(bookmarks.set([mark(MOST_BOOKMARKS)])).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    // Those that are there already need no room.
    expect(bookmarks.set(all)).toEqual({ ok: true, value: 0 });
    bookmarks.removeAll();
    expect(bookmarks.set([mark(1), mark(MOST_BOOKMARKS), mark(MOST_BOOKMARKS + 1)]).ok).toBe(true);
    expect(bookmarks.restore()).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(bookmarks.undoable).toBe(MOST_BOOKMARKS);
  });

  it('tell all there is to whoever has not asked for so long that what was removed is forgotten', () => {
    const bookmarks = new Bookmarks();
    bookmarks.set([mark(MOST_BOOKMARKS * 3)]);
    const change = bookmarks.changes;
    for (let from = 0; from < MOST_BOOKMARKS + 2; from += 1000) {
      bookmarks.set(Array.from({ length: 1000 }, (_, at) => mark(from + at)));
      bookmarks.remove(Array.from({ length: 1000 }, (_, at) => from + at));
    }
    expect(bookmarks.newsSince(change)).toEqual({
      anew: true,
      set: [mark(MOST_BOOKMARKS * 3)],
      removed: [],
      undoable: 1000,
    });
  });
});
