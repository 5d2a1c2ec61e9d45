/**
 * A ring of messages between two threads of this process, one writing and one reading, in a SharedArrayBuffer. The
 * writer never waits. A message that does not fit is only counted; because every attempt has a number, the reader
 * knows how many are missing and where.
 *
 * 32-bit words from the start: 0 head, 1 tail (both count words and wrap at 2^32), 2 and 3 the number of attempts as
 * one 64-bit number, then the data. A message is [bytes, kind, pid, ticks low, ticks high, attempt low, attempt
 * high], then its payload.
 */
import { setNumber, toNumber } from './u64.ts';

const CONTROL_WORDS = 16;
const HEAD = 0;
const TAIL = 1;
/** Index in 64-bit words. */
const ATTEMPTS = 1;
const HEADER_WORDS = 7;
/** Stands in place of a length: the rest of the data up to its end is unused. */
const WRAP = 0xffffffff;

/**
 * An Attempt takes a number and can be missed. A Note is a remark of the writer between two attempts. A Clear is such a
 * remark too, and asks to forget what came before; it takes no number.
 */
export const MessageKind = { Attempt: 0, Note: 1, Clear: 2 } as const;

/** Makes a ring with `bytes` of data, a power of two from 1024 on. */
export function createMessageRing(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_WORDS * 4 + bytes);
}

class Views {
  readonly control: Int32Array;
  readonly attempts: BigUint64Array;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;

  constructor(ring: SharedArrayBuffer) {
    this.control = new Int32Array(ring, 0, CONTROL_WORDS);
    this.attempts = new BigUint64Array(ring, 0, CONTROL_WORDS / 2);
    this.words = new Uint32Array(ring, CONTROL_WORDS * 4);
    this.bytes = new Uint8Array(ring, CONTROL_WORDS * 4);
  }

  load(position: number): number {
    return Atomics.load(this.control, position) >>> 0;
  }

  store(position: number, value: number): void {
    Atomics.store(this.control, position, value | 0);
  }
}

export class MessageRingWriter {
  private readonly views: Views;
  private head = 0;
  private attempts = 0;
  private readonly attempt = new Uint32Array(2);

  constructor(ring: SharedArrayBuffer) {
    this.views = new Views(ring);
  }

  /** Writes `payload[0...length]`. False if there was no room: a lost attempt is counted, a lost note is not. */
  write(kind: number, pid: number, ticks: Uint32Array, payload: Uint8Array, length: number): boolean {
    const { words, bytes } = this.views;
    if (kind === MessageKind.Attempt) setNumber(this.attempt, ++this.attempts);
    const at = this.reserve(HEADER_WORDS + ((length + 3) >>> 2));
    if (at >= 0) {
      words[at] = length;
      words[at + 1] = kind;
      words[at + 2] = pid;
      words[at + 3] = ticks[0] as number;
      words[at + 4] = ticks[1] as number;
      words[at + 5] = this.attempt[0] as number;
      words[at + 6] = this.attempt[1] as number;
      bytes.set(payload.length === length ? payload : payload.subarray(0, length), (at + HEADER_WORDS) * 4);
      this.views.store(HEAD, this.head);
    }
    // Stored after the head, so that a reader who sees the number also finds the message, unless it was lost.
    if (kind === MessageKind.Attempt) Atomics.store(this.views.attempts, ATTEMPTS, BigInt(this.attempts));
    return at >= 0;
  }

  /**
   * Reserves `need` consecutive words and moves the head past them. Returns where they begin, or -1 if there is no
   * room.
   */
  private reserve(need: number): number {
    const { words } = this.views;
    const used = (this.head - this.views.load(TAIL)) >>> 0;
    const at = this.head % words.length;
    const rest = words.length - at;
    const skip = rest < need ? rest : 0;
    if (used + skip + need > words.length) return -1;
    if (skip > 0) words[at] = WRAP;
    this.head = (this.head + skip + need) >>> 0;
    return skip > 0 ? 0 : at;
  }
}

/** A message, still in the ring's memory; valid until the next call of `next`. */
export interface Message {
  kind: number;
  pid: number;
  ticksLow: number;
  ticksHigh: number;
  /** Number of the attempt, counted from 1. A note has the number of the attempt before it. */
  attempt: number;
  payload: Uint8Array;
}

export class MessageRingReader {
  private readonly views: Views;
  private tail = 0;
  private readonly message: Message = {
    kind: 0,
    pid: 0,
    ticksLow: 0,
    ticksHigh: 0,
    attempt: 0,
    payload: new Uint8Array(0),
  };

  constructor(ring: SharedArrayBuffer) {
    this.views = new Views(ring);
  }

  /** Data bytes of the ring. */
  get capacity(): number {
    return this.views.bytes.length;
  }

  /** Bytes not read yet. */
  get pending(): number {
    return ((this.views.load(HEAD) - this.tail) >>> 0) * 4;
  }

  /**
   * The number of attempts so far. If the reader then reads everything that is there, the attempts up to this number
   * that it did not find are lost.
   */
  attempts(): number {
    return Number(Atomics.load(this.views.attempts, ATTEMPTS));
  }

  /** The next message, or null. The space of the message returned before is given back to the writer. */
  next(): Message | null {
    const { views, message } = this;
    const { words } = views;
    views.store(TAIL, this.tail);
    const head = views.load(HEAD);
    if (head === this.tail) return null;
    let at = this.tail % words.length;
    if (words[at] === WRAP) {
      this.tail = (this.tail + words.length - at) >>> 0;
      at = 0;
    }
    const length = words[at] as number;
    message.kind = words[at + 1] as number;
    message.pid = words[at + 2] as number;
    message.ticksLow = words[at + 3] as number;
    message.ticksHigh = words[at + 4] as number;
    message.attempt = toNumber(words[at + 6] as number, words[at + 5] as number);
    const from = (at + HEADER_WORDS) * 4;
    message.payload = views.bytes.subarray(from, from + length);
    this.tail = (this.tail + HEADER_WORDS + ((length + 3) >>> 2)) >>> 0;
    return message;
  }
}
