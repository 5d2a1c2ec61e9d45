/**
 * The sessions on this machine: a folder with a folder each. Beside a session lies a file that the program which records it
 * keeps locked for its life; by that, and by nothing else, it is told whether a session without an end is still recorded or
 * was left by a crash.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FileLock } from '../../native/core/platform.ts';
import { describeFailure, fail, ok, type Result } from '../../native/core/result.ts';
import { lockFile } from '../../native/file-lock.ts';
import { localDay, localTime } from '../contract/local-time.ts';
import { replaceFileSync } from '../files/replace-sync.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { formatLabel, type SessionLabel } from './label.ts';
import { FOLDER_ENDING, LABEL_FILE, MANIFEST_FILE } from './layout.ts';
import { findSession, freeName, type LibraryLimits, type SessionEntry, sessionsBeyond } from './library-rules.ts';
import { formatManifest, NO_FACTS } from './manifest.ts';
import { type OpenedSession, openSession } from './opened-session.ts';
import { writePart } from './pack.ts';

/** A new session's folder, for its recorder. */
export interface BegunSession {
  readonly folder: string;
  readonly name: string;
  /** Recording has ended. Safe to call twice. */
  release(): void;
}

const LOCK_ENDING = '.lock';

export class SessionLibrary {
  readonly folder: string;
  private readonly unixMs: () => number;

  /** `unixMs`: wall clock, milliseconds since 1970 UTC. */
  constructor(folder: string, unixMs: () => number = Date.now) {
    this.folder = folder;
    this.unixMs = unixMs;
  }

  /** Every session, newest first; and a sentence for each folder that looks like a session but is not one. */
  list(): Result<{ readonly sessions: readonly SessionEntry[]; readonly troubles: readonly string[] }> {
    let names: readonly string[];
    try {
      names = readdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok({ sessions: [], troubles: [] });
      return this.failed(error, `The sessions in ${this.folder} could not be listed`);
    }
    const sessions: SessionEntry[] = [];
    const troubles: string[] = [];
    for (const name of names) {
      if (!name.endsWith(FOLDER_ENDING)) continue;
      const entry = this.look(join(this.folder, name));
      if (entry.ok) sessions.push(entry.value);
      else troubles.push(describeFailure(entry.failure));
    }
    sessions.sort((a, b) => b.startedUnixMs - a.startedUnixMs || (a.path < b.path ? -1 : 1));
    return ok({ sessions, troubles });
  }

  /**
   * Begins a session: its folder, its name, and the lock that says it is recorded. `wanted` null: it is called by the time,
   * and no other session is looked at for that.
   */
  begin(wanted: string | null): Result<BegunSession> {
    const startedUnixMs = this.unixMs();
    const named = wanted === null ? this.nameByTime(startedUnixMs) : this.check(wanted);
    if (!named.ok) return named;
    const folder = join(this.folder, `${idOf(startedUnixMs)}${FOLDER_ENDING}`);
    try {
      mkdirSync(this.folder, { recursive: true });
    } catch (error) {
      return this.failed(error, `${this.folder} could not be made`);
    }
    // Locked before the folder exists: without its lock, the folder would be taken for one that a crash left.
    const lock = lockFile(`${folder}${LOCK_ENDING}`);
    if (!lock.ok) return lock;
    // The folder gets its name only once it is complete, so that nobody finds half a session.
    const begun = `${folder}.new`;
    try {
      mkdirSync(begun, { mode: 0o700 });
      writeFileSync(
        join(begun, LABEL_FILE),
        formatLabel({ name: named.value, pinned: false, byTime: wanted === null }),
        { mode: 0o600 },
      );
      const times = { startedUnixMs, writtenUnixMs: startedUnixMs };
      const manifest = formatManifest({
        ...NO_FACTS,
        ...times,
        epoch: 0,
        ended: null,
        firstRow: 0,
        endRow: 0,
        savedRow: 0,
        rowsGone: 0,
      });
      writeFileSync(join(begun, MANIFEST_FILE), manifest, { mode: 0o600 });
      renameSync(begun, folder);
      return ok({ folder, name: named.value, release: () => lock.value?.release(true) });
    } catch (error) {
      rmSync(begun, { recursive: true, force: true });
      lock.value?.release(true);
      return this.failed(error, `${folder} could not be written`);
    }
  }

