/**
 * The file of settings: commented JSON in the user's data folder, which a person may write too, and other instances, and
 * newer versions. Each change is made in what is there then, under a lock, only where a value differs, and the file is
 * replaced whole, so that a crash leaves the old one or the new one. A file that cannot be read to its end is left alone
 * until somebody corrects it.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { FileLock } from '../../native/core/platform.ts';
import { lockFile } from '../../native/file-lock.ts';
import { problemText, type SettingsProblem } from '../contract/settings.ts';
import { readSmallFile } from '../files/read-small.ts';
import { removeTemporaries, replaceFileSync } from '../files/replace-sync.ts';
import { plainValue, readCommented } from './commented-json.ts';
import { type Fields, isFields, withFields } from './edit-commented.ts';
import { newFile, settingsProblems, unusedEntries } from './setting-rules.ts';
import { DEFAULT_SETTINGS, type Settings, settingsFrom } from './settings.ts';

/** Far more than all that is remembered takes. */
const MOST_BYTES = 1024 ** 2;
/** Another instance holds the lock for a write of a few kilobytes; tries, and the wait between two, milliseconds. */
const LOCK_TRIES = 400;
const LOCK_WAIT_MS = 5;

/** What changes, or what makes a change of the settings as they are now, another instance's changes among them. */
export type SettingsChange = Partial<Settings> | ((now: Settings) => Partial<Settings>);

export class SettingsFile {
  readonly path: string;
  private current: Settings = DEFAULT_SETTINGS;
  /** What could not be saved. */
  private unsaved: Partial<Settings> = {};
  private found: readonly SettingsProblem[] = [];
  private readonly report: (message: string) => void;

  /** Reads `settings.json` in `folder`; `report` gets a line for all that is wrong in it, and when it cannot be written. */
  constructor(folder: string, report: (message: string) => void) {
    this.path = join(folder, 'settings.json');
    this.report = report;
    this.reload();
  }

  get value(): Settings {
    return this.current;
  }

  /** What was wrong in the file when it was last read. */
  get problems(): readonly SettingsProblem[] {
    return this.found;
  }

  /** Reads what a person or another instance has written since; what the file does not say stays as it is. */
  reload(): void {
    const before = this.found;
    try {
      const text = this.read() ?? '';
      this.current = { ...this.current, ...settingsIn(text), ...this.unsaved };
      this.found = settingsProblems(text);
    } catch (error) {
      this.found = [{ name: '', line: null, what: `the file could not be read: ${String(error)}` }];
    }
    const said = new Set(before.map(problemText));
    const lines = this.found.map(problemText).filter((line) => !said.has(line));
    if (lines.length > 0) this.report(`settings in ${this.path}: ${lines.join('; ')}`);
  }

  /** Makes the file, with its comments, if there is none; true if there is one now. */
  make(): boolean {
    return this.write(() => ({}));
  }

  update(change: SettingsChange): void {
    this.write(typeof change === 'function' ? change : () => change);
  }

  private write(change: (now: Settings) => Partial<Settings>): boolean {
    const lock = this.lock();
    let now = this.current;
    let saved = false;
    let why: unknown = null;
    let there: string | null = null;
    try {
      there = this.read();
      now = { ...now, ...settingsIn(there ?? ''), ...this.unsaved };
    } catch (error) {
      why = error;
    }
    const wanted = change(now);
    this.current = { ...this.current, ...wanted };
    try {
      if (why !== null) throw why;
      const next = there === null || there.trim() === '' ? newFile({ ...now, ...wanted }) : changed(there, wanted);
      if (next === null)
        throw new Error(
          settingsProblems(there ?? '')
            .map(problemText)
            .at(-1),
        );
      if (lock !== null) removeTemporaries(this.path);
      if (next !== there) replaceFileSync(this.path, next, 'followed');
      this.found = settingsProblems(next);
      saved = true;
    } catch (error) {
      // What a person asked for counts in this run all the same.
      this.unsaved = { ...this.unsaved, ...wanted };
      this.report(`settings were not saved: ${String(error)}`);
    } finally {
      lock?.release();
    }
    return saved;
  }

  /** Null if it cannot be had soon: a change that may be lost is better than a window that stands still. */
  private lock(): FileLock | null {
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      const locked = lockFile(`${this.path}.lock`);
      if (!locked.ok) return null;
      if (locked.value !== null) return locked.value;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_WAIT_MS);
    }
    return null;
  }

  /** The text; null if there is no file. Throws the system's error, or one that says what else it is. */
  private read(): string | null {
    try {
      return readSmallFile(this.path, MOST_BYTES).toString();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }
}

function fieldsOf(text: string): Fields {
  const { root } = readCommented(text);
  const value = root === null ? null : plainValue(root);
  if (!isFields(value)) return {};
  // An earlier version called it so.
  return value.history !== undefined && value.retention === undefined ? { ...value, retention: value.history } : value;
}

/** The settings that a text names. */
function settingsIn(text: string): Partial<Settings> {
  const fields = fieldsOf(text);
  return Object.fromEntries(Object.entries(settingsFrom(fields)).filter(([name]) => name in fields));
}

/** The text with what differs from it changed; null if it is not one whole object. */
function changed(text: string, wanted: Partial<Settings>): string | null {
  const there = fieldsOf(text);
  const counts = settingsFrom(there) as unknown as Fields;
  const differs: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const now = counts[name];
    if (isDeepStrictEqual(now, value)) continue;
    if (isFields(now) && isFields(value) && isFields(there[name]))
      differs[name] = Object.fromEntries(
        Object.entries(value).filter(([field, each]) => !isDeepStrictEqual(now[field], each)),
      );
    else differs[name] = Array.isArray(value) ? [...value, ...unusedEntries(name, there[name])] : value;
  }
  return withFields(text, differs);
}
