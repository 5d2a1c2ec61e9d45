import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextQuery } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import type { Segment } from '../store/segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap, type PlainRow } from '../test-support.ts';
import { decodeUtf8, payloadPreview } from '../text/text.ts';
import { compileTextQuery } from './match-text.ts';

function query(pattern: string, more: Partial<TextQuery> = {}): TextQuery {
  return { pattern, regex: false, caseSensitive: false, ...more };
}

function matches(rows: readonly PlainRow[], asked: TextQuery): boolean[] {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 256, chunkBytes: 4096 });
  store.append(batchOf(rows));
  const matcher = compileTextQuery(asked);
  if (!matcher.ok) throw new Error(matcher.failure.message);
  return rows.map((_, at) => matcher.value.matches(store.segmentOf(at) as Segment, at));
}

const foldAscii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', ' ', 'é', 'É', '\u212a', '😀'), maxLength: 30 });
const needle = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', ' ', 'é'), minLength: 1, maxLength: 4 });

describe('text search', () => {
  it('agrees with a search in strings', () => {
    const cases = countCases('hit', 'miss', 'hit of another case', 'hit beyond ASCII');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 20 }), needle, fc.boolean(), (texts, pattern, caseSensitive) => {
        const ascii = !/[^ -~]/.test(pattern);
        const fold = caseSensitive ? (t: string) => t : ascii ? foldAscii : (t: string) => t.toLowerCase();
        const expected = texts.map((text) => fold(text).includes(fold(pattern)));
        const rows = texts.map((text, i) => entry(i, text));
        expect(matches(rows, query(pattern, { caseSensitive }))).toEqual(expected);
        const hits = texts.filter((_, at) => expected[at]);
        cases.note('hit', hits.length);
        cases.note('miss', texts.length - hits.length);
        cases.note('hit of another case', hits.filter((text) => !text.includes(pattern)).length);
        cases.note('hit beyond ASCII', ascii ? 0 : hits.length);
      }),
      { numRuns: 150 },
    );
    cases.expectEach(10);
  });

  it('finds ASCII in broken UTF-8, and the replacement character it is shown with', () => {
    const rows = [entry(0, '', { payload: Uint8Array.of(0xff, 0x69, 0x72, 0x70, 0xc3) }), entry(1, 'plain')];
    expect(matches(rows, query('IRP'))).toEqual([true, false]);
    expect(matches(rows, query('\ufffd'))).toEqual([true, false]);
  });

  it('matches regular expressions', () => {
    const rows = [entry(0, 'IRP 0xff'), entry(1, 'irp none')];
    expect(matches(rows, query('^irp 0x[0-9a-f]+$', { regex: true }))).toEqual([true, false]);
    expect(matches(rows, query('^irp', { regex: true, caseSensitive: true }))).toEqual([false, true]);
  });

  it('looks at other payload types as they are shown, and never at gaps', () => {
    const rows = [entry(0, '', { type: 7, payload: Uint8Array.of(0xde, 0xad) }), gap(1, 0, 5)];
    expect(matches(rows, query('DEAD'))).toEqual([true, false]);
    expect(matches(rows, query('lost'))).toEqual([false, false]);
    expect(matches(rows, query('.*', { regex: true }))).toEqual([true, false]);
  });

  it('says what is wrong with a pattern in the words of the engine', () => {
    const failed = compileTextQuery(query('(', { regex: true }));
    expect(failed).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
    expect(failed.ok ? '' : failed.failure.message).toMatch(/Unterminated group/);
    expect(compileTextQuery(query(''))).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
  });
});

describe('payloadPreview', () => {
  it('is a prefix of the text, cut between characters', () => {
    const cases = countCases('cut', 'whole', 'cut before a surrogate pair');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 20 }), (bytes, text) => {
        for (const payload of [bytes, entry(0, text).payload]) {
          const whole = decodeUtf8(payload);
          const shown = payloadPreview(0, payload, 8);
          expect(whole.startsWith(shown.text)).toBe(true);
          expect(shown.cut).toBe(whole.length > shown.text.length);
          expect(shown.text.length).toBeGreaterThanOrEqual(Math.min(7, whole.length));
          expect(shown.text.length).toBeLessThanOrEqual(8);
          expect(/[\ud800-\udbff]$/.test(shown.text)).toBe(false);
          cases.note(shown.cut ? 'cut' : 'whole');
          cases.note('cut before a surrogate pair', shown.cut && shown.text.length === 7);
        }
      }),
    );
    cases.expectEach(2);
    expect(payloadPreview(3, Uint8Array.of(1, 2, 3, 4), 8)).toEqual({ text: '0x010203', cut: true });
    expect(payloadPreview(3, Uint8Array.of(1, 2, 3), 8)).toEqual({ text: '0x010203', cut: false });
  });
});
