/** The line of a loss is readable whatever its weight, in both themes, and its weights are told apart. */
import { describe, expect, it } from 'vitest';
import { colourIn, contrast, styles, THEMES } from '../test/theme-colours.ts';

const css = styles('styles.css');

describe.each(THEMES)('in the %s theme', (theme) => {
  const of = (name: string): string => colourIn(css, name, theme);

  it.each(['paper', 'loss-some', 'selected', 'selected-focused'])('a small loss is readable on %s', (ground) => {
    expect(contrast(of('error'), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['loss', 'loss-selected'])('a large loss is readable on %s', (ground) => {
    expect(contrast(of('on-loss'), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it('a large loss stands out from the paper, and from some', () => {
    for (const ground of ['paper', 'loss-some'])
      expect([ground, contrast(of('loss'), of(ground)) >= 3]).toEqual([ground, true]);
  });
});
