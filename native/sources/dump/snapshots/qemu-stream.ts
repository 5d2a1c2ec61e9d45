/**
 * The state of a machine that QEMU saves (`migrate file:`, `savevm` written out, `virsh save`): sections, of which those named `ram` have
 * the pages, each behind its address and flags. Written from QEMU's docs/devel/migration and what its analyzer of such files knows. Nothing in
 * the file is believed; what is damaged is left out and named with its offset, and reading goes on behind it. Pure.
 */
import { RV } from '../../../core/layout.ts';
import { type Failure, fail } from '../../../core/result.ts';
import type { ReadAt } from '../dump-header.ts';
import { type Block, layOut, type MappedBlock, NO_BLOCK, notePages } from './qemu-blocks.ts';
import { SAVE_AGAIN } from './qemu-start.ts';
import type { SparseMemory } from './sparse-memory.ts';
import { StreamCursor } from './stream-cursor.ts';

const RAM_VERSION = 4;
const SECTION = {
  eof: 0,
  start: 1,
  part: 2,
  end: 3,
  full: 4,
  subsection: 5,
  configuration: 7,
  command: 8,
  footer: 0x7e,
} as const;
/** The low bits of a page's address. */
const FLAG = {
  zero: 2,
  sizes: 4,
  page: 8,
  eos: 0x10,
  again: 0x20,
  xbzrle: 0x40,
  compressed: 0x100,
  flush: 0x200,
} as const;
const KNOWN_FLAGS = Object.values(FLAG).reduce((all, flag) => all | flag, 0);
const MOST_BLOCKS = 1024;
const MOST_SECTIONS = 65_536;
const MOST_PROBLEMS = 32;
/** What is read between two steps of the generator, bytes. */
const STEP_BYTES = 1 << 20;

/** Fills `memory` with the pages of a saved machine, whose stream begins at an offset. Each step of the generator says how many bytes it read. */
export class QemuStream {
  readonly problems: string[] = [];
  private readonly cursor: StreamCursor;
  private readonly read: ReadAt;
  private readonly memory: SparseMemory;
  private readonly sections = new Map<number, { readonly name: string; readonly version: number }>();
  private readonly blocks = new Map<string, Block>();
  private block: Block | null = null;
  private machine = '';
  private mapped = false;
  private ignoresShared = false;
  private ramId = -1;
  private stepAt: number;
  private unread = 0;
  private beyond = 0;
  private nameless = 0;

  constructor(read: ReadAt, start: number, fileBytes: number, memory: SparseMemory) {
    this.read = read;
    this.cursor = new StreamCursor(read, start + 8, fileBytes);
    this.memory = memory;
    this.stepAt = start;
  }

  /** Ends with why nothing of the machine can be read, or null. */
  *index(): Generator<number, Failure | null> {
    const failure = yield* this.all();
    if (failure !== null) return failure;
    const pages = this.mainPages();
    if (pages === 0) {
      const nothing = fail(
        'bad-layout',
        'The saved machine of QEMU has no memory in it: no section "ram" lists any',
        SAVE_AGAIN,
      );
      return nothing.ok ? null : nothing.failure;
    }
    if (this.unread > 0)
      this.tell(`${this.unread} pages are stored as differences, compressed or as one byte, which are not read`);
    if (this.beyond > 0)
      this.tell(`${this.beyond} pages have addresses beyond the memory of the machine: they are left out`);
    if (this.nameless > 0)
      this.tell(
        `${this.nameless} pages behind damage may be of the machine's memory or of a device's: they are left out`,
      );
    const missing = pages - this.memory.pages;
    if (missing > 0) this.tell(`${missing} of the ${pages} pages of the machine's memory are not in the file`);
    return null;
  }

  private *all(): Generator<number, Failure | null> {
    const { cursor } = this;
    for (let count = 0; count < MOST_SECTIONS * 16; count++) {
      yield* this.step();
      const at = cursor.at;
      const type = cursor.u8();
      if (cursor.ended) {
        this.tell(`the file ends at offset ${at}, before the last pages of the memory`);
        return null;
      }
      if (type === SECTION.eof) {
        if (this.ramId < 0) return null;
        this.tell(`the stream ends at offset ${at}, before the last pages of the memory`);
        return null;
      }
      if (type === SECTION.configuration) this.configuration();
      else if (type === SECTION.command) {
        cursor.skip(2);
        cursor.skip(cursor.u16());
      } else if (type === SECTION.footer) cursor.skip(4);
      else if (type >= SECTION.start && type <= SECTION.full) {
        const end = yield* this.section(type, at);
        if (end === 'end') return null;
        if (end !== 'next') return end;
      } else {
        this.tell(`what begins at offset ${at} is no section of a saved machine`);
        if (!(yield* this.toFooter(this.ramId))) return null;
      }
    }
    this.tell(`the stream has more sections than are read, from offset ${cursor.at} on`);
    return null;
  }

