/**
 * Finds the rows of a session in its files: which batches are whole, in which order, and what is damaged or missing. A
 * session that was cut off in the middle of a write is no damage: what was being written last does not count. Whoever looks
 * for them can rest between two steps, and has the rows that were found by then.
 */
import { crc32 } from 'node:zlib';
import { type RowsSummary, summarizeRows } from '../session/store/rows-summary.ts';
import { type IndexLine, isGone, parseLine } from './batch-line.ts';
import { DamagedBatch, memoryBytesOf, readFully, segmentOfBatch } from './batch-reader.ts';
import { descriptionBytes, PREFIX_BYTES, shapeOfBatch } from './batch-shape.ts';
import type { ColumnPlan } from './columns.ts';
import { INDEX_ENDING, LIMITS, parseRowsFileName, type RowsFileName } from './layout.ts';
import { memberLines } from './member-lines.ts';
import type { OpenMember, SessionMembers } from './members.ts';

/** A run of rows of a session: a batch in a file, or rows that are missing. */
export interface FoundRows {
  readonly row: number;
  readonly rows: number;
  readonly summary: RowsSummary;
  readonly batch: { readonly file: string; readonly at: number; readonly length: number; readonly crc: number } | null;
  /** Why there is no batch. */
  readonly gone: string;
}

/** Stand-ins for missing rows are made in pieces of at most this many rows, as many as a segment has. */
const HOLE_ROWS = 65_536;

/** A step of the search, after which whoever looks may rest. */
type Steps<T> = Generator<void, T, void>;

export interface FindOptions {
  readonly epoch: number;
  /** The checksums of the last batches are checked; a session that was ended properly does not need that. */
  readonly verify: boolean;
  /** Rows below were on the disk itself, so that only those above may be torn; null if that is not known. */
  readonly safeRow: number | null;
  /** Rows below are left out, a whole batch at a time, though files still have them. */
  readonly keptFrom: number;
}

export class RowsFinder {
  /** What was found so far, in the order of the rows; it only grows. */
  readonly found: FoundRows[] = [];
  /** What is wrong, one sentence each, with the file and the place in it. */
  readonly damages: string[] = [];
  /** Number of the first row there is. */
  firstRow = 0;
  /** Bytes of the files of rows, and how many of them were looked at. */
  totalBytes = 0;
  doneBytes = 0;
  private readonly members: SessionMembers;
  private readonly plan: ColumnPlan;
  private readonly options: FindOptions;
  private nextRow = 0;
  private last: FoundRows | undefined;

  constructor(members: SessionMembers, plan: ColumnPlan, options: FindOptions) {
    this.members = members;
    this.plan = plan;
    this.options = options;
  }

  /** Looks through all files. */
  *steps(): Steps<void> {
    const { epoch, verify } = this.options;
    const names = [...this.members.files.keys()].flatMap((name) => {
      const parsed = parseRowsFileName(name);
      return parsed !== null && parsed.epoch === epoch ? [{ name, ...parsed }] : [];
    });
    const files = names.filter(({ kind }) => kind === 'rows').sort((a, b) => a.firstRow - b.firstRow);
    const tails = names.filter(({ kind }) => kind === 'tail');
    this.nextRow = files[0]?.firstRow ?? Math.min(...tails.map(({ firstRow }) => firstRow));
    if (!Number.isFinite(this.nextRow)) this.nextRow = 0;
    this.firstRow = this.nextRow;
    const bytesOf = ({ name }: { readonly name: string }): number => this.members.files.get(name) ?? 0;
    this.totalBytes = names.reduce((sum, file) => sum + bytesOf(file), 0);
    let done = 0;
    for (const [at, file] of files.entries()) {
      yield* this.addFile(file, verify && at === files.length - 1);
      done += bytesOf(file);
      this.doneBytes = done;
      yield;
    }
    yield* this.addTails(tails, verify);
    this.doneBytes = this.totalBytes;
    if (this.found.length === 0 && this.last !== undefined) this.firstRow = this.nextRow;
  }

  private *addFile(file: RowsFileName & { readonly name: string }, verify: boolean): Steps<void> {
    let rows = yield* this.rowsOf(file.name, file.firstRow, true);
    const { safeRow } = this.options;
    if (safeRow !== null && this.options.verify) rows = yield* this.upToTorn(file.name, rows, safeRow);
    else if (verify) rows = yield* this.withoutTornEnd(file.name, rows);
    this.add(file.name, file.firstRow, rows);
  }

