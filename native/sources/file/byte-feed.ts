/**
 * Where the bytes of a file come from: the interface of a feed, and the feed of a regular file, which can follow the
 * file as it grows.
 */
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';

/** Bytes handed out in one piece. */
export const PIECE_BYTES = 1024 * 1024;
/** How often a followed file is compared with the file that now has its name; milliseconds. */
const LOOK_MS = 250;

/** What a feed returns: bytes, valid until the next call; nothing for now; a file that begins anew; or the end. */
export type Fed =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait' }
  | { readonly kind: 'restart'; readonly why: string }
  | { readonly kind: 'end'; readonly failure: Failure | null };

export interface ByteFeed {
  next(): Fed;
  /**
   * Bytes taken so far and bytes in total. The total is null where it cannot be known. For gzip, both count bytes of
   * the compressed file.
   */
  readonly progress: { readonly done: number; readonly total: number | null };
  close(): void;
}

/** No bytes for now; there may be some later. */
export const WAIT: Fed = { kind: 'wait' };

/** The failure for a file that cannot be read further. */
export function readFailure(path: string, error: unknown): Failure {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  const failed = fail('io-error', `${path} could not be read further: ${message}`, 'What was read is kept', {
    code,
    text: message,
  });
  return failed.ok ? (undefined as never) : failed.failure;
}

export class FileFeed implements ByteFeed {
  private readonly path: string;
  private readonly follow: boolean;
  private readonly now: () => number;
  private readonly buffer = new Uint8Array(PIECE_BYTES);
  private fd: number;
  private at = 0;
  private size: number;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private closed = false;

  private constructor(path: string, fd: number, size: number, follow: boolean, now: () => number) {
    this.path = path;
    this.fd = fd;
    this.size = size;
    this.follow = follow;
    this.now = now;
  }

  /** Failures: source-not-found, permission-denied, io-error. `now`: monotonic milliseconds. */
  static open(path: string, follow: boolean, now: () => number): Result<FileFeed> {
    try {
      const fd = openSync(path, 'r');
      return ok(new FileFeed(path, fd, fstatSync(fd).size, follow, now));
    } catch (error) {
      return openFailure(path, error);
    }
  }

  /** Tells the file from others; throws if the system cannot say. */
  get identity(): { readonly dev: number; readonly ino: number } {
    const { dev, ino } = fstatSync(this.fd);
    return { dev, ino };
  }

  get progress(): { readonly done: number; readonly total: number } {
    return { done: this.at, total: Math.max(this.size, this.at) };
  }

  next(): Fed {
    try {
      const bytes = readSync(this.fd, this.buffer, 0, PIECE_BYTES, this.at);
      if (bytes > 0) {
        this.at += bytes;
        return { kind: 'bytes', bytes: this.buffer.subarray(0, bytes) };
      }
      return this.follow ? this.lookForMore() : { kind: 'end', failure: null };
    } catch (error) {
      return { kind: 'end', failure: readFailure(this.path, error) };
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    closeSync(this.fd);
  }

  /**
   * Called at the end of the file as it was. If the file was truncated, it is read from its begin again. If another
   * file has its name now, that one is read next, since the old one was read to its end.
   */
  private lookForMore(): Fed {
    const now = this.now();
    if (now - this.lookedAt < LOOK_MS) return WAIT;
    this.lookedAt = now;
    const mine = fstatSync(this.fd);
    this.size = mine.size;
    if (mine.size < this.at) {
      this.at = 0;
      return { kind: 'restart', why: 'the file was cut, and is read from its begin again' };
    }
    const named = statOrNull(this.path);
    if (named === null || (named.ino === mine.ino && named.dev === mine.dev)) return WAIT;
    const fresh = openSync(this.path, 'r');
    closeSync(this.fd);
    this.fd = fresh;
    this.at = 0;
    this.size = named.size;
    return { kind: 'restart', why: 'the file was replaced by another of its name' };
  }
}

/** The file's facts; null if there is no such file, which can be so for a moment while it is being replaced. */
function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** The failure for a file that cannot be opened. */
export function openFailure(path: string, error: unknown): Result<never> {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  const system = { code, text: message };
  if (code === 'ENOENT') return fail('source-not-found', `There is no file ${path}`, 'Check the name', system);
  if (code === 'EACCES' || code === 'EPERM') {
    return fail('permission-denied', `${path} may not be read`, 'Ask its owner for the right to read it', system);
  }
  if (code === 'EISDIR') return fail('bad-argument', `${path} is a folder`, 'Name a file', system);
  return fail('io-error', `${path} could not be opened: ${message}`, 'Check the file and its disk', system);
}
