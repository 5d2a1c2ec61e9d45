import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../contract/test-support.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap, type PlainRow } from '../test-support.ts';
import { encodeUtf8 } from '../text/text.ts';
import { compileTextQuery } from './match-text.ts';

const message = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom('a', 'b', 'ab', 'A', ' ', '\n', '1'), { maxLength: 8 }).map((p) => p.join('')),
  },
  { weight: 1, arbitrary: fc.constantFrom('', 'é', '€a', 'b\u{1f600}', '\u0130a') },
);
/** Broken UTF-8 as well: beginnings and ends of characters that neighbours could complete. */
const payload = fc.oneof(
  { weight: 8, arbitrary: message.map(encodeUtf8) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xff)).map((b) => Uint8Array.from(b)),
  },
);
const row: fc.Arbitrary<PlainRow> = fc.oneof(
  { weight: 20, arbitrary: payload.map((bytes) => entry(1, '', { payload: bytes })) },
  { weight: 1, arbitrary: fc.constant(gap(1, 0, 1)) },
  { weight: 1, arbitrary: payload.map((bytes) => entry(1, '', { payload: bytes, type: 7 })) },
);
const pattern = fc.oneof(
  fc.constantFrom(
    'ab',
    'a',
    'ba',
    'a.b',
    'a+b',
    '(?:ab|b1)a',
    'a\\s*b',
    '[ab1]{3}',
    'b{2,}',
    '\\d',
    'a?b',
    'a*',
    '(a|b)1',
  ),
  fc.constantFrom(
    '^a',
    'b$',
    '\\bab',
    'a(?!b)',
    '(?<!a)b',
    'a.*b',
    '[^a]b',
    'a\\Sb',
    '(a)\\1',
    '(ab)+',
    '\\u0061',
    '$',
    'é',
  ),
);

/** Words that searches look for among the bytes and in the text, alone, cut, joined, in either case and with their twins. */
const part = fc.constantFrom(
  'timeout',
  'Timeout',
  'time',
  'out',
  'disk',
  'dis\u212a',
  'di\u017fk',
  'DISK',
  'us',
  'u\u017fb',
);
const rest = fc.constantFrom('', ' ', 'error', 'err', '0x1f', '\u0130', 'ÿ', '€', '\n', '\0', 'x'.repeat(12));
const words = fc.array(fc.oneof(part, rest), { maxLength: 5 }).map((parts) => parts.join(''));
const brokenWords = fc
  .tuple(words, fc.uint8Array({ minLength: 1, maxLength: 3 }), words)
  .map(([before, bytes, after]) => Uint8Array.from([...encodeUtf8(before), ...bytes, ...encodeUtf8(after)]));
const wordRow: fc.Arbitrary<PlainRow> = fc.oneof(
  { weight: 12, arbitrary: words.map((text) => entry(1, text)) },
  { weight: 2, arbitrary: brokenWords.map((payload) => entry(1, '', { payload })) },
  { weight: 1, arbitrary: fc.constant(gap(1, 0, 1)) },
  { weight: 1, arbitrary: words.map((text) => entry(1, text, { type: 7 })) },
);

const atom = fc.constantFrom(
  'timeout',
  'Timeout',
  'disk',
  'DISK',
  'usb',
  'us',
  'error',
  '[Dd]isk',
  '[^ ]',
  '[a-f]',
  '.',
  '\\d',
  '\\w',
  '\\x65',
  '\\u{65}',
  '\\.',
  '\u212a',
  '\u017f',
  'ÿ',
  '0x',
);
/** Regular expressions from most of the syntax; what the engine refuses is left out. */
const expression = fc
  .letrec<{ sequence: string; term: string }>((tie) => ({
    term: fc.oneof(
      { maxDepth: 2 },
      atom,
      fc
        .tuple(atom, fc.constantFrom('?', '+', '{2}', '{0,1}', '*?', '??'))
        .map(([a, q]) => (a.length > 1 ? `(?:${a})${q}` : a + q)),
      fc.constantFrom('^', '$', '\\b', '\\B', '.*', '.*?'),
      fc
        .tuple(fc.constantFrom('(', '(?:', '(?=', '(?!', '(?<=', '(?<!', '(?<n>'), tie('sequence'))
        .map(([open, inner]) => `${open}${inner})`),
      fc.tuple(tie('sequence'), tie('sequence')).map(([one, other]) => `(?:${one}|${other})`),
      fc.tuple(tie('sequence'), fc.constantFrom('?', '{0}', '{1}')).map(([inner, q]) => `(${inner})${q}`),
    ),
    sequence: fc.array(tie('term'), { minLength: 1, maxLength: 3 }).map((terms) => terms.join('')),
  }))
  .sequence.filter((text) => {
    // More of these would take an engine that backtracks for ever, on one row as on many.
    if ((text.match(/[*+]/g) ?? []).length > 2 || text.length > 60) return false;
    try {
      return new RegExp(text, 'u') !== null;
    } catch {
      return false;
    }
  });
