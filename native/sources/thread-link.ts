/**
 * What a source shares with a worker thread that takes records the moment they come: the thread's state, a few words
 * between the two, and the ring of messages. Pure; both sides use it.
 */
import { createMessageRing } from '../core/message-ring.ts';
import { type Failure, fail } from '../core/result.ts';

export const LinkState = { Starting: 0, Open: 1, Failed: 2, Closed: 3 } as const;

/** Handed to the worker. */
export interface ThreadLink {
  /** 32-bit words: the worker's state, and one for a number of the kind of source. */
  readonly control: Int32Array;
  /** What the worker has said, as JSON: why it failed, or what it found. The first four bytes hold the length. */
  readonly words: Uint8Array;
  readonly ring: SharedArrayBuffer;
}

const STATE = 0;
const NUMBER = 1;
const LENGTH_BYTES = 4;
const WORDS_BYTES = 4096;

/** `ringBytes`: a power of two. */
export function createThreadLink(ringBytes: number): ThreadLink {
  return {
    control: new Int32Array(new SharedArrayBuffer(8)),
    words: new Uint8Array(new SharedArrayBuffer(WORDS_BYTES)),
    ring: createMessageRing(ringBytes),
  };
}

export function linkState({ control }: ThreadLink): number {
  return Atomics.load(control, STATE);
}

export function setLinkState({ control }: ThreadLink, state: number): void {
  Atomics.store(control, STATE, state);
  Atomics.notify(control, STATE);
}

/** Blocks while the worker stays in `state`. False if it still is in that state after `ms`. */
export function awaitChange(link: ThreadLink, state: number, ms: number): boolean {
  return Atomics.wait(link.control, STATE, state, ms) !== 'timed-out';
}

/** A number of 32 bits that the kind of source gives a meaning. */
export function setLinkNumber({ control }: ThreadLink, number: number): void {
  Atomics.store(control, NUMBER, number);
}

export function linkNumber({ control }: ThreadLink): number {
  return Atomics.load(control, NUMBER) >>> 0;
}

/** Says something to the other side, which is told of it by a change of the state afterwards. */
export function say(link: ThreadLink, value: unknown): void {
  const json = new TextEncoder().encode(JSON.stringify(value)).subarray(0, WORDS_BYTES - LENGTH_BYTES);
  link.words.set(json, LENGTH_BYTES);
  new DataView(link.words.buffer).setUint32(0, json.length, true);
}

/** What was said; null if it is damaged. */
export function said({ words }: ThreadLink): unknown {
  const length = new DataView(words.buffer).getUint32(0, true);
  try {
    // Copied first, because TextDecoder does not accept shared memory.
    return JSON.parse(new TextDecoder().decode(words.slice(LENGTH_BYTES, LENGTH_BYTES + length)));
  } catch {
    return null;
  }
}

export function reportTrouble(link: ThreadLink, failure: Failure): void {
  say(link, failure);
  setLinkState(link, LinkState.Failed);
}

/** Why the worker failed. `what`: a sentence for the case that it could not say so. */
export function troubleOf(link: ThreadLink, what: string): Failure {
  const failure = said(link) as Failure | null;
  if (typeof failure?.code === 'string') return failure;
  const unknown = fail('internal', what, 'Start the capture again');
  return unknown.ok ? (undefined as never) : unknown.failure;
}
