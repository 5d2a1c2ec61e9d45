/** What is shown, found, marked and copied is one thing: held against each other for any text and any query. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHOW_ALL, type TextQuery } from '../../contract/rows.ts';
import { shownField, shownText } from '../../contract/shown-text.ts';
import { countCases } from '../../contract/test-support.ts';
import { matchExpression, splitMatches } from '../../contract/text-matches.ts';
import { createFormatter, formatBatch } from '../output/line-formats.ts';
import { createExportRow } from '../output/output-row.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads } from '../test-support.ts';
import { FindSearch } from '../view/find.ts';
import { FindHits } from '../view/find-hits.ts';
import { LogView } from '../view/view.ts';
import { compileTextQuery } from './match-text.ts';

/** Letters with their case variants and twins, what is shown as something else, the stand-ins, and pieces of syntax. */
const unit = fc.constantFrom(
  ...[
    'a',
    'A',
    'k',
    'K',
    '\u212a',
    's',
    '\u017f',
    '\u00e9',
    '\u00c9',
    '\u03c3',
    '\u03c2',
    '\u03a3',
    '\u0130',
    '\u0131',
  ],
  ...['\u00df', '\u1e9e', '\u4e2d', '\ud83d\ude00', 'e\u0301', ' ', '.', '-', '[', ']', '\\', '*', '$', '^', '/'],
  ...['\t', '\r', '\n', '\0', '\u001b', '\u007f', '\u0085', '\u009b', '\u2028', '\u202e', '\u200f', '\u061c', '\u2066'],
  ...['\u200b', '\u00ad', '\ufeff', '\u{e0041}', '\ufffd', '\u240a', '\u240d', '\u2409', '\u2424', '\u2426', '\u2421'],
);
const text = fc.string({ unit, minLength: 0, maxLength: 12, size: 'max' });
const plain = fc
  .string({ unit, minLength: 1, maxLength: 3, size: 'max' })
  .map((pattern) => ({ pattern, regex: false }));
const expression = fc
  .oneof(
    fc.constantFrom(
      'k+',
      's|\u240a',
      '[\u2400-\u241f]',
      '[^\u240d]$',
      'a.k',
      '\u2426+',
      '^\u240a*a',
      '[a\u240d-]',
      '\\s',
    ),
    fc.constantFrom(
      '[^\u2426\ufffd]k',
      '(?<!\u240d)\u240a',
      '[\u4e2d\u2424]',
      '\\u{240a}',
      '[-\u240a]',
      'a-\u2426',
      '\u00c9',
    ),
  )
  .map((pattern) => ({ pattern, regex: true }));

function storeOf(texts: readonly string[]): SessionStore {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 4096 });
  store.append(batchOf(texts.map((each, at) => entry(at, each))));
  return store;
}

/** Rows the filter shows, by number. */
function filtered(store: SessionStore, query: TextQuery): number[] {
  const compiled = compileTextQuery(query);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  const segment = store.segmentOf(0);
  if (segment === null) return [];
  const offsets = Uint32Array.from({ length: store.rowCount }, (_, at) => at);
  return [...offsets.subarray(0, compiled.value.filter(segment, offsets, offsets.length))];
}

/** Rows a search comes to, one after the other until it goes round. */
async function found(store: SessionStore, query: TextQuery): Promise<number[]> {
  const threads = new FakeThreads(1);
  const view = new LogView(store, threads.pool);
  const hits: number[] = [];
  for (let from = 0; from < view.end; ) {
    const { generation } = view;
    const search = new FindSearch(view, threads.pool, { generation, query, from, direction: 'next' });
    threads.settle();
    const result = await search.result;
    if (!result.ok) throw new Error(result.failure.message);
    if (result.value === null || result.value.wrapped) break;
    hits.push(result.value.position);
    from = result.value.position + 1;
  }
  const counted = new FindHits(view, threads.pool, query, () => {});
  counted.advance();
  threads.settle();
  expect(counted.count).toBe(hits.length);
  return hits;
}

/** Rows in which something is marked, a place where nothing is matched included. */
function marked(texts: readonly string[], query: TextQuery): number[] {
  const pattern = matchExpression(query);
  if (pattern === null) throw new Error('does not compile');
  return [...texts.keys()].filter((at) => {
    const message = texts[at] as string;
    if (splitMatches(message, pattern).some(({ match }) => match)) return true;
    pattern.lastIndex = 0;
    return pattern.exec(message)?.[0] === '';
  });
}

