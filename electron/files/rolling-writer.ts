/**
 * Writes rows to one log file after another, as log-files.ts has it. While one is completed and the next is opened, rows
 * are held, and the capture is told to wait once they are many. Rows of files that a limit replaced or removed are counted.
 */
import { open } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { describeFailure, type Failure, ok, type Result } from '../../native/core/result.ts';
import { type LogFiles, nextBegins, numbersThere, pathOf } from './log-files.ts';
import { type RowOutput, RowWriter } from './row-writer.ts';
import { failureOfSystemError } from './system-failure.ts';

/** Bytes held while a file is changed, from which the capture has to wait. */
const HELD_BYTES = 32 * 1024 * 1024;

interface Part {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Of the first part of another session that has files of its own: what stands at the head of those. */
  readonly head: Uint8Array | null;
}

/** A file that this capture, or an earlier one of the same path, has written. */
interface LogFile {
  readonly path: string;
  /** Rows of this capture. */
  rows: number;
}

interface CurrentFile extends LogFile {
  readonly writer: RowWriter;
  bytes: number;
  readonly beganUnixMs: number;
}

export interface RollingIo {
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** A line for people. */
  readonly report: (line: string) => void;
}

export class RollingWriter implements RowOutput {
  /** Rows written that are not there any more: their file began anew, or was one more than are kept. */
  replacedRows = 0;

  private readonly pattern: string;
  private readonly files: LogFiles;
  private readonly io: RollingIo;
  private current: CurrentFile;
  private number: number;
  private readonly earlier: LogFile[];
  private header: Uint8Array = new Uint8Array(0);
  private held: Part[] = [];
  private heldBytes = 0;
  private changing: Promise<void> | null = null;
  private changeFailure: Failure | null = null;
  /** What the next part begins another file with, whatever this one holds; null where it does not. */
  private nextHead: Uint8Array | null = null;
  private before = { writtenRows: 0, lostRows: 0, steps: 0 };

  private constructor(pattern: string, files: LogFiles, io: RollingIo, first: CurrentFile, numbers: readonly number[]) {
    this.pattern = pattern;
    this.files = files;
    this.io = io;
    this.current = first;
    this.number = numbers.at(-1) ?? 1;
    this.earlier = numbers
      .slice(0, -1)
      .map((number) => ({ path: pathOf(pattern, files, number, first.beganUnixMs), rows: 0 }));
  }

  /** Opens the first file: the last there is of this day, if it is to be appended to. */
  static async open(pattern: string, files: LogFiles, io: RollingIo): Promise<Result<RollingWriter>> {
    const now = io.unixMs();
    const numbers = files.append
      ? numbersThere(pattern, files, await namesBeside(pathOf(pattern, files, 1, now)), now)
      : [];
    const opened = await openFile(pathOf(pattern, files, numbers.at(-1) ?? 1, now), files.append, now);
    return opened.ok ? ok(new RollingWriter(pattern, files, io, opened.value, numbers)) : opened;
  }

  /** The file that is written now. */
  get path(): string {
    return this.current.path;
  }
  get failure(): Failure | null {
    return this.changeFailure ?? this.current.writer.failure;
  }
  get readerLeft(): boolean {
    return this.current.writer.readerLeft;
  }
  get closed(): boolean {
    return this.failure !== null || this.readerLeft;
  }
  get writtenRows(): number {
    return this.before.writtenRows + this.current.writer.writtenRows - this.replacedRows;
  }
  get lostRows(): number {
    return this.before.lostRows + this.current.writer.lostRows;
  }
  get steps(): number {
    return this.before.steps + this.current.writer.steps;
  }
  get full(): boolean {
    return this.changing === null ? this.current.writer.full : this.heldBytes >= HELD_BYTES;
  }

  room(): Promise<void> {
    return this.changing ?? this.current.writer.room();
  }

  /** What stands at the head of each file; one that is appended to has it. */
  begin(header: Uint8Array): void {
    this.header = header;
    this.give({ bytes: this.current.bytes === 0 ? header : header.subarray(0, 0), rows: 0 });
  }

  /** Rows that are given from now on are of another session. Where each has files of its own, those begin with `header`. */
  beginSession(header: Uint8Array): void {
    if (this.files.perSession) this.nextHead = header;
  }

