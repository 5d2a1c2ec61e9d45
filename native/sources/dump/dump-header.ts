/**
 * The header of a crash dump of 64-bit Windows, which WinDbg and the system write: what crashed and why, and where the pages lie
 * in the file. The structures are DUMP_HEADER64, BITMAP_DUMP and TRIAGE_DUMP64 as public parsers know them; nothing in them is
 * believed before it was checked against the size of the file. Pure.
 */
import { RV } from '../../core/layout.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { BitmapLayout, type PageLayout, type PageSpan, RunLayout } from './page-layout.ts';

export const DUMP_HEADER_BYTES = 0x2000;

/** What a read function reads: bytes of the file from an offset; fewer than asked for at its end. */
export type ReadAt = (offset: number, bytes: number) => Uint8Array;

export interface BugCheck {
  /** 0 where the dump was made of a machine that ran. */
  readonly code: number;
  /** Four numbers, whose meaning depends on the code. */
  readonly parameters: readonly bigint[];
}

/** A piece of virtual memory in a small dump. */
export interface VirtualBlock {
  readonly address: bigint;
  readonly offset: number;
  readonly bytes: number;
}

export interface DumpFacts {
  /** For people: `complete memory dump`. */
  readonly kind: string;
  readonly bugCheck: BugCheck;
  /** Frame of the top page table of the process that ran. */
  readonly tableFrame: number;
  /** When the machine crashed, 100 ns since 1601 UTC; null where the header does not say. */
  readonly systemTime: bigint | null;
  /** How long it had run, 100 ns; null where the header does not say. */
  readonly upTime: bigint | null;
  readonly processors: number;
  /** Address of the structure that tells debuggers where the kernel keeps what; 0 where there is none. */
  readonly debuggerData: bigint;
  /** False for ARM64, whose page tables are not walked. */
  readonly x64: boolean;
  /** Physical pages; null for a small dump, which has `blocks` instead. */
  readonly layout: PageLayout | null;
  readonly blocks: readonly VirtualBlock[];
  readonly problems: readonly string[];
}

const MACHINE_X64 = 0x8664;
const MACHINE_ARM64 = 0xaa64;
/** Debug information fills what a dump leaves out with the letters of PAGE. */
const FILLER = 0x4547415045474150n;
const MOST_RUNS = 42;
/** A bit a page: 16 TiB of memory, which keeps the numbers of pages within 32 bits. */
const MOST_BITMAP_BYTES = 1 << 29;
const MOST_BLOCKS = 65_536;

const AT = {
  directoryTable: 0x10,
  machine: 0x30,
  processors: 0x34,
  bugCheck: 0x38,
  parameters: 0x40,
  debuggerData: 0x80,
  runs: 0x88,
  type: 0xf98,
  systemTime: 0xfa8,
  systemUpTime: 0x1030,
} as const;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'complete memory dump',
  2: 'kernel memory dump',
  3: 'header only',
  4: 'small memory dump',
  5: 'complete memory dump by bitmap',
  6: 'kernel memory dump by bitmap',
  7: 'automatic memory dump',
  8: 'kernel memory dump of a debugger',
  9: 'active memory dump of a debugger',
  10: 'complete memory dump of a debugger',
};

const tagOf = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 8)).replace(/[^ -~]/g, '?');

/** Whether a file that begins so is a crash dump of Windows, 64-bit or not. */
export function isCrashDump(head: Uint8Array): boolean {
  const tag = tagOf(head, 0);
  return head.length >= 8 && (tag === 'PAGEDU64' || tag === 'PAGEDUMP');
}

/**
 * Reads the header of a dump of `fileBytes` bytes. Failures: bad-magic (no dump), source-unsupported (32-bit, or a kind that is not
 * known), truncated-mapping (the file ends before its header).
 */
