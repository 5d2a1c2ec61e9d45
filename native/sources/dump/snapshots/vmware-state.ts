/**
 * The state files of VMware, .vmss of a suspended machine and .vmsn of a snapshot: groups of named values, of which the group `memory`
 * says where its regions lie in the memory that follows there or in a .vmem file beside it. Written from what public readers
 * (crash, Volatility) know of the format; nothing in the file is believed before it was checked. Pure.
 */
import { RV } from '../../../core/layout.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { ReadAt } from '../dump-header.ts';
import { type PageSpan, RunLayout } from '../page-layout.ts';

/** The first 32 bits, little-endian: of a suspended machine, a partial state, one that was resumed, and one never to be. */
const MAGICS: readonly number[] = [0xbed0bed0, 0xbed2bed0, 0xbed2bed2, 0xbed3bed3, 0xbad1bad1, 0xbad2bad2];
const MAGIC_32 = 0xbed0bed0;
const HEADER_BYTES = 12;
const GROUP_BYTES = 80;
const GROUP_NAME_BYTES = 64;
const MOST_GROUPS = 4096;
/** Values of the group of memory that are looked at; a machine has a few dozen. */
const MOST_TAGS = 65_536;
const MOST_REGIONS = 4096;
/** From this size of a value on it is none: a compressed block, or with 63 a plain one, whose size follows. */
const COMPRESSED_BLOCK = 62;
/** Flags and length, the longest name, three indices, the sizes of a block and its padding. */
const TAG_BYTES = 2 + 255 + 12 + 18;
/** The number of a page of memory has 40 bits in the tables of x64. */
const MOST_FRAMES = 2 ** 40;

const COPY_AGAIN = 'Copy the files of the machine again, or take the snapshot again';

/** What a state file says of memory. */
export interface VmwareState {
  /** Where the memory lies in the file itself; null where it is in a .vmem file. */
  readonly memory: { readonly offset: number; readonly bytes: number } | null;
  /** Pieces of memory; offsets are from the begin of the memory. Empty where it is one piece from address 0. */
  readonly regions: readonly PageSpan[];
  readonly problems: readonly string[];
}

/** Whether a file that begins so is a state file of VMware. */
export function isVmwareState(head: Uint8Array): boolean {
  return head.length >= 4 && MAGICS.includes(viewOf(head).getUint32(0, true));
}

/** What a state file of `fileBytes` bytes says of memory. Failures: bad-layout, source-unsupported (32-bit, compressed memory). */
export function readVmwareState(read: ReadAt, fileBytes: number): Result<VmwareState> {
  const header = read(0, HEADER_BYTES);
  if (header.length < HEADER_BYTES)
    return damaged(`it has ${header.length} bytes, its header alone has ${HEADER_BYTES}`);
  const view = viewOf(header);
  if (view.getUint32(0, true) === MAGIC_32) {
    return fail(
      'source-unsupported',
      'The state of the machine is in the 32-bit form of old VMware',
      'Take the snapshot again with a newer VMware, or open its .vmem alone',
    );
  }
  const count = view.getUint32(8, true);
  if (count === 0 || count > MOST_GROUPS) return damaged(`at offset 8 it says that it has ${count} groups`);
  const groups = read(HEADER_BYTES, count * GROUP_BYTES);
  for (let at = 0; at + GROUP_BYTES <= groups.length; at += GROUP_BYTES) {
    if (textOf(groups.subarray(at, at + GROUP_NAME_BYTES)) !== 'memory') continue;
    const position = Number(viewOf(groups).getBigUint64(at + GROUP_NAME_BYTES, true));
    if (position >= HEADER_BYTES && position < fileBytes) return readMemoryGroup(read, position, fileBytes);
    return damaged(
      `the entry at offset ${HEADER_BYTES + at} puts the group "memory" at ${position}, and the file has ${fileBytes} bytes`,
    );
  }
  return damaged(`none of the ${count} groups that are listed from offset ${HEADER_BYTES} on is "memory"`);
}

/** A value of a group, or a block of bytes. */
interface Tag {
  readonly name: string;
  /** The first of its indices; 0 without any. */
  readonly index: number;
  readonly value: number;
  readonly block: { readonly offset: number; readonly bytes: number; readonly compressed: boolean } | null;
  readonly next: number;
}

