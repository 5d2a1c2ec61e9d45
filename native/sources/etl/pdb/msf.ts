/**
 * The container of PDB files: streams of blocks, found by a directory. Layout: the public description of the MSF format in
 * LLVM's documentation. Only what is asked for is read; every number is checked before it is used.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '../../../core/result.ts';
import { openFailure } from '../../file/byte-feed.ts';

const MAGIC = 'Microsoft C/C++ MSF 7.00\r\n\u001aDS\0\0\0';
export const MSF_MAGIC_BYTES = 32;
const BLOCK_SIZES: readonly number[] = [512, 1024, 2048, 4096, 8192, 16_384, 32_768];
/** A directory is a number a block and a few a stream: of a PDB of 16 GB some ten megabytes. */
const MOST_DIRECTORY_BYTES = 64 * 1024 * 1024;
const MOST_STREAMS = 1_000_000;
const NO_STREAM = 0xffffffff;

/** Whether a file begins as a PDB does. */
export function isPdb(head: Uint8Array): boolean {
  return head.length >= MSF_MAGIC_BYTES && String.fromCharCode(...head.subarray(0, MSF_MAGIC_BYTES)) === MAGIC;
}

interface Stream {
  readonly bytes: number;
  /** Place in the directory of the numbers of its blocks. */
  readonly blocksAt: number;
}

export class MsfFile {
  private readonly fd: number;
  private readonly blockBytes: number;
  private readonly directory: DataView;
  private readonly streams: readonly Stream[];

  private constructor(fd: number, blockBytes: number, directory: DataView, streams: readonly Stream[]) {
    this.fd = fd;
    this.blockBytes = blockBytes;
    this.directory = directory;
    this.streams = streams;
  }

  /** Failures: source-not-found, permission-denied, bad-argument (a folder), bad-magic (no PDB, or a damaged one), io-error. */
  static open(path: string): Result<MsfFile> {
    let fd: number | null = null;
    try {
      fd = openSync(path, 'r');
      const facts = fstatSync(fd);
      if (facts.isDirectory()) return fail('bad-argument', `${path} is a folder`, 'Name a file');
      const opened = openDirectory(fd, facts.size);
      if (typeof opened === 'string') {
        return fail(
          'bad-magic',
          `${path} is no PDB that can be read: ${opened}`,
          'Give the PDB as the linker wrote it',
        );
      }
      const file = new MsfFile(fd, opened.blockBytes, opened.directory, opened.streams);
      fd = null;
      return ok(file);
    } catch (error) {
      return openFailure(path, error);
    } finally {
      if (fd !== null) closeSync(fd);
    }
  }

  /** Bytes of a stream; 0 if there is none of that number. */
  size(stream: number): number {
    return this.streams[stream]?.bytes ?? 0;
  }

  /** The first bytes of a stream, at most `most`; fewer where the file ends. Throws the system's error. */
  read(stream: number, most: number): Uint8Array {
    const found = this.streams[stream];
    const bytes = new Uint8Array(Math.min(most, found?.bytes ?? 0));
    for (let at = 0; found !== undefined && at < bytes.length; at += this.blockBytes) {
      const block = this.directory.getUint32(found.blocksAt + (at / this.blockBytes) * 4, true);
      const wanted = Math.min(this.blockBytes, bytes.length - at);
      const read = readSync(this.fd, bytes, at, wanted, block * this.blockBytes);
      if (read < wanted) return bytes.subarray(0, at + read);
    }
    return bytes;
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** Reads the directory; a phrase if it is damaged. */
function openDirectory(
  fd: number,
  size: number,
): { readonly blockBytes: number; readonly directory: DataView; readonly streams: readonly Stream[] } | string {
  const head = new Uint8Array(56);
  if (readSync(fd, head, 0, head.length, 0) < head.length || !isPdb(head)) return 'it does not begin as one';
  const view = new DataView(head.buffer);
  const blockBytes = view.getUint32(32, true);
  const directoryBytes = view.getUint32(44, true);
  if (!BLOCK_SIZES.includes(blockBytes)) return `blocks of ${blockBytes} bytes`;
  if (directoryBytes < 4 || directoryBytes > Math.min(size, MOST_DIRECTORY_BYTES)) return 'the size of its directory';
  const count = Math.ceil(directoryBytes / blockBytes);
  const map = new Uint8Array(count * 4);
  if (readSync(fd, map, 0, map.length, view.getUint32(52, true) * blockBytes) < map.length)
    return 'its directory is cut';
  const blocks = new DataView(map.buffer);
  const directory = new Uint8Array(count * blockBytes);
  for (let at = 0; at < count; at++) {
    const place = blocks.getUint32(at * 4, true) * blockBytes;
    if (readSync(fd, directory, at * blockBytes, blockBytes, place) === 0) return 'its directory is cut';
  }
  const streams = streamsOf(new DataView(directory.buffer, 0, directoryBytes), blockBytes);
  if (streams === null) return 'its directory is damaged';
  return { blockBytes, directory: new DataView(directory.buffer, 0, directoryBytes), streams };
}

function streamsOf(directory: DataView, blockBytes: number): Stream[] | null {
  const count = directory.getUint32(0, true);
  if (count > MOST_STREAMS || 4 + count * 4 > directory.byteLength) return null;
  const streams: Stream[] = [];
  let blocksAt = 4 + count * 4;
  for (let at = 0; at < count; at++) {
    const stated = directory.getUint32(4 + at * 4, true);
    const bytes = stated === NO_STREAM ? 0 : stated;
    const next = blocksAt + Math.ceil(bytes / blockBytes) * 4;
    if (next > directory.byteLength) return null;
    streams.push({ bytes, blocksAt });
    blocksAt = next;
  }
  return streams;
}