  private *section(type: number, at: number): Generator<number, 'next' | 'end' | Failure> {
    const { cursor } = this;
    const id = cursor.u32();
    if (type === SECTION.start || type === SECTION.full) {
      const name = cursor.text(cursor.u8());
      cursor.skip(4);
      const version = cursor.u32();
      if (this.sections.size < MOST_SECTIONS) this.sections.set(id, { name, version });
      if (name === 'ram') this.ramId = id;
    }
    const section = this.sections.get(id);
    if (section?.name !== 'ram') {
      // What other sections hold says nothing of its length; they end with their number.
      if (yield* this.toFooter(id)) return 'next';
      this.tell(`the section at offset ${at} has no end that can be found`);
      return 'end';
    }
    if (section.version !== RAM_VERSION) {
      const unknown = fail(
        'source-unsupported',
        `The memory at offset ${at} of the saved machine is of version ${section.version}`,
        `${SAVE_AGAIN}; version ${RAM_VERSION} is read`,
      );
      if (!unknown.ok) return unknown.failure;
    }
    if (!(yield* this.ram()) && !(yield* this.toFooter(id))) {
      this.tell(`the memory in the section at offset ${at} does not end before the file does: pages are missing`);
      return 'end';
    }
    return type === SECTION.end ? 'end' : 'next';
  }

  /** The machine's name, and behind it how its memory is stored. */
  private configuration(): void {
    const { cursor } = this;
    const bytes = cursor.u32();
    if (bytes > 256) {
      this.tell(`the configuration at offset ${cursor.at} has a name of ${bytes} bytes`);
      return;
    }
    this.machine = cursor.text(bytes);
    for (let count = 0; count < 16; count++) {
      const at = cursor.at;
      if (cursor.u8() !== SECTION.subsection) {
        cursor.go(at);
        return;
      }
      const name = cursor.text(cursor.u8());
      cursor.skip(4);
      if (name === 'configuration/target-page-bits') cursor.skip(4);
      else if (name === 'configuration/uuid') cursor.skip(16);
      else if (name === 'configuration/capabilities') {
        for (let left = Math.min(cursor.u32(), 64); left > 0; left--) {
          const capability = cursor.text(cursor.u8());
          if (capability === 'mapped-ram') this.mapped = true;
          if (capability === 'x-ignore-shared') this.ignoresShared = true;
        }
      } else return;
    }
  }

  /** Pages until the end of the section; false where it is damaged and does not go on. */
  private *ram(): Generator<number, boolean> {
    const { cursor } = this;
    for (;;) {
      yield* this.step();
      const at = cursor.at;
      const high = cursor.u32();
      const low = cursor.u32();
      if (cursor.ended) return false;
      const flags = low & (RV.PAGE - 1);
      const page = (low >>> 12) + high * 2 ** 20;
      if (flags === FLAG.eos) return true;
      let good = (flags & ~KNOWN_FLAGS) === 0 && flags !== 0;
      if (good && (flags & FLAG.sizes) !== 0) good = yield* this.sizes(page * RV.PAGE);
      if (good && (flags & (FLAG.zero | FLAG.page | FLAG.xbzrle | FLAG.compressed)) !== 0)
        good = this.onePage(flags, page);
      if (good && (flags & FLAG.eos) !== 0) return true;
      if (good || cursor.ended) continue;
      this.tell(`the entry of a page at offset ${at} is damaged`);
      if (!this.goOn(at)) return false;
    }
  }

  private onePage(flags: number, page: number): boolean {
    const { cursor } = this;
    if ((flags & FLAG.again) === 0) {
      const block = this.blocks.get(cursor.text(cursor.u8()));
      if (block === undefined) return false;
      this.block = block;
    }
    const block = this.block ?? this.onlyBlockWith(page);
    const { first, bytes } = block ?? NO_BLOCK;
    if (block === null) this.nameless++;
    const wanted = first >= 0 && page * RV.PAGE < bytes;
    if (first >= 0 && !wanted) this.beyond++;
    const { at } = cursor;
    if ((flags & FLAG.zero) !== 0) {
      // Old versions also wrote pages full of another byte so; no page of a ring is one.
      if (cursor.u8() !== 0) this.leaveOut(wanted, first + page);
      else if (wanted && !cursor.ended) this.memory.putZero(first + page);
      return true;
    }
    if ((flags & FLAG.page) !== 0) {
      cursor.skip(RV.PAGE);
      if (wanted && !cursor.ended) this.memory.put(first + page, at);
      return true;
    }
    if ((flags & FLAG.xbzrle) !== 0) {
      cursor.skip(1);
      cursor.skip(cursor.u16());
    } else cursor.skip(cursor.u32());
    this.leaveOut(wanted, first + page);
    return true;
  }

