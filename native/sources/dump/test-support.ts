/**
 * Files with the memory of a crashed machine for tests: the pages of a ring session scattered over physical memory, page tables that
 * find them, and the header of each kind of dump around it.
 */
import { imageGeometry, RV } from '../../core/layout.ts';

export type ImageKind = 'complete' | 'bitmap' | 'ranges' | 'kernel ranges' | 'elf' | 'raw' | 'small';
export const IMAGE_KINDS: readonly ImageKind[] = [
  ...(['complete', 'bitmap', 'ranges', 'kernel ranges', 'elf', 'raw', 'small'] as const),
];

export interface CrashedMachine {
  readonly kind: ImageKind;
  /** 0..limit-1. */
  readonly random: (limit: number) => number;
  readonly cpus: number;
  readonly ringBytes: number;
  /** Whether a page of the session is left out, by its offset in the session's image. */
  readonly isMissing?: (offset: number) => boolean;
  readonly bugCheck?: { readonly code: number; readonly parameters: readonly bigint[] };
  /** 100 ns since 1601. */
  readonly systemTime?: bigint;
  readonly upTime?: bigint;
  /** Further virtual memory: pages by their addresses. */
  readonly more?: readonly { readonly address: bigint; readonly bytes: Uint8Array }[];
  /** Address of KDDEBUGGER_DATA64. */
  readonly debuggerData?: bigint;
  /** Frames of memory; the session's pages and the tables must fit. */
  readonly frames?: number;
  /** Where a frame is moved to, so that memory has a hole; default where it is. */
  readonly place?: (frame: number) => number;
}

/** Where the parts of a session lie in its image, and at which address of the kernel the machine had them. */
function partsOf({ cpus, ringBytes, random }: CrashedMachine): { offset: number; bytes: number; address: bigint }[] {
  const { consumerOffset, ringsOffset, ringStride } = imageGeometry(cpus, ringBytes);
  const somewhere = () =>
    0xffff_8000_0000_0000n + BigInt(1 + random(1000)) * 0x4000_0000n + BigInt(random(64)) * 0x10_0000n;
  const rings = Array.from({ length: cpus }, (_, cpu) => ({
    offset: ringsOffset + cpu * ringStride,
    bytes: RV.PAGE + ringBytes,
    address: somewhere() + BigInt(cpu) * 0x80_0000_0000n,
  }));
  return [
    { offset: 0, bytes: RV.PAGE, address: somewhere() },
    { offset: consumerOffset, bytes: cpus * RV.PAGE, address: somewhere() + 0x7f00_0000_0000n },
    ...rings,
  ];
}

class Memory {
  readonly pages = new Map<number, Uint8Array>();
  readonly top: number;
  private readonly machine: CrashedMachine;
  private readonly frames: number;

  constructor(machine: CrashedMachine) {
    this.machine = machine;
    this.frames = machine.frames ?? 4096;
    this.top = this.add(new Uint8Array(RV.PAGE));
    // Windows reads its tables through an entry of the top table for itself.
    this.setEntry(this.top, 300, this.top);
  }

  add(bytes: Uint8Array): number {
    const place = this.machine.place ?? ((at: number) => at);
    let first = 1 + this.machine.random(this.frames - 1);
    while (this.pages.has(place(first))) first = 1 + (first % (this.frames - 1));
    const frame = place(first);
    this.pages.set(frame, bytes);
    return frame;
  }

  map(address: bigint, frame: number): void {
    const page = Number((address >> 12n) & 0xf_ffff_ffffn);
    let table = this.top;
    for (let level = 3; level > 0; level--) {
      const entry = Math.floor(page / 512 ** level) % 512;
      const found = this.entry(table, entry);
      const next = found >= 0 ? found : this.add(new Uint8Array(RV.PAGE));
      if (found < 0) this.setEntry(table, entry, next);
      table = next;
    }
    this.setEntry(table, page % 512, frame);
  }

  private entry(table: number, at: number): number {
    const value = this.viewOf(table).getBigUint64(at * 8, true);
    return (value & 1n) === 0n ? -1 : Number(value >> 12n);
  }

