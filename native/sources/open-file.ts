/**
 * Opens a log file of any kind. Its first bytes tell whether it is an event log, a trace, the memory of a machine, a zip file,
 * or text in one of the formats of file/.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { fail, type Result } from '../core/result.ts';
import { type BinaryOptions, binaryKind, KIND_BYTES } from './binary-files.ts';
import { openFailure } from './file/byte-feed.ts';
import { type FileOptions, openTextFile } from './file/file-source.ts';
import type { LogSource } from './source.ts';
import { isZip } from './zip/zip-directory.ts';
import { openInZip, openZip, placeInZip, type ZipOptions } from './zip/zip-source.ts';

/** What a person may decide about reading a file. Each kind of file uses some of these options. */
export type OpenFileOptions = FileOptions & BinaryOptions & ZipOptions;

/**
 * Opens a log file of any kind that this program reads, by what it begins with; its name counts only for raw images of memory.
 * A path that goes on behind a zip file leads to a file in it. Failures: source-not-found, permission-denied, bad-argument (a folder, a device, an unknown encoding or format, symbols
 * that cannot be read), io-error; of a zip file also those of `openInZip`.
 */
export function openFileSource(path: string, options: OpenFileOptions = {}): Result<LogSource> {
  let fd: number | null = null;
  try {
    // Non-blocking, because opening a pipe without a writer would block otherwise.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const head = new Uint8Array(KIND_BYTES);
    const bytes = readSync(fd, head, 0, head.length, 0);
    const found = head.subarray(0, bytes);
    const binary = binaryKind(path, found);
    if (binary !== null && options.follow) {
      const action = 'Open it without following, and again for what is new';
      return fail('bad-argument', `${path} is ${binary.what}, which is not followed`, action);
    }
    if (binary !== null) return binary.open(path, options);
    if (isZip(found)) return openZip(path, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const inside = code === 'ENOTDIR' || code === 'ENOENT' ? placeInZip(path) : null;
    if (inside !== null) return openInZip(inside.zip, inside.name, { displayName: path, ...options });
    // A pipe cannot be read at an offset, and a folder not at all: for both, opening it as text gives the right answer
    // or failure.
    if (code !== 'ESPIPE' && code !== 'EISDIR') return openFailure(path, error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
  return openTextFile(path, options);
}