  push(bytes: Uint8Array, rows: number): void {
    if (this.closed) {
      this.before.lostRows += rows;
      return;
    }
    const part = { bytes, rows, head: this.nextHead };
    this.nextHead = null;
    if (this.changing !== null) this.hold(part);
    else if (this.nextBegins(part) === null) this.give(part);
    else {
      this.hold(part);
      this.changing = this.change();
    }
  }

  async finish(): Promise<void> {
    while (this.changing !== null) await this.changing;
    await this.current.writer.finish();
  }

  abandon(): void {
    this.loseHeld();
    this.current.writer.abandon();
  }

  private nextBegins({ bytes, head }: Part): 'limit' | 'day' | 'session' | null {
    const why = nextBegins(this.files, this.current, bytes.length, this.io.unixMs());
    return why ?? (head === null ? null : 'session');
  }

  private give({ bytes, rows }: Pick<Part, 'bytes' | 'rows'>): void {
    this.current.bytes += bytes.length;
    this.current.rows += rows;
    this.current.writer.push(bytes, rows);
  }

  private hold(part: Part): void {
    this.held.push(part);
    this.heldBytes += part.bytes.length;
  }

  private loseHeld(): void {
    for (const { rows } of this.held.splice(0)) this.before.lostRows += rows;
    this.heldBytes = 0;
  }

  /** Completes the file, begins the next, and writes the rows that waited; what exceeds its limit begins another one. */
  private async change(): Promise<void> {
    for (let part = this.held[0]; part !== undefined && !this.closed; part = this.held[0]) {
      const why = this.nextBegins(part);
      if (part.head !== null) this.header = part.head;
      if (why !== null) await this.beginNext(why);
      if (this.closed) break;
      this.held.shift();
      this.heldBytes -= part.bytes.length;
      this.give(part);
    }
    if (this.closed) this.loseHeld();
    this.changing = null;
  }

  private async beginNext(why: 'limit' | 'day' | 'session'): Promise<void> {
    const { current, files } = this;
    await current.writer.finish();
    if (current.writer.failure !== null) return;
    const now = this.io.unixMs();
    const number = why === 'day' ? 1 : why === 'limit' && files.wrap ? this.number : this.number + 1;
    const path = pathOf(this.pattern, files, number, now);
    const opened = await openFile(path, false, now);
    if (!opened.ok) {
      this.changeFailure = opened.failure;
      return;
    }
    this.before.writtenRows += current.writer.writtenRows;
    this.before.lostRows += current.writer.lostRows;
    this.before.steps += current.writer.steps;
    this.current = opened.value;
    this.number = number;
    // The path of before, begun anew, has none of its rows any more.
    if (path === current.path) this.replacedRows += current.rows;
    else this.earlier.push({ path: current.path, rows: current.rows });
    this.give({ bytes: this.header, rows: 0 });
    await this.removeOldest();
  }

  private async removeOldest(): Promise<void> {
    const most = this.files.keep ?? Number.POSITIVE_INFINITY;
    while (this.earlier.length > 0 && this.earlier.length + 1 > most) {
      const { path, rows } = this.earlier.shift() as LogFile;
      try {
        await unlink(path);
        this.replacedRows += rows;
      } catch (error) {
        // The capture is worth more than the place of an old file.
        this.io.report(describeFailure(failureOfSystemError(error, `${path} could not be removed`)));
      }
    }
  }
}

/** The names in the folder of a path; none where it cannot be listed, which opening the file will explain. */
async function namesBeside(path: string): Promise<readonly string[]> {
  try {
    return await readdir(dirname(path));
  } catch {
    return [];
  }
}

const openDescriptor = promisify(open);

/** 0 where there is nothing; what else is wrong with it, opening will say. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function openFile(path: string, append: boolean, unixMs: number): Promise<Result<CurrentFile>> {
  try {
    const bytes = append ? await sizeOf(path) : 0;
    const writer = new RowWriter(await openDescriptor(path, append ? 'a' : 'w'), path, undefined, undefined, bytes);
    return ok({ path, rows: 0, writer, bytes, beganUnixMs: unixMs });
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${path} cannot be written`) };
  }
}
