import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecodeState, type DecodeState, decodeChunk } from './decode.ts';
import { RV, recordBytes } from './layout.ts';
import { CpuRun } from './run.ts';
import { countCases } from './test-support.ts';

const RING = RV.MIN_RING_BYTES;

function state(overrides: Partial<DecodeState> = {}): DecodeState {
  return { ...createDecodeState(3, RING, false, 0, 0), untilWrap: RING, untilPublished: RING, ...overrides };
}

function emptyRun(): CpuRun {
  const run = new CpuRun(3, 8192);
  run.makeRoom(RING);
  return run;
}

/** Lays records of these lengths out from the start of the run; a negative length is a PAD of that many bytes. */
function lay(run: CpuRun, lengths: readonly number[]): number {
  const view = new DataView(run.bytes.buffer);
  let at = 0;
  let sequence = 0;
  for (const length of lengths) {
    const pad = length < 0;
    view.setUint32(at, pad ? -length - RV.PAD_HEADER_BYTES : length, true);
    view.setUint16(at + 4, 3, true);
    view.setUint8(at + 6, pad ? RV.KIND_PAD : RV.KIND_RECORD);
    if (!pad) {
      sequence++;
      view.setBigUint64(at + 16, BigInt(sequence * 10), true);
      view.setBigUint64(at + 24, BigInt(sequence), true);
    }
    at += pad ? -length : recordBytes(length);
  }
  return at;
}