  /** Whether a new session may be called so. Failure: bad-argument for a name that is taken or is none. */
  check(name: string): Result<string> {
    const listed = this.list();
    return listed.ok ? freeName(listed.value.sessions, name) : listed;
  }

  find(name: string): Result<SessionEntry> {
    const listed = this.list();
    return listed.ok ? findSession(listed.value.sessions, name) : listed;
  }

  /** Gives a session another name; it may be recorded meanwhile. */
  rename(path: string, name: string): Result<void> {
    const listed = this.list();
    if (!listed.ok) return listed;
    const named = freeName(listed.value.sessions, name, path);
    return named.ok ? this.relabel(path, (label) => ({ ...label, name: named.value, byTime: false })) : named;
  }

  /** Keeps a session whatever the limits, or no longer. */
  pin(path: string, pinned: boolean): Result<void> {
    return this.relabel(path, (label) => ({ ...label, pinned }));
  }

  /** Notes that a person has heard of a session that a crash ended. */
  noteOffered(path: string): Result<void> {
    const mine = this.own(path);
    return mine.ok ? writePart(path, OFFERED_PART, true) : mine;
  }

  /** The folder of the session of that name of a folder, without its ending. Failures: bad-argument, source-not-found. */
  pathOf(id: string): Result<string> {
    const path = join(this.folder, `${id}${FOLDER_ENDING}`);
    const mine = this.own(path);
    return mine.ok ? ok(path) : mine;
  }

  /** Removes a session for good. Failure: source-busy while it is recorded. */
  delete(path: string): Result<void> {
    const mine = this.own(path);
    if (!mine.ok) return mine;
    const lock = this.idle(path);
    if (!lock.ok) return lock;
    try {
      rmSync(path, { recursive: true, force: true });
      return ok(undefined);
    } catch (error) {
      return this.failed(error, `${path} could not be deleted`);
    } finally {
      lock.value?.release(true);
    }
  }

  /**
   * Deletes what is beyond the limits, oldest first. Returns the sessions that went and what could not be deleted. `which`
   * decides on what goes, by the usual rule unless it is given.
   */
  keepWithin(
    limits: LibraryLimits,
    which: typeof sessionsBeyond = sessionsBeyond,
  ): Result<{ readonly deleted: readonly SessionEntry[]; readonly troubles: readonly string[] }> {
    const listed = this.list();
    if (!listed.ok) return listed;
    const deleted: SessionEntry[] = [];
    const troubles: string[] = [];
    for (const entry of which(listed.value.sessions, limits, this.unixMs())) {
      const gone = this.delete(entry.path);
      if (gone.ok) deleted.push(entry);
      else troubles.push(describeFailure(gone.failure));
    }
    return ok({ deleted, troubles });
  }

  /** Whether a program records it now. Where files cannot be locked nobody can tell; it then counts as ended. */
  isRecorded(path: string): boolean {
    const lock = this.idle(path);
    if (lock.ok) lock.value?.release(true);
    return !lock.ok;
  }

