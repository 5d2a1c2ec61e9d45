/**
 * A scanning thread's side: takes pieces, looks at them a few rows at a time, and says before each step where it is. An
 * expression that never returns is noticed by whoever reads that; this side cannot notice it.
 */

import type { Segment } from '../store/segment.ts';
import { openSegment, type SharedSegment } from '../store/shared-segment.ts';
import { setSchemas } from '../text/schemas.ts';
import { type CompiledQuery, compileQuery, type PieceTold, type ScanQuery } from './scanner.ts';

/** Words a thread shares with its pool: changes with every step, the task under way or 0, and the row it is at. */
export const Progress = { Beat: 0, Task: 1, Offset: 2, Words: 3 } as const;

/** Words before the offsets in a task's own buffer: not 0 once it is given up, and how many offsets are final. */
export const Slot = { Cancelled: 0, Found: 1, Words: 2 } as const;

export interface ScanRequest {
  readonly id: number;
  /** Queries and segments keep their numbers, so that a thread prepares each only once. */
  readonly queryId: number;
  readonly query: ScanQuery;
  readonly segmentId: number;
  /** Null if the thread has it. */
  readonly segment: SharedSegment | null;
  readonly from: number;
  readonly to: number;
  /** Offsets to look at, which lie in the slot; -1 for all from `from` to `to`. */
  readonly count: number;
  readonly slot: SharedArrayBuffer;
  /** Rows a step. 1 tells exactly which row a scan is at. */
  readonly step: number;
  /** Time of the row before the segment, where it matters. */
  readonly beforeNs?: number;
}

/** What a pool sends to a thread. */
export type ScanMessage =
  | { readonly scan: ScanRequest }
  | { readonly forget: readonly number[] }
  /** Texts of the schemas that a person added, before the first scan to which they matter. */
  | { readonly schemas: readonly string[] };

export interface ScanReply extends PieceTold {
  readonly id: number;
  /** The row, and what the engine said of it. */
  readonly error: { readonly offset: number; readonly text: string } | null;
  /** How long the piece took, milliseconds. */
  readonly ms: number;
}

/** Compiled queries kept: the filter, a search, its count, an export, and what they replaced. */
const QUERIES = 8;

export class ScanThread {
  private readonly progress: Int32Array;
  private readonly reply: (reply: ScanReply) => void;
  private readonly now: () => number;
  private readonly segments = new Map<number, Segment>();
  private readonly queries = new Map<number, CompiledQuery>();

  /** `now`: milliseconds of any clock that never goes back. */
  constructor(progress: Int32Array, reply: (reply: ScanReply) => void, now: () => number) {
    this.progress = progress;
    this.reply = reply;
    this.now = now;
  }

  take(message: ScanMessage): void {
    if ('forget' in message) {
      for (const id of message.forget) this.segments.delete(id);
      return;
    }
    if ('schemas' in message) {
      setSchemas(message.schemas);
      this.queries.clear();
      return;
    }
    const { scan } = message;
    const { progress, now } = this;
    const start = now();
    Atomics.store(progress, Progress.Offset, scan.from);
    Atomics.add(progress, Progress.Beat, 1);
    Atomics.store(progress, Progress.Task, scan.id);
    let error: ScanReply['error'] = null;
    let told: PieceTold | undefined;
    try {
      told = this.run(scan);
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      error = { offset: Atomics.load(progress, Progress.Offset), text };
    }
    Atomics.store(progress, Progress.Task, 0);
    this.reply({ id: scan.id, error, ms: now() - start, ...told });
  }

  private run(scan: ScanRequest): PieceTold | undefined {
    const { progress } = this;
    const { from, to, count, step, beforeNs } = scan;
    const state = new Int32Array(scan.slot, 0, Slot.Words);
    const rows = new Uint32Array(scan.slot, Slot.Words * 4);
    if (scan.segment !== null) this.segments.set(scan.segmentId, openSegment(scan.segment));
    const segment = this.segments.get(scan.segmentId);
    if (segment === undefined) throw new Error('the segment was never described');
    const query = this.queryOf(scan);
    // What an earlier piece that was given up has left.
    query.told?.();
    const all = count < 0;
    const end = all ? to : count;
    let found = 0;
    for (let at = all ? from : 0; at < end; at += step) {
      if (Atomics.load(state, Slot.Cancelled) !== 0) return undefined;
      const until = Math.min(at + step, end);
      Atomics.store(progress, Progress.Offset, all ? at : (rows[at] as number));
      Atomics.add(progress, Progress.Beat, 1);
      if (all) {
        found += query.all(segment, at, until, rows.subarray(found), beforeNs);
      } else {
        // Found ones never reach beyond those looked at, so they can lie in the same place.
        const kept = query.among(segment, rows.subarray(at, until), until - at, beforeNs);
        rows.copyWithin(found, at, at + kept);
        found += kept;
      }
      Atomics.store(state, Slot.Found, found);
    }
    return query.told?.();
  }

  private queryOf({ queryId, query }: ScanRequest): CompiledQuery {
    const known = this.queries.get(queryId);
    if (known !== undefined) return known;
    const compiled = compileQuery(query);
    if (!compiled.ok) throw new Error(compiled.failure.message);
    if (this.queries.size >= QUERIES) this.queries.delete(this.queries.keys().next().value as number);
    this.queries.set(queryId, compiled.value);
    return compiled.value;
  }
}
