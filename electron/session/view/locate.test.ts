import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import { type Slice, WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry } from '../test-support.ts';
import { locate, locateSpans } from './locate.ts';
import { LogView } from './view.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 16, chunkBytes: 256, segmentBytes: 1024 };
/** One step of the scan: at most a segment. */
const ONE_STEP: Slice = { spent: () => true };

describe('locate', () => {
  it('says of every row where it is, or what is nearest and why it is not shown, at every step of a filter', () => {
    const seen = { shown: 0, hidden: 0, 'not-reached': 0, 'held-back': 0 };
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 20, maxLength: 90, size: 'max' }),
        fc.array(fc.boolean(), { maxLength: 20, size: 'max' }),
        fc.nat(7),
        (before, after, steps) => {
          const store = new SessionStore(SMALL);
          const view = new LogView(store);
          const all = [...before, ...after];
          const rows = all.map((wanted, i) => entry(i * 2 + 1, wanted ? 'wanted' : 'other', { timeNs: i * 10 }));
          store.append(batchOf(rows.slice(0, before.length)));
          view.setPaused(true);
          if (after.length > 0) store.append(batchOf(rows.slice(before.length)));
          view.setFilter({ ...SHOW_ALL, text: { pattern: 'wanted', regex: false, caseSensitive: true } });
          for (let step = 0; step < steps; step++) view.advance(ONE_STEP);
          const shown: number[] = [];
          for (let position = view.first; position < view.end; position++) shown.push(view.rowAt(position));
          const spans = all.flatMap((_, first) => [first, first + 3, first + 40].map((last) => ({ first, last })));
          const places = locateSpans(view, spans);
          expect(places.open).toBe(view.reachedRow < before.length);
          places.spans.forEach((place, at) => {
            const span = spans[at] as (typeof spans)[number];
            const inside = shown.filter((row) => row >= span.first && row <= span.last);
            const found = [place?.first.row ?? null, place?.last.row ?? null];
            expect(found).toEqual([inside[0] ?? null, inside.at(-1) ?? null]);
            if (place !== null) expect(shown[place.last.position - view.first]).toBe(place.last.row);
          });
          all.forEach((wanted, row) => {
            const found = locate(view, { row });
            const position = shown.indexOf(row);
            const absence =
              position >= 0
                ? null
                : row >= before.length
                  ? 'held-back'
                  : row >= view.reachedRow
                    ? 'not-reached'
                    : 'hidden';
            expect(found).toMatchObject({ generation: view.generation, row, index: row * 2 + 1, absence });
            expect(found?.position).toBe(position >= 0 ? position : null);
            if (absence === 'hidden') expect(wanted).toBe(false);
            seen[absence ?? 'shown']++;
            const distances = shown.map((other) => Math.abs(other - row));
            if (shown.length === 0) expect(found?.nearest).toBeNull();
            else expect(distances[found?.nearest ?? -1]).toBe(Math.min(...distances));
            // The same by index and time, also where they fall between two rows.
            for (const target of [{ index: row * 2 }, { index: row * 2 + 1 }])
              expect(locate(view, target)).toEqual(found);
            // From a time on nothing earlier is shown, unless there is nothing later.
            const later = shown.findIndex((other) => other >= row);
            const nearest = shown.length === 0 ? null : later < 0 ? shown.length - 1 : later;
            for (const timeNs of [row * 10 - 3, row * 10])
              expect(locate(view, { timeNs })).toEqual({ ...found, nearest });
          });
          expect(locate(view, { row: all.length })).toBeNull();
          expect(locate(view, { index: all.length * 2 })).toBeNull();
          expect(locate(view, { timeNs: all.length * 10 })).toBeNull();
        },
      ),
    );
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0);
  });

  it('finds every row where everything is shown', () => {
    const store = new SessionStore(SMALL);
    const view = new LogView(store);
    store.append(batchOf([entry(5, 'a', { timeNs: 1 }), entry(7, 'b', { timeNs: 2 })]));
    view.advance(WHOLE);
    expect(locate(view, { index: 6 })).toEqual({
      generation: 1,
      row: 1,
      index: 7,
      position: 1,
      nearest: 1,
      absence: null,
    });
  });
});
