/**
 * A recorded session, opened where it lies: the rows stay in its files and are read when somebody looks at them, so that one
 * of any length is there at once and takes no more memory than the store's cap. Nothing in it is changed.
 *
 *   const opened = openSession(path);
 *   const store = new SessionStore({ …, archive: opened.value.archive });
 *   opened.value.fill(store);
 *   … opened.value.close() …                  once the store is not used any more
 */
import type { EventNames } from '../../native/core/event-names.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { SpareBuffers } from '../files/spare-buffers.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { ArchiveHandle, SegmentArchive } from '../session/store/archive.ts';
import { Segment } from '../session/store/segment.ts';
import type { SessionStore } from '../session/store/store.ts';
import { DamagedBatch, memoryBytesOf, readBatch } from './batch-reader.ts';
import { type ColumnPlan, FILE_COLUMNS, planColumns } from './columns.ts';
import { type FoundRows, type FoundSession, RowsFinder } from './found-rows.ts';
import { NO_LABEL, parseLabel, type SessionLabel } from './label.ts';
import { eventsFileName, LABEL_FILE, LIMITS, MANIFEST_FILE, parseRowsFileName, partFileName } from './layout.ts';
import { NO_FACTS, parseManifest, type SessionManifest } from './manifest.ts';
import { findMembers, noSession, type OpenMember, readMemberText, type SessionMembers } from './members.ts';
import { parseNames } from './names-file.ts';
import { OpenFiles } from './open-files.ts';

interface Handle extends ArchiveHandle {
  readonly rows: number;
  readonly memoryBytes: number;
  readonly of: FoundRows;
}

class OpenedArchive implements SegmentArchive {
  readonly place: string;
  readonly bytes: number;
  private readonly members: SessionMembers;
  private readonly plan: ColumnPlan;
  private readonly open: OpenFiles<OpenMember>;
  private readonly spares = new SpareBuffers();

  constructor(members: SessionMembers, plan: ColumnPlan) {
    this.place = members.path;
    this.members = members;
    this.plan = plan;
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
    try {
      const { descriptor, base } = this.open.of(batch.file);
      const place = { rows, at: base + batch.at, length: batch.length, crc: batch.crc };
      return ok(readBatch(descriptor, place, this.spares.take(memoryBytesOf(place)), this.plan));
    } catch (error) {
      const message = `${batch.file} in ${this.place} could not be read`;
      if (!(error instanceof DamagedBatch)) return { ok: false, failure: failureOfSystemError(error, message) };
      return fail('io-error', `${message}: ${error.message}`, 'The rest of the session can be read');
    }
  }

  giveBack(segment: Segment): void {
    this.spares.giveBack(segment);
  }

  get spareBytes(): number {
    return this.spares.bytes;
  }

  release(): void {}

  clear(): void {
    this.spares.clear();
  }

  close(): void {
    this.open.closeAll();
    this.members.closeAll();
  }
}

export class OpenedSession {
  readonly path: string;
  readonly manifest: SessionManifest;
  readonly label: SessionLabel;
  /** What is wrong with it, one sentence each; all else can be read. */
  readonly damages: readonly string[];
  /** What events are called, number 1 first. */
  readonly eventNames: readonly EventNames[];
  /** For the store that is filled. */
  readonly archive: SegmentArchive;
  private readonly own: OpenedArchive;
  private readonly members: SessionMembers;
  private readonly session: FoundSession;

  constructor(
    members: SessionMembers,
    manifest: SessionManifest,
    label: SessionLabel,
    plan: ColumnPlan,
    session: FoundSession,
    damages: readonly string[],
    eventNames: readonly EventNames[],
  ) {
    this.path = members.path;
    this.members = members;
    this.manifest = manifest;
    this.label = label;
    this.session = session;
    this.damages = damages;
    this.eventNames = eventNames;
    this.own = new OpenedArchive(members, plan);
    this.archive = this.own;
  }

  /** Number of the first row there is, and one above the last: bookmarks and notes name rows by these. */
  get firstRow(): number {
    return this.session.firstRow;
  }

  get endRow(): number {
    const last = this.session.found.at(-1);
    return last === undefined ? this.session.firstRow : last.row + last.rows;
  }

  /** Records that are known to be missing: those the sources lost, and entries that could not be kept. */
  get lost(): number {
    const marked = this.session.found.reduce((sum, { summary }) => sum + summary.lost, 0);
    return Math.max(this.manifest.lost, marked) + this.goneEntries;
  }

  /** Entries that are missing although they have numbers among the rows. */
  get goneEntries(): number {
    return this.session.found.reduce((sum, { batch, summary }) => sum + (batch === null ? summary.entries : 0), 0);
  }

  /** Rows that are known to have been there, without those that can be read: holes, and what was written and is gone. */
  get missingRows(): number {
    const holes = this.session.found.reduce((sum, { batch, rows }) => sum + (batch === null ? rows : 0), 0);
    return holes + Math.max(0, this.manifest.savedRow - this.endRow);
  }

  /** Rows that its files have. */
  get keptRows(): number {
    return this.session.found.reduce((sum, { batch, rows }) => sum + (batch === null ? 0 : rows), 0);
  }

  /** Time of the last row, nanoseconds since time 0 of the session; 0 without rows. */
  get lastNs(): number {
    return this.session.found.reduce((last, { summary }) => Math.max(last, summary.maxNs), 0);
  }

