import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_PARTS } from '../../electron/contract/output.ts';
import { countCases } from '../../electron/contract/test-support.ts';
import {
  addTo,
  afterEviction,
  extendTo,
  isSelected,
  moveFocus,
  partsOf,
  type Selection,
  selectedCount,
  selectedRange,
  selectedSpans,
  selectOne,
  standAt,
  toggleAt,
  withRows,
} from './selection.ts';

const at = (position: number) => ({ position, row: position + 1000 });

describe('selection', () => {
  it('is one row after a click and a range after Shift, in either direction', () => {
    const one = selectOne(at(10));
    expect(selectedCount(one)).toBe(1);
    const up = extendTo(one, at(4));
    expect(selectedRange(up)).toEqual({ first: 4, last: 10 });
    const down = extendTo(up, at(15));
    expect(selectedRange(down)).toEqual({ first: 10, last: 15 });
    expect(isSelected(down, 10)).toBe(true);
    expect(isSelected(down, 9)).toBe(false);
    expect(isSelected(null, 9)).toBe(false);
    expect(selectedCount(extendTo(null, at(3)))).toBe(1);
  });

  it('moves inside the view', () => {
    const view = { first: 5, end: 100, start: 40 };
    expect(moveFocus(null, 1, view)).toBe(40);
    expect(moveFocus(selectOne(at(10)), 3, view)).toBe(13);
    expect(moveFocus(selectOne(at(10)), -30, view)).toBe(5);
    expect(moveFocus(selectOne(at(99)), 1, view)).toBe(99);
    expect(moveFocus(null, 1, { first: 0, end: 0, start: 0 })).toBeNull();
  });

  it('loses exactly what was evicted', () => {
    const cases = countCases('all', 'a part', 'nothing', 'the row it began at');
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.nat(250), (a, f, first) => {
        const before = extendTo(selectOne(at(a)), at(f));
        const after = afterEviction(before, first);
        for (let p = first; p < 260; p++) expect(isSelected(after, p)).toBe(isSelected(before, p));
        if (after) expect(selectedRange(after).first).toBeGreaterThanOrEqual(first);
        cases.note('all', after === null);
        cases.note('a part', after !== null && selectedCount(after) < selectedCount(before));
        cases.note('nothing', after !== null && selectedCount(after) === selectedCount(before));
        cases.note('the row it began at', after !== null && a < first);
      }),
    );
    cases.expectEach(3);
  });

  it('fills in rows once they are known and changes nothing otherwise', () => {
    const unknown = selectOne({ position: 7, row: null });
    expect(withRows(unknown, () => undefined)).toBe(unknown);
    expect(withRows(unknown, (p) => p * 2).focus).toEqual({ position: 7, row: 14 });
    const known = selectOne(at(7));
    expect(withRows(known, (p) => p * 2)).toBe(known);
  });
});

