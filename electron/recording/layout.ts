/**
 * The names of a recorded session's files, and how much of anything a session may have. A session is a folder:
 *
 *   session.json                      what it is: when, from where, what was lost, how it ended
 *   label.json                        what a person calls it, and whether it is kept for good
 *   part-NAME.json                    what the app keeps beside the rows: bookmarks, filters, notes
 *   events-EPOCH.lines                what the events of the rows are called, a line for each number
 *   rows-EPOCH-ROW.arrows             rows from ROW on, an Arrow IPC stream of one record batch a segment
 *   tail-EPOCH-ROW-GENERATION.arrows  the newest rows from ROW on, in small batches, until they are a whole segment
 *   *.index                           beside each of the two: a line for each batch that is whole
 *
 * An epoch ends when the session is cleared; session.json says which one counts.
 */

export const FOLDER_ENDING = '.ringview';
export const MANIFEST_FILE = 'session.json';
export const LABEL_FILE = 'label.json';
export const INDEX_ENDING = '.index';

/** A file of rows is closed, and a new one begun, once it is this long: dropped rows give space back a file at a time. */
export const FILE_BYTES = 256 * 1024 * 1024;
/** More batches than this in a tail are written anew as one. */
export const TAIL_BATCHES = 240;

/** What a session that is opened may have at most: more is refused by name. */
export const LIMITS = {
  manifestBytes: 8 * 1024 * 1024,
  partBytes: 64 * 1024 * 1024,
  indexBytes: 256 * 1024 * 1024,
  eventsBytes: 64 * 1024 * 1024,
  files: 100_000,
  /** Of a batch: a segment has 65,536 rows and 16 MiB of messages unless one message alone is larger. */
  batchRows: 1 << 20,
  batchBytes: 256 * 1024 * 1024,
  /** A view numbers rows modulo 2^32. */
  rows: 2 ** 32 - 1,
  nameLength: 200,
} as const;

export interface RowsFileName {
  readonly kind: 'rows' | 'tail';
  readonly epoch: number;
  readonly firstRow: number;
  /** Of a tail: a higher one of the same first row takes the place of a lower. */
  readonly generation: number;
}

const EVENTS = /^events-\d{4,9}\.lines$/;
const NAME = /^(rows|tail)-(\d{4,9})-(\d{10})(?:-(\d{4,9}))?\.arrows$/;

export function rowsFileName({ kind, epoch, firstRow, generation }: RowsFileName): string {
  const end = kind === 'tail' ? `-${digits(generation, 4)}` : '';
  return `${kind}-${digits(epoch, 4)}-${digits(firstRow, 10)}${end}.arrows`;
}

/** What the name of a file of rows says; null for any other. */
export function parseRowsFileName(name: string): RowsFileName | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const kind = match[1] === 'tail' ? 'tail' : 'rows';
  if ((kind === 'tail') !== (match[4] !== undefined)) return null;
  return { kind, epoch: Number(match[2]), firstRow: Number(match[3]), generation: Number(match[4] ?? 0) };
}

/** The file of the names of an epoch's events. */
export function eventsFileName(epoch: number): string {
  return `events-${digits(epoch, 4)}.lines`;
}

const PART = /^[a-z][a-z0-9-]{0,40}$/;

/** The file of one of the app's parts. Throws for a name that is none: names are the program's own. */
export function partFileName(name: string): string {
  if (!PART.test(name)) throw new Error(`'${name}' is no name of a part`);
  return `part-${name}.json`;
}

/** Whether a file of this name belongs to a session. */
export function isSessionFile(name: string): boolean {
  if (name === MANIFEST_FILE || name === LABEL_FILE || EVENTS.test(name)) return true;
  if (parseRowsFileName(name.endsWith(INDEX_ENDING) ? name.slice(0, -INDEX_ENDING.length) : name) !== null) return true;
  return name.startsWith('part-') && name.endsWith('.json') && PART.test(name.slice(5, -5));
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
