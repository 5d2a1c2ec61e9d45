/** The colours of the style sheets in both themes, and how well one is read on another. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The text of style sheets, by their paths within the page's sources. */
export const styles = (...paths: readonly string[]): string =>
  paths.map((path) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')).join('\n');

/** The value of a variable in a theme, which has to be a colour written in hexadecimal digits. */
export function colourIn(css: string, name: string, theme: Theme): string {
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

/** 1 to 21. */
export function contrast(a: string, b: string): number {
  const [more, less] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (more + 0.05) / (less + 0.05);
}
