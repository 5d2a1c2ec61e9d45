/**
 * Writes a session's files, in a thread of its own. Rows go to the page cache at once: they outlive the program, whatever
 * ends it. Twice a second what was written is made to outlive the machine too (`sync`), without holding up what follows.
 *
 * Whole segments follow one another in files of some size. The rows of the newest segment, which is not whole yet, are
 * appended to a tail; once the segment is whole it is written as one batch, and the tail goes when that batch is safe.
 */
import { fdatasync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { EventNames } from '../../native/core/event-names.ts';
import { toRecordBatch } from '../files/arrow-segment.ts';
import { BatchScratch } from '../files/join-payloads.ts';
import { summarizeRows } from '../session/store/rows-summary.ts';
import { openSegment } from '../session/store/shared-segment.ts';
import type { GoneLine } from './batch-line.ts';
import { FILE_BYTES, LABEL_FILE, MANIFEST_FILE, partFileName, rowsFileName } from './layout.ts';
import { NamesFile } from './names-file.ts';
import { replaceSafely, syncFile, syncFolder } from './safe-files.ts';
import { type Appended, StreamFile } from './stream-file.ts';
import type { RowsJob, WriterJob, WrittenBatch } from './writer-messages.ts';

const dataSync = promisify(fdatasync);

interface RowsFile {
  readonly name: string;
  readonly file: StreamFile;
  readonly firstRow: number;
  /** One above its last row. */
  endRow: number;
}

interface TailFile {
  readonly file: StreamFile;
  readonly firstRow: number;
  readonly generation: number;
  endRow: number;
}

/** While old rows are dropped, those that are kept lie in at least this many files. */
const FILES_OF_KEPT_ROWS = 8;

/** A job was sent out of order, because an earlier one failed. It is to be sent again after that one. */
export class OutOfTurn extends Error {
  override readonly name = 'OutOfTurn';
}

export interface SessionWriterOptions {
  readonly folder: string;
  readonly epoch?: number;
  readonly fileBytes?: number;
}

export class SessionWriter {
  private readonly folder: string;
  private readonly fileBytes: number;
  private epoch: number;
  private files: RowsFile[] = [];
  private current: RowsFile | null = null;
  private tail: TailFile | null = null;
  /** Number of the next row of a whole segment. */
  private nextRow = 0;
  /** Written since the last `sync`, and no longer needed once what was written is safe. */
  private dirty = new Set<StreamFile>();
  private obsolete: Pick<StreamFile, 'remove'>[] = [];
  /** Complete files that may not be safe from a power cut yet. */
  private retired: StreamFile[] = [];
  private names = false;
  /** What the library wrote when it began the session has been made safe. */
  private begunSafe = false;
  private readonly scratch = new BatchScratch();
  private manifest: string | null = null;
  /** One was written. */
  private manifestThere = false;
  /** What events are called; null while no row has one. */
  private events: NamesFile | null = null;
  /** Texts of parts that are not written yet, by name. */
  private readonly parts = new Map<string, string>();

  constructor(options: SessionWriterOptions) {
    this.folder = options.folder;
    this.epoch = options.epoch ?? 0;
    this.fileBytes = options.fileBytes ?? FILE_BYTES;
  }

  /** Bytes of all files of rows. */
  get bytes(): number {
    const tail = this.tail?.file.bytes ?? 0;
    return this.files.reduce((bytes, { file }) => bytes + file.bytes, tail);
  }

  /** Does what can be done at once. Throws the system's error, with nothing changed. `finish` is a method of its own. */
  do(job: Exclude<WriterJob, { readonly do: 'finish' }>): WrittenBatch | null {
    switch (job.do) {
      case 'segment':
        return this.writeSegment(job.rows);
      case 'tail':
        this.writeTail(job.rows);
        return null;
      case 'gone':
        this.skip(job.line);
        return null;
      case 'manifest':
        this.keepManifest(job.text, job.now);
        return null;
      case 'events':
        this.writeEvents(job.from, job.names);
        return null;
      case 'part':
        this.parts.set(job.name, job.text);
        return null;
      case 'drop':
        this.drop(job.oldestRow);
        return null;
      case 'clear':
        this.clear(job.epoch, job.manifest);
        return null;
    }
  }

  /** A manifest that says where rows come from is there before them; it is made safe with what else is. */
  private keepManifest(text: string, now: boolean): void {
    this.manifest = text;
    if (!now) return;
    // The first takes the place of none, so that a power cut leaves no worse than there was.
    this.replaceManifest(text, this.manifestThere);
    this.manifestThere = true;
  }

  /** Makes what was written so far safe from the machine's end. Only one at a time. Throws the system's error. */
  async sync(): Promise<void> {
    const { dirty, obsolete, retired, names, manifest, events } = this;
    const newEvents = events?.unsafe === true;
    this.dirty = new Set();
    this.obsolete = [];
    this.retired = [];
    this.names = false;
    this.manifest = null;
    if (events !== null) events.unsafe = false;
    try {
      if (!this.begunSafe) await this.syncBegun();
      if (newEvents && events !== null) await dataSync(events.descriptor);
      await Promise.all(
        [...dirty].flatMap(({ descriptor, indexDescriptor }) => [dataSync(descriptor), dataSync(indexDescriptor)]),
      );
      if (manifest !== null) await replaceSafely(join(this.folder, MANIFEST_FILE), manifest);
      if (names || manifest !== null) await syncFolder(this.folder);
    } catch (error) {
      // It is tried again; until it has worked, nothing is taken away.
      for (const file of dirty) this.dirty.add(file);
      if (newEvents && events !== null) events.unsafe = true;
      this.obsolete.unshift(...obsolete);
      this.retired.unshift(...retired);
      this.names ||= names;
      this.manifest ??= manifest;
      throw error;
    }
    for (const file of obsolete) file.remove();
    for (const file of retired) file.close();
    // Last: what does not let one be written must not keep rows from being safe.
    await this.writeParts();
  }

  /** True if a `sync` has something to do. */
  get unsafe(): boolean {
    const { begunSafe, dirty, events, names, manifest, parts } = this;
    return !begunSafe || dirty.size > 0 || events?.unsafe === true || names || manifest !== null || parts.size > 0;
  }

  /** The label, and the folder's own name: the library wrote both without waiting for a disk, because a capture waited. */
  private async syncBegun(): Promise<void> {
    await syncFile(join(this.folder, LABEL_FILE));
    await syncFolder(dirname(this.folder));
    this.begunSafe = true;
  }

  /** Ends every file, and makes all of it safe. No other `sync` may be under way. Throws the system's error. */
  async finish(manifest: string): Promise<void> {
    this.endCurrent();
    if (this.tail !== null) {
      this.tail.file.finish();
      this.dirty.add(this.tail.file);
      this.retired.push(this.tail.file);
      this.tail = null;
    }
    this.manifest = manifest;
    await this.sync();
    this.events?.close();
    this.events = null;
  }

  private writeEvents(from: number, names: readonly EventNames[]): void {
    const count = this.events?.count ?? 0;
    if (from !== count + 1) throw new OutOfTurn(`the name of event ${count + 1} is next, not of ${from}`);
    if (this.events === null) {
      this.events = new NamesFile(this.folder, this.epoch);
      this.names = true;
    }
    this.events.append(names);
  }

  private writeSegment({ shared, row, from, to }: RowsJob): WrittenBatch {
    const first = row + from;
    this.inTurn(first);
    const file = this.current ?? this.begin(first);
    const segment = openSegment(shared);
    segment.count = to;
    const summary = summarizeRows(segment, from, to);
    const batch = toRecordBatch(segment, from, to, this.scratch);
    const place: Appended = file.file.append(batch, (at) => ({ row: first, rows: to - from, ...at, summary }));
    this.dirty.add(file.file);
    file.endRow = row + to;
    this.nextRow = row + to;
    if (this.tail !== null && this.tail.firstRow < this.nextRow) this.endTail();
    if (file.file.bytes >= this.fileBytes) this.endCurrent();
    return { file: file.name, ...place };
  }

  private writeTail({ shared, row, from, to }: RowsJob): void {
    this.inTurn(row);
    let { tail } = this;
    if (from === 0) tail = this.beginTail(row);
    else if (tail === null || tail.endRow !== row + from)
      throw new OutOfTurn(`the tail does not end at row ${row + from}`);
    const segment = openSegment(shared);
    segment.count = to;
    const summary = summarizeRows(segment, from, to);
    const batch = toRecordBatch(segment, from, to, this.scratch);
    try {
      tail.file.append(batch, (at) => ({ row: row + from, rows: to - from, ...at, summary }));
    } catch (error) {
      if (tail !== this.tail) tail.file.remove();
      throw error;
    }
    this.dirty.add(tail.file);
    tail.endRow = row + to;
    if (tail === this.tail) return;
    if (this.tail !== null) this.endTail();
    this.tail = tail;
  }

  /** Notes rows that are not there, in the list of the file that they would be in. */
  private skip(line: GoneLine): void {
    this.inTurn(line.row);
    const file = this.current ?? this.begin(line.row);
    file.file.note(line);
    this.dirty.add(file.file);
    file.endRow = line.row + line.rows;
    this.nextRow = file.endRow;
    if (this.tail !== null && this.tail.firstRow < this.nextRow) this.endTail();
  }

  private drop(oldestRow: number): void {
    const { current } = this;
    // Room comes back a file at a time: while rows are dropped, a file has no more than a part of those that are kept.
    const most = (this.nextRow - oldestRow) / FILES_OF_KEPT_ROWS;
    if (current !== null && current.endRow - current.firstRow >= most) this.endCurrent();
    const kept: RowsFile[] = [];
    for (const each of this.files) {
      if (each.endRow > oldestRow || each === this.current) kept.push(each);
      else this.takeAway(each.file);
    }
    this.files = kept;
    // Rows that were dropped before they were written leave no hole: the next file begins behind them.
    if (oldestRow <= this.nextRow) return;
    this.endCurrent();
    this.nextRow = oldestRow;
    for (const { file } of this.files) this.takeAway(file);
    this.files = [];
    if (this.tail !== null && this.tail.firstRow < oldestRow) this.endTail();
  }

  private clear(epoch: number, manifest: string): void {
    if (this.tail !== null) this.takeAway(this.tail.file);
    for (const { file } of this.files) this.takeAway(file);
    this.files = [];
    this.current = null;
    this.tail = null;
    this.nextRow = 0;
    this.epoch = epoch;
    if (this.events !== null) this.obsolete.push(this.events);
    this.events = null;
    // Once it is written, files of the epoch before no longer belong to the session. They are removed when it is safe.
    this.manifest = manifest;
    this.replaceManifest(manifest, false);
    this.manifestThere = true;
  }

  /** At once; `flush`: it is on the disk itself before it takes the place of the one there. */
  private replaceManifest(text: string, flush: boolean): void {
    const path = join(this.folder, MANIFEST_FILE);
    const temporary = `${path}.new`;
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush });
    renameSync(temporary, path);
  }

  private inTurn(row: number): void {
    if (row !== this.nextRow) throw new OutOfTurn(`row ${this.nextRow} is next, not row ${row}`);
  }

  private begin(firstRow: number): RowsFile {
    const name = rowsFileName({ kind: 'rows', epoch: this.epoch, firstRow, generation: 0 });
    const begun = { name, file: new StreamFile(this.folder, name), firstRow, endRow: firstRow };
    this.names = true;
    this.files.push(begun);
    this.current = begun;
    return begun;
  }

  private beginTail(firstRow: number): TailFile {
    const generation = this.tail?.firstRow === firstRow ? this.tail.generation + 1 : 0;
    const name = rowsFileName({ kind: 'tail', epoch: this.epoch, firstRow, generation });
    this.names = true;
    return { file: new StreamFile(this.folder, name), firstRow, generation, endRow: firstRow };
  }

  private endCurrent(): void {
    if (this.current === null) return;
    const { file } = this.current;
    file.finish();
    this.dirty.add(file);
    this.retired.push(file);
    this.current = null;
  }

  private endTail(): void {
    if (this.tail !== null) this.takeAway(this.tail.file);
    this.tail = null;
  }

  /** Removes a file after the next `sync`: only then is what takes its place safe. */
  private takeAway(file: StreamFile): void {
    this.dirty.delete(file);
    this.retired = this.retired.filter((each) => each !== file);
    this.obsolete.push(file);
  }

  private async writeParts(): Promise<void> {
    if (this.parts.size === 0) return;
    for (const [name, text] of this.parts) {
      await replaceSafely(join(this.folder, partFileName(name)), text);
      // A newer text may have come meanwhile.
      if (this.parts.get(name) === text) this.parts.delete(name);
    }
    await syncFolder(this.folder);
  }
}
