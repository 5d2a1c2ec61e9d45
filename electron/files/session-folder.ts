/**
 * A folder of its own for each running program, for what must not outlive it. A folder is named after its process, so
 * that the next start can tell what a crash left from what is in use.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^session-([1-9]\d{0,9})$/;

/** True if a process of this number runs; without the right to ask, it is taken to run. */
export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * The path for this process below `parent`; nothing of an earlier process is in it. Folders of processes that have ended
 * are removed, everything else in `parent` is left alone. `report` gets a line for each that cannot be.
 */
export function sessionFolder(
  parent: string,
  report: (message: string) => void,
  pid = process.pid,
  runs: (pid: number) => boolean = processRuns,
): string {
  const own = join(parent, `session-${pid}`);
  try {
    mkdirSync(parent, { recursive: true });
    for (const name of readdirSync(parent)) {
      const owner = NAME.exec(name)?.[1];
      if (owner === undefined || (Number(owner) !== pid && runs(Number(owner)))) continue;
      removeFolder(join(parent, name), report);
    }
  } catch (error) {
    report(`the history of earlier sessions was not looked for: ${String(error)}`);
  }
  return own;
}

/** Removes a session's folder, at the end or after a crash. */
export function removeFolder(path: string, report: (message: string) => void): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    report(`${path} could not be removed: ${String(error)}`);
  }
}
