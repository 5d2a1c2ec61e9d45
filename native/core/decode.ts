/**
 * Turns bytes copied out of a ring into rows of a run. Every length, kind and CPU is checked before it is used,
 * because the bytes may come from a faulty producer or from hostile code: those may end the decoding of a chunk, but
 * must not do any other harm.
 */
import { maxRecordBytes, RV } from './layout.ts';
import type { CpuRun } from './run.ts';
import { TWO_32 } from './u64.ts';

const WORD_TIMESTAMP = 2;
const WORD_INDEX = 4;

/**
 * What decoding needs to know of its ring; one object is reused for every chunk. Positions are byte counts relative to
 * the start of the chunk.
 */
export interface DecodeState {
  readonly cpu: number;
  /** Bytes of a record's header, which its version says. */
  readonly headerBytes: number;
  /** Longest data a record of this ring may have. */
  readonly maxLength: number;
  readonly ringBytes: number;
  /** True if the merge key is the clock, false if it is the index. */
  readonly byClock: boolean;
  /** The value that keys are relative to. */
  readonly keyBaseHi: number;
  readonly keyBaseLo: number;
  /** From the start of the chunk to the end of the ring's data. */
  untilWrap: number;
  /** From the start of the chunk to the published position. */
  untilPublished: number;
  /**
   * The highest key a record may have. A higher key is replaced by this one, so that a single wrong record cannot hold
   * up the merge for ever.
   */
  keyLimit: number;
  /** The highest sequence a record may have. */
  sequenceLimitHi: number;
  sequenceLimitLo: number;
  /** The last sequence that was accounted for. */
  sequenceHi: number;
  sequenceLo: number;
  /**
   * True until the first new record after attaching. Records that an earlier reader already counted are skipped until
   * then.
   */
  resuming: boolean;
  /** Key of the last record decoded; -Infinity before the first. */
  lastKey: number;
  /** Records decoded from this chunk. */
  records: number;
  /** True if this chunk held something that is not a record. The ring must be resynchronised. */
  corrupt: boolean;
}

export function createDecodeState(
  cpu: number,
  ringBytes: number,
  byClock: boolean,
  keyBaseHi: number,
  keyBaseLo: number,
  headerBytes: number = RV.RECORD_HEADER_BYTES,
): DecodeState {
  return {
    cpu,
    headerBytes,
    maxLength: maxRecordBytes(ringBytes) - headerBytes,
    ringBytes,
    byClock,
    keyBaseHi,
    keyBaseLo,
    untilWrap: 0,
    untilPublished: 0,
    keyLimit: Number.POSITIVE_INFINITY,
    sequenceLimitHi: 0xffffffff,
    sequenceLimitLo: 0xffffffff,
    sequenceHi: 0,
    sequenceLo: 0,
    resuming: false,
    lastKey: Number.NEGATIVE_INFINITY,
    records: 0,
    corrupt: false,
  };
}

/**
 * Appends the whole records among the `length` bytes at `start` of the run's arena to its rows. Returns the bytes
 * decoded, at most `length`; a record cut off by the end of the chunk is left for the next copy. `state.corrupt` says
 * that the bytes after those returned are not a record.
 */
export function decodeChunk(run: CpuRun, start: number, length: number, state: DecodeState): number {
  const { words, key, offset, lost } = run;
  const { cpu, headerBytes, ringBytes, maxLength, keyBaseHi, keyBaseLo, keyLimit, sequenceLimitHi, sequenceLimitLo } =
    state;
  const keyWord = state.byClock ? WORD_TIMESTAMP : WORD_INDEX;
  let { untilWrap, untilPublished, sequenceHi, sequenceLo, lastKey, resuming } = state;
  let row = run.tail;
  let left = length;
  let word = start >>> 2;
  let corrupt = false;
  let records = 0;

  while (left >= 8 && row < key.length) {
    const dataLength = words[word] as number;
    const tag = words[word + 1] as number;
    if ((tag & 0xffff) !== cpu) {
      corrupt = true;
      break;
    }
    const kind = (tag >>> 16) & 0xff;
    let total: number;
    if (kind === RV.KIND_RECORD) {
      if (dataLength > maxLength) {
        corrupt = true;
        break;
      }
      total = (headerBytes + dataLength + 7) & ~7;
      if (total > untilWrap || total > untilPublished) {
        corrupt = true;
        break;
      }
      if (total > left) break;
      const hi = words[word + 7] as number;
      const lo = words[word + 6] as number;
      const step = (hi - sequenceHi) * TWO_32 + (lo - sequenceLo);
      if (step > 0 && (sequenceLimitHi - hi) * TWO_32 + (sequenceLimitLo - lo) >= 0) {
        const rowKey =
          ((words[word + keyWord + 1] as number) - keyBaseHi) * TWO_32 +
          ((words[word + keyWord] as number) - keyBaseLo);
        lastKey = rowKey > keyLimit ? keyLimit : rowKey;
        key[row] = lastKey;
        offset[row] = word;
        lost[row] = step - 1;
        row++;
        records++;
        sequenceHi = hi;
        sequenceLo = lo;
        resuming = false;
      } else if (!(resuming && step <= 0)) {
        corrupt = true;
        break;
      }
    } else if (kind === RV.KIND_PAD) {
      total = RV.PAD_HEADER_BYTES + dataLength;
      // A PAD record fills the end of the ring where a record did not fit, or stands for one that was never finished.
      // In both cases it is no longer than a record may be.
      if (total % RV.ALIGN !== 0 || total > untilWrap || total > untilPublished || total > maxLength + headerBytes) {
        corrupt = true;
        break;
      }
      if (total > left) break;
    } else {
      corrupt = true;
      break;
    }
    word += total >>> 2;
    left -= total;
    untilPublished -= total;
    untilWrap -= total;
    if (untilWrap === 0) untilWrap = ringBytes;
  }

  run.tail = row;
  state.sequenceHi = sequenceHi;
  state.sequenceLo = sequenceLo;
  state.lastKey = lastKey;
  state.resuming = resuming;
  state.records = records;
  state.corrupt = corrupt;
  return length - left;
}
