import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecodeState, type DecodeState, decodeChunk } from './decode.ts';
import { RV, recordBytes } from './layout.ts';
import { CpuRun } from './run.ts';

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
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(-8, -16, -120)), { maxLength: 10 }),
        fc.integer({ min: 0, max: 4096 }),
        (lengths, cut) => {
          const whole = emptyRun();
          const total = lay(whole, lengths);
          const chunk = Math.min(total, cut - (cut % 8));
          const expected = lengths.filter((length) => length >= 0).length;
          const decoder = state({ untilPublished: total });

          const first = decodeChunk(whole, 0, chunk, decoder);
          expect(decoder.corrupt).toBe(false);
          expect(first).toBeLessThanOrEqual(chunk);
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
    );
  });

  it('says what was lost before a record, across 2^32 and near 2^64', () => {
    for (const sequence of [5n, 2n ** 32n + 4n, 2n ** 53n + 1n, 2n ** 64n - 2n]) {
      const run = emptyRun();
      lay(run, [8]);
      new DataView(run.bytes.buffer).setBigUint64(24, sequence, true);
      const last = sequence - 4n;
      const decoder = state({ sequenceHi: Number(last >> 32n), sequenceLo: Number(last & 0xffffffffn) });
      expect(decodeChunk(run, 0, 56, decoder)).toBe(56);
      expect(run.lost[0]).toBe(3);
    }
  });

  it('never throws, stays within the chunk, and appends only rows of whole records, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 1024 }),
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 127 }), length: fc.integer({ min: 0, max: 600 }) })),
        fc.integer({ min: 0, max: RING }),
        fc.integer({ min: 0, max: RING }),
        fc.boolean(),
        (bytes, headers, untilWrap, untilPublished, resuming) => {
          const run = emptyRun();
          run.bytes.set(bytes);
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
        },
      ),
      { numRuns: 300 },
    );
  });
});