  private setEntry(table: number, at: number, frame: number): void {
    this.viewOf(table).setBigUint64(at * 8, (BigInt(frame) << 12n) | 0x63n, true);
  }

  private viewOf(frame: number): DataView {
    const bytes = this.pages.get(frame) as Uint8Array;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** The pages of memory of a machine with `session`, by their frames. */
export function crashedPages(session: Uint8Array, machine: CrashedMachine): ReadonlyMap<number, Uint8Array> {
  return filledMemory(session, machine).memory.pages;
}

/** The file that a crash of a machine with `session`, the flat image of a ring session, leaves. */
export function crashedMemory(session: Uint8Array, machine: CrashedMachine): Uint8Array {
  const { memory, blocks } = filledMemory(session, machine);
  return machine.kind === 'small' ? smallDump(blocks, machine) : wholeDump(memory, machine);
}

function filledMemory(session: Uint8Array, machine: CrashedMachine) {
  const memory = new Memory(machine);
  const blocks: { address: bigint; bytes: Uint8Array }[] = [];
  const put = (address: bigint, bytes: Uint8Array, missing: boolean): void => {
    const frame = memory.add(bytes.slice());
    memory.map(address, frame);
    if (missing) memory.pages.delete(frame);
    else blocks.push({ address, bytes });
  };
  for (const { offset, bytes, address } of partsOf(machine)) {
    for (let at = 0; at < bytes; at += RV.PAGE) {
      const page = session.subarray(offset + at, offset + at + RV.PAGE);
      put(address + BigInt(at), page, machine.isMissing?.(offset + at) ?? false);
    }
  }
  for (const { address, bytes } of machine.more ?? []) put(address, bytes, false);
  return { memory, blocks };
}

function headerOf(type: number, top: number, machine: CrashedMachine): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(0x2000));
  for (let at = 0; at < 0x2000; at += 4) view.setUint32(at, 0x45474150, true);
  view.setUint32(4, 0x34365544, true);
  view.setBigUint64(0x10, BigInt(top) << 12n, true);
  view.setUint32(0x30, 0x8664, true);
  view.setUint32(0x34, machine.cpus, true);
  const { code, parameters } = machine.bugCheck ?? { code: 0, parameters: [0n, 0n, 0n, 0n] };
  view.setUint32(0x38, code, true);
  for (let at = 0; at < 4; at++) view.setBigUint64(0x40 + at * 8, parameters[at] ?? 0n, true);
  view.setBigUint64(0x80, machine.debuggerData ?? 0n, true);
  view.setUint32(0xf98, type, true);
  view.setBigUint64(0xfa8, machine.systemTime ?? 0n, true);
  view.setBigUint64(0x1030, machine.upTime ?? 0n, true);
  return view;
}

