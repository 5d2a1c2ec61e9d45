/**
 * What the reader needs of the outside world: the bytes of an image, and a clock. As interfaces, so that tests can run
 * the reader on memory of their own process. Offsets are bytes from the start of the image (in the order of layout.h),
 * wherever its parts are mapped.
 */
import { RV } from './layout.ts';
import type { Failure } from './result.ts';
import type { RingSessionHeader } from './ring-session.ts';

export interface ImageMemory {
  /** Fills `target` from `offset`. With two words this is one access of the processor. */
  read(offset: number, target: Uint32Array): void;
  /** Copies `length` bytes from `offset` to `bytes[at...]`. */
  copyOut(offset: number, bytes: Uint8Array, at: number, length: number): void;
  /** Stores `source` at `offset`, which lies in the consumer pages. With two words this is one access. */
  writeConsumer(offset: number, source: Uint32Array): void;
  /** No access after the barrier is performed before the accesses ahead of it. */
  barrier(): void;
}

/**
 * The one expected failure that is thrown rather than returned: any of the many accesses of a round can find that the
 * memory is gone, and nothing read afterwards can be trusted. Whoever owns the source catches it where the round began
 * and turns it into a value.
 */
export class MemoryFault extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The failure for memory that was truncated while it was read, or truncated and extended again with zeroes. */
export function memoryGone(what: string): MemoryFault {
  const action = 'Start the producer again and reopen the ring session';
  return new MemoryFault({ code: 'truncated-mapping', message: what, action });
}

/** The fields of a header that determine where the parts of an image lie. */
export type ImageShape = Pick<
  RingSessionHeader,
  'consumerOffset' | 'ringsOffset' | 'ringStride' | 'ringBytes' | 'cpuCount'
>;

/**
 * The same memory, but every access outside the parts of the image is refused. The parts are the ring session page, the
 * consumer pages, and one ring with its page. The code that computes offsets checks them too; this is the second line
 * of defence. Throws MemoryFault (corrupt-ring).
 */
export function boundedMemory(memory: ImageMemory, shape: ImageShape): ImageMemory {
  const { consumerOffset, ringsOffset, ringStride } = shape;
  const ring = RV.PAGE + shape.ringBytes;
  const consumersEnd = consumerOffset + shape.cpuCount * RV.PAGE;
  const ringsEnd = ringsOffset + shape.cpuCount * ringStride;
  const isInside = (offset: number, length: number): boolean => {
    if (!(offset >= 0 && length >= 0)) return false;
    if (offset >= ringsOffset) return offset < ringsEnd && ((offset - ringsOffset) % ringStride) + length <= ring;
    if (offset >= consumerOffset) return offset + length <= consumersEnd;
    return offset + length <= RV.PAGE;
  };
  const check = (offset: number, length: number): void => {
    if (!isInside(offset, length)) throw outside(offset, length);
  };
  return {
    read: (offset, target) => {
      check(offset, target.byteLength);
      memory.read(offset, target);
    },
    copyOut: (offset, bytes, at, length) => {
      check(offset, length);
      if (!(at >= 0 && at + length <= bytes.length)) throw outside(at, length);
      memory.copyOut(offset, bytes, at, length);
    },
    writeConsumer: (offset, source) => {
      const end = offset + source.byteLength;
      if (!(offset >= consumerOffset && end <= consumersEnd)) throw outside(offset, source.byteLength);
      memory.writeConsumer(offset, source);
    },
    barrier: memory.barrier,
  };
}

function outside(offset: number, length: number): MemoryFault {
  const message = `The ring session led to ${length} bytes at ${offset}, outside its memory`;
  return new MemoryFault({
    code: 'corrupt-ring',
    message,
    action: 'Start the producer again and reopen the ring session',
  });
}

export interface ReaderClock {
  /** The ring session's clock, in its ticks, as two words (low first). */
  ticks(target: Uint32Array): void;
  /** Milliseconds of a monotonic clock; measures how long a CPU has held back the merge. */
  milliseconds(): number;
}
