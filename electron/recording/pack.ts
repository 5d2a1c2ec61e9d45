/** Packs a session into one file, and stores what the app keeps beside a session's rows. */
import { basename, join } from 'node:path';
import { ok, type Result } from '../../native/core/result.ts';
import { replaceFileSync } from '../files/replace-sync.ts';
import { ReplacingFile } from '../files/replacing-file.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { readAll } from '../files/whole-io.ts';
import { FOLDER_ENDING, INDEX_ENDING, MANIFEST_FILE, partFileName } from './layout.ts';
import { findMembers, type OpenMember, type SessionMembers } from './members.ts';
import { TAR_END, tarHeader, tarPadding } from './tar.ts';

/** What a packed session is called: its own name and this. */
export const PACK_ENDING = '.ringview.tar';

/** Bytes that are read and written at a time. */
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
      const all = bytesOf(members);
      let done = 0;
      for (const { bytes, of } of packParts(members, folderNameOf(path), unixMs / 1000)) {
        const written = await file.write(bytes);
        if (!written.ok) return written;
        done += of;
        if (of > 0) progress(done, all);
      }
      return await file.commit();
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `${path} could not be read`) };
    } finally {
      // Does nothing once the file has its final name.
      await file.discard();
    }
  } finally {
    members.closeAll();
  }
}

/**
 * Packing as a job: whoever writes the file pulls part after part, as for an export. `scannedRows` is its progress.
 * Failures: those of the session.
 */
export class PackJob {
  readonly totalRows: number;
  readonly skippedRows = 0;
  private readonly path: string;
  private readonly members: SessionMembers;
  private readonly parts: Generator<PackPart>;
  private readonly all: number;
  private done = 0;

  private constructor(path: string, rows: number, members: SessionMembers, unixMs: number) {
    this.path = path;
    this.totalRows = rows;
    this.members = members;
    this.all = bytesOf(members);
    this.parts = packParts(members, folderNameOf(path), unixMs / 1000);
  }

  /** `rows`: how many the session has. */
  static create(path: string, rows: number, unixMs: number): Result<PackJob> {
    const found = findMembers(path);
    return found.ok ? ok(new PackJob(path, rows, found.value, unixMs)) : found;
  }

  get scannedRows(): number {
    return this.all === 0 ? this.totalRows : Math.round((this.totalRows * this.done) / this.all);
  }

  get writtenRows(): number {
    return this.scannedRows;
  }

  async next(): Promise<Result<Uint8Array | null>> {
    try {
      const part = this.parts.next();
      if (part.done) return ok(null);
      this.done += part.value.of;
      return ok(part.value.bytes);
    } catch (error) {
      return { ok: false, failure: failureOfSystemError(error, `${this.path} could not be read`) };
    }
  }

  /** Harmless twice. */
  close(): void {
    this.parts.return(undefined);
    this.members.closeAll();
  }
}

interface PackPart {
  readonly bytes: Uint8Array;
  /** Bytes of the session's files among them. */
  readonly of: number;
}

const bytesOf = (members: SessionMembers): number => [...members.files.values()].reduce((sum, size) => sum + size, 0);

/** The parts of the packed file, in order. Throws what the system says of the session's files. */
function* packParts(members: SessionMembers, folder: string, unixSeconds: number): Generator<PackPart> {
  for (const name of inOrder([...members.files.keys()])) {
    const member = members.open(name);
    try {
      yield { bytes: tarHeader(`${folder}/${name}`, member.size, unixSeconds), of: 0 };
      for (let at = 0; at < member.size; at += PART_BYTES) {
        const bytes = partOf(member, at);
        yield { bytes, of: bytes.length };
      }
      yield { bytes: tarPadding(member.size), of: 0 };
    } finally {
      members.close(member);
    }
  }
  yield { bytes: TAR_END, of: 0 };
}

/** The manifest first, then each list before the file it describes: so a pack that was cut off can still be used. */
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
  if (readAll(descriptor, bytes, base + at) < bytes.length) throw new Error('a file became shorter while it was read');
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
    replaceFileSync(join(path, file), `${JSON.stringify(value)}\n`, 'replaced');
    return ok(undefined);
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `${name} could not be kept in ${path}`) };
  }
}
