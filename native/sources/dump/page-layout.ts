/**
 * Where the physical pages of a crashed machine lie in a file: as runs of pages, or as one bit for each page of memory. Pure.
 */
import { RV } from '../../core/layout.ts';

/** Pages that lie behind one another both in memory and in the file. */
export interface PageSpan {
  /** Number of the first page: its physical address divided by RV.PAGE. */
  readonly frame: number;
  readonly pages: number;
  /** Where it lies in the file, bytes. */
  readonly offset: number;
}

/** A map from page frames to places in a file. */
export interface PageLayout {
  /** How many pages the file has. */
  readonly pages: number;
  /** Where a page lies in the file; -1 where the file does not have it. */
  offsetOf(frame: number): number;
  /** All pages in the order of the file. */
  spans(): Iterable<PageSpan>;
}

/** Runs of pages, as complete dumps, ELF cores and raw images have them. Those that overlap are kept as they come. */
export class RunLayout implements PageLayout {
  readonly pages: number;
  private readonly runs: readonly PageSpan[];
  private readonly byFrame: readonly PageSpan[];

  constructor(runs: readonly PageSpan[]) {
    this.runs = runs.filter(({ pages }) => pages > 0);
    this.byFrame = [...this.runs].sort((a, b) => a.frame - b.frame);
    this.pages = this.runs.reduce((sum, { pages }) => sum + pages, 0);
  }

  offsetOf(frame: number): number {
    let low = 0;
    let high = this.byFrame.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.byFrame[middle] as PageSpan).frame <= frame) low = middle + 1;
      else high = middle;
    }
    const run = this.byFrame[low - 1];
    return run !== undefined && frame < run.frame + run.pages ? run.offset + (frame - run.frame) * RV.PAGE : -1;
  }

  spans(): Iterable<PageSpan> {
    return this.runs;
  }
}

/** Pages counted at once, so that looking one up need not count from the begin. */
const RANK_BYTES = 64;

/** A bit for each page of memory; the pages whose bit is set lie in the file one behind the other. */
export class BitmapLayout implements PageLayout {
  readonly pages: number;
  private readonly bits: Uint8Array;
  private readonly first: number;
  /** How many pages the file has before each group of RANK_BYTES. */
  private readonly ranks: Uint32Array;

  /** `first`: where the first page lies in the file, bytes. */
  constructor(bits: Uint8Array, first: number) {
    this.bits = bits;
    this.first = first;
    this.ranks = new Uint32Array(Math.ceil(bits.length / RANK_BYTES) + 1);
    let pages = 0;
    for (let at = 0; at < bits.length; at++) {
      if (at % RANK_BYTES === 0) this.ranks[at / RANK_BYTES] = pages;
      pages += bitsOf(bits[at] as number);
    }
    this.pages = pages;
  }

  offsetOf(frame: number): number {
    const byte = Math.floor(frame / 8);
    const bit = 1 << (frame % 8);
    if (!(frame >= 0) || byte >= this.bits.length || ((this.bits[byte] as number) & bit) === 0) return -1;
    const group = Math.floor(byte / RANK_BYTES);
    let rank = this.ranks[group] as number;
    for (let at = group * RANK_BYTES; at < byte; at++) rank += bitsOf(this.bits[at] as number);
    rank += bitsOf((this.bits[byte] as number) & (bit - 1));
    return this.first + rank * RV.PAGE;
  }

  *spans(): Iterable<PageSpan> {
    let offset = this.first;
    const end = this.bits.length * 8;
    for (let frame = 0; frame < end; ) {
      if ((this.bits[frame >>> 3] as number) === 0 && frame % 8 === 0) {
        frame += 8;
        continue;
      }
      let pages = 0;
      while (frame + pages < end && this.has(frame + pages)) pages++;
      if (pages > 0) yield { frame, pages, offset };
      offset += pages * RV.PAGE;
      frame += pages + 1;
    }
  }

  private has(frame: number): boolean {
    return ((this.bits[frame >>> 3] as number) & (1 << (frame & 7))) !== 0;
  }
}

function bitsOf(byte: number): number {
  const pairs = byte - ((byte >>> 1) & 0x55);
  const fours = (pairs & 0x33) + ((pairs >>> 2) & 0x33);
  return (fours + (fours >>> 4)) & 0x0f;
}

/**
 * Memory behind the hole that PC chipsets leave below 4 GiB for devices begins at 4 GiB again. VMware's .vmem files have no
 * hole: what is above 3 GiB in the file is above 4 GiB in memory.
 */
const HOLE_BEGIN = 0xc0000000;
const HOLE_END = 0x100000000;

/** The pages of a raw image of `bytes` bytes. `hole`: whether memory beyond 3 GiB lies behind the hole for devices. */
export function rawLayout(bytes: number, hole: boolean): RunLayout {
  const pages = Math.floor(bytes / RV.PAGE);
  const below = HOLE_BEGIN / RV.PAGE;
  if (!hole || pages <= below) return new RunLayout([{ frame: 0, pages, offset: 0 }]);
  return new RunLayout([
    { frame: 0, pages: below, offset: 0 },
    { frame: HOLE_END / RV.PAGE, pages: pages - below, offset: HOLE_BEGIN },
  ]);
}
