/**
 * A folder of its own for each running program, for what must not outlive it. Beside it lies a file that the program keeps
 * locked for its life: the next start tells by that, and by nothing else, what a crash left from what is in use.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeFailure } from '../../native/core/result.ts';
import { type FileLock, lockFile } from '../../native/file-lock.ts';

const NAME = /^(session-\d{1,10}(?:-[0-9a-f]{12})?)(?:\.lock)?$/;

export interface SessionFolder {
  readonly path: string;
  /** Removes it, at the end. */
  remove(): void;
}

type Report = (message: string) => void;

/**
 * A new, empty folder below `parent`. Those of programs that have ended are removed, everything else in `parent` is left
 * alone. `report` gets a line for each that cannot be. On a full disk the folder may not be there yet.
 */
export function openSessionFolder(parent: string, report: Report): SessionFolder {
  // First, for it makes room; and a disk without room must not keep what a crash left.
  attempt('the history of earlier sessions was not looked for', report, () => {
    mkdirSync(parent, { recursive: true });
    removeEnded(parent, report);
  });
  // The number is for people; no two programs ever share the rest.
  const name = `session-${process.pid}-${randomBytes(6).toString('hex')}`;
  // Before the folder is there: without its lock it would be taken for one that a crash left.
  const locked = lockFile(join(parent, `${name}.lock`));
  const lock: FileLock | null = locked.ok ? locked.value : null;
  if (!locked.ok) report(`another start cannot see that this history is in use: ${describeFailure(locked.failure)}`);
  // Under a name that no other start looks at.
  const path = join(parent, lock === null ? `unguarded-${name}` : name);
  attempt('the history has no folder yet', report, () => mkdirSync(path));
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
    // What is held, also by this program itself, is in use.
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
