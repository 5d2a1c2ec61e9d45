/**
 * Records a store's rows as a session on disk while they come, from outside of the store: whoever runs the store makes one of
 * these, gives the store its archive, attaches it, calls `tick` as often as it drains, and `finish` at the end.
 *
 *   const recorder = new SessionRecorder(startWriterThread({ folder }), { folder, facts: () => …, … });
 *   const store = new SessionStore({ …, archive: recorder.archive });
 *   recorder.attach(store);
 *   … recorder.tick(nowMs) …                  after each drain; never waits, never throws
 *   await recorder.finish('stopped');         before the store is cleared for the last time
 *
 * Rows are handed to the writing thread where they lie, pinned until it has written them: whole segments as they fill, and
 * several times a second what has come to the newest. What memory has no room for need not be written again: the archive
 * finds it in the session's files. Where the disk is so slow or full that memory runs out before a segment was written, its
 * rows leave memory all the same, since the drain never waits; they keep their numbers, and the session says that and why
 * they are missing.
 */
import type { Failure } from '../../native/core/result.ts';
import type { SegmentArchive } from '../session/store/archive.ts';
import type { Segment } from '../session/store/segment.ts';
import { describeSegment } from '../session/store/shared-segment.ts';
import type { SessionStore } from '../session/store/store.ts';
import { goneLine } from './gone-rows.ts';
import { TAIL_BATCHES } from './layout.ts';
import { formatManifest, NO_FACTS, type SessionManifest } from './manifest.ts';
import { SentNames } from './names-file.ts';
import { RecordedArchive } from './recorded-archive.ts';
import type { RecorderOptions, RecorderStatus } from './recorder-options.ts';
import { SentJobs } from './sent-jobs.ts';
import { threadFailure } from './writer-host.ts';
import type { WriterJob, WriterPort, WriterReply } from './writer-messages.ts';

/** Between two times that the rows of the newest segment are handed over, milliseconds. */
export const TAIL_MS = 250;
const MANIFEST_MS = 1000;
/** After a failed write, milliseconds until it is tried again. */
const RETRY_MS = 1000;
/** Whole segments that the thread has before it at a time: enough that it never waits for the next. */
const MOST_IN_FLIGHT = 4;

const NO_PLACE = { firstRow: 0, endRow: 0 };

export class SessionRecorder {
  readonly archive: SegmentArchive;
  /**
   * Resolves once the writing thread answers, or has died: it takes a moment to start. Whoever can begin to drain after
   * that has rows on disk from the first moment on; nothing is lost otherwise, they wait in memory.
   */
  readonly ready: Promise<void>;
  private readonly own: RecordedArchive;
  private readonly port: WriterPort;
  private readonly options: RecorderOptions;
  private readonly startedUnixMs: number;
  private store: SessionStore | null = null;
  private detach = (): void => {};
  private epoch = 0;
  private nowMs = 0;

  private readonly sent: SentJobs;
  private names: SentNames;
  /** Rows below are sent as whole segments, and their number in files. */
  private sentRow = 0;
  private savedRow = 0;
  /** Rows of the newest segment that the tail was sent, how many batches that made, and whether one is under way. */
  private tailRow = 0;
  private tailBatches = 0;
  private tailSaved = 0;
  private tailInFlight = false;
  private tailDueMs = 0;
  private manifestDueMs = 0;
  private manifest = '';
  private retryMs = 0;
  private goneRows = 0;
  private bytes = 0;
  private failure: Failure | null = null;
  private longestSyncMs = 0;
  private dead = false;
  private finished: Promise<Failure | null> | null = null;
  private wake = (): void => {};

  constructor(port: WriterPort, options: RecorderOptions) {
    this.port = port;
    this.sent = new SentJobs(port);
    this.options = options;
    this.startedUnixMs = options.unixMs();
    this.own = new RecordedArchive(options.folder, {
      letGo: (segment) => this.letGo(segment),
    });
    this.archive = this.own;
    port.onReply((reply) => this.take(reply));
    port.onDeath((why) => this.died(why));
    this.names = new SentNames(options.eventNames);
    this.sendManifest(true);
    this.ready = this.answered();
  }

