/**
 * The one interface to the operating system: named memory, locks that tell the living from the dead, copies between
 * mapped memory and arrays, the clock that producers stamp with. Implementations are posix/ and win32/; nothing else
 * imports koffi. Mapped memory is only ever reached by copying: a view of it as an ArrayBuffer aborts Electron.
 */
import type { ImageMemory } from './memory.ts';
import { fail, ok, type Result } from './result.ts';

/** Names of simulated ring sessions. */
export const RING_SESSION_NAME = /^[A-Za-z0-9._-]{1,48}$/;

/** An address in this process. User space ends far below 2^53, so a number holds it exactly. */
export type Address = number;

export interface MappedMemory {
  /** Fills the whole of `target` from `address`. Eight bytes, aligned, are one access of the processor. */
  read(address: Address, target: Uint8Array | Uint32Array): void;
  /** Copies `length` bytes from `address` to `bytes[at...]`. */
  copyOut(address: Address, bytes: Uint8Array, at: number, length: number): void;
  /** Stores the whole of `source` at `address`. Eight bytes, aligned, are one access of the processor. */
  write(address: Address, source: Uint8Array | Uint32Array): void;
  /** Copies `length` bytes from `bytes[at...]` to `address`. */
  copyIn(address: Address, bytes: Uint8Array, at: number, length: number): void;
  /** No access after it is performed before those ahead of it. */
  barrier(): void;
}

export interface SystemClock {
  /** Ticks a second. */
  readonly frequency: number;
  /** Now; the same in every process of this machine. */
  ticks(): bigint;
}

/** A ring session's memory as its producer holds it: everything writable, and the lock that says the producer lives. */
export interface ProducerImage {
  readonly address: Address;
  readonly bytes: number;
  /** Whether a reader holds the ring session now. */
  hasReader(): boolean;
  /** Takes the name away, unmaps, and lets go of the lock. Readers keep what they have mapped. Safe to call twice. */
  close(): void;
}

/**
 * A ring session's memory as a reader holds it. Safe against writing by accident: only what was allowed can be written.
 */
export interface ReaderImage {
  /** The whole object. Its accesses throw MemoryFault where the memory is gone, and never end the process. */
  readonly memory: ImageMemory;
  /** Size of the object when it was opened. */
  readonly bytes: number;
  /** Claims the ring session. Failure: source-busy. */
  lock(): Result<void>;
  /** Makes `length` bytes at `offset` (a multiple of RV_GRANULE) writable. Called once. Failure: io-error. */
  allowWriting(offset: number, length: number): Result<void>;
  /** Size of the object now. Failure: io-error. */
  size(): Result<number>;
  producerAlive(): boolean;
  /** Lets go of the memory and of the lock. Safe to call twice. */
  close(): void;
}

export interface Platform extends MappedMemory {
  readonly clock: SystemClock;
  /**
   * Makes the named memory of a ring session, `bytes` zeroes, replacing what a dead producer of this user left under
   * the name. Failures: source-busy (a living producer has the name), permission-denied (another user has it),
   * disk-full, io-error.
   */
  createImage(name: string, bytes: number): Result<ProducerImage>;
  /** Failures: source-not-found, permission-denied, truncated-mapping (an empty object), io-error. */
  openImage(name: string): Result<ReaderImage>;
  /** Names under which there may be ring sessions, in no order; empty where the system does not list them. */
  imageNames(): string[];
  /** Removes what a dead producer of this user left under the name; true if nothing is left there. */
  removeDead(name: string): boolean;
}

/** A lock of a file, which its process holds for its life. */
export interface FileLock {
  /** Lets go, and with `remove` takes the file away as well. Safe to call twice. */
  release(remove?: boolean): void;
}

/** Judges a ring session name. Failure: bad-argument. */
export function checkRingSessionName(name: string): Result<string> {
  if (RING_SESSION_NAME.test(name)) return ok(name);
  return fail(
    'bad-argument',
    `'${name}' is not a ring session name`,
    'Use 1 to 48 letters, digits, dots, underscores or hyphens',
  );
}
