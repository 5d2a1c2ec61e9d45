import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FilterSpec, SHOW_ALL, type TextQuery } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import type { Segment } from '../store/segment.ts';
import { entry, gap, type PlainRow, segmentOf } from '../test-support.ts';
import { compileFilter, type Filter } from './filter.ts';
import { narrows } from './narrows.ts';

/** Letters that some searches take for others: the signs of Kelvin and of the long s, an I with a dot, umlauts, a broken byte. */
const LETTERS = ['k', 'K', '\u212a', 's', '\u017f', 'i', '\u0130', 'o', '\u00f6', '\u00d6', '\ufffd', '.', ' '];
const word = fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 3 }).map((letters) => letters.join(''));

const query: fc.Arbitrary<TextQuery> = fc.record({
  pattern: word,
  regex: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  caseSensitive: fc.boolean(),
});

/** One that is likely to be narrower: as somebody goes on typing, or hides more. */
const pairOfSpecs: fc.Arbitrary<readonly [FilterSpec, FilterSpec]> = fc
  .record({
    text: fc.option(query),
    more: fc.option(word),
    first: fc.boolean(),
    sensitive: fc.option(fc.boolean()),
    hidden: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
    alsoHidden: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
    levels: fc.uniqueArray(fc.nat(4), { maxLength: 2 }),
    terms: fc.option(fc.constantFrom('cpu:1', 'ko', '-k', 'level>=warning or pid:1', 'delta>1ns')),
    context: fc.option(fc.nat(2)),
  })
  .map(({ text, more, first, sensitive, hidden, alsoHidden, levels, terms, context }) => {
    const wide: FilterSpec = { ...SHOW_ALL, hiddenCpus: hidden, hiddenLevels: levels, text };
    const pattern = first ? `${more ?? ''}${text?.pattern ?? 'k'}` : `${text?.pattern ?? 'k'}${more ?? ''}`;
    const caseSensitive = sensitive ?? text?.caseSensitive ?? false;
    const spec: FilterSpec = {
      ...wide,
      hiddenCpus: [...new Set([...hidden, ...alsoHidden])],
      text: { pattern, regex: false, caseSensitive },
      ...(terms === null ? {} : { terms: { text: terms, caseSensitive: false } }),
      ...(context === null ? {} : { context }),
    };
    return [spec, wide];
  });

const anyRow: fc.Arbitrary<PlainRow> = fc
  .record({
    lost: fc.nat(6),
    cpu: fc.nat(3),
    level: fc.nat(5),
    pid: fc.nat(2),
    words: fc.array(word, { maxLength: 4 }),
  })
  .map(({ lost, cpu, level, pid, words }) =>
    lost === 0 ? gap(1, cpu, 3) : entry(1, words.join(''), { cpu, level, pid }),
  );

function compiled(spec: FilterSpec): Filter {
  const filter = compileFilter(spec);
  if (!filter.ok) throw new Error(filter.failure.message);
  return filter.value;
}

function shown(filter: Filter, segment: Segment): Set<number> {
  const out = new Uint32Array(segment.count);
  return new Set(out.subarray(0, filter.scan(segment, 0, segment.count, out, 0)));
}

const text = (pattern: string, caseSensitive = false): TextQuery => ({ pattern, regex: false, caseSensitive });

describe('a filter narrows another one', () => {
  it.each<[string, Partial<FilterSpec>, Partial<FilterSpec>, boolean]>([
    ['that goes on', { text: text('irp_mj_read') }, { text: text('irp_mj_rea') }, true],
    ['that begins earlier', { text: text('xirp') }, { text: text('irp') }, true],
    ['that is shorter', { text: text('irp') }, { text: text('irp_') }, false],
    ['an expression', { text: { ...text('irp.'), regex: true } }, { text: { ...text('irp'), regex: true } }, false],
    [
      'the same expression, and more hidden',
      { hiddenCpus: [1], text: { ...text('a+'), regex: true } },
      { text: { ...text('a+'), regex: true } },
      true,
    ],
    ['with the case', { text: text('irp', true) }, { text: text('irp') }, true],
    ['without the case', { text: text('irp') }, { text: text('irp', true) }, false],
    ['a text where there was none', { text: text('irp') }, { hiddenLevels: [3] }, false],
    ['a text beside what was hidden', { hiddenLevels: [3], text: text('irp') }, { hiddenLevels: [3] }, true],
    ['with less hidden', { hiddenCpus: [1] }, { hiddenCpus: [1, 2] }, false],
    [
      'terms beside what was hidden',
      { hiddenCpus: [1], terms: { text: 'pid:4', caseSensitive: false } },
      { hiddenCpus: [1] },
      true,
    ],
    [
      'other terms',
      { terms: { text: 'pid:4 x', caseSensitive: false } },
      { terms: { text: 'pid:4', caseSensitive: false } },
      false,
    ],
    ['another time', { time: { fromNs: 1, toNs: 2 } }, {}, false],
    ['within another view', { within: SHOW_ALL, text: text('ab') }, { text: text('a') }, false],
    ['a letter that stands for more beside it', { text: text('k\u00f6') }, { text: text('k') }, false],
  ])('%s', (_, spec, wide, expected) => {
    expect(narrows({ ...SHOW_ALL, ...spec }, { ...SHOW_ALL, ...wide })).toBe(expected);
  });

  it('only if it shows no row that the other does not', () => {
    const cases = countCases('narrows', 'does not');
    fc.assert(
      fc.property(pairOfSpecs, fc.array(anyRow, { minLength: 1, maxLength: 40 }), ([spec, wide], rows) => {
        const is = narrows(spec, wide);
        cases.note(is ? 'narrows' : 'does not');
        if (!is) return;
        const segment = segmentOf(rows);
        const [some, all] = [shown(compiled(spec), segment), shown(compiled(wide), segment)];
        for (const row of some) expect(all).toContain(row);
      }),
      { numRuns: 500 },
    );
    cases.expectEach(50);
  });
});

it('a filter keeps of some rows those that it finds among all', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        pairOfSpecs.map(([spec]) => spec),
        pairOfSpecs.map(([spec, wide]) => ({ ...spec, within: wide })),
      ),
      fc.array(anyRow, { minLength: 1, maxLength: 60 }),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (spec, rows, chosen) => {
        const filter = compiled(spec);
        const segment = segmentOf(rows);
        const offsets = Uint32Array.from([...rows.keys()].filter((at) => chosen[at]));
        const all = shown(filter, segment);
        const expected = [...offsets].filter((offset) => all.has(offset));
        expect([...offsets.subarray(0, filter.keep(segment, offsets, offsets.length, 0))]).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});