function readMemoryGroup(read: ReadAt, position: number, fileBytes: number): Result<VmwareState> {
  const problems: string[] = [];
  const parts = {
    regionPPN: new Map<number, number>(),
    regionPageNum: new Map<number, number>(),
    regionSize: new Map<number, number>(),
  };
  let regionsCount: number | null = null;
  let memory: VmwareState['memory'] = null;
  let at = position;
  for (let tags = 0; ; tags++) {
    const tag = tags < MOST_TAGS ? readTag(read, at, fileBytes) : 'broken';
    if (tag === null) break;
    if (tag === 'broken') {
      problems.push(
        `the state of the machine is damaged at offset ${at}: what its group "memory" has behind that is not read`,
      );
      break;
    }
    const { name, index, value, block } = tag;
    if (name === 'Memory' && block !== null && block.bytes > 0) {
      if (block.compressed) {
        return fail(
          'source-unsupported',
          `The memory at offset ${block.offset} of the state of the machine is compressed`,
          'Take a snapshot of the machine with its memory and open that: it is not compressed',
        );
      }
      if (memory === null) memory = block;
      else problems.push(`a second block of memory at offset ${block.offset} is not read`);
    } else if (name === 'regionsCount') regionsCount = value;
    else if (Object.hasOwn(parts, name) && index < MOST_REGIONS) parts[name as keyof typeof parts].set(index, value);
    at = tag.next;
  }
  const count = Math.min(regionsCount ?? parts.regionSize.size, MOST_REGIONS);
  const regions: PageSpan[] = [];
  for (let region = 0; region < count; region++) {
    const frame = parts.regionPPN.get(region);
    const page = parts.regionPageNum.get(region);
    const pages = parts.regionSize.get(region);
    if (
      frame === undefined ||
      page === undefined ||
      pages === undefined ||
      !(frame + pages <= MOST_FRAMES && page + pages <= MOST_FRAMES)
    ) {
      problems.push(`region ${region} of ${count} of memory is not described whole: its pages are not read`);
      // A number of regions that is damaged says nothing about each of the thousands that are not there.
      if (regions.length === 0 && region > 16) break;
    } else regions.push({ frame, pages, offset: page * RV.PAGE });
  }
  if (count > 0 && regions.length === 0)
    return damaged(`none of ${count} regions of memory is described behind offset ${position}`);
  return ok({ memory, regions, problems: problems.slice(0, 32) });
}

/** The value at an offset; null at the end of its group. */
function readTag(read: ReadAt, at: number, fileBytes: number): Tag | null | 'broken' {
  const bytes = at < fileBytes ? read(at, TAG_BYTES) : new Uint8Array(0);
  if (bytes.length < 2) return 'broken';
  const [flags, nameBytes] = bytes as unknown as [number, number];
  if (flags === 0 && nameBytes === 0) return null;
  const view = viewOf(bytes);
  const indices = flags >> 6;
  const size = flags & 0x3f;
  const data = 2 + nameBytes + indices * 4;
  if (nameBytes === 0 || data + (size >= COMPRESSED_BLOCK ? 18 : size) > bytes.length) return 'broken';
  const name = textOf(bytes.subarray(2, 2 + nameBytes));
  const index = indices === 0 ? 0 : view.getUint32(2 + nameBytes, true);
  if (size < COMPRESSED_BLOCK) {
    const value =
      size >= 8 ? Number(view.getBigUint64(data, true)) : size >= 4 ? view.getUint32(data, true) : (bytes[data] ?? 0);
    return { name, index, value, block: null, next: at + data + size };
  }
  // The bytes in the file, those in memory, padding, then the block. A block that is cut is kept as far as it goes.
  const stored = Number(view.getBigUint64(data, true));
  const offset = at + data + 18 + view.getUint16(data + 16, true);
  if (name !== 'Memory' && offset + stored > fileBytes) return 'broken';
  const block = {
    offset,
    bytes: Math.min(stored, Number.MAX_SAFE_INTEGER - offset),
    compressed: size === COMPRESSED_BLOCK,
  };
  return { name, index, value: 0, block, next: offset + block.bytes };
}

function damaged(what: string): Result<never> {
  return fail('bad-layout', `The state of the machine is damaged: ${what}`, COPY_AGAIN);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
}

/** Where the pages lie in a file of `fileBytes` bytes that has the memory, by what the state says. */
export function vmwareLayout(
  { regions, memory }: VmwareState,
  fileBytes: number,
): { readonly layout: RunLayout; readonly problems: readonly string[] } {
  const start = memory?.offset ?? 0;
  const there = Math.max(0, Math.min(memory?.bytes ?? fileBytes, fileBytes - start));
  const stated = memory?.bytes ?? fileBytes;
  const all = regions.length > 0 ? regions : [{ frame: 0, pages: Math.floor(stated / RV.PAGE), offset: 0 }];
  let missing = 0;
  const runs = all.map(({ frame, pages, offset }) => {
    const kept = Math.max(0, Math.min(pages, Math.floor((there - offset) / RV.PAGE)));
    missing += pages - kept;
    return { frame, pages: kept, offset: start + offset };
  });
  const layout = new RunLayout(runs);
  const problems =
    missing > 0 ? [`the memory is cut: ${missing} of its ${missing + layout.pages} pages are not in the file`] : [];
  return { layout, problems };
}
