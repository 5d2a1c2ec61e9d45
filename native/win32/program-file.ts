/** Looks into program files. */
import { closeSync, openSync, readSync } from 'node:fs';
import { peMachine } from './pe-machine.ts';

/** Processor for which the program or driver `file` was built; null if it cannot be read or is none. */
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
    // Missing or closed to this user: either way it is not known.
    return null;
  }
}