  /** Begins to record the rows of a store that has none yet and whose archive is this recorder's. */
  attach(store: SessionStore): void {
    this.store = store;
    this.detach = store.observe({
      rowsDropped: (oldestRow) => this.dropped(oldestRow),
      cleared: () => this.cleared(),
    });
  }

  get status(): RecorderStatus {
    const { goneRows, bytes, failure, longestSyncMs } = this;
    const savedRows = Math.max(this.savedRow, this.tailSaved);
    const waitingRows = Math.max(0, (this.store?.endRow ?? 0) - savedRows);
    return { folder: this.options.folder, savedRows, waitingRows, goneRows, bytes, failure, longestSyncMs };
  }

  /** Hands over what is due. `nowMs`: monotonic. To be called at least some times a second, and after rows were added. */
  tick(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.store === null || this.dead || this.finished !== null) return;
    if (nowMs >= this.retryMs) this.sendSegments(this.store, false);
    if (nowMs >= this.retryMs && nowMs >= this.tailDueMs) this.sendTail(this.store);
    if (nowMs >= this.manifestDueMs) this.sendManifest(false);
  }

  /** To be called when there is another source: what is known beside the rows is written before its rows are. */
  sourcesChanged(): void {
    if (!this.dead && this.finished === null) this.sendManifest(true);
  }

  /** Begins anew with each clear that the recording outlives: what names rows by their numbers is of one epoch. */
  get rowsEpoch(): number {
    return this.epoch;
  }

  /** Keeps a text beside the rows under the name of a part, within a second and whatever ends the program. */
  keepPart(name: string, text: string): void {
    if (!this.dead && this.finished === null) this.sent.send({ do: 'part', name, text }, null);
  }

  /**
   * Writes what is left and ends the session. Once this has returned, the store is not recorded any more and may be
   * cleared: every row that is not written yet has been handed over, and lies where it is until it is. Resolves once all
   * of it is safe, with what failed if not all could be written: the rest is as safe as it was.
   */
  finish(how: Exclude<SessionManifest['ended'], null>): Promise<Failure | null> {
    this.finished ??= this.end(how);
    return this.finished;
  }

  private async end(how: Exclude<SessionManifest['ended'], null>): Promise<Failure | null> {
    const { store } = this;
    this.port.hold();
    this.detach();
    if (!this.dead) this.failure = null;
    if (store !== null && !this.dead) this.sendSegments(store, true);
    // Taken now: if the store is cleared, the counts begin at zero again.
    const facts = this.options.facts?.() ?? NO_FACTS;
    const place = store === null ? NO_PLACE : { firstRow: store.firstRow, endRow: store.endRow };
    this.reserve(store);
    const failure = await this.allAnswered(() => this.reserve(store));
    if (!this.dead) {
      this.failure = null;
      this.sent.send({ do: 'finish', manifest: this.describe(how, facts, place) }, null);
      await this.allAnswered(() => {});
    }
    store?.reserve(this, 0);
    this.port.end();
    this.own.close();
    return failure ?? this.failure;
  }

  /** Resolves once nothing waits for an answer, with the first failure there was. */
  private async allAnswered(each: () => void): Promise<Failure | null> {
    let failure: Failure | null = this.failure;
    while (this.sent.count > 0 && !this.dead) {
      await this.answered();
      failure ??= this.failure;
      each();
    }
    return failure ?? this.failure;
  }

  /** What is being written takes memory also once the store has forgotten it: it counts against the store's cap. */
  private reserve(store: SessionStore | null): void {
    store?.reserve(this, this.sent.pinnedBytes);
  }

  private answered(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /** Sends segments that get no more rows; at the end, the newest too. */
  private sendSegments(store: SessionStore, all: boolean): void {
    // At the end all are sent at once: nothing comes after them that would have to wait.
    while ((all || this.sent.segmentsInFlight < MOST_IN_FLIGHT) && this.sentRow < store.endRow) {
      const hole = this.own.goneAt(this.sentRow);
      if (hole !== null) {
        this.sent.send({ do: 'gone', line: hole }, null);
        this.sentRow += hole.rows;
        continue;
      }
      const segment = store.segmentOf(this.sentRow);
      if (segment === null || segment.firstRow !== this.sentRow)
        throw new Error(`row ${this.sentRow} begins no segment`);
      const end = segment.firstRow + segment.count;
      if (end === store.endRow && !all) return;
      this.sendWhole(segment);
    }
  }

  private sendWhole(segment: Segment): void {
    this.sendRows('segment', segment, 0);
    this.own.sending(segment);
    this.sentRow = segment.firstRow + segment.count;
    // Segments that fill before a tail of them is due are written once: the next one may fill as fast.
    if (this.tailRow <= segment.firstRow) this.tailDueMs = this.nowMs + TAIL_MS;
  }

  /** Sends what has come to the newest segment, once all before it is sent. */
  private sendTail(store: SessionStore): void {
    if (this.tailInFlight || this.sentRow >= store.endRow || this.sent.segmentsInFlight >= MOST_IN_FLIGHT) return;
    if (this.own.goneAt(this.sentRow) !== null) return;
    const segment = store.segmentOf(this.sentRow);
    if (segment === null || segment.firstRow + segment.count !== store.endRow) return;
    const anew = this.tailRow <= this.sentRow || this.tailBatches >= TAIL_BATCHES;
    const from = anew ? 0 : this.tailRow - this.sentRow;
    if (from >= segment.count) return;
    this.sendRows('tail', segment, from);
    this.tailBatches = anew ? 1 : this.tailBatches + 1;
    this.tailRow = store.endRow;
    this.tailInFlight = true;
    this.tailDueMs = this.nowMs + TAIL_MS;
  }

  private sendRows(what: 'segment' | 'tail', segment: Segment, from: number): void {
    this.sendNames();
    this.store?.pin(segment);
    const rows = { shared: describeSegment(segment), row: segment.firstRow, from, to: segment.count };
    this.sent.send({ do: what, rows }, segment);
  }

  /** Rows have numbers of events: what they are called is written before them. */
  private sendNames(): void {
    for (let more = this.names.take(); more !== null; more = this.names.take())
      this.sent.send({ do: 'events', ...more }, null);
  }

  private sendManifest(now: boolean): void {
    this.manifestDueMs = this.nowMs + MANIFEST_MS;
    const text = this.describe(null);
    // If nothing but the time of writing has changed, it need not be written again.
    const plain = text.replace(/"writtenUnixMs": \d+/, '');
    if (plain === this.manifest) return;
    this.manifest = plain;
    this.sent.send({ do: 'manifest', text, now }, null);
  }

  private describe(
    ended: SessionManifest['ended'],
    facts = this.options.facts?.() ?? NO_FACTS,
    { firstRow, endRow }: typeof NO_PLACE = this.store ?? NO_PLACE,
  ): string {
    return formatManifest({
      ...facts,
      epoch: this.epoch,
      startedUnixMs: this.startedUnixMs,
      writtenUnixMs: this.options.unixMs(),
      ended,
      firstRow,
      endRow,
      savedRow: Math.max(this.savedRow, this.tailSaved),
      rowsGone: this.goneRows,
    });
  }

  private take(reply: WriterReply): void {
    if ('synced' in reply) {
      this.longestSyncMs = Math.max(this.longestSyncMs, reply.ms);
      if (reply.failure !== null) this.trouble(reply.failure);
      return;
    }
    const sent = this.sent.takeAnswered(reply.id);
    if (sent === undefined) return;
    if (sent.segment !== null) this.store?.unpin(sent.segment);
    this.bytes = reply.bytes;
    this.settle(sent.job, reply);
    this.wake();
  }

  private settle(job: WriterJob, { failure, batch }: Exclude<WriterReply, { synced: true }>): void {
    if (job.do === 'segment') {
      const end = job.rows.row + job.rows.to;
      if (batch !== null) {
        this.own.written(job.rows.row, batch);
        this.savedRow = Math.max(this.savedRow, end);
      } else {
        this.goneRows += this.own.failed(job.rows.row, failure?.message ?? 'it was not written');
        this.goBackTo(job.rows.row);
      }
    } else if (job.do === 'gone') {
      if (failure === null) this.savedRow = Math.max(this.savedRow, job.line.row + job.line.rows);
      else this.goBackTo(job.line.row);
    } else if (job.do === 'tail') {
      this.tailInFlight = false;
      if (failure === null) this.tailSaved = job.rows.row + job.rows.to;
      else this.tailRow = 0;
    } else if (job.do === 'manifest' && failure !== null) this.manifest = '';
    else if (job.do === 'events' && failure !== null) this.names.goBackTo(job.from);
    if (failure === null) this.goesOn(job);
    else if (failure.code !== 'cancelled') this.trouble(failure);
  }

  /** Sends the rows from `row` on again, except those that were dropped meanwhile. */
  private goBackTo(row: number): void {
    this.sentRow = Math.max(Math.min(this.sentRow, row), this.store?.firstRow ?? 0);
  }

  private trouble(failure: Failure): void {
    this.retryMs = this.nowMs + RETRY_MS;
    const known = this.failure?.code === failure.code;
    this.failure = failure;
    if (!known) this.options.onTrouble?.(failure);
  }

  /** Rows were written: whatever was wrong is over. */
  private goesOn(job: WriterJob): void {
    if (this.failure === null || this.dead || (job.do !== 'segment' && job.do !== 'tail')) return;
    this.failure = null;
    this.options.onTrouble?.(null);
  }

  /** A segment leaves memory before it was sent. It is sent now if the thread has room for it; otherwise it is lost. */
  private letGo(segment: Segment): void {
    const next = segment.firstRow === this.sentRow && this.sent.segmentsInFlight < MOST_IN_FLIGHT;
    if (next && this.finished === null && !this.dead && this.nowMs >= this.retryMs) {
      this.sendWhole(segment);
      return;
    }
    this.goneRows += segment.count;
    const why = this.failure?.message ?? 'the disk was slower than the rows came, and memory was full';
    this.own.gone(goneLine(segment, why));
    if (this.failure === null) {
      this.failure = {
        code: 'overloaded',
        message: `Rows could not be kept: ${why}`,
        action: 'Give the history more memory, record less, or choose a faster disk',
      };
      this.options.onTrouble?.(this.failure);
    }
  }

  private dropped(oldestRow: number): void {
    if (this.finished !== null || this.dead) return;
    this.own.dropped(oldestRow);
    this.sentRow = Math.max(this.sentRow, oldestRow);
    this.sent.send({ do: 'drop', oldestRow }, null);
  }

  private cleared(): void {
    if (this.finished !== null || this.dead) return;
    this.epoch++;
    this.sent.forgetRows();
    this.sentRow = 0;
    this.savedRow = 0;
    this.tailRow = 0;
    this.tailSaved = 0;
    this.tailInFlight = false;
    this.goneRows = 0;
    this.own.reset();
    this.names = new SentNames(this.options.eventNames);
    this.sent.send({ do: 'clear', epoch: this.epoch, manifest: this.describe(null) }, null);
  }

  private died(why: string): void {
    this.dead = true;
    for (const segment of this.sent.forgetAll()) this.store?.unpin(segment);
    this.trouble(threadFailure(this.options.folder, why));
    this.wake();
  }
}
