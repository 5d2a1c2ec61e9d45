/**
 * The TypeScript twin of driver/include/ringview/write.h: batches of records by which a program logs through the driver. The
 * header is the authority; write-batch.test.ts holds every literal equal.
 */
import { fail, ok, type Result } from './result.ts';

export const WRITE = {
  /** RV_IOCTL_WRITE: CTL_CODE(FILE_DEVICE_UNKNOWN, 0x840, METHOD_BUFFERED, FILE_WRITE_DATA). */
  IOCTL: ((0x22 << 16) | (2 << 14) | (0x840 << 2)) >>> 0,
  DEVICE: 'RingViewLog',
  VERSION: 1,
  /** Bytes of the longest batch. */
  BYTES: 65536,
  /** Types from here on are RingView's own. */
  TYPES: 65280,
  HEADER_BYTES: 8,
  RECORD_BYTES: 16,
  ANSWER_BYTES: 24,
} as const;

export interface ProgramRecord {
  /** 0..255; Level of entry.ts. */
  readonly level: number;
  /** 0 is UTF-8 text; below WRITE.TYPES. */
  readonly type: number;
  /** Any number of the program's, 32 bits. */
  readonly remarks: number;
  readonly data: Uint8Array;
}

/** What became of a batch: the four add up to the records sent. */
export interface WriteAnswer {
  readonly written: number;
  readonly lost: number;
  readonly refused: number;
  readonly masked: number;
}

/** A batch that is filled, sent and filled again. */
export class WriteBatch {
  private readonly bytes = new Uint8Array(WRITE.BYTES);
  private readonly view = new DataView(this.bytes.buffer);
  private used: number = WRITE.HEADER_BYTES;
  /** Records in it. */
  count = 0;

  /** False if it has no room for the record, which then is to be added to the next one. */
  add({ level, type, remarks, data }: ProgramRecord): boolean {
    const end = this.used + WRITE.RECORD_BYTES + ((data.length + 7) & ~7);
    if (end > WRITE.BYTES) return false;
    const { view, used } = this;
    view.setUint32(used, data.length, true);
    view.setUint16(used + 4, type, true);
    view.setUint8(used + 6, level);
    view.setUint8(used + 7, 0);
    view.setUint32(used + 8, remarks, true);
    view.setUint32(used + 12, 0, true);
    this.bytes.set(data, used + WRITE.RECORD_BYTES);
    this.bytes.fill(0, used + WRITE.RECORD_BYTES + data.length, end);
    this.used = end;
    this.count++;
    return true;
  }

  /** What is to be sent; valid until something is added. */
  get whole(): Uint8Array {
    this.view.setUint32(0, WRITE.VERSION, true);
    this.view.setUint32(4, this.count, true);
    return this.bytes.subarray(0, this.used);
  }

  clear(): void {
    this.used = WRITE.HEADER_BYTES;
    this.count = 0;
  }
}

/** Data bytes of the longest record that a batch can hold. */
export const LONGEST_DATA = WRITE.BYTES - WRITE.HEADER_BYTES - WRITE.RECORD_BYTES;

/** Failure: bad-layout for an answer that is too short. */
export function parseAnswer(answer: Uint8Array): Result<WriteAnswer> {
  if (answer.length < WRITE.ANSWER_BYTES) {
    return fail('bad-layout', `The driver answered ${answer.length} bytes`, 'Use the driver of this version');
  }
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  const [written = 0, lost = 0, refused = 0, masked = 0] = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  return ok({ written, lost, refused, masked });
}