describe('what is shown', () => {
  it('is what filter, search and marks find, whatever the text and the query', async () => {
    const cases = countCases('hits', 'misses');
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 12, size: 'max' }),
        fc.oneof(plain, expression),
        fc.boolean(),
        async (texts, searched, caseSensitive) => {
          const query = { ...searched, caseSensitive };
          const store = storeOf(texts);
          const rows = filtered(store, query);
          cases.note('hits', rows.length);
          cases.note('misses', texts.length - rows.length);
          expect(marked(texts, query)).toEqual(rows);
          expect(await found(store, query)).toEqual(rows);
          expect(filtered(store, { ...query }).length).toBe(rows.length);
        },
      ),
      { numRuns: 1000 },
    );
    cases.expectEach(500);
  });

  it('is found again when it is copied from the table, and marked just there', () => {
    const cases = countCases('stand-ins');
    fc.assert(
      fc.property(
        text,
        fc.nat(11),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        (message, from, length, caseSensitive) => {
          const units = [...shownText(message)];
          const copied = units.slice(from % Math.max(1, units.length)).slice(0, length);
          const pattern = copied.join('');
          if (pattern === '') return;
          if (
            pattern !==
            [...message]
              .slice(from % units.length)
              .slice(0, length)
              .join('')
          )
            cases.note('stand-ins');
          const query = { pattern, regex: false, caseSensitive };
          expect(filtered(storeOf([message]), query)).toEqual([0]);
          const marks = splitMatches(message, matchExpression(query)).filter(({ match }) => match);
          expect(marks.length).toBeGreaterThan(0);
          if (caseSensitive) for (const mark of marks) expect(shownField(mark.text)).toBe(shownField(pattern));
        },
      ),
      { numRuns: 2000 },
    );
    cases.expectEach(200);
  });

  it('is one line of a text export, which finds its row again; csv and jsonl have the message itself', () => {
    const message = 'ab\rcd\n\u202ered\u001b[0m\tend\n';
    const write = (format: 'text' | 'csv' | 'jsonl') =>
      formatBatch(createFormatter(format), batchOf([entry(1, message)]), 0, 1, createExportRow());
    const line = write('text');
    expect(line.indexOf('\n')).toBe(line.length - 1);
    const copied = line.slice(line.indexOf('ab'), -1);
    expect(copied).toBe('ab\u240dcd\u240a\u2426red\u241b[0m\tend\u240a');
    expect(filtered(storeOf([message, 'other']), { pattern: copied, regex: false, caseSensitive: true })).toEqual([0]);
    expect(write('csv')).toContain(`"${message}"`);
    expect(JSON.parse(write('jsonl')).message).toBe(message);
  });

  it('takes a letter for its other case alone: a k never for the Kelvin sign', () => {
    const texts = ['k', 'K', '\u212a', '\u03c3', '\u03c2', '\u03a3', 's', '\u017f', '\u00e9', '\u00c9'];
    const store = storeOf(texts);
    const cases = (pattern: string) => {
      const query = { pattern, regex: false, caseSensitive: false };
      const rows = filtered(store, query).map((at) => texts[at]);
      expect(marked(texts, query).map((at) => texts[at])).toEqual(rows);
      return rows;
    };
    expect(cases('k')).toEqual(['k', 'K']);
    expect(cases('S')).toEqual(['s']);
    expect(cases('\u212a')).toEqual(['\u212a']);
    expect(cases('\u03c2')).toEqual(['\u03c3', '\u03c2', '\u03a3']);
    expect(cases('\u00c9')).toEqual(['\u00e9', '\u00c9']);
  });

  it('finds a tab as a tab, and a character by the sign it is shown with', () => {
    const store = storeOf(['a\tb', 'a  b', 'ab\rcd', 'a\u2409b']);
    const rows = (pattern: string, regex = false) => filtered(store, { pattern, regex, caseSensitive: true });
    expect(rows('\t')).toEqual([0]);
    expect(rows('  ')).toEqual([1]);
    expect(rows('\u2409')).toEqual([0, 3]);
    expect(rows('b\u240dc')).toEqual([2]);
    expect(rows('b\u240d?c', true)).toEqual([2]);
    expect(rows('b\\rc', true)).toEqual([2]);
    expect(rows('b[^\u240d]c', true)).toEqual([]);
  });

  it('hides rows of a filter just as it is searched', () => {
    const store = storeOf(['one\ntwo', 'three']);
    const threads = new FakeThreads(1);
    const view = new LogView(store, threads.pool);
    view.setFilter({ ...SHOW_ALL, text: { pattern: 'one\u240atwo', regex: false, caseSensitive: false } });
    view.advance({ spent: () => false });
    threads.settle();
    view.advance({ spent: () => false });
    expect([view.first, view.end]).toEqual([0, 1]);
  });
});
