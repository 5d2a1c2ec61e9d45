/**
 * What the source of the debug output shares with its worker thread: the worker's state, a way to end its wait, and
 * the ring of messages. Pure; both sides use it.
 */
import { createMessageRing } from '../../core/message-ring.ts';
import { type Failure, fail } from '../../core/result.ts';
import type { DebugScope } from '../../win32/debug-buffer.ts';

export const LinkState = { Starting: 0, Open: 1, Failed: 2, Closed: 3 } as const;

/** Handed to the worker. */
export interface DbwinLink {
  readonly scope: DebugScope;
  /** 32-bit words: the worker's state, and the handle with which its wait can be ended. */
  readonly control: Int32Array;
  /** Why the worker failed, as JSON; the first four bytes hold its length. */
  readonly trouble: Uint8Array;
  readonly ring: SharedArrayBuffer;
}

const STATE = 0;
const STOP_HANDLE = 1;
const TROUBLE_BYTES = 4096;

/** `ringBytes`: a power of two. */
export function createLink(scope: DebugScope, ringBytes: number): DbwinLink {
  return {
    scope,
    control: new Int32Array(new SharedArrayBuffer(8)),
    trouble: new Uint8Array(new SharedArrayBuffer(TROUBLE_BYTES)),
    ring: createMessageRing(ringBytes),
  };
}

export function linkState({ control }: DbwinLink): number {
  return Atomics.load(control, STATE);
}

export function setLinkState({ control }: DbwinLink, state: number): void {
  Atomics.store(control, STATE, state);
  Atomics.notify(control, STATE);
}

/** Blocks while the worker stays in `state`. False if it still is in that state after `ms`. */
export function awaitChange(link: DbwinLink, state: number, ms: number): boolean {
  return Atomics.wait(link.control, STATE, state, ms) !== 'timed-out';
}

export function setStopHandle({ control }: DbwinLink, handle: number): void {
  Atomics.store(control, STOP_HANDLE, handle);
}

export function stopHandle({ control }: DbwinLink): number {
  return Atomics.load(control, STOP_HANDLE) >>> 0;
}

export function reportTrouble(link: DbwinLink, failure: Failure): void {
  const json = new TextEncoder().encode(JSON.stringify(failure)).subarray(0, TROUBLE_BYTES - 4);
  link.trouble.set(json, 4);
  new DataView(link.trouble.buffer).setUint32(0, json.length, true);
  setLinkState(link, LinkState.Failed);
}

export function troubleOf({ trouble }: DbwinLink): Failure {
  const length = new DataView(trouble.buffer).getUint32(0, true);
  try {
    // Copied first, because TextDecoder does not accept shared memory.
    return JSON.parse(new TextDecoder().decode(trouble.slice(4, 4 + length))) as Failure;
  } catch {
    const unknown = fail('internal', 'The capture of debug output failed', 'Start the capture again');
    return unknown.ok ? (undefined as never) : unknown.failure;
  }
}
