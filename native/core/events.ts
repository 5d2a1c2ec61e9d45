/**
 * The TypeScript twin of driver/include/ringview/events.h: typed records about the life of processes, threads and images.
 * The header is the authority; events.test.ts reads its literals and holds every one equal. Pure.
 */

/** Type numbers of records; RingView's own begin at RESERVED. */
export const EVENT_TYPE = { RESERVED: 0xff00, PROCESS: 0xff01, THREAD: 0xff02, IMAGE: 0xff03 } as const;

export const EVENT_ACTION = { START: 1, END: 2 } as const;

/** Bytes of the structs, before a name. */
export const EVENT_BYTES = { process: 24, thread: 16, image: 32 } as const;

export type SystemEvent =
  | {
      readonly kind: 'process';
      readonly started: boolean;
      readonly pid: number;
      readonly parentPid: number;
      readonly creatorPid: number;
      /** UTF-8; empty when the event is the end of a process. */
      readonly path: Uint8Array;
    }
  | {
      readonly kind: 'thread';
      readonly started: boolean;
      readonly pid: number;
      readonly tid: number;
      /** The process that started the thread. If it differs from `pid`, the thread is a remote one. */
      readonly callerPid: number;
    }
  | {
      readonly kind: 'image';
      /** The process that loaded the image; 0: it was loaded into the kernel. */
      readonly pid: number;
      readonly base: bigint;
      readonly bytes: bigint;
      readonly path: Uint8Array;
    };

/** Names of the types that this file knows; undefined for all others. */
export function eventTypeName(type: number): string | undefined {
  if (type === EVENT_TYPE.PROCESS) return 'process';
  if (type === EVENT_TYPE.THREAD) return 'thread';
  return type === EVENT_TYPE.IMAGE ? 'image' : undefined;
}

/**
 * The event in a payload; null if the payload is not one, or is incomplete. A driver other than RingView's may use
 * these type numbers wrongly.
 */
export function parseEvent(type: number, payload: Uint8Array): SystemEvent | null {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const u32 = (at: number): number => view.getUint32(at, true);
  const has = (bytes: number): boolean => payload.length >= bytes;
  switch (type) {
    case EVENT_TYPE.PROCESS: {
      if (!has(EVENT_BYTES.process) || !isAction(u32(0))) return null;
      const path = nameAfter(payload, EVENT_BYTES.process, u32(16));
      const started = u32(0) === EVENT_ACTION.START;
      return path && { kind: 'process', started, pid: u32(4), parentPid: u32(8), creatorPid: u32(12), path };
    }
    case EVENT_TYPE.THREAD: {
      if (!has(EVENT_BYTES.thread) || !isAction(u32(0))) return null;
      const started = u32(0) === EVENT_ACTION.START;
      return { kind: 'thread', started, pid: u32(4), tid: u32(8), callerPid: u32(12) };
    }
    case EVENT_TYPE.IMAGE: {
      if (!has(EVENT_BYTES.image) || u32(0) !== EVENT_ACTION.START) return null;
      const path = nameAfter(payload, EVENT_BYTES.image, u32(24));
      const [base, bytes] = [view.getBigUint64(8, true), view.getBigUint64(16, true)];
      return path && { kind: 'image', pid: u32(4), base, bytes, path };
    }
    default:
      return null;
  }
}

function isAction(action: number): boolean {
  return action === EVENT_ACTION.START || action === EVENT_ACTION.END;
}

function nameAfter(payload: Uint8Array, at: number, length: number): Uint8Array | null {
  return length <= payload.length - at ? payload.subarray(at, at + length) : null;
}