  /** The block of a page behind damage that may have hidden a name: known where only one is so long. */
  private onlyBlockWith(page: number): Block | null {
    const all = [...this.blocks.values()].filter(({ bytes }) => page * RV.PAGE < bytes);
    return all.length === 1 ? (all[0] as Block) : null;
  }

  private leaveOut(wanted: boolean, page: number): void {
    if (!wanted) return;
    this.unread++;
    this.memory.drop(page);
  }

  /** Whether a damaged entry can be stepped over: what follows behind a page, or behind the byte of one of zeroes, looks like the next. */
  private goOn(at: number): boolean {
    const names = [...this.blocks.keys()].slice(0, 16).map((name) => 1 + name.length);
    const longest = [...this.blocks.values()].reduce((most, { bytes }) => Math.max(most, bytes), 0);
    for (const named of [0, ...names]) {
      for (const content of [RV.PAGE, 1]) {
        const behind = at + 8 + named + content;
        const next = this.read(behind, 8);
        if (next.length < 8) continue;
        const view = new DataView(next.buffer, next.byteOffset, next.byteLength);
        const flags = view.getUint32(4) & (RV.PAGE - 1);
        const address = view.getUint32(0) * 2 ** 32 + view.getUint32(4) - flags;
        const isPage = flags === (FLAG.again | FLAG.zero) || flags === (FLAG.again | FLAG.page);
        if (!(flags === FLAG.eos && address === 0) && !(isPage && address < longest)) continue;
        if (named > 0) this.block = null;
        this.cursor.go(behind);
        return true;
      }
    }
    this.block = null;
    this.cursor.go(at + 8);
    return false;
  }

  /** The list of blocks of memory, `total` bytes in all. */
  private *sizes(total: number): Generator<number, boolean> {
    const { cursor } = this;
    const mapped: MappedBlock[] = [];
    let left = total;
    for (let count = 0; left > 0; count++) {
      const at = cursor.at;
      const name = cursor.text(cursor.u8());
      const bytes = cursor.u64();
      if (cursor.ended || count >= MOST_BLOCKS || !(bytes > 0 && bytes <= left)) return false;
      left -= bytes;
      if (this.ignoresShared) cursor.skip(8);
      const block = { name, bytes, first: -1 };
      this.blocks.set(name, block);
      const places = this.mapped ? this.mappedBlock(block, at) : null;
      if (places === 'damaged') return false;
      if (places !== null) mapped.push(places);
    }
    for (const problem of layOut([...this.blocks.values()], this.machine, this.memory)) this.tell(problem);
    for (const places of mapped) if (places.block.first >= 0) yield* notePages(places, this.read, this.memory);
    return true;
  }

  /** Where the pages of a block lie that are at fixed places; goes behind them. */
  private mappedBlock(block: Block, at: number): MappedBlock | null | 'damaged' {
    const { cursor } = this;
    const version = cursor.u32();
    const pageBytes = cursor.u64();
    const bits = cursor.u64();
    const pages = cursor.u64();
    if (cursor.ended || version !== 1 || pageBytes !== RV.PAGE) return 'damaged';
    if (bits === 0 && pages === 0 && this.ignoresShared) return null;
    if (!(bits >= at && pages > bits && pages + block.bytes <= Number.MAX_SAFE_INTEGER)) return 'damaged';
    cursor.go(pages + block.bytes);
    return { block, bits, pages };
  }

  /** Goes on behind the end of a section that cannot be read otherwise; false where there is none. */
  private *toFooter(id: number): Generator<number, boolean> {
    if (id < 0) return false;
    const { cursor } = this;
    const footer = new Uint8Array(5);
    new DataView(footer.buffer).setUint32(1, id);
    footer[0] = SECTION.footer;
    while (!cursor.ended) {
      const found = cursor.find(footer);
      yield* this.step();
      if (found < 0) continue;
      cursor.go(found + footer.length);
      const type = cursor.u8();
      const next =
        type === SECTION.part || type === SECTION.end ? this.sections.has(cursor.u32()) : type <= SECTION.command;
      cursor.go(next && !cursor.ended ? found + footer.length : found + 1);
      if (next) return true;
    }
    return false;
  }

  private *step(): Generator<number, void> {
    const bytes = this.cursor.at - this.stepAt;
    if (bytes >= 0 && bytes < STEP_BYTES) return;
    this.stepAt = this.cursor.at;
    yield Math.max(0, Math.min(bytes, STEP_BYTES));
  }

  private mainPages(): number {
    return [...this.blocks.values()].reduce(
      (sum, { first, bytes }) => sum + (first < 0 ? 0 : Math.floor(bytes / RV.PAGE)),
      0,
    );
  }

  private tell(problem: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
  }
}
