/**
 * The bytes of a stream: standard input, a pipe, or what gzip unpacks. Only a bounded part of it waits in memory,
 * however much a small file unpacks to.
 */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Failure } from '../../core/result.ts';
import { type ByteFeed, type Fed, PIECE_BYTES, readFailure, WAIT } from './byte-feed.ts';
import { DETECT_BYTES } from './encoding.ts';

/** The most bytes that wait in memory, not counting the piece that is arriving. */
const WAITING_BYTES = 4 * PIECE_BYTES;
/** The most pieces that wait. Without this limit, pieces of one byte would take far more memory than they hold. */
const WAITING_PIECES = 8192;
/**
 * If a stream has sent something, but less than is wished for judging its format, it is judged by that after this time;
 * milliseconds.
 */
export const HEAD_PATIENCE_MS = 100;

/** Reads a stream as long as there is room for the pieces that wait. */
export class StreamFeed implements ByteFeed {
  /** Resolves once enough has arrived to judge the stream's format, or as much as can be expected soon. */
  readonly spoken: Promise<void>;
  private readonly stream: Readable;
  private waiting: Uint8Array[] = [];
  /** Place in `waiting` of the next piece to hand out. */
  private nextPiece = 0;
  private waitingBytes = 0;
  private taken = 0;
  private ended = false;
  private failure: Failure | null = null;
  private hasSpoken = false;
  private speak: () => void = () => {};
  private readonly progressOf: () => { readonly done: number; readonly total: number | null };

  /** `progressOf`: how much was read, where that differs from what was handed out (compressed files). */
  constructor(
    path: string,
    stream: Readable,
    progressOf?: () => { readonly done: number; readonly total: number | null },
  ) {
    this.stream = stream;
    this.progressOf = progressOf ?? (() => ({ done: this.taken, total: null }));
    this.spoken = new Promise((resolve) => {
      this.speak = () => {
        this.hasSpoken = true;
        resolve();
      };
    });
    const end = (): void => {
      this.ended = true;
      this.speak();
    };
    stream.on('data', (bytes: Uint8Array) => this.arrived(bytes));
    stream.on('end', end);
    stream.on('close', end);
    stream.on('error', (error) => {
      this.failure ??= readFailure(path, error);
      end();
    });
  }

  get progress(): { readonly done: number; readonly total: number | null } {
    return this.progressOf();
  }

  /** The first bytes that are still waiting, at most DETECT_BYTES; null while they are too few to judge the format. */
  get head(): Uint8Array | null {
    if (!this.hasSpoken) return null;
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (let at = this.nextPiece; at < this.waiting.length && bytes < DETECT_BYTES; at++) {
      const piece = this.waiting[at] as Uint8Array;
      pieces.push(piece);
      bytes += piece.length;
    }
    return Buffer.concat(pieces).subarray(0, DETECT_BYTES);
  }

  next(): Fed {
    const bytes = this.waiting[this.nextPiece];
    if (bytes === undefined) return this.ended ? { kind: 'end', failure: this.failure } : WAIT;
    this.nextPiece++;
    if (this.nextPiece === this.waiting.length) {
      this.waiting = [];
      this.nextPiece = 0;
    }
    this.waitingBytes -= bytes.length;
    this.taken += bytes.length;
    if (this.hasRoom && this.stream.isPaused()) this.stream.resume();
    return { kind: 'bytes', bytes };
  }

  close(): void {
    this.waiting = [];
    this.nextPiece = 0;
    this.stream.destroy();
  }

  private get hasRoom(): boolean {
    return this.waitingBytes < WAITING_BYTES && this.waiting.length < WAITING_PIECES;
  }

  private arrived(bytes: Uint8Array): void {
    const first = this.taken + this.waitingBytes === 0;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes >= DETECT_BYTES) this.speak();
    else if (first) setTimeout(this.speak, HEAD_PATIENCE_MS).unref();
    if (!this.hasRoom) this.stream.pause();
  }
}

/** Whether a file that begins with `head` is packed by gzip. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * The stream itself, or its unpacked contents if its first two bytes say that it is packed by gzip. Waits only until
 * those two bytes have arrived.
 */
export function unpackedIfPacked(stream: Readable): Readable {
  return Readable.from(unpacking(stream), { objectMode: false });
}

async function* unpacking(stream: Readable): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const whole = withHead(head, pieces);
  if (!isGzip(head)) {
    yield* whole;
    return;
  }
  const unpacked = createGunzip();
  // If one of the two streams fails, the other fails as well, so that the reader notices.
  pipeline(Readable.from(whole, { objectMode: false }), unpacked, () => {});
  yield* unpacked;
}

async function* withHead(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (;;) {
    const { done, value } = await rest.next();
    if (done) return;
    yield value;
  }
}

/**
 * Unpacks a file while it is read. The amount of unpacked bytes that wait is bounded, however much a small file unpacks
 * to.
 */
export function gunzipFeed(path: string, size: number): StreamFeed {
  const packed = createReadStream(path);
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  const feed = new StreamFeed(path, unpacked, () => ({ done: packed.bytesRead, total: size }));
  unpacked.on('close', () => packed.destroy());
  return feed;
}
