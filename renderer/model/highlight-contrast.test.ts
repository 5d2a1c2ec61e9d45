/** Every text of a highlighted row, and every highlighted word, is readable in both themes, whatever the row is besides. */
import { describe, expect, it } from 'vitest';
import { COLOUR_NAMES } from '../../electron/contract/colour-rules.ts';
import { colourIn, contrast, styles, THEMES, type Theme } from '../test/theme-colours.ts';

const css = styles('styles.css', 'styles/highlights.css');
const colour = (name: string, theme: Theme): string => colourIn(css, name, theme);

it('computes contrast as it is defined', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each(THEMES)('in the %s theme', (theme) => {
  const ink = colour('paint-ink', theme);

  it.each(COLOUR_NAMES)('text on %s is readable, at rest and under the mouse', (name) => {
    expect(contrast(ink, colour(`paint-${name}`, theme))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ink, colour(`paint-${name}-hover`, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it('text of a coloured row is readable where it is selected, and where a search or a filter marks it', () => {
    for (const background of ['paint-selected', 'paint-focused', 'hit', 'filter-hit'])
      expect([background, contrast(ink, colour(background, theme)) >= 4.5]).toEqual([background, true]);
  });

  it.each(COLOUR_NAMES)('the frame of a selected row stands out beside %s and on the selection', (name) => {
    for (const beside of [`paint-${name}`, `paint-${name}-hover`, 'paint-selected', 'paint-focused', 'selected'])
      expect([beside, contrast(colour('selected-frame', theme), colour(beside, theme)) >= 3]).toEqual([beside, true]);
  });

  it.each([...COLOUR_NAMES, 'marked'])('a word in %s is readable wherever it stands', (name) => {
    expect(contrast(colour('word-ink', theme), colour(`word-${name}`, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it('no two colours of the palette look the same', () => {
    for (const kind of ['paint', 'word'] as const)
      expect(new Set(COLOUR_NAMES.map((name) => colour(`${kind}-${name}`, theme))).size).toBe(COLOUR_NAMES.length);
  });
});

it('has forced colours take pairs of the system alone, never one of ours with one of the system', () => {
  const forced = css.slice(css.indexOf('@media (forced-colors: active)'), css.indexOf('.highlights .highlight-list'));
  const values = [...forced.matchAll(/^\s*(?:background|color): ([^;]+);/gm)].map(([, value]) => value);
  expect(values.length).toBeGreaterThan(5);
  for (const value of values) expect(['Mark', 'MarkText', 'CanvasText', 'Highlight', 'HighlightText']).toContain(value);
});
