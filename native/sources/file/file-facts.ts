/** The facts that all sources of files report, and the counts of what they delivered. */
import { lossRecord } from '../../core/accounting.ts';
import { type EntryBatch, LOSS_CAUSES, RowFlag, RowKind } from '../../core/entry.ts';
import type { BrokenPlace, CpuStats, FileFigures, SourceInfo } from '../source.ts';
import { MOST_BROKEN_PLACES } from '../source.ts';

/**
 * `path`: absolute, null for a stream. `name`: as it is shown to people. `age`: tells the file from another that had
 * the same path.
 */
export function fileInfo(
  name: string,
  path: string | null,
  age: number | bigint,
  startUnixMs: number,
): SourceInfo & { readonly file: NonNullable<SourceInfo['file']> } {
  return {
    name,
    producer: path === null ? 'stream' : 'file',
    cpuCount: 0,
    identity: `${path ?? name} ${age}`,
    startUnixMs,
    file: { path },
  };
}

/** The broken places of a file. Only the first ones are kept, but all are counted. */
export class BrokenPlaces {
  count = 0;
  readonly places: BrokenPlace[] = [];

  add(place: BrokenPlace): void {
    this.count++;
    if (this.places.length < MOST_BROKEN_PLACES) this.places.push(place);
  }

  /** What is wrong, each thing once. */
  problems(): string[] {
    return [...new Set(this.places.map(({ problem }) => problem))];
  }

  /** A snapshot of the places; later additions do not change it. */
  figures(): FileFigures['broken'] {
    return { count: this.count, places: [...this.places] };
  }
}

interface CpuCounts {
  read: number;
  lost: number;
  late: number;
  readonly causes: number[];
  first: number;
  last: number;
}

/** Counts the rows that a file delivered, for each CPU that its records name. */
export class FileTally {
  /** Rows, including those that stand for losses. */
  rows = 0;
  private readonly byCpu = new Map<number, CpuCounts>();
  private lastCpu = -1;
  private lastCounts: CpuCounts = emptyCounts();

  note(batch: EntryBatch): void {
    this.rows += batch.count;
    for (let at = 0; at < batch.count; ) {
      const end = plainRunEnd(batch, at);
      if (end > at) this.noteEntries(batch, at, end);
      else this.noteRow(batch, at);
      at = Math.max(end, at + 1);
    }
  }

  /** Counts rows that are entries of one CPU, none of them late. */
  private noteEntries({ cpu, index }: EntryBatch, from: number, to: number): void {
    const counts = this.countsOf(cpu[from] as number);
    if (counts.read === 0) counts.first = index[from] as number;
    counts.last = index[to - 1] as number;
    counts.read += to - from;
  }

  private noteRow(batch: EntryBatch, at: number): void {
    const counts = this.countsOf(batch.cpu[at] as number);
    if (batch.kind[at] === RowKind.Gap) {
      noteLoss(counts, batch.remarks[at] as number, batch.type[at] as number);
      return;
    }
    if (counts.read === 0) counts.first = batch.index[at] as number;
    counts.last = batch.index[at] as number;
    counts.read++;
    if (((batch.flags[at] as number) & RowFlag.Late) !== 0) counts.late++;
  }

  stats(): CpuStats[] {
    return [...this.byCpu]
      .sort(([a], [b]) => a - b)
      .map(([cpu, { read, lost, late, causes, first, last }]) => ({
        cpu,
        read,
        lost,
        lostByCause: lossRecord(causes),
        late,
        firstIndex: read > 0 ? first : null,
        lastIndex: read > 0 ? last : null,
      }));
  }

  private countsOf(cpu: number): CpuCounts {
    if (cpu === this.lastCpu) return this.lastCounts;
    let counts = this.byCpu.get(cpu);
    if (counts === undefined) {
      counts = emptyCounts();
      this.byCpu.set(cpu, counts);
    }
    this.lastCpu = cpu;
    this.lastCounts = counts;
    return counts;
  }
}

/** Where the run of entries of one CPU, none of them late, ends that begins at a row; the row itself if it is no such. */
function plainRunEnd({ count, cpu, kind, flags }: EntryBatch, from: number): number {
  const own = cpu[from];
  let at = from;
  while (at < count && cpu[at] === own && kind[at] === RowKind.Entry && ((flags[at] as number) & RowFlag.Late) === 0)
    at++;
  return at;
}

function emptyCounts(): CpuCounts {
  return { read: 0, lost: 0, late: 0, causes: LOSS_CAUSES.map(() => 0), first: 0, last: 0 };
}

/**
 * A loss with several causes, or with none, is not counted under any cause, because it is not known how many records
 * each caused.
 */
function noteLoss(counts: CpuCounts, lost: number, mask: number): void {
  counts.lost += lost;
  const cause = LOSS_CAUSES.findIndex((_, at) => mask === 1 << at);
  if (cause >= 0) counts.causes[cause] = (counts.causes[cause] as number) + lost;
}