/** All of the parts, one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A dump of physical memory. */
function wholeDump({ pages, top }: Memory, machine: CrashedMachine): Uint8Array {
  const frames = [...pages.keys()].sort((a, b) => a - b);
  const bytesOf = (frame: number) => pages.get(frame) as Uint8Array;
  const runs = runsOf(frames);
  const words = (...values: readonly (number | bigint)[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
  const bits = new Uint8Array(((frames.at(-1) ?? 0) + 8) >>> 3);
  for (const frame of frames) bits[frame >>> 3] = (bits[frame >>> 3] as number) | (1 << (frame & 7));
  const all = frames.map(bytesOf);
  switch (machine.kind) {
    case 'bitmap': {
      const first = 0x2000 + 0x38 + bits.length;
      const mark = new Uint8Array(0x38);
      mark.set([...'SDMPDUMP'].map((letter) => letter.charCodeAt(0)));
      mark.set(words(first, frames.length, bits.length * 8), 0x20);
      return joined([new Uint8Array(headerOf(6, top, machine).buffer), mark, bits, ...all]);
    }
    case 'ranges':
    case 'kernel ranges': {
      const kernel = machine.kind === 'kernel ranges';
      const list = kernel ? bits : words(...runs.flatMap(({ frame, pages: count }) => [frame, count]));
      const size = kernel ? 0x30 : 0x40;
      const mark = new Uint8Array(size);
      mark[0] = 0x40;
      mark.set(
        [...'RDMPDUMP'].map((letter) => letter.charCodeAt(0)),
        4,
      );
      mark.set(words(list.length + size - 0x20, 0x2000 + size + list.length), 0x10);
      return joined([new Uint8Array(headerOf(kernel ? 8 : 10, top, machine).buffer), mark, list, ...all]);
    }
    case 'elf': {
      const headers = 64 + runs.length * 56;
      const view = new DataView(new ArrayBuffer(headers));
      [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1].forEach((byte, at) => {
        view.setUint8(at, byte);
      });
      view.setUint16(16, 4, true);
      view.setBigUint64(32, 64n, true);
      view.setUint16(54, 56, true);
      view.setUint16(56, runs.length, true);
      let offset = headers;
      for (const [at, { frame, pages: count }] of runs.entries()) {
        const entry = 64 + at * 56;
        view.setUint32(entry, 1, true);
        view.setBigUint64(entry + 8, BigInt(offset), true);
        view.setBigUint64(entry + 24, BigInt(frame * RV.PAGE), true);
        view.setBigUint64(entry + 32, BigInt(count * RV.PAGE), true);
        offset += count * RV.PAGE;
      }
      return joined([new Uint8Array(view.buffer), ...all]);
    }
    case 'raw': {
      const last = (frames.at(-1) ?? 0) + 1;
      const out = new Uint8Array(last * RV.PAGE);
      for (const frame of frames) out.set(bytesOf(frame), frame * RV.PAGE);
      return out;
    }
    default: {
      // A complete dump has at most 42 runs: holes between pages become pages of zeroes, from the front.
      const kept = runs.slice(-41);
      const filled = runs.slice(0, -41);
      const end = kept[0]?.frame ?? 0;
      const begin = filled[0]?.frame ?? end;
      const list = begin < end ? [{ frame: begin, pages: end - begin }, ...kept] : kept;
      const header = headerOf(1, top, machine);
      header.setUint32(0x88, list.length, true);
      header.setBigUint64(0x90, BigInt(frames.length), true);
      for (const [at, { frame, pages: count }] of list.entries()) {
        header.setBigUint64(0x98 + at * 16, BigInt(frame), true);
        header.setBigUint64(0xa0 + at * 16, BigInt(count), true);
      }
      const zeroes = new Uint8Array(RV.PAGE);
      const content = list.flatMap(({ frame, pages: count }) =>
        Array.from({ length: count }, (_, at) => pages.get(frame + at) ?? zeroes),
      );
      return joined([new Uint8Array(header.buffer), ...content]);
    }
  }
}

function runsOf(frames: readonly number[]): { frame: number; pages: number }[] {
  const runs: { frame: number; pages: number }[] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last !== undefined && last.frame + last.pages === frame) last.pages++;
    else runs.push({ frame, pages: 1 });
  }
  return runs;
}

/** A small dump, which has blocks of virtual memory. */
function smallDump(blocks: readonly { address: bigint; bytes: Uint8Array }[], machine: CrashedMachine): Uint8Array {
  const triage = new DataView(new ArrayBuffer(0x80));
  const list = new DataView(new ArrayBuffer(blocks.length * 16));
  triage.setUint32(0x78, 0x2080, true);
  triage.setUint32(0x7c, blocks.length, true);
  let offset = 0x2080 + blocks.length * 16;
  for (const [at, { address, bytes }] of blocks.entries()) {
    list.setBigUint64(at * 16, address, true);
    list.setUint32(at * 16 + 8, offset, true);
    list.setUint32(at * 16 + 12, bytes.length, true);
    offset += bytes.length;
  }
  const header = new Uint8Array(headerOf(4, 0, machine).buffer);
  return joined([
    header,
    new Uint8Array(triage.buffer),
    new Uint8Array(list.buffer),
    ...blocks.map(({ bytes }) => bytes),
  ]);
}
