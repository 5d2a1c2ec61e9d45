import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absenceWords,
  changeWords,
  isMarkedAt,
  lapWords,
  markName,
  noneWords,
  STRIP_MARK_PX,
  stripMarks,
} from './bookmarks.ts';

describe('what is said of bookmarks', () => {
  it('is how many were set or removed, and that notes went with them', () => {
    const words = (set: number, removed: number, notesRemoved = 0) => changeWords({ set, removed, notesRemoved });
    expect([words(1, 0), words(1200, 0), words(0, 1), words(0, 3)].map(({ message }) => message)).toEqual([
      'Bookmark set.',
      '1,200 bookmarks set.',
      'Bookmark removed.',
      '3 bookmarks removed.',
    ]);
    expect(words(0, 3, 2)).toEqual({
      message: '3 bookmarks removed, with 2 notes.',
      action: 'The list of bookmarks has Undo.',
    });
    expect(words(0, 1, 1).message).toBe('Bookmark removed, with its note.');
  });

  it('is why there is none to go to, and which one the way round the end led to', () => {
    expect([0, 1, 1500].map(noneWords)).toEqual([
      'There is no bookmark.',
      'The bookmark is not shown here.',
      'None of the 1,500 bookmarks is shown here.',
    ]);
    expect([lapWords('next', false), lapWords('previous', false), lapWords('next', true)]).toEqual([
      'Went round the end: this is the first bookmark.',
      'Went round the beginning: this is the last bookmark.',
      'There is no other bookmark here.',
    ]);
  });

  it('is why its row is not in the view, and nothing of one that is', () => {
    const words = (
      absence: Parameters<typeof absenceWords>[0] extends infer P
        ? NonNullable<P> extends { absence: infer A }
          ? A
          : never
        : never,
    ) => absenceWords({ row: 1, position: null, absence });
    expect([words('hidden'), words('gone'), words('held-back'), words('not-reached'), words(null)]).toEqual([
      'hidden by the filter',
      'no longer kept',
      'came after the pause',
      'not filtered yet',
      '',
    ]);
    expect(absenceWords(undefined)).toBe('');
  });

  it('is, at its row, the note with every character to be seen', () => {
    const mark = { row: 1, index: 1, timeNs: 0, text: '' };
    expect(markName({ ...mark, note: '' })).toBe('Bookmark');
    expect(markName({ ...mark, note: 'a\u202eb' })).toBe('Bookmark: a\u2426b');
  });
});

describe('the marks of bookmarks on the strip', () => {
  it('lie within it, in order, at the place of their rows, however many rows and pixels there are', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1e9 }),
        fc.integer({ min: 1, max: 1e8 }),
        fc.array(fc.nat({ max: 2e9 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 2000 }),
        (first, rows, positions, height) => {
          const view = { first, end: first + rows };
          const tops = stripMarks(positions, view, height);
          const shown = positions.filter((position) => position >= first && position < view.end);
          expect(tops.length > 0).toBe(shown.length > 0);
          expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b));
          for (const top of tops) {
            expect(top).toBeGreaterThanOrEqual(0);
            expect(top).toBeLessThanOrEqual(Math.max(0, height - STRIP_MARK_PX));
          }
          for (const position of shown) {
            const y = ((position - first + 0.5) / rows) * height;
            expect(tops.some((top) => Math.abs(top + STRIP_MARK_PX / 2 - y) <= STRIP_MARK_PX)).toBe(true);
          }
        },
      ),
    );
    expect(stripMarks([5], { first: 5, end: 5 }, 100)).toEqual([]);
  });

  it('are found where they are drawn', () => {
    expect([9, 10, 16, 17].map((y) => isMarkedAt([10], y))).toEqual([false, true, true, false]);
  });
});
