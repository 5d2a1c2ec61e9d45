/**
 * A folder for each run of the program, for files that it needs only while it runs. Beside the folder is a file that the
 * program keeps locked for its life. That lock is the only thing by which the next start tells a folder in use from one
 * that a crash left.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FileLock } from '../../native/core/platform.ts';
import { describeFailure } from '../../native/core/result.ts';
import { lockFile } from '../../native/file-lock.ts';

/** The names on disk say "session", as they always have: so that what earlier versions left is recognised too. */
const NAME = /^(session-\d{1,10}(?:-[0-9a-f]{12})?)(?:\.lock)?$/;

export interface RunFolder {
  readonly path: string;
  /** Removes the folder; to be called at the end. */
  remove(): void;
}

export type Report = (message: string) => void;

/**
 * Creates a new, empty folder below `parent`. Folders of programs that have ended are removed; everything else in
 * `parent` is left alone. `report` receives a line for each folder that could not be removed. On a full disk the folder
 * may not exist yet afterwards.
 */
export function openRunFolder(parent: string, report: Report): RunFolder {
  // Done first, because it makes room: what a crash left must not keep the disk full.
  attempt(`${parent} was not cleared of what earlier runs left`, report, () => {
    mkdirSync(parent, { recursive: true });
    removeEnded(parent, report);
  });
  // The process number is only for people; the random part makes the name unique.
  const name = `session-${process.pid}-${randomBytes(6).toString('hex')}`;
  // Locked before the folder exists: without its lock, another start would take the folder for one that a crash left.
  const locked = lockFile(join(parent, `${name}.lock`));
  const lock: FileLock | null = locked.ok ? locked.value : null;
  if (!locked.ok)
    report(`another start cannot see that a folder in ${parent} is in use: ${describeFailure(locked.failure)}`);
  // Without a lock, the folder gets a name that other starts ignore.
  const path = join(parent, lock === null ? `unguarded-${name}` : name);
  attempt(`${path} could not be made yet`, report, () => mkdirSync(path));
  return {
    path,
    remove() {
      removeFolder(path, report);
      lock?.release(true);
    },
  };
}

function attempt(what: string, report: Report, run: () => void): void {
  try {
    run();
  } catch (error) {
    report(`${what}: ${String(error)}`);
  }
}

function removeEnded(parent: string, report: Report): void {
  const names = new Set<string>();
  for (const entry of readdirSync(parent)) {
    const name = NAME.exec(entry)?.[1];
    if (name !== undefined) names.add(name);
  }
  for (const name of names) {
    // A folder whose lock is held is in use, also if this program itself holds it.
    const locked = lockFile(join(parent, `${name}.lock`));
    if (!locked.ok) report(describeFailure(locked.failure));
    if (!locked.ok || locked.value === null) continue;
    removeFolder(join(parent, name), report);
    locked.value.release(true);
  }
}

function removeFolder(path: string, report: Report): void {
  attempt(`${path} could not be removed`, report, () => rmSync(path, { recursive: true, force: true }));
}
