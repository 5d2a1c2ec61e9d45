/** Every text of a highlighted row, and every highlighted word, is readable in both themes, whatever the row is besides. */
import { describe, expect, it } from 'vitest';
import { COLOUR_NAMES } from '../../electron/contract/colour-rules.ts';
import { colourIn, contrast, styles, THEMES, type Theme } from '../test/theme-colours.ts';
import { PROCESS_HUES } from './process-hue.ts';

const css = styles('styles.css', 'styles/highlights.css');
const colour = (name: string, theme: Theme): string => colourIn(css, name, theme);

/** What `.tinted` makes of a hue. */
function processColour(theme: (typeof THEMES)[number], hue: number): string {
  const rule = css.match(/\.cell\.tinted \{[^}]*light-dark\(oklch\(([\d.]+) ([\d.]+) .*?oklch\(([\d.]+) ([\d.]+) /);
  const [, ...numbers] = rule ?? expect.fail('there is no rule of processes');
  const [lightness = 0, chroma = 0] = (theme === 'light' ? numbers.slice(0, 2) : numbers.slice(2)).map(Number);
  return oklch(lightness, chroma, (hue * Math.PI) / 180);
}

/** As CSS Color 4 has it, cut to what a screen shows. */
function oklch(lightness: number, chroma: number, angle: number): string {
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const parts = linear.map((each) => {
    const part = each <= 0.0031308 ? 12.92 * each : 1.055 * each ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, part)));
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** How far two colours are from each other in their parts, the farthest of the three. */
function distance(a: string, b: string): number {
  return Math.max(
    ...[1, 3, 5].map((at) =>
      Math.abs(Number.parseInt(a.slice(at, at + 2), 16) - Number.parseInt(b.slice(at, at + 2), 16)),
    ),
  );
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

  it('the name of a process is readable on its colour, which is seen on paper', () => {
    const hues = Array.from({ length: PROCESS_HUES }, (_, at) => (at * 360) / PROCESS_HUES);
    for (const hue of hues) {
      const background = processColour(theme, hue);
      expect([hue, contrast(ink, background) >= 4.5]).toEqual([hue, true]);
      expect([hue, distance(background, colour('paper', theme)) > 24]).toEqual([hue, true]);
    }
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
