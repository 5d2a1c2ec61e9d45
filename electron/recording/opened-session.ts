/**
 * A recorded session, opened where it lies: the rows stay in its files and are read when somebody looks at them, so that one
 * of any length takes no more memory than the store's cap. Nothing in it is changed.
 *
 *   const opened = openSession(path);                        or beginSession, and `proceed` a little at a time
 *   const store = new SessionStore({ …, archive: opened.value.archive });
 *   opened.value.fill(store);                                again after each `proceed`
 *   … opened.value.close() …                                 once the store is not used any more
 */
import { basename } from 'node:path';
import type { EventNames } from '../../native/core/event-names.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import type { SegmentArchive } from '../session/store/archive.ts';
import { type Slice, WHOLE } from '../session/store/slice.ts';
import type { SessionStore } from '../session/store/store.ts';
import { type ColumnPlan, FILE_COLUMNS, planColumns } from './columns.ts';
import { RowsFinder } from './found-rows.ts';
import { NO_LABEL, parseLabel, type SessionLabel } from './label.ts';
import { eventsFileName, LABEL_FILE, LIMITS, MANIFEST_FILE, parseRowsFileName, partFileName } from './layout.ts';
import { NO_FACTS, parseManifest, type SessionManifest } from './manifest.ts';
import { memberLines } from './member-lines.ts';
import { findMembers, noSession, readMemberText, type SessionMembers } from './members.ts';
import { NameLines } from './names-file.ts';
import { adoptable, OpenedArchive } from './opened-archive.ts';

export class OpenedSession {
  readonly path: string;
  readonly manifest: SessionManifest;
  readonly label: SessionLabel;
  /** For the store that is filled. */
  readonly archive: SegmentArchive;
  private readonly own: OpenedArchive;
  private readonly members: SessionMembers;
  private readonly finder: RowsFinder;
  private readonly steps: Generator<void, void>;
  private readonly before: readonly string[];
  private readonly after: string[] = [];
  private names: readonly EventNames[] | null = null;
  private state: 'opening' | 'stopped' | 'whole' = 'opening';
  /** How many of the runs of rows that were found the store has. */
  private given = 0;

  /** `damages`: what is known already. `verify`: see `openSession`. `safeRow`: see `FindOptions`. */
  constructor(
    members: SessionMembers,
    manifest: SessionManifest,
    label: SessionLabel,
    plan: ColumnPlan,
    damages: readonly string[],
    verify: boolean,
    safeRow: number | null,
  ) {
    this.path = members.path;
    this.members = members;
    this.manifest = manifest;
    this.label = label;
    this.before = damages;
    const { epoch, firstRow: keptFrom, ended } = manifest;
    this.finder = new RowsFinder(members, plan, { epoch, verify: verify && ended === null, safeRow, keptFrom });
    this.own = new OpenedArchive(members, plan);
    this.archive = this.own;
    this.steps = this.work();
  }

  /** Looks through its files until the slice is spent; true if there is more to look through. */
  proceed(slice: Slice): boolean {
    while (this.state === 'opening' && !this.steps.next().done) if (slice.spent()) return true;
    return false;
  }

  /** Whether all of its files were looked through, or how far. */
  get progress(): { readonly state: 'opening' | 'stopped' | 'whole'; readonly done: number; readonly total: number } {
    return { state: this.state, done: this.finder.doneBytes, total: this.finder.totalBytes };
  }

  /** What was not looked through stays so; the rows found by then are the session's. Harmless once all was. */
  stop(): void {
    if (this.state !== 'opening') return;
    this.steps.return();
    this.state = 'stopped';
  }

  /** What is wrong with it, one sentence each; all else can be read. */
  get damages(): readonly string[] {
    return [...this.before, ...this.finder.damages, ...this.after];
  }

  /** Whether it names events, as traces and event logs have. */
  get namesEvents(): boolean {
    return this.members.files.has(eventsFileName(this.manifest.epoch));
  }

  /** What events are called, number 1 first; null until they were read, which is before the first row is found. */
  get eventNames(): readonly EventNames[] | null {
    return this.names;
  }

