/** Makes one file of a session, and keeps what the app has to say of one beside its rows. */
import { readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ok, type Result } from '../../native/core/result.ts';
import { replaceFileSync } from '../files/replace-sync.ts';
import { ReplacingFile } from '../files/replacing-file.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { FOLDER_ENDING, INDEX_ENDING, MANIFEST_FILE, partFileName } from './layout.ts';
import { findMembers, type OpenMember, type SessionMembers } from './members.ts';
import { TAR_END, tarHeader, tarPadding } from './tar.ts';

/** What a packed session is called: its own name and this. */
export const PACK_ENDING = '.ringview.tar';

/** Read and written at a time. */
const PART_BYTES = 1024 * 1024;

/**
 * Packs the session at `path` into the file `out`, which is replaced whole or not at all. `progress` is called with the
 * bytes written and those there are. Failures: what the system said, of the session or of the file.
 */
export async function packSession(
  path: string,
  out: string,
  unixMs: number,
  progress: (written: number, of: number) => void = () => {},
): Promise<Result<void>> {
  const found = findMembers(path);
  if (!found.ok) return found;
  const members = found.value;
  try {
    const created = await ReplacingFile.create(out);
    if (!created.ok) return created;
    const file = created.value;
    try {
      const written = await writeMembers(members, file, folderNameOf(path), unixMs / 1000, progress);
      return written.ok ? await file.commit() : written;
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `${path} could not be read`) };
    } finally {
      // Harmless once it has its name.
      await file.discard();
    }
  } finally {
    members.closeAll();
  }
}

async function writeMembers(
  members: SessionMembers,
  file: ReplacingFile,
  folder: string,
  unixSeconds: number,
  progress: (written: number, of: number) => void,
): Promise<Result<void>> {
  const all = [...members.files.values()].reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const name of inOrder([...members.files.keys()])) {
    const member = members.open(name);
    try {
      const head = await file.write(tarHeader(`${folder}/${name}`, member.size, unixSeconds));
      if (!head.ok) return head;
      for (let at = 0; at < member.size; at += PART_BYTES) {
        const part = await file.write(partOf(member, at));
        if (!part.ok) return part;
        done += Math.min(PART_BYTES, member.size - at);
        progress(done, all);
      }
      const padding = await file.write(tarPadding(member.size));
      if (!padding.ok) return padding;
    } finally {
      members.close(member);
    }
  }
  return file.write(TAR_END);
}

/** What it is first, then lists before the files they are of, so that a pack that was cut is of use. */
function inOrder(names: readonly string[]): string[] {
  const key = (name: string): string => {
    if (name === MANIFEST_FILE) return '0';
    if (!name.includes('.arrows')) return `1${name}`;
    return `2${name.endsWith(INDEX_ENDING) ? `${name.slice(0, -INDEX_ENDING.length)} 0` : `${name} 1`}`;
  };
  return [...names].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function partOf({ descriptor, base, size }: OpenMember, at: number): Uint8Array {
  const bytes = new Uint8Array(Math.min(PART_BYTES, size - at));
  let read = 0;
  while (read < bytes.length) {
    const got = readSync(descriptor, bytes, read, bytes.length - read, base + at + read);
    if (got === 0) throw new Error('a file became shorter while it was read');
    read += got;
  }
  return bytes;
}

/** The folder it unpacks to. */
function folderNameOf(path: string): string {
  const name = basename(path).replace(/[^\w.-]/g, '_');
  return name.endsWith(FOLDER_ENDING) ? name : `${name.replace(/\.ringview\.tar$/, '')}${FOLDER_ENDING}`;
}

/**
 * Keeps a value beside the rows of a session that lies in a folder: bookmarks, notes, filters. It is replaced whole or not
 * at all. Failures: what the system said.
 */
export function writePart(path: string, name: string, value: unknown): Result<void> {
  const file = partFileName(name);
  try {
    replaceFileSync(join(path, file), `${JSON.stringify(value)}\n`);
    return ok(undefined);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${name} could not be kept in ${path}`) };
  }
}
