/**
 * What the reader needs of the outside world, so that it can be run against memory of this process in tests: the bytes
 * of an image, and a clock. Offsets are bytes from the start of the image (layout.h order), wherever its parts are
 * mapped.
 */

export interface ImageMemory {
  /** Fills `target` from `offset`. With two words this is one access of the processor. */
  read(offset: number, target: Uint32Array): void;
  /** Copies `length` bytes from `offset` to `bytes[at...]`. */
  copyOut(offset: number, bytes: Uint8Array, at: number, length: number): void;
  /** Stores `source` at `offset`, which lies in the consumer pages. With two words this is one access. */
  writeConsumer(offset: number, source: Uint32Array): void;
  /** No access after it is performed before those ahead of it. */
  barrier(): void;
}

export interface ReaderClock {
  /** The session's clock, in its ticks, as two words (low first). */
  ticks(target: Uint32Array): void;
  /** A clock that only grows, milliseconds; measures how long a CPU has held the stream. */
  milliseconds(): number;
}
