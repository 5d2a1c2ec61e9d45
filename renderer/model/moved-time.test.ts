import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedName, movedText } from '../../electron/contract/moved-time.ts';
import { parseMove } from './moved-time.ts';

describe('by how much a source is moved', () => {
  it('is read as it is shown, whatever it is', () => {
    const ns = fc.oneof(
      fc.integer({ min: -1e10, max: 1e10 }),
      fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: -1e6, max: 1e6 }).map((ms) => ms * 1e6),
    );
    fc.assert(
      fc.property(ns, (moved) => {
        expect(parseMove(movedText(moved)) === moved).toBe(true);
      }),
    );
  });

  it.each([
    [2.104e9, '+2.104 s'],
    [-2e8, '-200 ms'],
    [1500, '+1.5 us'],
    [-1, '-1 ns'],
    [60e9, '+1:00'],
    [-3600e9, '-1:00:00'],
    [3727.5e9, '+1:02:07.5'],
    [0, '+0 s'],
  ])('%d ns is %s', (ns, text) => expect(movedText(ns)).toBe(text));

  it.each([
    ['0', 0],
    ['1.5', 1.5e9],
    ['+1.5s', 1.5e9],
    ['-200 ms', -2e8],
    ['\u2212200us', -2e5],
    ['1:02:07', 3727e9],
    ['-0:30', -30e9],
    ['2 h', 7200e9],
    ['1,000 ms', 1e9],
  ])('%s is %d ns', (text, ns) => expect(parseMove(text)).toBe(ns));

  it.each(['', 'soon', '1;5', '12:99', '--1s', '1e3', '200 days', '9999999999999'])('%s is none', (text) =>
    expect(parseMove(text)).toBeNull(),
  );

  it('stands behind the name of a source', () => {
    expect([movedName('a.log', -2e9), movedName('a.log')]).toEqual(['a.log (moved by -2 s)', 'a.log']);
  });
});
