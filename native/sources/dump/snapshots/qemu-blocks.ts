/** The blocks of memory of a machine that QEMU saved: which of them the machine has at its addresses, and where. Pure. */
import { RV } from '../../../core/layout.ts';
import type { ReadAt } from '../dump-header.ts';
import { MOST_SPARSE_BYTES, type SparseMemory } from './sparse-memory.ts';

const GIB = 2 ** 30;
const ABOVE_4_GIB = (4 * GIB) / RV.PAGE;

/** Bits of pages that are read at once, bytes. */
const BITMAP_PIECE = 4096;

/** A block of memory of a saved machine. */
export interface Block {
  readonly name: string;
  readonly bytes: number;
  /** The page of memory at which it begins; -1 where it is none of the machine's memory. */
  first: number;
}

/** What a page is of that is of no known block. */
export const NO_BLOCK = { first: -1, bytes: 0 };

/** A block whose pages lie at fixed places: the bits that say which are there, and the first of them, bytes from the begin of the file. */
export interface MappedBlock {
  readonly block: Block;
  readonly bits: number;
  readonly pages: number;
}

/**
 * Says which blocks are the memory of a machine, in which order, and where its hole below 4 GiB is; returns what had to be assumed. QEMU names
 * the memory of a PC pc.ram, and that of several NUMA nodes ram-node0 and so on; a person may have named it otherwise.
 */
export function layOut(all: readonly Block[], machine: string, memory: SparseMemory): string[] {
  const problems: string[] = [];
  const nodeOf = ({ name }: Block) => Number(/(?:^|\/)ram-node(\d{1,4})$/.exec(name)?.[1] ?? -1);
  const nodes = all.filter((block) => nodeOf(block) >= 0).sort((a, b) => nodeOf(a) - nodeOf(b));
  const whole = all.find(({ name }) => name === 'pc.ram');
  const largest = all.reduce<Block | null>(
    (most, each) => (most === null || each.bytes > most.bytes ? each : most),
    null,
  );
  const main = whole !== undefined ? [whole] : nodes.length > 0 ? nodes : largest === null ? [] : [largest];
  if (whole === undefined && nodes.length === 0 && largest !== null)
    problems.push(`no memory is named pc.ram: the largest, ${largest.name.replace(/[^ -~]/g, '?')}, is taken for it`);
  let pages = 0;
  for (const block of main) {
    block.first = pages;
    pages += Math.floor(block.bytes / RV.PAGE);
  }
  const bytes = pages * RV.PAGE;
  if (bytes > MOST_SPARSE_BYTES)
    problems.push(`the machine has more than ${MOST_SPARSE_BYTES / GIB} GiB of memory: the rest is not read`);
  // Each chipset leaves its hole from one address on, and only where more memory would reach into it.
  const [from, most] = /q35/.test(machine) ? [2 * GIB, 2.75 * GIB] : [3 * GIB, 3.5 * GIB];
  if (bytes < most) return problems;
  memory.setHole({ page: from / RV.PAGE, frame: ABOVE_4_GIB });
  if (machine === '') problems.push('the file does not name the machine: what is above 3 GiB is taken to lie at 4 GiB');
  return problems;
}

/** Notes the pages of a block at fixed places: those whose bit is set are in the file, the others are zeroes. A step is a piece of the bits. */
export function* notePages(
  { block, bits, pages }: MappedBlock,
  read: ReadAt,
  memory: SparseMemory,
): Generator<number, void> {
  const count = Math.min(Math.floor(block.bytes / RV.PAGE), MOST_SPARSE_BYTES / RV.PAGE);
  for (let page = 0; page < count; page += BITMAP_PIECE * 8) {
    const piece = read(bits + page / 8, BITMAP_PIECE);
    for (let bit = 0; bit < Math.min(piece.length * 8, count - page); bit++) {
      const isThere = ((piece[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
      if (isThere) memory.put(block.first + page + bit, pages + (page + bit) * RV.PAGE);
      else memory.putZero(block.first + page + bit);
    }
    yield 0;
    if (piece.length < BITMAP_PIECE) break;
  }
}
