/** A file with the memory of a machine: opened, its kind told by its first bytes, and its virtual memory read through its page tables. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { RV } from '../../core/layout.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { openFailure } from '../file/byte-feed.ts';
import { type DumpFacts, isCrashDump, type ReadAt, readDumpHeader } from './dump-header.ts';
import { isElfCore, readElfCore } from './elf-core.ts';
import { type PageLayout, RunLayout, rawLayout } from './page-layout.ts';
import { VIRTUAL_PAGES } from './page-tables.ts';

export interface DumpImage {
  /** For people: `kernel memory dump`, `ELF core`, `raw memory image`. */
  readonly kind: string;
  /** What the header of a crash dump says; null for memory without one. */
  readonly facts: DumpFacts | null;
  /** The pages, by frames or, of a small dump, by virtual pages. */
  readonly layout: PageLayout;
  readonly isVirtual: boolean;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Reads into memory of its own. */
  readonly read: ReadAt;
  /** Reads into memory that the next call uses again. */
  readonly scan: ReadAt;
  close(): void;
}

/** Whether a file that begins so is memory of a machine whose kind its first bytes tell. */
export function isMemoryFile(head: Uint8Array): boolean {
  return isCrashDump(head) || isElfCore(head);
}

/**
 * Opens a file with the memory of a machine. What has no header is taken for a raw image. Failures: source-not-found,
 * permission-denied, bad-argument (a folder), bad-magic, bad-layout, source-unsupported, truncated-mapping, io-error.
 */
export function openDumpImage(path: string): Result<DumpImage> {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const facts = fstatSync(fd);
    if (facts.isDirectory()) return fail('bad-argument', `${path} is a folder`, 'Name a file');
    const image = imageOf(fd, facts.size, facts.mtimeMs, path);
    if (image.ok) fd = null;
    return image;
  } catch (error) {
    return openFailure(path, error);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function imageOf(fd: number, bytes: number, modifiedMs: number, path: string): Result<DumpImage> {
  const read: ReadAt = (offset, count) => readInto(fd, new Uint8Array(count), offset);
  let reused = new Uint8Array(0);
  const scan: ReadAt = (offset, count) => {
    if (reused.length < count) reused = new Uint8Array(count);
    return readInto(fd, reused.subarray(0, count), offset);
  };
  const common = { bytes, modifiedMs, read, scan, close: () => closeSync(fd) };
  const head = read(0, 64);
  if (isCrashDump(head)) {
    const header = readDumpHeader(read, bytes);
    if (!header.ok) return { ok: false, failure: { ...header.failure, message: `${path}: ${header.failure.message}` } };
    const { layout, blocks, kind } = header.value;
    if (layout !== null) return ok({ ...common, kind, facts: header.value, layout, isVirtual: false });
    const runs = blocks
      .filter(({ address }) => address % BigInt(RV.PAGE) === 0n)
      .map(({ address, offset, bytes: size }) => ({
        frame: virtualPageOf(address),
        pages: Math.floor(size / RV.PAGE),
        offset,
      }));
    return ok({ ...common, kind, facts: header.value, layout: new RunLayout(runs), isVirtual: true });
  }
  if (isElfCore(head)) {
    const layout = readElfCore(read);
    return layout.ok
      ? ok({ ...common, kind: 'ELF core', facts: null, layout: layout.value, isVirtual: false })
      : layout;
  }
  if (bytes < RV.PAGE)
    return fail('bad-magic', `${path} has ${bytes} bytes, less than a page of memory`, 'Choose another file');
  const layout = rawLayout(bytes, /\.vmem$/i.test(path));
  return ok({ ...common, kind: 'raw memory image', facts: null, layout, isVirtual: false });
}

/** As much as there is of what was asked for. */
function readInto(fd: number, into: Uint8Array, offset: number): Uint8Array {
  let done = 0;
  while (done < into.length) {
    const bytes = readSync(fd, into, done, into.length - done, offset + done);
    if (bytes === 0) break;
    done += bytes;
  }
  return into.subarray(0, done);
}

/** The number of the virtual page of an address. */
export function virtualPageOf(address: bigint): number {
  return Number((address >> 12n) % BigInt(VIRTUAL_PAGES));
}
