/** Reads rows of a recording where they lie, into buffers that are used again: for one that is written and one that was opened. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { SpareBuffers } from '../files/spare-buffers.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { Segment } from '../session/store/segment.ts';
import { type BatchPlace, DamagedBatch, memoryBytesOf, readBatch } from './batch-reader.ts';
import type { ColumnPlan } from './columns.ts';

export class BatchLoads {
  private readonly plan: ColumnPlan;
  private readonly spares = new SpareBuffers();

  constructor(plan: ColumnPlan) {
    this.plan = plan;
  }

  /**
   * `find` opens the file, and says where in it the rows lie. Failures, which begin with `message`: what the system said;
   * io-error for what is damaged.
   */
  load(find: () => { readonly descriptor: number; readonly place: BatchPlace }, message: string): Result<Segment> {
    try {
      const { descriptor, place } = find();
      return ok(readBatch(descriptor, place, this.spares.take(memoryBytesOf(place)), this.plan));
    } catch (error) {
      if (!(error instanceof DamagedBatch)) return { ok: false, failure: failureOfSystemError(error, message) };
      return fail('io-error', `${message}: ${error.message}`, 'The rest of the session can be read');
    }
  }

  giveBack(segment: Segment): void {
    this.spares.giveBack(segment);
  }

  get spareBytes(): number {
    return this.spares.bytes;
  }

  clear(): void {
    this.spares.clear();
  }
}
