/** Every text of a highlighted row, and every highlighted word, is readable in both themes, whatever the row is besides. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLOUR_NAMES } from '../../electron/contract/colour-rules.ts';

const STYLES = join(import.meta.dirname, '..');
const css = [
  readFileSync(join(STYLES, 'styles.css'), 'utf8'),
  readFileSync(join(STYLES, 'styles', 'highlights.css'), 'utf8'),
].join('\n');

const THEMES = ['light', 'dark'] as const;

/** The value of a variable in a theme, which has to be a colour written in hexadecimal digits. */
function colour(name: string, theme: (typeof THEMES)[number]): string {
  const value = css.match(new RegExp(`--${name}:\\s*([^;]+);`))?.[1];
  const pair = value?.match(/^light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)$/);
  const found = pair ? pair[theme === 'light' ? 1 : 2] : value?.match(/^#[0-9a-f]{6}$/)?.[0];
  if (found === undefined) throw new Error(`--${name} is ${value}`);
  return found;
}

/** As WCAG 2 has it. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [more, less] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (more + 0.05) / (less + 0.05);
}

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
