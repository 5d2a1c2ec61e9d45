import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameEnds } from './name-ends.ts';

describe('the ends of a name', () => {
  it('are one where it is short, and else those that tell it from others', () => {
    expect(nameEnds('boot.log')).toEqual({ start: 'boot.log', end: '' });
    expect(nameEnds('storport-lab-2026-03-01.log')).toEqual({ start: 'storport-lab-20', end: '26-03-01.log' });
  });

  it('are all of it, in its order, and no character is in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const { start, end } = nameEnds(name);
        expect(start + end).toBe(name);
        const characters = (text: string) => [...new Intl.Segmenter().segment(text)].length;
        expect(characters(start) + characters(end)).toBe(characters(name));
      }),
    );
    expect(nameEnds(`${'a'.repeat(20)}\u{1f469}\u200d\u{1f4bb}${'b'.repeat(10)}`).end).toBe(
      `\u{1f469}\u200d\u{1f4bb}${'b'.repeat(10)}`,
    );
  });
});
