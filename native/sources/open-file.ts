/**
 * Opens a log file of any kind. Its first bytes tell whether it is an event log, a trace, the memory of a machine, a zip file,
 * or text in one of the formats of file/.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { fail, type Result } from '../core/result.ts';
import { isMemoryFile } from './dump/dump-image.ts';
import { openDump } from './dump/dump-source.ts';
import { isTraceFile } from './etl/etl-file.ts';
import { openTrace, type TraceOptions } from './etl/etl-source.ts';
import { isEventLog } from './evtx/evtx-reader.ts';
import { openEventLog } from './evtx/evtx-source.ts';
import { openFailure } from './file/byte-feed.ts';
import { type FileOptions, openTextFile } from './file/file-source.ts';
import type { LogSource } from './source.ts';
import { isZip } from './zip/zip-directory.ts';
import { openInZip, openZip, placeInZip } from './zip/zip-source.ts';

/** What a person may decide about reading a file. Each kind of file uses some of these options. */
export type OpenFileOptions = FileOptions & TraceOptions;

/** Enough for the header of a trace buffer and of the first event behind it. */
const HEAD_BYTES = 128;

/** Raw images of memory begin with nothing of their own: their name tells them, and that they begin as no text does. */
function isRawImage(path: string, head: Uint8Array): boolean {
  return /\.(vmem|raw|mem)$/i.test(path) && head.includes(0);
}

/**
 * Opens a log file of any kind that this program reads, by what it begins with; its name counts only for raw images of memory.
 * A path that goes on behind a zip file leads to a file in it. Failures: source-not-found, permission-denied, bad-argument (a folder, a device, an unknown encoding or format, symbols
 * that cannot be read), io-error.
 */
export function openFileSource(path: string, options: OpenFileOptions = {}): Result<LogSource> {
  let fd: number | null = null;
  try {
    // Non-blocking, because opening a pipe without a writer would block otherwise.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const head = new Uint8Array(HEAD_BYTES);
    const bytes = readSync(fd, head, 0, head.length, 0);
    const found = head.subarray(0, bytes);
    const isMemory = isMemoryFile(found) || isRawImage(path, found);
    const binary = isEventLog(found)
      ? 'an event log of Windows'
      : isTraceFile(found)
        ? 'a trace of Windows'
        : isMemory
          ? 'the memory of a machine'
          : null;
    if (binary !== null && options.follow) {
      const action = 'Open it without following, and again for what is new';
      return fail('bad-argument', `${path} is ${binary}, which is not followed`, action);
    }
    if (isMemory) return openDump(path, options);
    if (isEventLog(found)) return openEventLog(path, options);
    if (isTraceFile(found)) return openTrace(path, options);
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