  private *work(): Generator<void, void> {
    yield* this.readNames();
    yield* this.finder.steps();
    this.state = 'whole';
    const { savedRow } = this.manifest;
    const { endRow } = this;
    if (endRow < savedRow) this.after.push(`the rows ${endRow} to ${savedRow - 1} were written and are missing`);
  }

  private *readNames(): Generator<void, void> {
    const file = eventsFileName(this.manifest.epoch);
    const lines = new NameLines();
    try {
      if (this.members.files.has(file))
        for (const line of memberLines(this.members, file, LIMITS.eventsBytes)) {
          yield;
          if (line === null || lines.take(line)) continue;
          this.after.push(`${file} is damaged behind line ${lines.names.length}: further events have no names`);
          break;
        }
    } catch (error) {
      this.after.push(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.names = lines.names;
  }

  /** Number of the first row there is, and one above the last: bookmarks and notes name rows by these. */
  get firstRow(): number {
    return this.finder.firstRow;
  }

  get endRow(): number {
    const last = this.finder.found.at(-1);
    return last === undefined ? this.finder.firstRow : last.row + last.rows;
  }

  /** Records that are known to be missing: those the sources lost, and entries that could not be kept. */
  get lost(): number {
    const marked = this.finder.found.reduce((sum, { summary }) => sum + summary.lost, 0);
    return Math.max(this.manifest.lost, marked) + this.goneEntries;
  }

  /** Entries that are missing although they have numbers among the rows. */
  get goneEntries(): number {
    return this.finder.found.reduce((sum, { batch, summary }) => sum + (batch === null ? summary.entries : 0), 0);
  }

  /** Rows that are known to have been there, without those that can be read: holes, and what was written and is gone. */
  get missingRows(): number {
    const holes = this.finder.found.reduce((sum, { batch, rows }) => sum + (batch === null ? rows : 0), 0);
    return holes + (this.state === 'whole' ? Math.max(0, this.manifest.savedRow - this.endRow) : 0);
  }

  /** Rows that its files have. */
  get keptRows(): number {
    return this.finder.found.reduce((sum, { batch, rows }) => sum + (batch === null ? 0 : rows), 0);
  }

  /** Time of the last row, nanoseconds since time 0 of the session; 0 without rows. */
  get lastNs(): number {
    return this.finder.found.reduce((last, { summary }) => Math.max(last, summary.maxNs), 0);
  }

  get bytes(): number {
    return this.own.bytes;
  }

  /** It is one file, to which nothing is ever written. */
  get isPacked(): boolean {
    return this.members.packed;
  }

  /**
   * Gives the rows that were found to a store whose archive is this session's, and that has no others: all that it has not
   * been given yet.
   */
  fill(store: SessionStore): void {
    const { found, firstRow } = this.finder;
    store.adopt(found.slice(this.given).map(adoptable), firstRow);
    this.given = found.length;
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
    this.stop();
    this.own.close();
  }
}

/** What a person calls it: the name they gave it, or that of its folder or file. */
export const titleOf = ({ label, path }: OpenedSession): string =>
  label.name === '' ? basename(path).replace(/\.ringview(\.tar)?$/, '') : label.name;

/**
 * Opens the session at `path`, a folder or a packed file. What is damaged is named in the session; failures are for what is
 * no session, or one of a later version: bad-argument, bad-version, or what the system said. `verify`: the newest batches
 * of one that was not ended are held against their checksums; without, only as far as somebody looks at them.
 */
export function openSession(path: string, { verify = true } = {}): Result<OpenedSession> {
  const begun = beginSession(path, { verify });
  if (begun.ok) begun.value.proceed(WHOLE);
  return begun;
}

/** The same without its rows: they are found by `proceed`. */
export function beginSession(path: string, { verify = true } = {}): Result<OpenedSession> {
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
  const label = labelOf(members, damages);
  const safeRow = typeof read === 'string' ? null : manifest.savedRow;
  return ok(new OpenedSession(members, manifest, label, plan, damages, verify, safeRow));
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
  const epoch = epochs.reduce((most, each) => Math.max(most, each), 0);
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
