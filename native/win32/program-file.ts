/** Finds out from its file for which processor a program was built. */
import { closeSync, openSync, readSync } from 'node:fs';
import { peMachine } from './pe-machine.ts';

/** The processor for which the program or driver `file` was built; null if it cannot be read or is not a program. */
export function machineOfFile(file: string): string | null {
  const head = new Uint8Array(4096);
  try {
    const fd = openSync(file, 'r');
    try {
      return peMachine(head.subarray(0, readSync(fd, head)));
    } finally {
      closeSync(fd);
    }
  } catch {
    // The file is missing, or this user may not read it: in both cases the processor is unknown.
    return null;
  }
}
