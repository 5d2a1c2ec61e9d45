/**
 * The page tables of x64: which page of memory an address of the kernel means, and which addresses mean a page. The tables come out of
 * a dump, so they may be missing, damaged or made to be walked for ever: all work is bounded. Pure.
 */

/** Reads the page of a frame as 1024 words of 32 bits; null where it is not in the dump. */
export type ReadTable = (frame: number) => Uint32Array | null;

const ENTRIES = 512;
const PRESENT = 1;
/** In an entry of the second or third level: it maps 1 GiB or 2 MiB at once. */
const LARGE = 0x80;
/** The kernel has the upper half of the addresses. */
const KERNEL_FROM = 256;
/** Tables looked at in one walk: more than 256 GiB of memory mapped in small pages needs. */
const MOST_TABLES = 200_000;

/** Virtual pages are numbered by the 36 bits of an address that the tables translate. */
export const VIRTUAL_PAGES = 2 ** 36;

function frameIn(table: Uint32Array, entry: number): number {
  const low = table[entry * 2] as number;
  const high = table[entry * 2 + 1] as number;
  return (low >>> 12) + (high & 0xfffff) * 2 ** 20;
}

const isPresent = (table: Uint32Array, entry: number): boolean => ((table[entry * 2] as number) & PRESENT) !== 0;
const isLarge = (table: Uint32Array, entry: number): boolean => ((table[entry * 2] as number) & LARGE) !== 0;

/** The frame that a virtual page means by the tables below `top`; -1 where they do not say. */
export function translate(read: ReadTable, top: number, virtualPage: number): number {
  let frame = top;
  for (let level = 3; level >= 0; level--) {
    const table = read(frame);
    if (table === null) return -1;
    const entry = Math.floor(virtualPage / ENTRIES ** level) % ENTRIES;
    if (!isPresent(table, entry)) return -1;
    frame = frameIn(table, entry);
    if ((level === 1 || level === 2) && isLarge(table, entry)) {
      // The low bits of the frame of a large page are none of its address.
      const pages = ENTRIES ** level;
      return frame - (frame % pages) + (virtualPage % pages);
    }
  }
  return frame;
}

/**
 * Notes for each of the `wanted` frames at which virtual pages of the kernel it lies. A generator, so that the work can be done in
 * slices: each step is one table. Ends early, returning false, where there are more tables than a machine has.
 */
export function* findAddresses(
  read: ReadTable,
  top: number,
  wanted: ReadonlySet<number>,
  found: Map<number, number[]>,
): Generator<void, boolean> {
  let tables = 0;
  const note = (frame: number, virtualPage: number): void => {
    const places = found.get(frame);
    if (places === undefined) found.set(frame, [virtualPage]);
    else if (places.length < 16) places.push(virtualPage);
  };
  let highest = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (const frame of wanted) {
    highest = Math.max(highest, frame);
    lowest = Math.min(lowest, frame);
  }
  function* walk(frame: number, level: number, base: number): Generator<void, boolean> {
    const table = read(frame);
    if (table === null) return true;
    if (++tables > MOST_TABLES) return false;
    yield;
    const pages = ENTRIES ** level;
    for (let entry = level === 3 ? KERNEL_FROM : 0; entry < ENTRIES; entry++) {
      if (!isPresent(table, entry)) continue;
      const target = frameIn(table, entry);
      // The top table has an entry for itself, through which Windows reads its own tables; the pages behind it are those tables.
      if (level === 3 && target === top) continue;
      const virtualPage = base + entry * pages;
      if (level === 0) {
        if (target >= lowest && target <= highest && wanted.has(target)) note(target, virtualPage);
      } else if ((level === 1 || level === 2) && isLarge(table, entry)) {
        const first = target - (target % pages);
        if (first > highest || first + pages <= lowest) continue;
        for (const each of wanted) if (each >= first && each < first + pages) note(each, virtualPage + each - first);
      } else if (!(yield* walk(target, level - 1, virtualPage))) return false;
    }
    return true;
  }
  return yield* walk(top, 3, 0);
}

/** Whether a page looks like the top page table of a process of Windows: one entry of its upper half names the page itself. */
export function looksLikeTop(table: Uint32Array, frame: number): boolean {
  for (let entry = KERNEL_FROM; entry < ENTRIES; entry++) {
    // Present and writable, and for the kernel alone.
    if (((table[entry * 2] as number) & 7) === 3 && frameIn(table, entry) === frame) return true;
  }
  return false;
}
