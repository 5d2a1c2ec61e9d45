/**
 * Logging from a program through ringview.sys, as any user: records are gathered into batches, and the kernel stamps each with
 * this process and thread. What became of them is counted; nothing is lost without a count.
 */
import { fail, ok, type Result } from '../core/result.ts';
import {
  LONGEST_DATA,
  type ProgramRecord,
  parseAnswer,
  WRITE,
  type WriteAnswer,
  WriteBatch,
} from '../core/write-batch.ts';
import { type Device, isOpenError, openDevice, request, WRITE_ONLY } from './device.ts';
import { ERROR } from './errors.ts';
import { systemError } from './library.ts';

export class ProgramLog {
  private readonly device: Device;
  private readonly batch = new WriteBatch();
  /** What became of all records that were sent. */
  readonly counts = { written: 0, lost: 0, refused: 0, masked: 0 };

  constructor(device: Device) {
    this.device = device;
  }

  /**
   * Adds a record, and sends those before it once a batch is full. Failures: bad-argument for one that is too long or of a
   * type of RingView's own, and those of `flush`.
   */
  add(record: ProgramRecord): Result<void> {
    if (record.data.length > LONGEST_DATA) {
      const what = `A record of ${record.data.length} bytes is too long`;
      return fail('bad-argument', what, `Send at most ${LONGEST_DATA} bytes`);
    }
    if (record.type >= WRITE.TYPES) {
      return fail('bad-argument', `Type ${record.type} is RingView's own`, `Use a type below ${WRITE.TYPES}`);
    }
    if (this.batch.add(record)) return ok(undefined);
    const flushed = this.flush();
    if (!flushed.ok) return flushed;
    this.batch.add(record);
    return ok(undefined);
  }

  /** Sends what is there. Failures: source-gone, io-error; then the records of this batch are not logged. */
  flush(): Result<void> {
    if (this.batch.count === 0) return ok(undefined);
    const reply = request(this.device, 'take records', WRITE.IOCTL, this.batch.whole, WRITE.ANSWER_BYTES);
    this.batch.clear();
    if (!reply.ok) return reply;
    const answer = parseAnswer(reply.value);
    if (!answer.ok) return answer;
    for (const name of Object.keys(this.counts) as (keyof WriteAnswer)[]) this.counts[name] += answer.value[name];
    return ok(undefined);
  }

  /** What was not flushed is not sent. */
  close(): void {
    this.device.close();
  }
}

/** Failures: source-unsupported, source-not-found (not loaded, or a driver before this), permission-denied, io-error. */
export function openProgramLog(): Result<ProgramLog> {
  const opened = openDevice(WRITE.DEVICE, WRITE_ONLY);
  if (!opened.ok) return opened;
  if (!isOpenError(opened.value)) return ok(new ProgramLog(opened.value));
  const { error } = opened.value;
  const system = systemError(error);
  if (error === ERROR.ACCESS_DENIED) {
    return fail('permission-denied', 'This user may not log through the driver', 'Log on as another user', system);
  }
  if (error === ERROR.FILE_NOT_FOUND || error === ERROR.PATH_NOT_FOUND) {
    const what = 'No RingView driver is loaded that programs can log through';
    return fail('source-not-found', what, 'Start it as administrator: ringview driver start', system);
  }
  if (error === ERROR.NOT_ENOUGH_QUOTA || error === ERROR.NO_SYSTEM_RESOURCES) {
    const whose = error === ERROR.NOT_ENOUGH_QUOTA ? 'of this user ' : '';
    const what = `So many processes ${whose}log through the driver that no more may`;
    return fail('source-busy', what, 'End some of them', system);
  }
  return fail('io-error', 'The device for programs cannot be opened', 'Run: ringview doctor', system);
}
