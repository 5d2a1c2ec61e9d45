/** A file with the memory of a machine: opened, its kind told by its first bytes, and its virtual memory read through its page tables. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { RV } from '../../core/layout.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { openFailure } from '../file/byte-feed.ts';
import { type DumpFacts, isCrashDump, type ReadAt, readDumpHeader } from './dump-header.ts';
import { isElfCore, readElfCore } from './elf-core.ts';
import { readInto } from './file-bytes.ts';
import { type PageLayout, RunLayout, rawLayout } from './page-layout.ts';
import { VIRTUAL_PAGES } from './page-tables.ts';
import { isForeignMemory, refuseForeign } from './snapshots/foreign-memory.ts';
import { isQemuStream, qemuStreamStart } from './snapshots/qemu-start.ts';
import { QemuStream } from './snapshots/qemu-stream.ts';
import { SparseMemory } from './snapshots/sparse-memory.ts';
import { openBeside, vmemLayout } from './snapshots/vmware-files.ts';
import { isVmwareState, readVmwareState, type VmwareState, vmwareLayout } from './snapshots/vmware-state.ts';

const VMWARE_KIND = 'VMware snapshot';

export interface DumpImage {
  /** For people: `kernel memory dump`, `ELF core`, `VMware snapshot`. */
  readonly kind: string;
  /** What the header of a crash dump says; null for memory without one. */
  readonly facts: DumpFacts | null;
  /** The pages, by frames or, of a small dump, by virtual pages. */
  readonly layout: PageLayout;
  readonly isVirtual: boolean;
  /** What was found damaged or had to be assumed, for people. `prepare` adds to it. */
  readonly problems: readonly string[];
  /**
   * Finds the pages of a file that has to be read through first, before `layout`, `read` and `scan` are used; null where there is nothing
   * to do. Each step says how many bytes it looked at; it ends with why nothing can be read, or null.
   */
  readonly prepare: (() => Generator<number, Failure | null>) | null;
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
  return isCrashDump(head) || isElfCore(head) || isVmwareState(head) || isQemuStream(head) || isForeignMemory(head);
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

/** What an image of physical pages has that lie in the file as they are. */
function plainParts(fd: number, bytes: number, modifiedMs: number) {
  const read: ReadAt = (offset, count) => readInto(fd, new Uint8Array(count), offset);
  let reused = new Uint8Array(0);
  const scan: ReadAt = (offset, count) => {
    if (reused.length < count) reused = new Uint8Array(count);
    return readInto(fd, reused.subarray(0, count), offset);
  };
  const parts = { bytes, modifiedMs, read, scan, close: () => closeSync(fd) };
  return { facts: null, isVirtual: false, problems: [] as readonly string[], prepare: null, ...parts };
}

function imageOf(fd: number, bytes: number, modifiedMs: number, path: string): Result<DumpImage> {
  const common = plainParts(fd, bytes, modifiedMs);
  const { read } = common;
  const head = read(0, 64);
  const foreign = refuseForeign(head, path);
  if (foreign !== null) return { ok: false, failure: foreign };
  if (isCrashDump(head)) {
    const header = readDumpHeader(read, bytes);
    if (!header.ok) return named(path, header.failure);
    const { layout, blocks, kind } = header.value;
    const { problems } = header.value;
    if (layout !== null) return ok({ ...common, kind, facts: header.value, problems, layout });
    const runs = blocks
      .filter(({ address }) => address % BigInt(RV.PAGE) === 0n)
      .map(({ address, offset, bytes: size }) => ({
        frame: virtualPageOf(address),
        pages: Math.floor(size / RV.PAGE),
        offset,
      }));
    return ok({ ...common, kind, facts: header.value, problems, layout: new RunLayout(runs), isVirtual: true });
  }
  if (isElfCore(head)) {
    const layout = readElfCore(read);
    return layout.ok ? ok({ ...common, kind: 'ELF core', layout: layout.value }) : layout;
  }
  if (isQemuStream(head)) {
    const start = qemuStreamStart(read);
    if (!start.ok) return named(path, start.failure);
    const layout = new SparseMemory();
    const stream = new QemuStream(read, start.value, bytes, layout);
    const reading = { read: layout.reader(read, false), scan: layout.reader(read, true) };
    const { problems } = stream;
    return ok({ ...common, ...reading, kind: 'QEMU snapshot', layout, problems, prepare: () => stream.index() });
  }
  if (isVmwareState(head)) {
    const state = readVmwareState(read, bytes);
    if (!state.ok) return named(path, state.failure);
    const { memory, problems } = state.value;
    if (memory === null) return vmemOfState(fd, path, state.value);
    const pages = vmwareLayout(state.value, bytes);
    return ok({ ...common, kind: VMWARE_KIND, layout: pages.layout, problems: [...problems, ...pages.problems] });
  }
  if (bytes < RV.PAGE)
    return fail('bad-magic', `${path} has ${bytes} bytes, less than a page of memory`, 'Choose another file');
  if (!/\.vmem$/i.test(path)) return ok({ ...common, kind: 'raw memory image', layout: rawLayout(bytes, false) });
  const { layout, hasState, problems } = vmemLayout(path, bytes);
  return ok({ ...common, kind: hasState ? VMWARE_KIND : 'raw memory image', layout, problems });
}

/** The memory of a VMware machine whose state has none in itself: the .vmem file beside it. Closes the state where that works. */
function vmemOfState(fd: number, path: string, state: VmwareState): Result<DumpImage> {
  const beside = openBeside(path, '.vmem');
  if (beside === null) {
    return fail(
      'source-not-found',
      `${path} has no memory in itself, and its .vmem file is not beside it`,
      'Copy the .vmem file of the same name into the same folder',
    );
  }
  closeSync(fd);
  const { layout, problems } = vmwareLayout(state, beside.bytes);
  const common = plainParts(beside.fd, beside.bytes, beside.modifiedMs);
  return ok({ ...common, kind: VMWARE_KIND, layout, problems: [...state.problems, ...problems] });
}

function named(path: string, failure: Failure): Result<never> {
  return { ok: false, failure: { ...failure, message: `${path}: ${failure.message}` } };
}

/** The number of the virtual page of an address. */
export function virtualPageOf(address: bigint): number {
  return Number((address >> 12n) % BigInt(VIRTUAL_PAGES));
}
