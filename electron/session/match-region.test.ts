import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTextQuery } from './match-text.ts';
import { SessionStore } from './store.ts';
import { batchOf, entry, gap, type PlainRow } from './test-support.ts';
import { encodeUtf8 } from './text.ts';

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

describe('TextMatcher.filter', () => {
  it('keeps the rows that match one by one', () => {
    let kept = 0;
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
            kept += found;
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(kept).toBeGreaterThan(1000);
  });
});