  /**
   * The tails that go on where the whole segments end. There is more than one after a power cut that took the segment which
   * an earlier one had become. Of several generations of one, that with the most rows.
   */
  private *addTails(tails: readonly (RowsFileName & { readonly name: string })[], verify: boolean): Steps<void> {
    const starts = [...new Set(tails.map(({ firstRow }) => firstRow))].sort((a, b) => a - b);
    for (const firstRow of starts) {
      if (firstRow < this.nextRow) continue;
      let best: { readonly name: string; readonly rows: FoundRows[] } | null = null;
      for (const { name } of tails.filter((tail) => tail.firstRow === firstRow)) {
        const listed = yield* this.rowsOf(name, firstRow, false);
        const rows = verify ? yield* this.wholeOf(name, listed) : listed;
        if (best === null || endOf(rows) > endOf(best.rows)) best = { name, rows };
      }
      if (best !== null) this.add(best.name, firstRow, best.rows);
    }
  }

  private add(name: string, firstRow: number, rows: readonly FoundRows[]): void {
    if (rows.length === 0) return;
    if (firstRow < this.nextRow) {
      this.damages.push(`${name} has rows from ${firstRow} on, which other files have up to ${this.nextRow}: not read`);
      return;
    }
    if (firstRow > this.nextRow) {
      // What lies between was not safe yet when the machine stopped: the session ends before it, within its last second.
      const { verify, safeRow } = this.options;
      if (verify && safeRow !== null && this.nextRow >= safeRow) return;
      this.addHole(firstRow);
    }
    for (const each of rows) {
      if (each.row + each.rows > LIMITS.rows) {
        this.damages.push(`${name} has more rows than a session may have: those from ${each.row} on are not read`);
        return;
      }
      this.take(each);
    }
  }

  private take(rows: FoundRows): void {
    this.last = rows;
    this.nextRow = rows.row + rows.rows;
    if (this.nextRow <= this.options.keptFrom) return;
    if (this.found.length === 0) this.firstRow = rows.row;
    this.found.push(rows);
  }

  private addHole(end: number): void {
    this.damages.push(`the rows ${this.nextRow} to ${end - 1} are in none of its files`);
    const index = this.last?.summary.maxIndex ?? 0;
    const time = this.last?.summary.maxNs ?? 0;
    while (this.nextRow < end) {
      const rows = Math.min(HOLE_ROWS, end - this.nextRow);
      const summary = blank(rows, index, time);
      this.take({ row: this.nextRow, rows, batch: null, gone: 'it is in none of the files', summary });
    }
  }

  /** The rows a file's list names, and those of batches that the list should name but is too damaged to. */
  private *rowsOf(name: string, firstRow: number, recover: boolean): Steps<FoundRows[]> {
    let member: OpenMember;
    try {
      member = this.members.open(name);
    } catch (error) {
      this.damages.push(`${name} could not be opened: ${said(error)}`);
      return [];
    }
    try {
      const { rows, damage } = yield* this.listed(name, firstRow, member.size);
      if (damage === null) return rows;
      if (recover) for (const each of yield* this.recovered(name, member, rows, firstRow)) rows.push(each);
      this.damages.push(`${name}: ${damage}${recover ? `; ${rows.length} batches were found` : ''}`);
      return rows;
    } finally {
      this.members.close(member);
    }
  }

  private *listed(name: string, firstRow: number, size: number): Steps<{ rows: FoundRows[]; damage: string | null }> {
    const rows: FoundRows[] = [];
    let next = firstRow;
    let end = 0;
    let number = 0;
    try {
      for (const each of memberLines(this.members, `${name}${INDEX_ENDING}`, LIMITS.indexBytes)) {
        yield;
        if (each === null) continue;
        number++;
        const line = parseLine(each);
        if (line === null) return { rows, damage: `line ${number} of its list of batches is damaged` };
        const odd = line.row !== next || (!isGone(line) && line.at < end);
        if (odd) return { rows, damage: `line ${number} of its list of batches does not follow the one before` };
        if (!isGone(line) && line.at + line.length > size) {
          const missing = `the file ends at byte ${size}, before the batch of the rows ${line.row} to ${line.row + line.rows - 1} does`;
          this.damages.push(`${name}: ${missing}`);
          return { rows, damage: null };
        }
        rows.push(foundRows(name, line));
        next = line.row + line.rows;
        if (!isGone(line)) end = line.at + line.length;
      }
    } catch (error) {
      return { rows, damage: `its list of batches could not be read (${said(error)})` };
    }
    return { rows, damage: null };
  }

  /** Batches that follow those that are listed, read from the file itself. */
  private *recovered(
    name: string,
    member: OpenMember,
    listed: readonly FoundRows[],
    firstRow: number,
  ): Steps<FoundRows[]> {
    const done = this.doneBytes;
    const { verify, safeRow } = this.options;
    const rows: FoundRows[] = [];
    let row = listed.length === 0 ? firstRow : endOf(listed);
    const last = listed.findLast(({ batch }) => batch !== null)?.batch;
    let at = last === undefined || last === null ? this.schemaEnd(member) : last.at + last.length;
    while (at > 0) {
      const batch = this.batchAt(member, at);
      if (batch === null) break;
      const { shape, bytes, summary } = batch;
      // Its checksum was in the list. Without that, nobody can tell whether all of it had reached the disk.
      if (verify && safeRow !== null && row + shape.rows > safeRow) break;
      rows.push({
        ...{ row, rows: shape.rows, summary, gone: '' },
        batch: { file: name, at, length: shape.length, crc: crc32(bytes) },
      });
      row += shape.rows;
      at += shape.length;
      this.doneBytes = done + at;
      yield;
    }
    return rows;
  }