export function readDumpHeader(read: ReadAt, fileBytes: number): Result<DumpFacts> {
  const header = read(0, DUMP_HEADER_BYTES);
  if (!isCrashDump(header)) return fail('bad-magic', 'It does not begin as a crash dump', 'Choose another file');
  if (tagOf(header, 0) === 'PAGEDUMP') {
    return fail(
      'source-unsupported',
      'It is a dump of 32-bit Windows',
      'ringview.sys is 64-bit only: choose another dump',
    );
  }
  if (header.length < DUMP_HEADER_BYTES) {
    return fail(
      'truncated-mapping',
      `The dump has ${header.length} bytes, its header alone has ${DUMP_HEADER_BYTES}`,
      'Copy it again',
    );
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const u32 = (at: number) => view.getUint32(at, true);
  const u64 = (at: number) => view.getBigUint64(at, true);
  const machine = u32(AT.machine);
  if (machine !== MACHINE_X64 && machine !== MACHINE_ARM64) {
    return fail(
      'source-unsupported',
      `It is a dump of a machine of kind 0x${machine.toString(16)}`,
      'Choose one of x64 or ARM64',
    );
  }
  const type = u32(AT.type);
  const stated = (at: number) => (u64(at) === 0n || u64(at) === FILLER ? null : u64(at));
  const problems: string[] = [];
  const common = {
    kind: TYPE_NAMES[type] ?? `dump of kind ${type}`,
    bugCheck: { code: u32(AT.bugCheck), parameters: [0, 8, 16, 24].map((at) => u64(AT.parameters + at)) },
    tableFrame: frameOf(u64(AT.directoryTable)),
    systemTime: stated(AT.systemTime),
    upTime: stated(AT.systemUpTime),
    processors: u32(AT.processors),
    debuggerData: u64(AT.debuggerData),
    x64: machine === MACHINE_X64,
    problems,
  };
  const cut = (pages: number, first: number): void => {
    const there = Math.max(0, Math.floor((fileBytes - first) / RV.PAGE));
    if (there < pages) problems.push(`the dump is cut: ${pages - there} of its ${pages} pages are not in the file`);
  };
  if (type === 4) return ok({ ...common, layout: null, blocks: readBlocks(read, fileBytes, problems) });
  const second = read(DUMP_HEADER_BYTES, 64);
  const mark = tagOf(second, 0);
  if (mark === 'SDMPDUMP' || mark === 'FDMPDUMP') {
    const bitmap = readBitmap(read, second, 0x20, 0x38);
    if (bitmap === null) return badLayout('its bitmap of pages does not fit into the file');
    cut(bitmap.layout.pages, bitmap.first);
    return ok({ ...common, layout: bitmap.layout, blocks: [] });
  }
  if (tagOf(second, 4) === 'RDMPDUMP') {
    const layout = readRangeDump(read, second, type, fileBytes);
    if (layout === null) return badLayout('its lists of pages do not fit into the file');
    return ok({ ...common, layout, blocks: [] });
  }
  if (type !== 1) {
    return fail(
      'source-unsupported',
      `It is a ${common.kind}, whose pages this program cannot find`,
      'Make a complete or kernel dump',
    );
  }
  const runs = readRuns(view);
  if (runs === null) return badLayout('its list of memory runs is not one');
  const layout = new RunLayout(runs);
  cut(layout.pages, DUMP_HEADER_BYTES);
  return ok({ ...common, layout, blocks: [] });
}

function badLayout(what: string): Result<never> {
  return fail(
    'bad-layout',
    `The dump is damaged: ${what}`,
    'Copy it again, or search it as a raw image: --read-as memory',
  );
}

function frameOf(address: bigint): number {
  return Number((address >> 12n) & 0xffffffffffn);
}

/** The runs of a complete dump, whose pages lie behind its header. */
function readRuns(view: DataView): PageSpan[] | null {
  const count = view.getUint32(AT.runs, true);
  if (count === 0 || count > MOST_RUNS) return null;
  const runs: PageSpan[] = [];
  let offset = DUMP_HEADER_BYTES;
  for (let run = 0; run < count; run++) {
    const at = AT.runs + 16 + run * 16;
    const frame = Number(view.getBigUint64(at, true));
    const pages = Number(view.getBigUint64(at + 8, true));
    if (!(frame + pages <= 2 ** 40)) return null;
    runs.push({ frame, pages, offset });
    offset += pages * RV.PAGE;
  }
  return runs;
}

/** The bitmap whose header is in `second`: the offset of the first page lies at `at`, the bits begin at `bitsAt`. */
function readBitmap(read: ReadAt, second: Uint8Array, at: number, bitsAt: number) {
  if (second.length < bitsAt) return null;
  const view = new DataView(second.buffer, second.byteOffset, second.byteLength);
  const first = Number(view.getBigUint64(at, true));
  const bytes = Math.ceil(Number(view.getBigUint64(at + 16, true)) / 8);
  if (!(bytes > 0 && bytes <= MOST_BITMAP_BYTES && first >= DUMP_HEADER_BYTES + bitsAt + bytes)) return null;
  const bits = read(DUMP_HEADER_BYTES + bitsAt, bytes);
  return bits.length < bytes ? null : { layout: new BitmapLayout(bits, first), first };
}

/**
 * Dumps that newer debuggers write: a header of 64 bytes, then bits of pages (kernel), or pairs of first frame and number of pages
 * (active, complete), then the pages.
 */
function readRangeDump(read: ReadAt, second: Uint8Array, type: number, fileBytes: number): PageLayout | null {
  if (second.length < 0x20) return null;
  const view = new DataView(second.buffer, second.byteOffset, second.byteLength);
  const metadata = Number(view.getBigUint64(0x10, true));
  const first = Number(view.getBigUint64(0x18, true));
  const begin = DUMP_HEADER_BYTES + (type === 8 ? 0x30 : 0x40);
  const bytes = metadata - (type === 8 ? 0x10 : 0x20);
  if (!(bytes > 0 && bytes <= MOST_BITMAP_BYTES && first >= begin + bytes && first <= fileBytes)) return null;
  const list = read(begin, bytes);
  if (list.length < bytes) return null;
  if (type === 8) return new BitmapLayout(list, first);
  const pairs = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const runs: PageSpan[] = [];
  let offset = first;
  for (let at = 0; at + 16 <= bytes; at += 16) {
    const frame = Number(pairs.getBigUint64(at, true));
    const pages = Number(pairs.getBigUint64(at + 8, true));
    if (pages === 0) break;
    if (!(frame + pages <= 2 ** 40)) return null;
    runs.push({ frame, pages, offset });
    offset += pages * RV.PAGE;
  }
  return new RunLayout(runs);
}

/** The blocks of virtual memory of a small dump. */
function readBlocks(read: ReadAt, fileBytes: number, problems: string[]): VirtualBlock[] {
  const triage = read(DUMP_HEADER_BYTES, 0x80);
  if (triage.length < 0x80) {
    problems.push('the small dump ends before its list of blocks');
    return [];
  }
  const view = new DataView(triage.buffer, triage.byteOffset, triage.byteLength);
  const at = view.getUint32(0x78, true);
  const count = view.getUint32(0x7c, true);
  if (count > MOST_BLOCKS || at + count * 16 > fileBytes) {
    problems.push('the list of blocks of the small dump does not fit into the file');
    return [];
  }
  const list = read(at, count * 16);
  const entries = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const blocks: VirtualBlock[] = [];
  for (let entry = 0; entry + 16 <= list.length; entry += 16) {
    const block = {
      address: entries.getBigUint64(entry, true),
      offset: entries.getUint32(entry + 8, true),
      bytes: entries.getUint32(entry + 12, true),
    };
    if (block.offset + block.bytes <= fileBytes) blocks.push(block);
    else problems.push(`a block of the small dump lies beyond its end (0x${block.address.toString(16)})`);
  }
  return blocks;
}
