/**
 * The request of ringview-net.sys and ringview-file.sys: the twin of kernel_drivers.h and event_filter.h of
 * driver/include/ringview. Pure.
 */
import { fail, ok, type Result } from './result.ts';

/** What these drivers are called by people, and what they can report: the bits of `operations`. */
export const OBSERVERS = {
  net: {
    logger: 'ringview-net',
    device: 'RingViewNetwork',
    operations: { connect: 1, accept: 2, close: 3, listen: 4 },
  },
  file: {
    logger: 'ringview-file',
    device: 'RingViewFile',
    operations: { create: 1, read: 2, write: 3, rename: 4, delete: 5, close: 6, paging: 31 },
  },
} as const satisfies Record<string, ObserverDriver>;

export type ObserverName = keyof typeof OBSERVERS;
export const OBSERVER_NAMES = Object.keys(OBSERVERS) as ObserverName[];

interface ObserverDriver {
  readonly logger: string;
  readonly device: string;
  readonly operations: Readonly<Record<string, number>>;
}

export const OBSERVE_CODE = 0x22e040;
export const OBSERVE_PROTOCOL = 1;
export const OBSERVE_SETTINGS_BYTES = 1120;
export const OBSERVE_STATE_BYTES = 1160;
export const FILTER_PIDS = 16;
export const FILTER_PATHS = 4;
export const FILTER_PATH_UNITS = 126;

const FILTER_AT = 16;
const PATHS_AT = FILTER_AT + 80;
const PATH_BYTES = 256;
const MODES = { all: 0, include: 1, exclude: 2 } as const;

/** Which events pass: all, only those that fit one of the list, or those that fit none of it. */
export interface ObserveList<T> {
  readonly mode: keyof typeof MODES;
  /** Empty for `all`, and only then. */
  readonly list: readonly T[];
}

export interface ObserveSettings {
  readonly operations: readonly string[];
  /** Never reported: the reader of the rings; 0 for none. */
  readonly leftOutPid: number;
  readonly pids: ObserveList<number>;
  /** Parts of paths, wherever in them, whatever the case. */
  readonly paths: ObserveList<string>;
}

export interface ObserveState {
  readonly operations: readonly string[];
  readonly leftOutPid: number;
  readonly pids: ObserveList<number>;
  readonly paths: ObserveList<string>;
  /** Whether it logs through ringview.sys now. */
  readonly attached: boolean;
  readonly lost: number;
  readonly noMemory: number;
  readonly noRoom: number;
  /** NTSTATUS of the filter engine; 0 for none. */
  readonly engineCode: number;
}

export const EVERYTHING: ObserveList<never> = { mode: 'all', list: [] };

/** Why these settings cannot be sent, for people; null if they can. */
export function observeProblem(name: ObserverName, { operations, pids, paths }: ObserveSettings): string | null {
  const known = Object.keys(OBSERVERS[name].operations);
  const unknown = operations.find((operation) => !known.includes(operation));
  if (unknown !== undefined) return `'${unknown}' is none of ${known.join(', ')}`;
  for (const { mode, list } of [pids, paths]) {
    if ((mode === 'all') !== (list.length === 0)) return 'a list of what passes is empty, or not wanted';
  }
  if (pids.list.length > FILTER_PIDS) return `more than ${FILTER_PIDS} processes`;
  if (paths.list.length > FILTER_PATHS) return `more than ${FILTER_PATHS} parts of paths`;
  const wrong = paths.list.find((part) => part === '' || part.length > FILTER_PATH_UNITS || part.includes('\0'));
  return wrong === undefined ? null : `a part of a path has 1 to ${FILTER_PATH_UNITS} characters`;
}

/** RV_IOCTL_OBSERVE's input, of settings without a problem. */
export function observeRequest(name: ObserverName, settings: ObserveSettings): Uint8Array {
  const bytes = new Uint8Array(OBSERVE_SETTINGS_BYTES);
  const view = new DataView(bytes.buffer);
  const bits: Readonly<Record<string, number>> = OBSERVERS[name].operations;
  view.setUint32(0, OBSERVE_PROTOCOL, true);
  view.setUint32(4, settings.operations.reduce((mask, each) => mask | (1 << (bits[each] as number)), 0) >>> 0, true);
  view.setUint32(8, settings.leftOutPid, true);
  view.setUint32(FILTER_AT, MODES[settings.pids.mode], true);
  view.setUint32(FILTER_AT + 4, settings.pids.list.length, true);
  for (const [n, pid] of settings.pids.list.entries()) view.setUint32(FILTER_AT + 8 + 4 * n, pid, true);
  view.setUint32(PATHS_AT - 8, MODES[settings.paths.mode], true);
  view.setUint32(PATHS_AT - 4, settings.paths.list.length, true);
  for (const [n, part] of settings.paths.list.entries()) {
    const at = PATHS_AT + PATH_BYTES * n;
    view.setUint16(at, part.length, true);
    for (let i = 0; i < part.length; i++) view.setUint16(at + 4 + 2 * i, part.charCodeAt(i), true);
  }
  return bytes;
}

function modeOf(number: number): keyof typeof MODES | null {
  return (Object.keys(MODES) as (keyof typeof MODES)[]).find((mode) => MODES[mode] === number) ?? null;
}

/** RV_IOCTL_OBSERVE's answer. Failure: io-error, for one that this version does not know. */
export function parseObserveState(name: ObserverName, bytes: Uint8Array): Result<ObserveState> {
  const strange = (): Result<never> =>
    fail(
      'io-error',
      `${OBSERVERS[name].logger}.sys answers what this RingView does not know`,
      'Use those of one version',
    );
  if (bytes.length !== OBSERVE_STATE_BYTES) return strange();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number) => view.getUint32(at, true);
  const pidMode = modeOf(u32(FILTER_AT));
  const pathMode = modeOf(u32(PATHS_AT - 8));
  const pidCount = u32(FILTER_AT + 4);
  const pathCount = u32(PATHS_AT - 4);
  if (u32(0) !== OBSERVE_PROTOCOL || pidMode === null || pathMode === null) return strange();
  if (pidCount > FILTER_PIDS || pathCount > FILTER_PATHS) return strange();
  const parts: string[] = [];
  for (let n = 0; n < pathCount; n++) {
    const at = PATHS_AT + PATH_BYTES * n;
    const units = view.getUint16(at, true);
    if (units > FILTER_PATH_UNITS) return strange();
    parts.push(
      Array.from({ length: units }, (_, i) => String.fromCharCode(view.getUint16(at + 4 + 2 * i, true))).join(''),
    );
  }
  const mask = u32(4);
  return ok({
    operations: Object.entries(OBSERVERS[name].operations).flatMap(([each, bit]) => ((mask >>> bit) & 1 ? [each] : [])),
    leftOutPid: u32(8),
    pids: { mode: pidMode, list: Array.from({ length: pidCount }, (_, n) => u32(FILTER_AT + 8 + 4 * n)) },
    paths: { mode: pathMode, list: parts },
    attached: u32(OBSERVE_SETTINGS_BYTES + 4) !== 0,
    lost: Number(view.getBigUint64(OBSERVE_SETTINGS_BYTES + 8, true)),
    noMemory: Number(view.getBigUint64(OBSERVE_SETTINGS_BYTES + 16, true)),
    noRoom: Number(view.getBigUint64(OBSERVE_SETTINGS_BYTES + 24, true)),
    engineCode: u32(OBSERVE_SETTINGS_BYTES + 32),
  });
}