  private schemaEnd(member: OpenMember): number {
    const prefix = this.bytesAt(member, 0, PREFIX_BYTES);
    const described = prefix === null ? null : descriptionBytes(new DataView(prefix.buffer, prefix.byteOffset));
    return described ?? 0;
  }

  private batchAt(member: OpenMember, at: number) {
    const prefix = this.bytesAt(member, at, PREFIX_BYTES);
    const described = prefix === null ? null : descriptionBytes(new DataView(prefix.buffer, prefix.byteOffset));
    const description = described === null || described === 0 ? null : this.bytesAt(member, at, described);
    const shape = description === null ? null : shapeOfBatch(description, this.plan.widths);
    if (shape === null || shape.length > LIMITS.batchBytes || shape.rows > LIMITS.batchRows) return null;
    if (at + shape.length > member.size) return null;
    const buffer = new SharedArrayBuffer(memoryBytesOf(shape));
    const bytes = new Uint8Array(buffer, 0, shape.length);
    try {
      readFully(member.descriptor, bytes, member.base + at);
      const segment = segmentOfBatch(buffer, { at, length: shape.length, rows: shape.rows }, this.plan);
      return { shape, bytes, summary: summarizeRows(segment, 0, shape.rows) };
    } catch (error) {
      if (error instanceof DamagedBatch) return null;
      throw error;
    }
  }

  private bytesAt(member: OpenMember, at: number, bytes: number): Uint8Array | null {
    if (at + bytes > member.size) return null;
    const block = new Uint8Array(bytes);
    readFully(member.descriptor, block, member.base + at);
    return block;
  }

  /**
   * After a power cut the last batches may be listed although their bytes never reached the disk: they do not count.
   */
  private *withoutTornEnd(name: string, rows: readonly FoundRows[]): Steps<FoundRows[]> {
    let end = rows.length;
    while (end > 0 && !this.isWhole(name, rows[end - 1] as FoundRows)) {
      end--;
      yield;
    }
    if (end < rows.length) this.damages.push(torn(name, rows[end] as FoundRows));
    return rows.slice(0, end);
  }

  /** The batches up to the first one whose bytes are not those that were written. */
  private wholeOf(name: string, rows: readonly FoundRows[]): Steps<FoundRows[]> {
    return this.upToTorn(name, rows, 0);
  }

  /**
   * The same, without looking at batches whose rows were all safe. What follows a torn one is left out, whole or not: what
   * was safe of the torn one's rows may be in the tail, which goes on from there.
   */
  private *upToTorn(name: string, rows: readonly FoundRows[], safeRow: number): Steps<FoundRows[]> {
    let end = rows.findIndex((each) => each.row + each.rows > safeRow);
    if (end < 0) return [...rows];
    while (end < rows.length && this.isWhole(name, rows[end] as FoundRows)) {
      end++;
      yield;
    }
    if (end < rows.length) this.damages.push(torn(name, rows[end] as FoundRows));
    return rows.slice(0, end);
  }

  private isWhole(name: string, { batch }: FoundRows): boolean {
    if (batch === null) return true;
    let member: OpenMember | null = null;
    try {
      member = this.members.open(name);
      const bytes = this.bytesAt(member, batch.at, batch.length);
      return bytes !== null && crc32(bytes) === batch.crc;
    } catch {
      return false;
    } finally {
      if (member !== null) this.members.close(member);
    }
  }
}

function foundRows(file: string, line: IndexLine): FoundRows {
  const { row, rows, summary } = line;
  if (isGone(line)) return { row, rows, summary, batch: null, gone: line.gone };
  const { at, length, crc } = line;
  return { row, rows, summary, batch: { file, at, length, crc }, gone: '' };
}

function endOf(rows: readonly FoundRows[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.row + last.rows;
}

function torn(name: string, { row, batch }: FoundRows): string {
  return `${name}: the batch at byte ${batch?.at ?? 0} is not what was written; the rows from ${row} on are missing`;
}

/** The summary of rows of which only their number is known. */
function blank(rows: number, index: number, ns: number): RowsSummary {
  const tally = { entries: rows, gaps: 0, levels: [rows, 0, 0, 0, 0], cpus: [[0, rows]] as const };
  return { ...tally, minIndex: index, maxIndex: index, minNs: ns, maxNs: ns, payloadBytes: 0, lost: 0, strips: [] };
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
