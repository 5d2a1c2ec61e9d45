/** Tells recorded sessions from log files: a folder or one file, whatever a person called it. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER_ENDING, MANIFEST_FILE } from './layout.ts';
import { PACK_ENDING } from './pack.ts';

const HEADER_BYTES = 512;
const MAGIC_AT = 257;
/** The first member of a packed session lies in the folder that it unpacks to. */
const FIRST_MEMBER = /^[^/\0]+\.ringview\//;

/** By its name alone, so that nothing is read. */
export const isNamedRecording = (path: string): boolean => path.endsWith(PACK_ENDING) || path.endsWith(FOLDER_ENDING);

/** Whether it is to be opened as a session; what cannot be read is none, unless it is called so. */
export function isRecording(path: string): boolean {
  if (isNamedRecording(path)) return true;
  try {
    const facts = statSync(path);
    if (facts.isDirectory()) return statSync(join(path, MANIFEST_FILE)).isFile();
    return facts.isFile() && isPacked(path);
  } catch {
    return false;
  }
}

function isPacked(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return false;
    return (
      header.toString('latin1', MAGIC_AT, MAGIC_AT + 5) === 'ustar' &&
      FIRST_MEMBER.test(header.toString('latin1', 0, 100))
    );
  } finally {
    closeSync(fd);
  }
}
