/** There is one focus ring, drawn in one file: another one would look like another kind of control. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = import.meta.dirname;
const RULE = /([^{}]+)\{([^{}]*)\}/g;
/** What says that the keys are there. */
const FOCUSED = /:focus|\.active(?![\w-])/;
const RING = /(?:^|[;\s])(?:outline|outline-color|outline-width|outline-style)\s*:(?!\s*(?:0|none)\b)/;

/** Selectors of rules that draw a ring around what is focused. */
const rings = (css: string): string[] =>
  [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(RULE)]
    .filter(([, selector = '', body = '']) => FOCUSED.test(selector) && RING.test(body))
    .map(([, selector = '']) => selector.trim());

describe('the focus ring', () => {
  it('is drawn by one file', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.css'));
    const paths = [...files.map((name) => join(FOLDER, name)), join(FOLDER, '..', 'styles.css')];
    const drawn = paths.map((path) => [path, rings(readFileSync(path, 'utf8'))] as const);
    expect(drawn.filter(([path, found]) => found.length > 0 && !path.endsWith('focus.css'))).toEqual([]);
    expect(rings(readFileSync(join(FOLDER, 'focus.css'), 'utf8')).length).toBeGreaterThan(0);
  });

  it('is seen by the test wherever it would be', () => {
    expect(rings('.tab:focus-visible { outline: 1px solid red; }')).toEqual(['.tab:focus-visible']);
    expect(rings('@media x { .a.active { color: red; outline-color: red } }')).toHaveLength(1);
    expect(
      rings('.grid:focus-visible { outline: none } .field input { outline: 0 } .hit { outline: 1px solid }'),
    ).toEqual([]);
  });
});
