/**
 * The names of a session's events (native/core/event-names.ts) beside its rows, which have only their numbers: a line for
 * each number, from 1 on, in a file of each epoch that only grows. A line is written before the first row that has its
 * number, so that a session has the names of its rows wherever it was cut off. Who reads it trusts nothing in it.
 */
import { closeSync, constants, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_NAME_FIELDS, type EventNames, type EventNameTable, MOST_EVENTS } from '../../native/core/event-names.ts';
import { writeAll } from '../files/whole-io.ts';
import { eventsFileName } from './layout.ts';

/** Of one name; what is longer was written by nobody we know. */
const MOST_CHARACTERS = 4096;
/** Names are handed over so many at a time. */
const NAMES_AT_A_TIME = 4096;

const NEW = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR;

export class NamesFile {
  readonly descriptor: number;
  /** How many names it has. */
  count = 0;
  /** What was written last may not be safe from a power cut yet. */
  unsafe = true;
  private readonly path: string;
  private end = 0;
  private open = true;

  /** A new file. Throws the system's error. */
  constructor(folder: string, epoch: number) {
    this.path = join(folder, eventsFileName(epoch));
    this.descriptor = openSync(this.path, NEW, 0o600);
  }

  /** Throws the system's error; the file is as it was before then. */
  append(names: readonly EventNames[]): void {
    const text = names.map((each) => `${JSON.stringify(EVENT_NAME_FIELDS.map((field) => each[field]))}\n`).join('');
    try {
      this.end = writeAll(this.descriptor, [Buffer.from(text)], this.end);
    } catch (error) {
      ftruncateSync(this.descriptor, this.end);
      throw error;
    }
    this.count += names.length;
    this.unsafe = true;
  }

  /** Once, however often it is called: the number of the descriptor may be that of another file afterwards. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.descriptor);
  }

  /** Closes it and takes it away. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}

/** The names a file has, number 1 first, taken from its lines. */
export class NameLines {
  readonly names: EventNames[] = [];

  /** False for a line that is damaged: whatever follows it has no certain number any more. */
  take(line: string): boolean {
    const parsed = this.names.length < MOST_EVENTS ? parseLine(line) : null;
    if (parsed === null) return false;
    this.names.push(parsed);
    return true;
  }
}

function parseLine(line: string): EventNames | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!Array.isArray(value) || value.length !== EVENT_NAME_FIELDS.length) return null;
  if (!value.every(isName)) return null;
  const [provider = null, event = null, from = null, file = null] = value;
  return { provider, event, function: from, source_file: file };
}

const isName = (name: unknown): name is string | null =>
  name === null || (typeof name === 'string' && name.length <= MOST_CHARACTERS);

/** Which names of a table were handed over already. */
export class SentNames {
  private readonly table: EventNameTable | undefined;
  private sent = 0;

  constructor(table: EventNameTable | undefined) {
    this.table = table;
  }

  /** Names that were not handed over yet, the first of them number `from`; null if there are none. */
  take(): { readonly from: number; readonly names: readonly EventNames[] } | null {
    const from = this.sent + 1;
    const names = this.table?.since(from, NAMES_AT_A_TIME) ?? [];
    this.sent += names.length;
    return names.length === 0 ? null : { from, names };
  }

  /** Those from a number on are to be handed over again. */
  goBackTo(from: number): void {
    this.sent = Math.min(this.sent, from - 1);
  }
}
