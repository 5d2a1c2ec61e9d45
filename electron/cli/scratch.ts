/** The folder of this process for what is unpacked: made when it is first needed, and removed at the end. */
import { ok, type Result } from '../../native/core/result.ts';
import type { RunFolder } from '../files/run-folder.ts';
import { openScratchFolder } from '../files/scratch-folder.ts';
import { standardError } from './text-out.ts';

let folder: RunFolder | null = null;

/** Failures: those of the disk. */
export function scratch(): Result<string> {
  if (folder === null) {
    const opened = openScratchFolder((line) => standardError.write(`ringview: ${line}\n`));
    if (!opened.ok) return opened;
    folder = opened.value;
  }
  return ok(folder.path);
}

/** To be called before the process ends, since nothing else of it does it; harmless where there is none. */
export function removeScratch(): void {
  folder?.remove();
  folder = null;
}
