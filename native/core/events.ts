/**
 * The TypeScript twin of driver/include/ringview/events.h: typed records about the life of processes, threads and images.
 * The header is the authority; events.test.ts reads its literals and holds every one equal. Pure.
 */

/** Type numbers of records; RingView's own begin at RESERVED. */
export const EVENT_TYPE = { RESERVED: 0xff00, PROCESS: 0xff01, THREAD: 0xff02, IMAGE: 0xff03 } as const;

export const EVENT_ACTION = { START: 1, END: 2, RUNDOWN: 3 } as const;

/** Bytes of the structs, before their texts. */
export const EVENT_BYTES = { process: 56, thread: 16, image: 48 } as const;

/** Those of the first versions, of drivers that say 0 for `header_bytes`. */
const FIRST_BYTES = { process: 24, image: 32 } as const;

const SESSION_UNKNOWN = 0xffffffff;
/** RV_PROCESS_EXIT_STATUS. */
const EXIT_STATUS_KNOWN = 16;

export type SystemEvent =
  | {
      readonly kind: 'process';
      readonly started: boolean;
      /** Neither started nor ended: it was there when the capture began. */
      readonly present: boolean;
      readonly pid: number;
      readonly parentPid: number;
      readonly creatorPid: number;
      /** UTF-8; empty when the event is the end of a process. */
      readonly path: Uint8Array;
      /** UTF-8; empty: not known. */
      readonly command: Uint8Array;
      /** null: not known, as of all that drivers of the first version tell. */
      readonly sessionId: number | null;
      readonly exitStatus: number | null;
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
      /** It was there when the capture began. */
      readonly present: boolean;
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
      if (!has(FIRST_BYTES.process) || !(isAction(u32(0)) || u32(0) === EVENT_ACTION.RUNDOWN)) return null;
      return parseProcess(payload, u32);
    }
    case EVENT_TYPE.THREAD: {
      if (!has(EVENT_BYTES.thread) || !isAction(u32(0))) return null;
      const started = u32(0) === EVENT_ACTION.START;
      return { kind: 'thread', started, pid: u32(4), tid: u32(8), callerPid: u32(12) };
    }
    case EVENT_TYPE.IMAGE: {
      if (!has(FIRST_BYTES.image)) return null;
      const present = u32(0) === EVENT_ACTION.RUNDOWN;
      const header = headerBytes(payload, u32(28), FIRST_BYTES.image);
      if ((u32(0) !== EVENT_ACTION.START && !present) || header === null) return null;
      const path = nameAfter(payload, header, u32(24));
      const [base, bytes] = [view.getBigUint64(8, true), view.getBigUint64(16, true)];
      return path && { kind: 'image', present, pid: u32(4), base, bytes, path };
    }
    default:
      return null;
  }
}

function parseProcess(payload: Uint8Array, u32: (at: number) => number): SystemEvent | null {
  const header = headerBytes(payload, u32(20), FIRST_BYTES.process);
  if (header === null) return null;
  const path = nameAfter(payload, header, u32(16));
  if (path === null) return null;
  const whole = header >= EVENT_BYTES.process;
  const command = whole ? nameAfter(payload, header + path.length, u32(36)) : payload.subarray(0, 0);
  return (
    command && {
      kind: 'process',
      started: u32(0) === EVENT_ACTION.START,
      present: u32(0) === EVENT_ACTION.RUNDOWN,
      pid: u32(4),
      parentPid: u32(8),
      creatorPid: u32(12),
      path,
      command,
      sessionId: whole && u32(24) !== SESSION_UNKNOWN ? u32(24) : null,
      exitStatus: whole && (u32(28) & EXIT_STATUS_KNOWN) !== 0 ? u32(32) : null,
    }
  );
}

/** Where the texts begin that follow a struct; null if it says that it is shorter than its first version. */
function headerBytes(payload: Uint8Array, said: number, first: number): number | null {
  const header = said === 0 ? first : said;
  return header < first || header > payload.length ? null : header;
}

function isAction(action: number): boolean {
  return action === EVENT_ACTION.START || action === EVENT_ACTION.END;
}

function nameAfter(payload: Uint8Array, at: number, length: number): Uint8Array | null {
  return length <= payload.length - at ? payload.subarray(at, at + length) : null;
}
