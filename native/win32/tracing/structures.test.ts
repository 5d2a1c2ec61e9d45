/** Holds the offsets of structures.ts against the lines of layouts.h, which a C compiler holds against Windows' headers. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as structures from './structures.ts';

const HEADER = readFileSync(new URL('../../../e2e/wine/tracing/layouts.h', import.meta.url), 'utf8');
const FLAGS = ['HEADER_FLAG', 'EXTENDED_TYPE', 'LOG_MODE', 'PROCESS_MODE', 'KERNEL_FLAGS'];

function layoutsOfHeader(): Record<string, Record<string, number>> {
  const found: Record<string, Record<string, number>> = {};
  const note = (type: string, field: string, value: string): void => {
    const fields = found[type] ?? {};
    fields[field] = Number(value);
    found[type] = fields;
  };
  for (const [, type = '', bytes = ''] of HEADER.matchAll(/^SIZE_IS\((\w+), (\d+)\);$/gm)) note(type, 'size', bytes);
  for (const [, type = '', field = '', at = ''] of HEADER.matchAll(/^FIELD_IS\((\w+), ([\w.]+), (\d+)\);$/gm))
    note(type, field, at);
  return found;
}

describe('the structures of Windows tracing', () => {
  it('lie as the compiler was asked about', () => {
    const own = Object.entries(structures).filter(([name]) => !FLAGS.includes(name));
    expect(own.length).toBeGreaterThan(8);
    expect(Object.fromEntries(own)).toEqual(layoutsOfHeader());
  });

  it('have the bits that the compiler was asked about, in this order', () => {
    const values = [...HEADER.matchAll(/^VALUE_IS\(\w+, (\w+)\);$/gm)].map(([, value]) => Number(value));
    const { HEADER_FLAG, EXTENDED_TYPE, LOG_MODE, PROCESS_MODE, KERNEL_FLAGS } = structures;
    const own = [HEADER_FLAG, EXTENDED_TYPE, LOG_MODE, PROCESS_MODE, KERNEL_FLAGS].flatMap((flags) =>
      Object.values(flags),
    );
    expect(own).toEqual(values);
  });
});