describe('a selection of several ranges', () => {
  /** What is done to it, and to a set of positions that says the same with a row for each. */
  const steps = {
    click: {
      to: (_: Selection | null, p: number) => selectOne(at(p)),
      set: (_: Set<number>, p: number) => new Set([p]),
    },
    toggle: {
      to: (selection: Selection | null, p: number) => toggleAt(selection, at(p)),
      set(set: Set<number>, p: number) {
        const next = new Set(set);
        if (!next.delete(p)) next.add(p);
        return next;
      },
    },
    stand: {
      to: (selection: Selection | null, p: number) => standAt(selection, at(p)),
      set: (set: Set<number>) => set,
    },
  } as const;
  type Step = keyof typeof steps;
  const positionsOf = (selection: Selection | null): number[] =>
    selectedSpans(selection).flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, n) => first + n),
    );

  it('is the set of rows that the same clicks make one by one, in order, and no row twice', () => {
    const cases = countCases('click', 'toggle', 'stand', 'apart', 'a row taken out', 'nothing left');
    const anyStep = fc.tuple(fc.constantFrom<Step>('click', 'toggle', 'toggle', 'toggle', 'stand'), fc.nat(12));
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), (done) => {
        let selection: Selection | null = null;
        let set = new Set<number>();
        for (const [step, position] of done) {
          cases.note(step);
          cases.note('a row taken out', step === 'toggle' && set.has(position) && set.size > 1);
          selection = steps[step].to(selection, position);
          set = steps[step].set(set, position);
          expect(selection?.focus.position).toBe(position);
        }
        const sorted = [...set].sort((a, b) => a - b);
        expect(positionsOf(selection)).toEqual(sorted);
        expect(selectedCount(selection)).toBe(set.size);
        for (let position = -1; position < 14; position++) {
          expect(isSelected(selection, position)).toBe(set.has(position));
        }
        if (selection !== null && set.size > 0) {
          expect(selectedRange(selection)).toEqual({ first: sorted[0], last: sorted.at(-1) });
        }
        cases.note('apart', selectedSpans(selection).length > 1);
        cases.note('nothing left', selection !== null && set.size === 0);
      }),
      {
        examples: [
          ...[3, 5, 12].map((row): [[Step, number][]] => [
            [
              ['click', row],
              ['toggle', row],
            ],
          ]),
          [
            [
              ['click', 3],
              ['toggle', 5],
              ['toggle', 4],
              ['toggle', 4],
            ] as [Step, number][],
          ],
        ],
      },
    );
    cases.expectEach(3);
  });

  it('adds a range from the anchor beside the others, and Shift alone drops them', () => {
    const two = toggleAt(selectOne(at(2)), at(10));
    const added = addTo(two, at(13));
    expect(selectedSpans(added)).toEqual([
      { first: 2, last: 2 },
      { first: 10, last: 13 },
    ]);
    expect(selectedSpans(addTo(added, at(8)))).toEqual([
      { first: 2, last: 2 },
      { first: 8, last: 10 },
    ]);
    expect(selectedSpans(extendTo(added, at(12)))).toEqual([{ first: 10, last: 12 }]);
    expect(selectedSpans(addTo(null, at(4)))).toEqual([{ first: 4, last: 4 }]);
  });

  it('knows the rows beside one that was taken out, which need not be shown', () => {
    const parts = partsOf(toggleAt(extendTo(selectOne(at(4)), at(8)), at(6)) as Selection);
    expect(parts.map(({ first, last }) => [first.row, last.row])).toEqual([
      [1004, 1005],
      [1007, 1008],
    ]);
  });

  it('has no more ranges than there may be, and is refused rather than cut', () => {
    let selection: Selection | null = null;
    for (let n = 0; n < MOST_PARTS; n++) selection = toggleAt(selection, at(n * 2));
    expect(selectedCount(selection)).toBe(MOST_PARTS);
    expect(toggleAt(selection, at(MOST_PARTS * 2))).toBeNull();
    // A row less is one range less, and one out of the middle of a range is one more.
    expect(selectedCount(toggleAt(selection, at(0)))).toBe(MOST_PARTS - 1);
  });

  it('loses exactly what was evicted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }), fc.nat(32), (toggled, first) => {
        let before: Selection | null = null;
        for (const position of toggled) before = toggleAt(before, at(position));
        const after = afterEviction(before, first);
        expect(positionsOf(after)).toEqual(positionsOf(before).filter((position) => position >= first));
        if (after !== null) expect(after.focus.position).toBeGreaterThanOrEqual(first);
      }),
    );
  });

  it('fills in the rows of all its ends', () => {
    const unknown = (position: number) => ({ position, row: null });
    const selection = toggleAt(selectOne(unknown(7)), unknown(9)) as Selection;
    const filled = withRows(selection, (position) => position * 2);
    expect(partsOf(filled).map(({ first }) => first.row)).toEqual([14, 18]);
    expect(withRows(filled, (position) => position * 3)).toBe(filled);
  });
});