  /** The time, and a number where another session began in the same second. */
  private nameByTime(unixMs: number): Result<string> {
    try {
      const time = timeOf(unixMs);
      const same = readdirSync(this.folder).filter(
        (name) => name.startsWith(time) && name.endsWith(FOLDER_ENDING),
      ).length;
      return ok(same === 0 ? nameOfTime(unixMs) : `${nameOfTime(unixMs)} (${same + 1})`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(nameOfTime(unixMs));
      return this.failed(error, `The sessions in ${this.folder} could not be listed`);
    }
  }

  private look(path: string): Result<SessionEntry> {
    // Asked before reading: a session that ends in between is then treated as still recording, which is harmless.
    const recorded = this.isRecorded(path);
    const opened = openSession(path, { verify: false });
    if (!opened.ok) return opened;
    const entry = entryOf(opened.value, recorded);
    opened.value.close();
    return ok({ ...entry, path });
  }

  /** Holds the lock of a session that nobody records; null where there was none. Failure: source-busy. */
  private idle(path: string): Result<FileLock | null> {
    const name = `${path}${LOCK_ENDING}`;
    if (!existsSync(name)) return ok(null);
    const lock = lockFile(name);
    if (!lock.ok) return ok(null);
    if (lock.value !== null) return lock;
    return fail('source-busy', `${path} is being recorded`, 'Stop recording it first');
  }

  private relabel(path: string, change: (label: SessionLabel) => SessionLabel): Result<void> {
    const mine = this.own(path);
    if (!mine.ok) return mine;
    const opened = openSession(path);
    if (!opened.ok) return opened;
    opened.value.close();
    try {
      replaceFileSync(join(path, LABEL_FILE), formatLabel(change(opened.value.label)), 'replaced');
      return ok(undefined);
    } catch (error) {
      return this.failed(error, `${path} could not be changed`);
    }
  }

  /** Checks that `path` is a session's folder directly in the library's: nothing else is ever changed or deleted. */
  private own(path: string): Result<void> {
    const name = path.slice(this.folder.length + 1);
    const plain = path === join(this.folder, name) && /^[^/\\]+$/.test(name) && name.endsWith(FOLDER_ENDING);
    try {
      if (plain && lstatSync(path).isDirectory()) return ok(undefined);
    } catch (error) {
      return this.failed(error, `${path} could not be found`);
    }
    return fail('bad-argument', `${path} is no session in ${this.folder}`, "'ringview sessions' lists those there are");
  }

  private failed(error: unknown, message: string): Result<never> {
    return { ok: false, failure: failureOfSystemError(error, message) };
  }
}

function entryOf(session: OpenedSession, recorded: boolean): SessionEntry {
  const { manifest, label, path, bytes, lost, damages } = session;
  return {
    name: label.name === '' ? nameOfTime(manifest.startedUnixMs) : label.name,
    ...{ path, pinned: label.pinned, named: label.name !== '' && label.byTime !== true, bytes, lost, damages },
    offered: isOffered(session),
    startedUnixMs: manifest.startedUnixMs,
    durationMs: Math.max(0, manifest.writtenUnixMs - manifest.startedUnixMs),
    rows: session.endRow - session.firstRow,
    sources: manifest.sources.map(({ name }) => name),
    ended: manifest.ended ?? (recorded ? null : 'crashed'),
  };
}

const OFFERED_PART = 'offered';

function isOffered(session: OpenedSession): boolean {
  const part = session.part(OFFERED_PART, (value) => (value === true ? value : null));
  return part.ok && part.value === true;
}

/** The name of a session that nobody named: when it began, in local time. */
function nameOfTime(unixMs: number): string {
  return `${localDay(unixMs)} ${localTime(unixMs, '.')}`;
}

/** A name by which folders sort by time; its random part tells those of one second apart. */
function idOf(unixMs: number): string {
  return `${timeOf(unixMs)}-${randomBytes(4).toString('hex')}`;
}

function timeOf(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

/** Where sessions are kept unless told otherwise: RINGVIEW_SESSIONS, else the folder the system has for a user's data. */
export function defaultLibraryFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home = homedir()): string {
  if (env.RINGVIEW_SESSIONS) return env.RINGVIEW_SESSIONS;
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'RingView', 'sessions');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'RingView', 'sessions');
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'ringview', 'sessions');
}
