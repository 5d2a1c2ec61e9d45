/** Where a view shows the rows that have a bookmark, and which is the next. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BOOKMARK_TEXT } from '../../contract/bookmarks.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import { type Slice, WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap } from '../test-support.ts';
import { bookmarkOn, nextShown, placesOf } from './bookmark-places.ts';
import { locate } from './locate.ts';
import { LogView } from './view.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 256, segmentBytes: 1024 };
const ONE_STEP: Slice = { spent: () => true };

describe('a bookmark', () => {
  it('says of its row when it was and what it says, on one line, cut where it is too long', () => {
    const store = new SessionStore(SMALL);
    const long = `${'x'.repeat(MAX_BOOKMARK_TEXT - 1)}\u{1f600}tail`;
    store.append(batchOf([entry(7, 'two\nlines', { timeNs: 42 }), gap(9, 3, 5), entry(10, long)]));
    expect(bookmarkOn(store, 0, 'why?')).toEqual({
      row: 0,
      index: 7,
      timeNs: 42,
      text: 'two\u240alines',
      note: 'why?',
    });
    expect(bookmarkOn(store, 1)?.text).toContain('5 records lost on CPU 3');
    // Not half of a pair.
    expect(bookmarkOn(store, 2)?.text).toBe('x'.repeat(MAX_BOOKMARK_TEXT - 1));
    expect(bookmarkOn(store, 3)).toBeNull();
  });
});

describe('the places of bookmarks', () => {
  it('are those of their rows, or why the view does not show them, also of rows that are no longer kept', () => {
    const cases = countCases('shown', 'hidden', 'not-reached', 'held-back', 'gone');
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 20, maxLength: 120, size: 'max' }),
        fc.array(fc.boolean(), { maxLength: 20, size: 'max' }),
        fc.nat(7),
        fc.boolean(),
        (before, after, steps, drops) => {
          const store = new SessionStore({ ...SMALL, ...(drops ? { policy: { keep: 'rows', rows: 20 } } : {}) });
          const view = new LogView(store);
          const all = [...before, ...after];
          const rows = all.map((wanted, i) => entry(i, wanted ? 'wanted' : 'other'));
          store.append(batchOf(rows.slice(0, before.length)));
          view.setPaused(true);
          if (after.length > 0) store.append(batchOf(rows.slice(before.length)));
          view.setFilter({ ...SHOW_ALL, text: { pattern: 'wanted', regex: false, caseSensitive: true } });
          for (let step = 0; step < steps; step++) view.advance(ONE_STEP);
          // One more than there are: a recording may have lost its last rows.
          const marked = Array.from({ length: all.length + 1 }, (_, at) => at);
          for (const { row, position, absence } of placesOf(view, marked)) {
            const found = locate(view, { row });
            if (found === null) expect([position, absence]).toEqual([null, 'gone']);
            else expect([position, absence]).toEqual([found.position, found.absence]);
            cases.note(absence ?? 'shown');
          }
        },
      ),
    );
    cases.expectEach();
  });

  it('lead from one shown bookmark to the next and round the end, whatever the filter hides', () => {
    const cases = countCases('found', 'round', 'none');
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60, size: 'max' }),
        fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 8 }),
        fc.nat({ max: 70 }),
        fc.constantFrom('next' as const, 'previous' as const),
        (wanted, some, from, direction) => {
          const store = new SessionStore(SMALL);
          const view = new LogView(store);
          store.append(batchOf(wanted.map((each, i) => entry(i, each ? 'wanted' : 'other'))));
          view.setFilter({ ...SHOW_ALL, text: { pattern: 'wanted', regex: false, caseSensitive: true } });
          while (view.advance(WHOLE));
          const rows = some.sort((a, b) => a - b);
          const shown = rows.flatMap((row) => view.locateRow(row) ?? []);
          const there = shown.filter((at) => (direction === 'next' ? at >= from : at <= from));
          const next = direction === 'next' ? Math.min : Math.max;
          const found = nextShown(view, rows, from, direction);
          if (shown.length === 0) expect(found).toBeNull();
          else {
            const position = next(...(there.length > 0 ? there : shown));
            expect(found).toEqual({ position, row: view.rowAt(position), wrapped: there.length === 0 });
          }
          cases.note(found === null ? 'none' : found.wrapped ? 'round' : 'found');
        },
      ),
    );
    cases.expectEach();
  });
});
