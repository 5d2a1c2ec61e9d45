/**
 * What a file's source shares with the thread that reads it ahead: a few batches that go round between the two, and how
 * far each of them is. The thread fills one after the other and waits while all are full, so that it is never further
 * ahead than that; the source takes them in the same order. Pure; both sides use it.
 */
import { type ColumnName, columnArray } from '../../core/columns.ts';
import { batchOver, type EntryBatch } from '../../core/entry.ts';
import type { Failure } from '../../core/result.ts';
import type { Reading } from './record-reader.ts';

/** Enough that neither side waits for the other where a busy machine lets them run in turns; some 25 MB together. */
const SLOTS = 16;
const SLOT_ROWS = 8192;
/** More than the longest message. */
const SLOT_BYTES = 1 << 20;

export const AheadState = {
  Starting: 0,
  Reading: 1,
  /** All that was read is in the batches, or was taken. */
  Done: 2,
} as const;

/** Places of the words of `control`. */
const STATE = 0;
/** Batches filled, and batches taken, since the begin; instead of those taken, STOPPED once the thread is to end. */
const FILLED = 1;
const TAKEN = 2;
const WORDS = 3;
const STOPPED = -1;

/** What the thread is to read. */
export interface AheadJob {
  readonly path: string;
  /** Tells the file from another that has got its name since. */
  readonly file: { readonly dev: number; readonly ino: number };
  readonly reading: Reading;
  /** When the file was last written, milliseconds since 1970 UTC. */
  readonly modifiedMs: number;
  readonly shiftNs: number;
}

/** What the thread tells beside rows, before the rows that it belongs to. */
export interface AheadNews {
  /** Names of processes that are new, or others than before. */
  readonly names: readonly (readonly [pid: number, name: string])[];
  /** Places that are broken, those that are new, and how many there are. */
  readonly broken: { readonly count: number; readonly places: readonly { line?: number; problem: string }[] };
  /** The file could not be read to its end. */
  readonly failure?: Failure;
  /** The thread itself cannot go on, a sentence; the file may be all right. */
  readonly trouble?: string;
}

/** Handed to the thread. */
export interface AheadLink {
  readonly control: Int32Array;
  readonly batches: readonly EntryBatch[];
  /** Rows and payload bytes of each batch. */
  readonly sizes: Int32Array;
  /** Bytes of the file that were read when each batch was handed over. */
  readonly places: Float64Array;
}

export function createAheadLink(): AheadLink {
  return {
    control: new Int32Array(new SharedArrayBuffer(WORDS * 4)),
    batches: Array.from({ length: SLOTS }, sharedBatch),
    sizes: new Int32Array(new SharedArrayBuffer(SLOTS * 8)),
    places: new Float64Array(new SharedArrayBuffer(SLOTS * 8)),
  };
}

function sharedBatch(): EntryBatch {
  const words = () => new Uint32Array(new SharedArrayBuffer(SLOT_ROWS * 4));
  const places = { dataStart: words(), dataLength: words(), bytes: new Uint8Array(new SharedArrayBuffer(SLOT_BYTES)) };
  return batchOver(SLOT_ROWS, (name: ColumnName) => columnArray(name, SLOT_ROWS, true), places);
}

/** Thrown in the thread where it is to end. */
export class Stopped extends Error {}

/** The thread's side. */
export class AheadFiller {
  private readonly link: AheadLink;
  private filled = 0;

  constructor(link: AheadLink) {
    this.link = link;
    setState(link, AheadState.Reading);
  }

  /** The next batch to fill; waits until the source has taken what was in it. Throws Stopped. */
  next(): EntryBatch {
    const { control, batches } = this.link;
    for (;;) {
      const taken = this.lookForStop();
      if (this.filled - taken < SLOTS) break;
      Atomics.wait(control, TAKEN, taken);
    }
    const batch = batches[this.filled % SLOTS] as EntryBatch;
    batch.count = 0;
    batch.bytesUsed = 0;
    return batch;
  }

  /** Hands over the batch that `next` returned last; `done`: bytes of the file read so far. */
  handOver({ count, bytesUsed }: EntryBatch, done: number): void {
    const { control, sizes, places } = this.link;
    const slot = this.filled % SLOTS;
    sizes[slot * 2] = count;
    sizes[slot * 2 + 1] = bytesUsed;
    places[slot] = done;
    this.filled++;
    Atomics.store(control, FILLED, this.filled);
    Atomics.notify(control, FILLED);
  }

  /** Throws Stopped if the thread is to end, and returns how many batches were taken otherwise. */
  lookForStop(): number {
    const taken = Atomics.load(this.link.control, TAKEN);
    if (taken === STOPPED) throw new Stopped();
    return taken;
  }

  /** Nothing more will come. Waits until the source needs the thread no more, for what it was told would go with it. */
  end(): void {
    const { control } = this.link;
    setState(this.link, AheadState.Done);
    for (;;) {
      const taken = Atomics.load(control, TAKEN);
      if (taken === STOPPED) return;
      Atomics.wait(control, TAKEN, taken);
    }
  }
}

function setState({ control }: AheadLink, state: number): void {
  Atomics.store(control, STATE, state);
  Atomics.notify(control, FILLED);
}

/** The source's side. */
export class AheadTaker {
  private readonly link: AheadLink;
  private taken = 0;

  constructor(link: AheadLink) {
    this.link = link;
  }

  /** The oldest batch that waits, and how far the file was read then; null if none does. Valid until `release`. */
  take(): { readonly batch: EntryBatch; readonly done: number } | null {
    const { control, batches, sizes, places } = this.link;
    if (Atomics.load(control, FILLED) === this.taken) return null;
    const slot = this.taken % SLOTS;
    const batch = batches[slot] as EntryBatch;
    // Whoever names sources relies on finding none.
    batch.source.fill(0);
    batch.count = sizes[slot * 2] as number;
    batch.bytesUsed = sizes[slot * 2 + 1] as number;
    return { batch, done: places[slot] as number };
  }

  /** Gives the batch back that `take` returned. */
  release(): void {
    const { control } = this.link;
    this.taken++;
    Atomics.store(control, TAKEN, this.taken);
    Atomics.notify(control, TAKEN);
  }

  /** Whether everything was handed over. What waits may still be taken. */
  get done(): boolean {
    return Atomics.load(this.link.control, STATE) === AheadState.Done;
  }

  /** Waits until a batch is there or nothing more will come, for so many milliseconds at most. */
  wait(ms: number): void {
    const { control } = this.link;
    if (this.done) return;
    try {
      Atomics.wait(control, FILLED, this.taken, ms);
    } catch {
      // A thread that must not wait asks again later.
    }
  }

  /** The thread is to end as soon as it can, and hands nothing over any more. */
  stop(): void {
    const { control } = this.link;
    Atomics.store(control, TAKEN, STOPPED);
    Atomics.notify(control, TAKEN);
  }
}
