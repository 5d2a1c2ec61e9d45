/** Filters with names: kept together with those of other instances, written to a file and read from one. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ColourRule } from '../contract/colour-rules.ts';
import type { NamedFilter } from '../contract/named-filters.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import { FilterSets } from './filter-sets.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-filters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const named = (name: string, pattern = name): NamedFilter => ({
  name,
  filter: { ...SHOW_ALL, text: { pattern, regex: false, caseSensitive: false } },
});

const red = (text: string): ColourRule => ({ of: 'rows', text, caseSensitive: false, colour: 'red', on: true });

/** `choose`: what the person answers to the questions for a file; `first`: what is kept at the beginning. */
function sets(choose: () => string | null | Promise<string | null>, first: readonly NamedFilter[] = []) {
  let kept = first;
  const colours: ColourRule[] = [red('error')];
  const questions: string[] = [];
  const ask = (what: string) => async () => {
    questions.push(what);
    return choose();
  };
  const filters = new FilterSets({
    load: () => kept,
    keep: (change) => {
      kept = change(kept);
    },
    highlights: () => colours,
    addHighlights: (more) => colours.push(...more),
    askForTarget: ask('target'),
    askForFile: ask('file'),
  });
  return { filters, questions, colours, kept: () => kept.map(({ name }) => name).sort() };
}

describe('named filters', () => {
  it('are written to the file that the person chose, and read from one', async () => {
    const path = join(folder, 'filters.json');
    const two = [named('a'), named('b')];
    expect(await sets(() => path, two).filters.export()).toEqual({ ok: true, value: { path, count: 2 } });
    expect(readFileSync(path, 'utf8')).toContain('"b"');

    const { filters, kept, colours } = sets(() => path, [named('c'), named('a', 'old')]);
    const read = await filters.import();
    expect(read).toMatchObject({ ok: true, value: { count: 2, highlights: 1 } });
    expect(colours).toEqual([red('error'), red('error')]);
    expect(kept()).toEqual(['a', 'b', 'c']);
    expect(filters.all.find(({ name }) => name === 'a')).toEqual(named('a'));
  });

  it('are neither written nor read where the question is dismissed', async () => {
    const { filters, questions } = sets(() => null, [named('a')]);
    expect(await filters.export()).toEqual({ ok: true, value: null });
    expect(await filters.import()).toEqual({ ok: true, value: null });
    expect(questions).toEqual(['target', 'file']);
  });

  it('are asked about once at a time, and again when that was answered', async () => {
    let answer = (_: string | null) => {};
    const waiting = new Promise<string | null>((resolve) => {
      answer = resolve;
    });
    const { filters } = sets(() => waiting);
    const first = filters.export();
    expect(await filters.import()).toMatchObject({ ok: false, failure: { code: 'overloaded' } });
    answer(null);
    expect(await first).toEqual({ ok: true, value: null });
    expect(await filters.export()).toEqual({ ok: true, value: null });
  });

  it('say what is in the way of their file, and change nothing', async () => {
    const place = join(folder, 'a folder');
    mkdirSync(place);
    const { filters, kept } = sets(() => place, [named('a')]);
    expect(await filters.export()).toMatchObject({ ok: false, failure: { message: expect.stringContaining(place) } });
    expect(await filters.import()).toMatchObject({ ok: false, failure: { message: expect.stringContaining(place) } });
    const other = join(folder, 'no-filters.json');
    writeFileSync(other, '{"something": "else"}');
    expect(await sets(() => other, [named('a')]).filters.import()).toMatchObject({ ok: false });
    writeFileSync(other, JSON.stringify({ ringview: 'filters', filters: [], highlights: [red('a'), red('cpu:x')] }));
    const broken = sets(() => other);
    expect(await broken.filters.import()).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('highlight 2: ') },
    });
    expect(broken.colours).toHaveLength(1);
    writeFileSync(other, JSON.stringify({ ringview: 'filters', version: 1, filters: [named('old')] }));
    expect(await sets(() => other).filters.import()).toMatchObject({ ok: true, value: { count: 1, highlights: 0 } });
    expect(kept()).toEqual(['a']);
  });

  it('get another name, unless another has it or they are gone', () => {
    const { filters, kept } = sets(() => null, [named('a'), named('b')]);
    expect(filters.rename('a', 'b')).toMatchObject({ ok: false });
    expect(filters.rename('x', 'y')).toMatchObject({ ok: false });
    expect(kept()).toEqual(['a', 'b']);
    expect(filters.rename('a', 'a')).toMatchObject({ ok: true });
    expect(filters.rename('a', 'c')).toMatchObject({ ok: true });
    expect(kept()).toEqual(['b', 'c']);
    expect(filters.delete('b')).toMatchObject({ ok: true });
    expect(kept()).toEqual(['c']);
  });
});
