/** Sessions made by hand, for tests: a writer without a thread, and rows of every kind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fnv1a } from '../../native/sim/messages.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry, gap, type PlainRow, storedRow } from '../session/test-support.ts';
import type { SessionFacts } from './manifest.ts';
import { openSession } from './opened-session.ts';
import { SessionRecorder, TAIL_MS } from './recorder.ts';
import type { SessionWriterOptions } from './session-writer.ts';
import { WriterHost } from './writer-host.ts';
import type { WriterMessage, WriterPort, WriterReply } from './writer-messages.ts';

/** Segments of a few rows, so that there are many of them. */
export const TINY = { memoryCapBytes: 1 << 20, segmentRows: 16, chunkBytes: 256, segmentBytes: 2048 };

/** A writer in this thread, which works when it is told to: `work` takes messages, `settle` all there are. */
export class DirectWriter implements WriterPort {
  readonly messages: WriterMessage[] = [];
  readonly host: WriterHost;
  /** How often what was written was made safe. */
  syncs = 0;
  /** What a message is answered with instead of being done; null does it. */
  refuse: (message: WriterMessage) => WriterReply | null = () => null;
  private taken = (_: WriterReply): void => {};
  private died = (_: string): void => {};
  private sync = (): void => {};
  /** Whether each message is done as it is sent. */
  eager: boolean;

  constructor(options: SessionWriterOptions, eager = true) {
    this.eager = eager;
    this.host = new WriterHost(options, {
      reply: (reply) => {
        if ('synced' in reply) this.syncs++;
        this.taken(reply);
      },
      now: () => performance.now(),
      after: (_, run) => {
        this.sync = run;
      },
    });
  }

  post(message: WriterMessage): void {
    this.messages.push(message);
    if (this.eager) this.settle();
  }

  work(): boolean {
    const message = this.messages.shift();
    if (message === undefined) return false;
    const refused = this.refuse(message);
    if (refused !== null) this.taken(refused);
    else this.host.take(message);
    return true;
  }

  settle(): void {
    while (this.work()) {}
  }

  /** Makes what was written safe, as happens once a second. */
  syncNow(): void {
    this.sync();
  }

  die(why: string): void {
    this.died(why);
  }

  onReply(take: (reply: WriterReply) => void): void {
    // As from a thread: never while the one that asks is still at it.
    this.taken = (reply) => queueMicrotask(() => take(reply));
  }

  onDeath(died: (why: string) => void): void {
    this.died = died;
  }

  hold(): void {
    this.eager = true;
    this.settle();
  }

  end(): void {}
}

/** A folder that is gone after the test. */
export function newFolder(made: string[]): string {
  const path = mkdtempSync(join(tmpdir(), 'ringview-session-'));
  made.push(path);
  return path;
}

export function removeFolders(made: string[]): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}

/** Rows with something in every column, loss markers among them. */
export function someRows(count: number, from = 0): PlainRow[] {
  return Array.from({ length: count }, (_, at) => {
    const i = from + at;
    if (i % 53 === 7) return { ...gap(i, i % 4, (i % 9) + 1), timeNs: i * 1000 };
    return entry(i, i % 31 === 0 ? '' : `message ${i} für Gerät „${i % 7}“`, {
      ...{ timeNs: i * 1000, cpu: i % 8, level: i % 6, pid: 4 * (i % 3), remarks: i % 11, source: i % 2 },
      ...{ type: i % 17 === 0 ? 5 : 0, flags: i % 13 === 0 ? 64 : 0 },
    });
  });
}

