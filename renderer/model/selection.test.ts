import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../electron/contract/test-support.ts';
import {
  afterEviction,
  extendTo,
  isSelected,
  moveFocus,
  selectedCount,
  selectedRange,
  selectOne,
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