describe('decodeChunk', () => {
  it('decodes any layout of records, however the chunk cuts it', () => {
    const cases = countCases('cut in a record', 'cut between records', 'pad', 'record', 'full');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(-8, -16, -120)), {
          maxLength: 11,
          size: 'max',
        }),
        fc.integer({ min: 0, max: 4096 }),
        // Behind so many of them, or anywhere: by chance a cut hardly ever lies between two.
        fc.option(fc.nat(10), { freq: 1 }),
        (lengths, cut, behind) => {
          const whole = emptyRun();
          const total = lay(whole, lengths);
          const anywhere = total === 0 ? 0 : (cut % total) - ((cut % total) % 8);
          const chunk = behind === null ? anywhere : lay(emptyRun(), lengths.slice(0, behind));
          const expected = lengths.filter((length) => length >= 0).length;
          cases.note('record', expected);
          cases.note('pad', lengths.length - expected);
          cases.note('full', lengths.length === 11);
          const decoder = state({ untilPublished: total });

          const first = decodeChunk(whole, 0, chunk, decoder);
          expect(decoder.corrupt).toBe(false);
          expect(first).toBeLessThanOrEqual(chunk);
          if (first < chunk) cases.note('cut in a record');
          else cases.note('cut between records', chunk > 0 && chunk < total);
          decoder.untilPublished = total - first;
          decoder.untilWrap = RING - first;
          expect(first + decodeChunk(whole, first, total - first, decoder)).toBe(total);
          expect(decoder.corrupt).toBe(false);
          expect(whole.tail).toBe(expected);
          expect([...whole.key.subarray(0, expected)]).toEqual(
            Array.from({ length: expected }, (_, n) => (n + 1) * 10),
          );
        },
      ),
      { numRuns: 300 },
    );
    cases.expectEach(5);
  });

  it('says what was lost before a record, across 2^32 and near 2^64', () => {
    for (const sequence of [5n, 2n ** 32n + 4n, 2n ** 53n + 1n, 2n ** 64n - 2n]) {
      const run = emptyRun();
      lay(run, [8]);
      new DataView(run.bytes.buffer).setBigUint64(24, sequence, true);
      const last = sequence - 4n;
      const decoder = state({ sequenceHi: Number(last >> 32n), sequenceLo: Number(last & 0xffffffffn) });
      expect(decodeChunk(run, 0, 64, decoder)).toBe(64);
      expect(run.lost[0]).toBe(3);
    }
  });

  /** One header at the start of a run: its length word, kind and sequence; the key is 10. */
  function one(length: number, kind: number, sequence = 1n, cpu = 3): CpuRun {
    const run = emptyRun();
    const view = new DataView(run.bytes.buffer);
    view.setUint32(0, length, true);
    view.setUint32(4, cpu | (kind << 16), true);
    view.setBigUint64(8, 77n, true);
    view.setBigUint64(16, 10n, true);
    view.setBigUint64(24, sequence, true);
    return run;
  }

  const LONGEST = RING / 4 - RV.RECORD_HEADER_BYTES;

  it.each<[string, number, number, Partial<DecodeState>, number, boolean]>([
    ['the longest record', LONGEST, RV.KIND_RECORD, {}, RING / 4, false],
    ['a record one byte longer', LONGEST + 1, RV.KIND_RECORD, {}, 0, true],
    ['a record that ends with the ring', 8, RV.KIND_RECORD, { untilWrap: 64 }, 64, false],
    ['a record beyond the ring’s end', 9, RV.KIND_RECORD, { untilWrap: 64 }, 0, true],
    ['a record that ends with what is published', 8, RV.KIND_RECORD, { untilPublished: 64 }, 64, false],
    ['a record beyond what is published', 9, RV.KIND_RECORD, { untilPublished: 64 }, 0, true],
    ['the longest PAD', RING / 4 - 8, RV.KIND_PAD, {}, RING / 4, false],
    ['a PAD longer than any record', RING / 4, RV.KIND_PAD, {}, 0, true],
    ['the shortest PAD', 0, RV.KIND_PAD, {}, 8, false],
    ['a PAD that ends inside a word', 4, RV.KIND_PAD, {}, 0, true],
    ['a PAD of an odd number of bytes', 17, RV.KIND_PAD, {}, 0, true],
    ['a PAD that ends with the ring', 56, RV.KIND_PAD, { untilWrap: 64 }, 64, false],
    ['a PAD beyond the ring’s end', 64, RV.KIND_PAD, { untilWrap: 64 }, 0, true],
    ['a PAD that ends with what is published', 56, RV.KIND_PAD, { untilPublished: 64 }, 64, false],
    ['a PAD beyond what is published', 64, RV.KIND_PAD, { untilPublished: 64 }, 0, true],
    ['a PAD whose length wraps', 0xfffffff8, RV.KIND_PAD, {}, 0, true],
    ['no kind', 8, 0, {}, 0, true],
    ['an unknown kind', 8, 3, {}, 0, true],
  ])('judges %s', (_what, length, kind, overrides, decoded, corrupt) => {
    const run = one(length, kind);
    const decoder = state(overrides);
    // Of what is right as much as it takes: nothing behind it is to be judged here.
    expect(decodeChunk(run, 0, corrupt ? 2048 : decoded, decoder)).toBe(decoded);
    expect(decoder.corrupt).toBe(corrupt);
    expect(run.tail).toBe(!corrupt && kind === RV.KIND_RECORD ? 1 : 0);
    expect(decoder.records).toBe(run.tail);
  });

  it('judges each by what is published from where it begins', () => {
    for (const [published, records] of [
      [128, 2],
      [120, 1],
    ] as const) {
      const run = emptyRun();
      const decoder = state({ untilPublished: published });
      decodeChunk(run, 0, lay(run, [8, 8]), decoder);
      expect([run.tail, decoder.corrupt]).toEqual([records, records === 1]);
    }
  });

  it('judges a record by its CPU', () => {
    const decoder = state();
    expect(decodeChunk(one(8, RV.KIND_RECORD, 1n, 2), 0, 64, decoder)).toBe(0);
    expect(decoder.corrupt).toBe(true);
  });

  it('waits for the rest of what a chunk cuts off, and for a header of less than a word pair', () => {
    for (const [kind, length] of [
      [RV.KIND_RECORD, 56],
      [RV.KIND_PAD, 8],
      [RV.KIND_RECORD, 0],
    ] as const) {
      const decoder = state();
      expect(decodeChunk(one(8, kind), 0, length, decoder)).toBe(0);
      expect(decoder.corrupt).toBe(false);
    }
  });

  it('goes on at the start of the ring once its end was filled exactly', () => {
    const run = emptyRun();
    const total = lay(run, [8, 8, 8]);
    const decoder = state({ untilWrap: 64 });
    expect(decodeChunk(run, 0, total, decoder)).toBe(total);
    expect([run.tail, decoder.corrupt]).toEqual([3, false]);
    // Nor does a ring go round twice in a chunk: the second end is one as well.
    const again = state({ untilWrap: 64, ringBytes: 64 + 56 });
    expect(decodeChunk(run, 0, total, again)).toBe(128);
    expect(again.corrupt).toBe(true);
  });

  it.each<[bigint, bigint, boolean]>([
    [5n, 5n, true],
    [6n, 5n, false],
    [2n ** 32n, 2n ** 32n, true],
    [2n ** 32n + 1n, 2n ** 32n, false],
    [2n ** 32n, 2n ** 32n - 1n, false],
    [2n ** 32n - 1n, 2n ** 32n, true],
    [2n ** 33n, 2n ** 32n + 9n, false],
  ])('believes number %d where no more than %d can have been given: %s', (sequence, limit, believed) => {
    const run = one(8, RV.KIND_RECORD, sequence);
    const decoder = state({ sequenceLimitHi: Number(limit >> 32n), sequenceLimitLo: Number(limit & 0xffffffffn) });
    decodeChunk(run, 0, 64, decoder);
    expect([run.tail, decoder.corrupt]).toEqual(believed ? [1, false] : [0, true]);
    if (believed) expect(run.lost[0]).toBe(Number(sequence) - 1);
    expect((BigInt(decoder.sequenceHi) << 32n) + BigInt(decoder.sequenceLo)).toBe(believed ? sequence : 0n);
  });

  it('passes over what an earlier reader counted, until the first that is new, and never after', () => {
    const run = emptyRun();
    const total = lay(run, [8, 8, 8]);
    const decoder = state({ sequenceLo: 2, resuming: true });
    expect(decodeChunk(run, 0, total, decoder)).toBe(total);
    expect([run.tail, run.lost[0], decoder.resuming, decoder.records]).toEqual([1, 0, false, 1]);
    for (const resuming of [false, true]) {
      const repeated = emptyRun();
      const bytes = lay(repeated, [8, 8]);
      // The second has the number of the first.
      new DataView(repeated.bytes.buffer).setBigUint64(64 + 24, 1n, true);
      const strict = state({ resuming });
      expect(decodeChunk(repeated, 0, bytes, strict)).toBe(64);
      expect([repeated.tail, strict.corrupt]).toEqual([1, true]);
    }
  });

  it('does not believe a number above the limit only because it resumes', () => {
    const decoder = state({ resuming: true, sequenceLimitHi: 0, sequenceLimitLo: 4 });
    expect(decodeChunk(one(8, RV.KIND_RECORD, 5n), 0, 64, decoder)).toBe(0);
    expect([decoder.corrupt, decoder.resuming]).toEqual([true, true]);
  });

  it('takes a key later than the latest possible for that, and the clock where keys are clocks', () => {
    for (const [limit, key] of [
      [9, 9],
      [10, 10],
      [11, 10],
    ] as const) {
      const run = one(8, RV.KIND_RECORD);
      const decoder = state({ keyLimit: limit });
      decodeChunk(run, 0, 64, decoder);
      expect([run.key[0], decoder.lastKey]).toEqual([key, key]);
    }
    const run = one(8, RV.KIND_RECORD);
    const clocked = { ...createDecodeState(3, RING, true, 0, 7), untilWrap: RING, untilPublished: RING };
    decodeChunk(run, 0, 64, clocked);
    expect(run.key[0]).toBe(70);
    const based = { ...createDecodeState(3, RING, false, 1, 4), untilWrap: RING, untilPublished: RING };
    const far = one(8, RV.KIND_RECORD);
    decodeChunk(far, 0, 64, based);
    expect(far.key[0]).toBe(6 - 2 ** 32);
  });

  it('stops where there is no row left, without calling the next record corrupt', () => {
    const run = emptyRun();
    const total = lay(run, [8, 8]);
    run.tail = run.key.length - 1;
    const decoder = state();
    expect(decodeChunk(run, 0, total, decoder)).toBe(64);
    expect([run.tail, decoder.corrupt]).toEqual([run.key.length, false]);
    expect(decodeChunk(run, 64, 64, decoder)).toBe(0);
  });

  it('never throws, stays within the chunk, and appends only rows of whole records, whatever it is given', () => {
    const cases = countCases('corrupt', 'row', 'row before something corrupt', 'not corrupt');
    const header = fc.record({ at: fc.integer({ min: 0, max: 127 }), length: fc.integer({ min: 0, max: 600 }) });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 1024, size: 'max' }),
        // Whole records in front, some of which the headers spoil: of bytes alone hardly a row would ever come.
        fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 6, size: 'max' }),
        fc.oneof(fc.array(header, { maxLength: 2 }), fc.array(header, { maxLength: 40, size: 'max' })),
        fc.integer({ min: 0, max: RING }),
        fc.integer({ min: 0, max: RING }),
        fc.boolean(),
        (bytes, lengths, headers, untilWrap, untilPublished, resuming) => {
          const run = emptyRun();
          run.bytes.set(bytes);
          lay(run, lengths);
          const view = new DataView(run.bytes.buffer);
          for (const { at, length } of headers) {
            view.setUint32(at * 8, length, true);
            view.setUint32(at * 8 + 4, 3 | ((1 + (length & 1)) << 16), true);
          }
          const length = bytes.length - (bytes.length % 8);
          const before = run.bytes.slice();
          const decoder = state({
            untilWrap: untilWrap - (untilWrap % 8),
            untilPublished: untilPublished - (untilPublished % 8),
            resuming,
          });
          const decoded = decodeChunk(run, 0, length, decoder);
          expect(decoded).toBeGreaterThanOrEqual(0);
          expect(decoded).toBeLessThanOrEqual(Math.min(length, untilPublished));
          expect(decoded % 8).toBe(0);
          for (let row = 0; row < run.tail; row++) {
            const at = (run.offset[row] ?? 0) * 4;
            expect(at + recordBytes(view.getUint32(at, true))).toBeLessThanOrEqual(decoded);
            expect(run.lost[row]).toBeGreaterThanOrEqual(0);
          }
          expect(run.bytes.every((byte, at) => byte === before[at])).toBe(true);
          cases.note(decoder.corrupt ? 'corrupt' : 'not corrupt');
          cases.note('row', run.tail);
          cases.note('row before something corrupt', decoder.corrupt && run.tail > 0);
        },
      ),
      { numRuns: 300 },
    );
    cases.expectEach(20);
  });
});