/** Records rows into a folder as a session that was ended, in several files. */
export async function recordedFolder(folder: string, count: number, facts?: () => SessionFacts): Promise<void> {
  const writer = new DirectWriter({ folder, fileBytes: 6000 });
  const recorder = new SessionRecorder(writer, { folder, unixMs: () => 1_700_000_000_000, ...(facts && { facts }) });
  const store = new SessionStore({ ...TINY, archive: recorder.archive });
  recorder.attach(store);
  for (let given = 0; given < count; given += 64) {
    store.append(batchOf(someRows(Math.min(64, count - given), given)));
    recorder.tick(given * TAIL_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const failure = await recorder.finish('stopped');
  if (failure !== null) throw new Error(failure.message);
}

/** Every row a store has, as it gives them. */
export function allRows(store: SessionStore): PlainRow[] {
  return Array.from({ length: store.rowCount }, (_, at) => storedRow(store, store.firstRow + at));
}

const MARK = / @[0-9a-f]{8}\.([0-9a-f]{8}) #([0-9a-f]{8})$/;
const CHECKSUM_BYTES = 10;
const decoder = new TextDecoder();

export interface Judged {
  readonly rows: number;
  readonly lastNs: number;
  /** Attempts of each CPU that the session accounts for, from the first on. */
  readonly attempts: readonly number[];
  readonly damages: readonly string[];
  /** Rows that were on the disk when the manifest was written there. */
  readonly savedRow: number;
}

/**
 * Goes through every row of a session recorded from `simulate --numbered --checksum`; throws at the first that is torn, out of order
 * or unaccounted for.
 */
export function judge(path: string): Judged {
  const opened = openSession(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = new SessionStore({ memoryCapBytes: 1 << 28, archive: opened.value.archive });
  opened.value.fill(store);
  const attempts: number[] = [];
  let lastIndex = -1;
  for (let row = store.firstRow; row < store.endRow; ) {
    const segment = store.segmentOf(row);
    if (segment === null) throw new Error(`row ${row} is not there`);
    for (let at = row - segment.firstRow; at < segment.count; at++) {
      const cpu = segment.cpu[at] as number;
      const before = attempts[cpu] ?? 0;
      if (segment.kind.get(at) !== 0) {
        attempts[cpu] = before + segment.remarks.get(at);
        continue;
      }
      const index = segment.index[at] as number;
      const late = (segment.flags.get(at) & 64) !== 0;
      if (!late && index <= lastIndex) throw new Error(`index ${index} follows ${lastIndex}`);
      if (!late) lastIndex = index;
      const bytes = segment.payload(at).slice();
      const text = decoder.decode(bytes.subarray(-40));
      const mark = MARK.exec(text);
      if (mark === null) throw new Error(`a text without number and checksum: ${text}`);
      if (fnv1a(bytes, 0, bytes.length - CHECKSUM_BYTES) !== Number.parseInt(mark[2] as string, 16))
        throw new Error(`a text whose checksum is wrong: ${text}`);
      const attempt = Number.parseInt(mark[1] as string, 16);
      if (attempt !== before + 1) throw new Error(`attempt ${attempt} of CPU ${cpu} follows ${before}`);
      attempts[cpu] = attempt;
    }
    row = segment.firstRow + segment.count;
  }
  const { lastNs, damages, manifest } = opened.value;
  opened.value.close();
  return { rows: store.rowCount, lastNs, attempts, damages, savedRow: manifest.savedRow };
}

const BEAT_MS = 5;
/** Threads that rows go through on their way to a disk, each of which may be kept waiting. */
const WAITING = 4;

/** Notices how long the machine lets a program wait that wants to run every few milliseconds. */
export class Metronome {
  private longestMs = 0;
  private last = performance.now();
  private writing = false;
  private readonly scratch: string | null;
  private readonly timer = setInterval(() => {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.last - BEAT_MS);
    this.last = now;
    if (this.scratch !== null && !this.writing) void this.write(this.scratch, now);
  }, BEAT_MS);

  /** `folder`: on the disk that is written to, whose stops are noticed too. */
  constructor(folder: string | null = null) {
    this.scratch = folder === null ? null : join(folder, `metronome-${process.pid}`);
  }

  stop(): void {
    clearInterval(this.timer);
    if (this.scratch !== null) rmSync(this.scratch, { force: true });
  }

  private async write(path: string, since: number): Promise<void> {
    this.writing = true;
    await writeFile(path, Buffer.alloc(64 * 1024)).catch(() => {});
    this.writing = false;
    this.longestMs = Math.max(this.longestMs, performance.now() - since);
  }

  /** What may take so long where nobody waits, on this machine as it was. */
  allowed(ms: number): number {
    return ms + WAITING * this.longestMs;
  }
}
