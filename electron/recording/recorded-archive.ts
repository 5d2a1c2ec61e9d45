/**
 * The store's archive over a session that is being recorded: a segment that leaves memory is in the session's files
 * already, or on its way there, or was not written and is gone. Nothing is ever written here.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { ArchiveHandle, SegmentArchive } from '../session/store/archive.ts';
import { Segment } from '../session/store/segment.ts';
import type { GoneLine } from './batch-line.ts';
import { BatchLoads } from './batch-loads.ts';
import { type BatchPlace, memoryBytesOf } from './batch-reader.ts';
import { FILE_COLUMNS, planColumns } from './columns.ts';
import { copySegment } from './copy-segment.ts';
import { goneLine } from './gone-rows.ts';
import { parseRowsFileName } from './layout.ts';
import { OpenFiles } from './open-files.ts';
import type { WrittenBatch } from './writer-messages.ts';

/** A segment of the session, by its first row. */
interface Recorded extends ArchiveHandle {
  readonly row: number;
  readonly rows: number;
  memoryBytes: number;
  state:
    | { readonly is: 'sending'; readonly segment: Segment }
    | { readonly is: 'written'; readonly file: string; readonly place: BatchPlace }
    | { readonly is: 'gone'; readonly line: GoneLine };
  /** It has left the store's memory. */
  away: boolean;
}

export interface ArchiveDependencies {
  /** Called when a segment leaves memory that was never sent. It has to be sent now, or reported by `gone`. */
  readonly letGo: (segment: Segment) => void;
}

function ownPlan(): NonNullable<ReturnType<typeof planColumns>> {
  const plan = planColumns(FILE_COLUMNS);
  if (plan === null) throw new Error('the columns of this program make no file');
  return plan;
}
const PLAN = ownPlan();

export class RecordedArchive implements SegmentArchive {
  readonly place: string;
  private readonly dependencies: ArchiveDependencies;
  private readonly segments = new Map<number, Recorded>();
  private readonly open: OpenFiles<number>;
  private readonly loads = new BatchLoads(PLAN);
  private awayBytes = 0;

  constructor(folder: string, dependencies: ArchiveDependencies) {
    this.place = folder;
    this.dependencies = dependencies;
    this.open = new OpenFiles((name) => openSync(join(folder, name), 'r'), closeSync);
  }

  /**
   * Bytes of what lies on disk alone. What is in memory is on disk as well, but a store that keeps a number of bytes must
   * not count it twice; and what it drops must count no more at once, not when the thread has got to it.
   */
  get bytes(): number {
    return this.awayBytes;
  }

  put(segment: Segment): Result<ArchiveHandle> {
    if (!this.segments.has(segment.firstRow)) this.dependencies.letGo(segment);
    const known = this.segments.get(segment.firstRow);
    if (known === undefined) throw new Error(`nothing is known of row ${segment.firstRow}`);
    known.away = true;
    this.awayBytes += diskBytes(known);
    return ok(known);
  }

  losesNothing({ firstRow }: Segment): boolean {
    return this.segments.get(firstRow)?.state.is === 'written';
  }

  load(handle: ArchiveHandle): Result<Segment> {
    const { state } = handle as Recorded;
    switch (state.is) {
      case 'sending':
        return ok(copySegment(state.segment));
      case 'gone':
        return fail('overloaded', `It is not in the session: ${state.line.gone}`, 'Give the history more memory');
      case 'written': {
        const { file, place } = state;
        const message = `The session could not be read from ${join(this.place, file)}`;
        return this.loads.load(() => ({ descriptor: this.open.of(file), place }), message);
      }
    }
  }

  giveBack(segment: Segment): void {
    this.loads.giveBack(segment);
  }

  get spareBytes(): number {
    return this.loads.spareBytes;
  }

  /** Nothing to do: the writing thread removes a file once all of its rows were dropped. */
  release(): void {}

  clear(): void {
    this.loads.clear();
  }

  /** @internal For the recorder: a segment is being written. */
  sending(segment: Segment): void {
    const { firstRow: row, count: rows } = segment;
    // How much memory a segment takes when read back is known only after it was written. Until then its size in memory
    // is the estimate.
    const memoryBytes = segment.totalBytes;
    this.segments.set(row, { row, rows, memoryBytes, state: { is: 'sending', segment }, away: false });
  }

  /** @internal A segment was written. */
  written(row: number, { file, at, length, crc }: WrittenBatch): void {
    const known = this.segments.get(row);
    if (known === undefined) return;
    const place = { rows: known.rows, at, length, crc };
    // A segment that is away was already counted by the store with the estimate.
    if (!known.away) known.memoryBytes = memoryBytesOf(place);
    this.change(known, { is: 'written', file, place });
  }

  /** @internal A segment was not written: it is tried again unless it has left memory. Returns the rows that are gone. */
  failed(row: number, why: string): number {
    const known = this.segments.get(row);
    if (known === undefined || known.state.is !== 'sending') return 0;
    if (!known.away) {
      this.segments.delete(row);
      return 0;
    }
    this.change(known, { is: 'gone', line: goneLine(known.state.segment, why) });
    return known.rows;
  }

  /** @internal A segment left memory that was never sent. */
  gone(line: GoneLine): void {
    const { row, rows } = line;
    const memoryBytes = rows * Segment.FIXED_ROW_BYTES;
    this.segments.set(row, { row, rows, memoryBytes, state: { is: 'gone', line }, away: false });
  }

  /** @internal The line of rows that are gone; null if the segment that begins there is not. */
  goneAt(row: number): GoneLine | null {
    const state = this.segments.get(row)?.state;
    return state?.is === 'gone' ? state.line : null;
  }

  /** @internal Rows below are not kept any more. */
  dropped(oldestRow: number): void {
    // A file that is open keeps its room on the disk after it was removed; one that is not removed is opened again.
    this.open.closeAll((name) => (parseRowsFileName(name)?.firstRow ?? 0) < oldestRow);
    for (const [row, known] of this.segments) {
      if (row >= oldestRow) return;
      if (known.away) this.awayBytes -= diskBytes(known);
      this.segments.delete(row);
    }
  }

  /** @internal Forgets every row. */
  reset(): void {
    this.segments.clear();
    this.awayBytes = 0;
    this.close();
  }

  close(): void {
    this.open.closeAll();
  }

  private change(known: Recorded, state: Recorded['state']): void {
    if (known.away) this.awayBytes -= diskBytes(known);
    known.state = state;
    if (known.away) this.awayBytes += diskBytes(known);
  }
}

/** What a segment takes on disk, or will once it is written. */
function diskBytes({ state, memoryBytes }: Recorded): number {
  if (state.is === 'gone') return 0;
  return state.is === 'written' ? state.place.length : memoryBytes;
}
