/**
 * The bytes of a stream: standard input, a pipe, what gzip unpacks. Only a bounded part of them waits in memory, however
 * much a small file unpacks to.
 */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Failure } from '../../core/result.ts';
import { type ByteFeed, type Fed, PIECE_BYTES, readFailure, WAIT } from './byte-feed.ts';
import { DETECT_BYTES } from './encoding.ts';

/** Bytes of a stream that wait at most, beside the piece that arrives. */
const WAITING_BYTES = 4 * PIECE_BYTES;
/** Pieces that wait at most: of one byte each they would take far more memory than they hold. */
const WAITING_PIECES = 8192;
/** A stream that said something, but less than is wished for judging it, is judged by that after so long; milliseconds. */
export const HEAD_PATIENCE_MS = 100;

/** Reads as long as there is room for what waits. */
export class StreamFeed implements ByteFeed {
  /** Resolves once what came is enough to judge the stream by, or all there is to be had soon. */
  readonly spoken: Promise<void>;
  private readonly stream: Readable;
  private waiting: Uint8Array[] = [];
  /** Place in `waiting` of the next piece. */
  private nextPiece = 0;
  private waitingBytes = 0;
  private taken = 0;
  private ended = false;
  private failure: Failure | null = null;
  private hasSpoken = false;
  private speak: () => void = () => {};
  private readonly progressOf: () => { readonly done: number; readonly total: number | null };

  /** `progressOf`: how much was read, where that is not what was taken. */
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

  /** What came first and was not taken yet, a bounded part of it; null while that is too little to judge anything by. */
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
 * A stream, unpacked if it is packed by gzip, which its first two bytes say. Waits for them only as long as the stream
 * has less.
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
  // What breaks the one breaks the other, so that whoever reads is told.
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

/** Unpacks as it reads; what waits unpacked is bounded, however much a small file unpacks to. */
export function gunzipFeed(path: string, size: number): StreamFeed {
  const packed = createReadStream(path);
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  const feed = new StreamFeed(path, unpacked, () => ({ done: packed.bytesRead, total: size }));
  unpacked.on('close', () => packed.destroy());
  return feed;
}
