/**
 * The memory of a machine whose pages lie anywhere in a file, those of zeroes in none: it is read as if it were a file in which all
 * pages lie at their addresses. Pure.
 */
import { RV } from '../../../core/layout.ts';
import type { ReadAt } from '../dump-header.ts';
import type { PageLayout, PageSpan } from '../page-layout.ts';

/** Pages that the table knows at once; a table of them is made where the first is told. */
const CHUNK_PAGES = 4096;
/** The most memory that is kept track of: its table takes 512 MiB, and that of a machine of 16 GiB 32 MiB. */
export const MOST_SPARSE_BYTES = 2 ** 38;
/** What is read of the file at once where pages are looked through one behind the other. */
const WINDOW_BYTES = 1 << 20;

const ABSENT = 0;
const ZERO = -1;

/** A piece of memory behind a hole: pages from `page` on have frames from `frame` on. */
export interface Moved {
  readonly page: number;
  readonly frame: number;
}

/**
 * Pages by their number, that of the offset in the machine's memory without holes. `offsetOf` and `spans` speak of the pretended file,
 * which `reader` reads.
 */
export class SparseMemory implements PageLayout {
  pages = 0;
  private readonly chunks = new Map<number, Float64Array>();
  private moved: Moved | null = null;

  /** From which page on frames are others than the numbers. */
  setHole(moved: Moved | null): void {
    this.moved = moved;
  }

  /** Notes where the page lies, an offset above 0; a later note of the same page replaces it. */
  put(page: number, offset: number): void {
    this.set(page, offset);
  }

  /** Notes that the page is all zeroes. */
  putZero(page: number): void {
    this.set(page, ZERO);
  }

  /** Notes that what the page holds is not known. */
  drop(page: number): void {
    if (this.at(page) !== ABSENT) this.set(page, ABSENT);
  }

  offsetOf(frame: number): number {
    const { moved } = this;
    if (moved === null) return this.at(frame) === ABSENT ? -1 : frame * RV.PAGE;
    if (frame >= moved.page && frame < moved.frame) return -1;
    const page = frame < moved.page ? frame : frame - moved.frame + moved.page;
    return this.at(page) === ABSENT ? -1 : page * RV.PAGE;
  }

  /** All pages that are not zeroes. */
  *spans(): Iterable<PageSpan> {
    for (const number of [...this.chunks.keys()].sort((a, b) => a - b)) {
      const chunk = this.chunks.get(number) as Float64Array;
      for (let at = 0; at < CHUNK_PAGES; ) {
        const page = number * CHUNK_PAGES + at;
        let pages = 0;
        while (
          at + pages < CHUNK_PAGES &&
          (chunk[at + pages] as number) > 0 &&
          (pages === 0 || page + pages !== this.moved?.page)
        )
          pages++;
        if (pages > 0) yield { frame: this.frameOf(page), pages, offset: page * RV.PAGE };
        at += Math.max(1, pages);
      }
    }
  }

  /** Reads the pretended file out of what `file` reads; `ahead`: pages are asked for in order, so more is read at once. */
  reader(file: ReadAt, ahead: boolean): ReadAt {
    let from = 0;
    let window: Uint8Array = new Uint8Array(0);
    const bytesAt = (offset: number, count: number): Uint8Array => {
      if (!ahead) return file(offset, count);
      if (offset < from || offset + count > from + window.length) {
        from = offset;
        window = file(offset, WINDOW_BYTES);
      }
      return window.subarray(offset - from, offset - from + count);
    };
    return (offset, count) => {
      const out = new Uint8Array(count);
      for (let done = 0; done < count; ) {
        const within = (offset + done) % RV.PAGE;
        const piece = Math.min(count - done, RV.PAGE - within);
        const place = this.at(Math.floor((offset + done) / RV.PAGE));
        if (place === ABSENT) return out.subarray(0, done);
        if (place !== ZERO) {
          const bytes = bytesAt(place + within, piece);
          out.set(bytes, done);
          if (bytes.length < piece) return out.subarray(0, done + bytes.length);
        }
        done += piece;
      }
      return out;
    };
  }

  private frameOf(page: number): number {
    const { moved } = this;
    return moved === null || page < moved.page ? page : page - moved.page + moved.frame;
  }

  private at(page: number): number {
    return this.chunks.get(Math.floor(page / CHUNK_PAGES))?.[page % CHUNK_PAGES] ?? ABSENT;
  }

  private set(page: number, value: number): void {
    if (!(page >= 0 && page < MOST_SPARSE_BYTES / RV.PAGE)) return;
    const number = Math.floor(page / CHUNK_PAGES);
    let chunk = this.chunks.get(number);
    if (chunk === undefined) {
      chunk = new Float64Array(CHUNK_PAGES);
      this.chunks.set(number, chunk);
    }
    const before = chunk[page % CHUNK_PAGES] as number;
    this.pages += (value === ABSENT ? 0 : 1) - (before === ABSENT ? 0 : 1);
    chunk[page % CHUNK_PAGES] = value;
  }
}
