import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestShift, shiftToMatch } from './sideways.ts';

describe('messages moved sideways', () => {
  it('bring a match at character 301 into sight, and go back for one at the begin', () => {
    const far = { start: 300, end: 305 };
    const shift = shiftToMatch([far], 0, 80);
    expect(shift).toBeGreaterThan(220);
    expect(shift).toBeLessThan(300);
    expect(shiftToMatch([{ start: 10, end: 15 }], shift, 80)).toBe(0);
    expect(shiftToMatch([{ start: 10, end: 15 }, far], shift, 80)).toBe(shift);
  });

  it('show the begin of what they are moved to, whatever its place, and stay where a match is in sight', () => {
    const span = fc
      .tuple(fc.nat(1000), fc.integer({ min: 1, max: 200 }))
      .map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 5 }),
        fc.nat(1000),
        fc.integer({ min: 2, max: 200 }),
        (spans, at, room) => {
          const shift = shiftToMatch(spans, at, room);
          const seen = ({ start, end }: { start: number; end: number }) => start >= shift && end <= shift + room - 1;
          expect(Number.isInteger(shift) && shift >= 0).toBe(true);
          if (spans.length === 0) expect(shift).toBe(at);
          else if (spans.some(({ start, end }) => end - start < room)) {
            const [first] = spans as [(typeof spans)[number]];
            expect(spans.some(seen) || (first.start >= shift && first.start < shift + room)).toBe(true);
          }
        },
      ),
    );
  });

  it('end where the longest line ends', () => {
    expect(longestShift([])).toBe(0);
    expect(longestShift([{ width: 50, room: 80 }])).toBe(0);
    expect(
      longestShift([
        { width: 200.4, room: 80 },
        { width: 100, room: 80 },
      ]),
    ).toBe(121);
  });
});
