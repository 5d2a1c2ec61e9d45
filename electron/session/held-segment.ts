/**
 * What the store knows of each segment it keeps, in memory or not: enough to find it, to rule it out of a search and to
 * count its rows out without reading it back.
 */
import { RowKind } from '../../native/core/entry.ts';
import type { ArchiveHandle } from './archive.ts';
import type { Segment } from './segment.ts';

/** Rows of a segment by what the store counts. */
export interface Tally {
  readonly entries: number;
  readonly gaps: number;
  /** Entries per level, the last for all others. */
  readonly levels: readonly number[];
  /** Pairs of a CPU and its entries. */
  readonly cpus: readonly (readonly [cpu: number, entries: number])[];
}

export function tallyOf(segment: Segment): Tally {
  const levels = [0, 0, 0, 0, 0];
  const cpus = new Map<number, number>();
  let gaps = 0;
  for (let offset = 0; offset < segment.count; offset++) {
    if (segment.kind.get(offset) !== RowKind.Entry) {
      gaps++;
      continue;
    }
    const level = Math.min(segment.level[offset] as number, 4);
    levels[level] = (levels[level] as number) + 1;
    const cpu = segment.cpu[offset] as number;
    cpus.set(cpu, (cpus.get(cpu) ?? 0) + 1);
  }
  return { entries: segment.count - gaps, gaps, levels, cpus: [...cpus] };
}

/** A segment written away; `loaded` is its copy in memory while there is one. */
export interface Archived {
  readonly handle: ArchiveHandle;
  readonly tally: Tally;
  readonly firstRow: number;
  readonly count: number;
  readonly minIndex: number;
  readonly maxIndex: number;
  loaded: Segment | null;
}

/** A segment of the history: one in memory only, or an archived one. Both say which rows and indices they span. */
export type Held = Segment | Archived;

export function isArchived(held: Held): held is Archived {
  return 'handle' in held;
}