  get bytes(): number {
    return this.own.bytes;
  }

  /** It is one file, to which nothing is ever written. */
  get isPacked(): boolean {
    return this.members.packed;
  }

  /** Gives its rows to a store that has none and whose archive is this session's. */
  fill(store: SessionStore): void {
    const pieces = this.session.found.map((of) => ({
      handle: { rows: of.rows, memoryBytes: memoryOf(of), of } as Handle,
      summary: of.summary,
    }));
    store.adopt(pieces, this.session.firstRow);
  }

  /**
   * What the app keeps beside the rows under a name; null if there is none. `check` says what it is, or null for what it
   * cannot be: a file that was changed must do no harm. One of more than `mostBytes` is not read. Failures: io-error with
   * what is wrong.
   */
  part<T>(name: string, check: (value: unknown) => T | null, mostBytes = LIMITS.partBytes): Result<T | null> {
    const file = partFileName(name);
    if (!this.members.files.has(file)) return ok(null);
    try {
      const value = check(JSON.parse(readMemberText(this.members, file, mostBytes)));
      if (value !== null) return ok(value);
      return fail('io-error', `${file} in ${this.path} is not what it should be`, 'The session is opened without it');
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `${file} in ${this.path} could not be read`) };
    }
  }

  close(): void {
    this.own.close();
  }
}

/** Bytes that these rows take in memory. Rows that are missing in the files have stand-ins without messages. */
function memoryOf({ batch, rows }: FoundRows): number {
  return batch === null ? rows * Segment.FIXED_ROW_BYTES : memoryBytesOf({ length: batch.length, rows });
}

/**
 * Opens the session at `path`, a folder or a packed file. What is damaged is named in the session; failures are for what is
 * no session, or one of a later version: bad-argument, bad-version, or what the system said. `verify`: the newest batches
 * of one that was not ended are held against their checksums; without, only as far as somebody looks at them.
 */
export function openSession(path: string, { verify = true } = {}): Result<OpenedSession> {
  const found = findMembers(path);
  if (!found.ok) return found;
  const members = found.value;
  const opened = openMembers(members, verify);
  if (!opened.ok) members.closeAll();
  return opened;
}

function openMembers(members: SessionMembers, verify: boolean): Result<OpenedSession> {
  const { path, files } = members;
  const epochs = [...files.keys()].flatMap((name) => parseRowsFileName(name)?.epoch ?? []);
  if (!files.has(MANIFEST_FILE) && epochs.length === 0)
    return noSession(path, `it has no ${MANIFEST_FILE} and no rows`);
  const damages = [...members.remarks];
  const read = manifestOf(members, epochs);
  if (typeof read === 'string') {
    const newer = /is of version/.test(read);
    if (newer) return fail('bad-version', `${path} cannot be opened: ${read}`, 'Open it with a newer RingView');
    damages.push(`${MANIFEST_FILE} could not be used: ${read}`);
  }
  const manifest = typeof read === 'string' ? lostManifest(epochs) : read;
  const plan = planColumns(manifest.columns);
  if (plan === null) return noSession(path, `${MANIFEST_FILE} names columns that cannot be`);
  const session = new RowsFinder(members, plan).find(
    manifest.epoch,
    verify && manifest.ended === null,
    manifest.firstRow,
  );
  damages.push(...session.damages);
  const last = session.found.at(-1);
  const end = last === undefined ? session.firstRow : last.row + last.rows;
  if (end < manifest.savedRow) damages.push(`the rows ${end} to ${manifest.savedRow - 1} were written and are missing`);
  const label = labelOf(members, damages);
  const names = namesOf(members, manifest.epoch, damages);
  return ok(new OpenedSession(members, manifest, label, plan, session, damages, names));
}

function namesOf(members: SessionMembers, epoch: number, damages: string[]): readonly EventNames[] {
  const file = eventsFileName(epoch);
  if (!members.files.has(file)) return [];
  try {
    const { names, whole } = parseNames(readMemberText(members, file, LIMITS.eventsBytes));
    if (!whole) damages.push(`${file} is damaged behind line ${names.length}: further events have no names`);
    return names;
  } catch (error) {
    damages.push(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function manifestOf(members: SessionMembers, epochs: readonly number[]): SessionManifest | string {
  if (!members.files.has(MANIFEST_FILE)) return epochs.length > 0 ? 'there is none' : 'there is nothing';
  try {
    return parseManifest(readMemberText(members, MANIFEST_FILE, LIMITS.manifestBytes));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What stands for a manifest that cannot be read: nothing is known but the rows. */
function lostManifest(epochs: readonly number[]): SessionManifest {
  const epoch = Math.max(0, ...epochs);
  const times = { startedUnixMs: 0, writtenUnixMs: 0 };
  return {
    ...NO_FACTS,
    ...times,
    epoch,
    ended: null,
    firstRow: 0,
    endRow: 0,
    savedRow: 0,
    rowsGone: 0,
    columns: FILE_COLUMNS,
  };
}

function labelOf(members: SessionMembers, damages: string[]): SessionLabel {
  if (!members.files.has(LABEL_FILE)) return NO_LABEL;
  try {
    return parseLabel(readMemberText(members, LABEL_FILE, LIMITS.manifestBytes));
  } catch (error) {
    damages.push(`${LABEL_FILE} could not be used: ${error instanceof Error ? error.message : String(error)}`);
    return NO_LABEL;
  }
}
