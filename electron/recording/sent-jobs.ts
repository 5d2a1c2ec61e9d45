/**
 * Owns what the writing thread was told and has not answered yet: the numbers of the messages, and which segments are
 * pinned for them. An answer to a message that was forgotten means nothing any more.
 */
import type { Segment } from '../session/store/segment.ts';
import type { WriterJob, WriterPort } from './writer-messages.ts';

export interface SentJob {
  readonly job: WriterJob;
  /** What is pinned for it. */
  readonly segment: Segment | null;
}

export class SentJobs {
  private readonly port: Pick<WriterPort, 'post'>;
  /** By number, in the order in which they were sent. */
  private readonly waiting = new Map<number, SentJob>();
  private lastId = 0;
  private wholeSegments = 0;

  constructor(port: Pick<WriterPort, 'post'>) {
    this.port = port;
  }

  /** Messages without an answer. */
  get count(): number {
    return this.waiting.size;
  }

  /** Whole segments that the thread has before it. */
  get segmentsInFlight(): number {
    return this.wholeSegments;
  }

  /** Bytes of the segments that are being written, each counted once. */
  get pinnedBytes(): number {
    return [...new Set(this.pinned())].reduce((bytes, { totalBytes }) => bytes + totalBytes, 0);
  }

  send(job: WriterJob, segment: Segment | null): void {
    const id = ++this.lastId;
    this.waiting.set(id, { job, segment });
    if (job.do === 'segment') this.wholeSegments++;
    this.port.post({ id, job });
  }

  /** What was answered, which then waits no more; undefined if it was forgotten. */
  takeAnswered(id: number): SentJob | undefined {
    const sent = this.waiting.get(id);
    this.waiting.delete(id);
    if (sent?.job.do === 'segment') this.wholeSegments--;
    return sent;
  }

  /** Forgets what was sent of rows that have been cleared, whose pins ended with them. */
  forgetRows(): void {
    for (const [id, { job }] of this.waiting) {
      if (job.do === 'segment' || job.do === 'tail' || job.do === 'gone') this.waiting.delete(id);
    }
    this.wholeSegments = 0;
  }

  /** Forgets everything, and returns the segments that were pinned, each as often as it was. */
  forgetAll(): Segment[] {
    const pinned = this.pinned();
    this.waiting.clear();
    this.wholeSegments = 0;
    return pinned;
  }

  private pinned(): Segment[] {
    return [...this.waiting.values()].flatMap(({ segment }) => (segment === null ? [] : [segment]));
  }
}