const literal = fc.oneof(
  part,
  fc.constantFrom(
    'timeouterror',
    'timeout',
    'k',
    's',
    '\0',
    'ÿ',
    '€disk',
    '\u0130',
    '\ufffd',
    '\ud83d',
    'i',
    'xxxxxxxxxxxx',
    'x',
  ),
);

describe('TextMatcher.filter', () => {
  it('keeps the rows that match one by one', () => {
    const cases = countCases('kept');
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 60 }),
        pattern,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('rows' as const, 'reversed' as const),
        fc.constantFrom(64, 4096),
        (rows, text, regex, caseSensitive, order, chunkBytes) => {
          const store = new SessionStore({
            memoryCapBytes: 1 << 30,
            segmentRows: 64,
            chunkBytes,
            segmentBytes: 1 << 20,
          });
          store.append(batchOf(rows, order));
          const compiled = compileTextQuery({ pattern: text, regex, caseSensitive });
          if (!compiled.ok) throw new Error(compiled.failure.message);
          for (const { firstRow, count } of store.held) {
            const segment = store.segmentOf(firstRow);
            if (segment === null) throw new Error('not kept');
            const offsets = Uint32Array.from({ length: count }, (_, at) => at).filter((at) => at % 7 !== 3);
            const wanted = [...offsets].filter((at) => compiled.value.matches(segment, at));
            const found = compiled.value.filter(segment, offsets, offsets.length);
            expect([...offsets.subarray(0, found)]).toEqual(wanted);
            cases.note('kept', found);
          }
        },
      ),
      { numRuns: 400 },
    );
    cases.expectEach(1000);
  });

  it('keeps the same rows for words, their twins outside ASCII, and expressions of all kinds', () => {
    const cases = countCases('kept', 'refused');
    fc.assert(
      fc.property(
        fc.array(wordRow, { maxLength: 24 }),
        fc.oneof(
          expression.map((text) => ({ pattern: text, regex: true })),
          literal.map((text) => ({ pattern: text, regex: false })),
        ),
        fc.boolean(),
        fc.constantFrom('rows' as const, 'reversed' as const),
        fc.constantFrom(64, 8192, 1 << 20),
        fc.constantFrom(3, 1000),
        (rows, searched, caseSensitive, order, chunkBytes, hidden) => {
          const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes });
          store.append(batchOf(rows, order));
          const compiled = compileTextQuery({ ...searched, caseSensitive });
          if (!compiled.ok) throw new Error(compiled.failure.message);
          for (const { firstRow, count } of store.held) {
            const segment = store.segmentOf(firstRow);
            if (segment === null) throw new Error('not kept');
            const offsets = Uint32Array.from({ length: count }, (_, at) => at).filter((at) => at % hidden !== 2);
            const wanted = [...offsets].filter((at) => compiled.value.matches(segment, at));
            cases.note('refused', offsets.length - wanted.length);
            const found = compiled.value.filter(segment, offsets, offsets.length);
            expect([...offsets.subarray(0, found)]).toEqual(wanted);
            cases.note('kept', found);
          }
        },
      ),
      { numRuns: 300 },
    );
    cases.expectEach(200);
  });

  it('finds rows by the thousand, wherever in a run they lie', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(6000),
            fc.constantFrom('timeout', 'usb', 'TIMEOUT x', 'é timeout', 'now 0xc0000000 us', '0xc'),
          ),
          { maxLength: 60 },
        ),
        // The last two end with what is in every row: the window of the search is a shorter one.
        fc.constantFrom('timeout', 'usb', '0xc0000000', 'now 0xc0000000'),
        fc.boolean(),
        (placed, pattern, regex) => {
          const rows = Array.from({ length: 6001 }, (_, at) =>
            entry(at, at % 5 === 0 ? '' : `row ${at} 0x00000000 of tim`),
          );
          for (const [at, text] of placed) rows[at] = entry(at, `${at} ${text}`);
          const store = new SessionStore({ memoryCapBytes: 1 << 30 });
          store.append(batchOf(rows));
          const compiled = compileTextQuery({ pattern, regex, caseSensitive: true });
          if (!compiled.ok) throw new Error(compiled.failure.message);
          const segment = store.segmentOf(0);
          if (segment === null) throw new Error('not kept');
          const offsets = Uint32Array.from(rows.keys());
          const found = compiled.value.filter(segment, offsets, offsets.length);
          const texts = new Map(placed);
          const wanted = [...texts.keys()].filter((at) => texts.get(at)?.includes(pattern)).sort((a, b) => a - b);
          expect([...offsets.subarray(0, found)]).toEqual(wanted);
        },
      ),
      { numRuns: 20 },
    );
  });
});
