/** The store's archive over a session that was opened: rows are read where they lie, when somebody looks at them. */
import { fail, type Result } from '../../native/core/result.ts';
import type { ArchiveHandle, SegmentArchive } from '../session/store/archive.ts';
import type { ArchivedRows } from '../session/store/held-segment.ts';
import { Segment } from '../session/store/segment.ts';
import { BatchLoads } from './batch-loads.ts';
import { memoryBytesOf } from './batch-reader.ts';
import type { ColumnPlan } from './columns.ts';
import type { FoundRows } from './found-rows.ts';
import type { OpenMember, SessionMembers } from './members.ts';
import { OpenFiles } from './open-files.ts';

interface Handle extends ArchiveHandle {
  readonly rows: number;
  readonly memoryBytes: number;
  readonly of: FoundRows;
}

export class OpenedArchive implements SegmentArchive {
  readonly place: string;
  readonly bytes: number;
  private readonly members: SessionMembers;
  private readonly open: OpenFiles<OpenMember>;
  private readonly loads: BatchLoads;

  constructor(members: SessionMembers, plan: ColumnPlan) {
    this.place = members.path;
    this.members = members;
    this.loads = new BatchLoads(plan);
    this.open = new OpenFiles(
      (name) => members.open(name),
      (member) => members.close(member),
    );
    this.bytes = [...members.files.values()].reduce((sum, size) => sum + size, 0);
  }

  put(): Result<ArchiveHandle> {
    return fail('bad-argument', `${this.place} was opened to be read`, 'Record into a session of its own');
  }

  losesNothing(): boolean {
    return false;
  }

  load(handle: ArchiveHandle): Result<Segment> {
    const { of } = handle as Handle;
    const { batch, rows } = of;
    if (batch === null) {
      const message = `${this.place} does not have the rows ${of.row} to ${of.row + rows - 1}: ${of.gone}`;
      return fail('io-error', message, 'The rest of the session can be read');
    }
    return this.loads.load(() => {
      const { descriptor, base } = this.open.of(batch.file);
      return { descriptor, place: { rows, at: base + batch.at, length: batch.length, crc: batch.crc } };
    }, `${batch.file} in ${this.place} could not be read`);
  }

  giveBack(segment: Segment): void {
    this.loads.giveBack(segment);
  }

  get spareBytes(): number {
    return this.loads.spareBytes;
  }

  release(): void {}

  clear(): void {
    this.loads.clear();
  }

  close(): void {
    this.open.closeAll();
    this.members.closeAll();
  }
}

/** What a store adopts of these rows. */
export function adoptable(of: FoundRows): ArchivedRows {
  return { handle: { rows: of.rows, memoryBytes: memoryOf(of), of } as Handle, summary: of.summary };
}

/** Bytes that these rows take in memory. Rows that are missing in the files have stand-ins without messages. */
function memoryOf({ batch, rows }: FoundRows): number {
  return batch === null ? rows * Segment.FIXED_ROW_BYTES : memoryBytesOf({ length: batch.length, rows });
}
