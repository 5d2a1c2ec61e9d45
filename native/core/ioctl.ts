/**
 * The TypeScript twin of driver/include/ringview/ioctl.h: control codes, the structs that cross, and how they are read
 * and written. The header is the authority; ioctl.test.ts reads its literals and holds every one equal.
 */
import { LOSS_CAUSE_NAMES, type LossCause } from './entry.ts';
import { type EventFilter, FILTER_BYTES, readFilter, writeFilter } from './event-filter.ts';
import { KNOWN_MAJORS, RV } from './layout.ts';
import { bitsOf, type LoggerMask, maskOf, numbersOf } from './logger-mask.ts';
import { fail, ok, type Result } from './result.ts';

/** RV_IOCTL_CODE: CTL_CODE(FILE_DEVICE_UNKNOWN, function, METHOD_BUFFERED, FILE_READ_DATA | FILE_WRITE_DATA). */
function code(number: number): number {
  return ((0x22 << 16) | (3 << 14) | (number << 2)) >>> 0;
}

export const IOCTL = {
  VERSION: code(0x800),
  CONFIGURE: code(0x801),
  ATTACH: code(0x802),
  DETACH: code(0x803),
  STATISTICS: code(0x804),
  CAPTURE: code(0x805),
  REGISTER_EVENT: code(0x806),
  WAIT: code(0x807),
  STOP: code(0x808),
  LOGGERS: code(0x809),
  MASK: code(0x80a),
  PROGRAMS: code(0x80b),
  EVENT_FILTER: code(0x80c),
  EVENT_FILTERS: code(0x80d),
  STACKS: code(0x80e),
} as const;

export const IOCTL_PROTOCOL = 1;
export const IOCTL_MAX_TOTAL_BYTES = 4294967296;
export const IOCTL_ATTACH_HEADER_BYTES = 48;

/** RV_CAPTURE_*: bits of what a driver can capture besides its own records. */
export const CAPTURE = { DBGPRINT: 1, PROCESS: 2, THREAD: 4, IMAGE: 8, REGISTRY: 16, HANDLES: 32 } as const;

export const CAPTURE_NAMES = ['dbgprint', 'process', 'thread', 'image', 'registry', 'handles'] as const;
export type CaptureName = (typeof CAPTURE_NAMES)[number];

/** RV_CAPTURE_FILTERED: captures that have a filter; and those of them whose events have a path. */
export const FILTERED_CAPTURES = ['process', 'thread', 'image', 'registry', 'handles'] as const;
export type FilteredCapture = (typeof FILTERED_CAPTURES)[number];
export const CAPTURES_WITH_PATH: readonly CaptureName[] = ['process', 'image', 'registry'];

/** The mask of captures by their names. */
export function captureMask(names: readonly CaptureName[]): number {
  return names.reduce((mask, name) => mask | CAPTURE[name.toUpperCase() as keyof typeof CAPTURE], 0);
}

/** Names of the captures in a mask. */
export function captureNames(mask: number): CaptureName[] {
  const names = Object.keys(CAPTURE) as (keyof typeof CAPTURE)[];
  return names.filter((name) => (mask & CAPTURE[name]) !== 0).map((name) => name.toLowerCase() as CaptureName);
}

/** Sizes in bytes of the structs that cross. */
export const IOCTL_BYTES = {
  version: 40,
  configure: 16,
  attachRequest: 8,
  attach: 56,
  statistics: 184,
  capture: 8,
  registerEvent: 8,
  wait: 8,
  logger: 40,
  loggers: 2560,
  mask: 32,
  stacks: 32,
  program: 40,
  programs: 10240,
  eventFilter: 1112,
  eventFilters: 6624,
} as const;

export interface DriverVersion {
  readonly protocol: number;
  readonly layoutMajor: number;
  readonly layoutMinor: number;
  readonly cpuCount: number;
  /** Which captures the driver supports, bits of CAPTURE. */
  readonly captures: number;
  /** What the driver calls itself. */
  readonly driver: string;
}

/** Where a driver mapped a ring session into this process. */
export interface AttachedViews {
  readonly cpuCount: number;
  readonly ringBytes: number;
  readonly session: number;
  readonly consumers: number;
  readonly rings: readonly number[];
}

export interface DriverStatistics {
  readonly state: number;
  /** 0: nobody reads. */
  readonly readerPid: number;
  readonly cpuCount: number;
  /** Bits of CAPTURE that are in force. */
  readonly capturing: number;
  readonly written: number;
  readonly lost: number;
  readonly overwritten: number;
  readonly noRing: number;
  readonly attachedDrivers: number;
  /**
   * How often the capture of DbgPrint was registered anew since it began, because after a sleep Windows no longer calls
   * it.
   */
  readonly dbgprintRenewals: number;
  /** What `lost` is made of; causes that did not occur are left out, and quota is not known of an older driver. */
  readonly losses: readonly (readonly [cause: LossCause, count: number])[];
  /** How it began: RV_START_*, and bits RV_BOOT_* (boot.ts); null: an older driver does not say. */
  readonly boot: BootWords | null;
}

export interface BootWords {
  readonly startType: number;
  readonly set: number;
  readonly ignored: number;
  readonly failed: number;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function badReply(what: string): Result<never> {
  return fail('bad-layout', `The driver's reply is not consistent: ${what}`, 'Install the driver of this version');
}

/** Failure: bad-layout for a reply that is too short. */
export function parseVersion(reply: Uint8Array): Result<DriverVersion> {
  if (reply.length < IOCTL_BYTES.version) return badReply(`${reply.length} bytes of version`);
  const view = viewOf(reply);
  return ok({
    protocol: view.getUint32(0, true),
    layoutMajor: view.getUint16(4, true),
    layoutMinor: view.getUint16(6, true),
    cpuCount: view.getUint32(8, true),
    captures: view.getUint32(12, true),
    driver: asciiText(reply.subarray(16, IOCTL_BYTES.version)),
  });
}

/** Whether this reader can talk to a driver of that version. Failure: bad-version. */
export function checkVersion(version: DriverVersion): Result<void> {
  if (version.protocol === IOCTL_PROTOCOL && KNOWN_MAJORS.includes(version.layoutMajor)) return ok(undefined);
  const found = `${version.driver} speaks protocol ${version.protocol}, layout ${version.layoutMajor}.${version.layoutMinor}`;
  const known = `this program knows ${IOCTL_PROTOCOL}, ${KNOWN_MAJORS[0]} to ${RV.VERSION_MAJOR}.${RV.VERSION_MINOR}`;
  return fail('bad-version', `${found}; ${known}`, 'Use the driver and the program of one release');
}

/** Bytes that an attach reply needs. */
export function attachBytes(cpuCount: number): number {
  return IOCTL_ATTACH_HEADER_BYTES + 8 * cpuCount;
}

/** `layoutMajor`: that of the driver, which attaches no reader that asks for another. */
export function attachRequest(layoutMajor: number): Uint8Array {
  const request = new Uint8Array(IOCTL_BYTES.attachRequest);
  const view = viewOf(request);
  view.setUint32(0, IOCTL_PROTOCOL, true);
  view.setUint16(4, layoutMajor, true);
  return request;
}

/** Pid of the reader that holds the ring session, from the reply to a refused attach; 0 if the reply does not say. */
export function holderOf(reply: Uint8Array): number {
  return reply.length < 12 ? 0 : viewOf(reply).getUint32(8, true);
}

/** Reads the reply to an attach. Failure: bad-layout. */
export function parseAttach(reply: Uint8Array): Result<AttachedViews> {
  if (reply.length < IOCTL_ATTACH_HEADER_BYTES) return badReply(`${reply.length} bytes of attach`);
  const view = viewOf(reply);
  const number = (at: number) => Number(view.getBigUint64(at, true));
  const cpuCount = view.getUint32(4, true);
  if (cpuCount < 1 || cpuCount > RV.MAX_CPUS) return badReply(`${cpuCount} CPUs`);
  if (reply.length < attachBytes(cpuCount)) return badReply(`${reply.length} bytes for ${cpuCount} CPUs`);
  const ringBytes = number(32);
  if (number(40) !== RV.PAGE + ringBytes) return badReply(`views of ${number(40)} bytes for rings of ${ringBytes}`);
  const rings = Array.from({ length: cpuCount }, (_, cpu) => number(IOCTL_ATTACH_HEADER_BYTES + 8 * cpu));
  const session = number(16);
  const consumers = number(24);
  if ([session, consumers, ...rings].some((address) => address === 0 || !Number.isSafeInteger(address))) {
    return badReply('a view has no address');
  }
  return ok({ cpuCount, ringBytes, session, consumers, rings });
}

/** RV_IOCTL_STATISTICS_LEAST: what a driver of the first version answers; all of it is asked for, and less may come. */
export const STATISTICS_LEAST = 160;
/** Where the count of each cause of losses stands. */
const LOSSES_AT: readonly (readonly [LossCause, number])[] = [
  ['full', 48],
  ['tooBig', 56],
  ['zeroLength', 64],
  ['missingData', 72],
  ['nesting', 80],
  ['quota', STATISTICS_LEAST],
];

/** Failure: bad-layout for a reply that is too short. */
export function parseStatistics(reply: Uint8Array): Result<DriverStatistics> {
  if (reply.length < STATISTICS_LEAST) return badReply(`${reply.length} bytes of statistics`);
  const view = viewOf(reply);
  const number = (at: number) => (at + 8 <= reply.length ? Number(view.getBigUint64(at, true)) : 0);
  const word = (at: number) => view.getUint32(at, true);
  return ok({
    state: view.getUint32(0, true),
    readerPid: view.getUint32(4, true),
    cpuCount: view.getUint32(8, true),
    capturing: view.getUint32(12, true),
    written: number(24),
    lost: number(40),
    overwritten: number(88),
    noRing: number(120),
    attachedDrivers: view.getUint32(152, true),
    dbgprintRenewals: view.getUint32(156, true),
    losses: LOSSES_AT.map(([cause, at]) => [cause, number(at)] as const).filter(([, count]) => count > 0),
    boot:
      reply.length < IOCTL_BYTES.statistics
        ? null
        : { startType: word(168), set: word(172), ignored: word(176), failed: word(180) },
  });
}

/** ` (12 ring full, 3 over the quota of a program)`; empty if nothing was lost. */
export function describeLosses(losses: DriverStatistics['losses']): string {
  const parts = losses.map(([cause, count]) => `${count} ${LOSS_CAUSE_NAMES[cause]}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

export interface RingConfiguration {
  /** A power of two; the driver says which it takes. */
  readonly ringBytes: number;
  readonly ringMode: 'drop' | 'overwrite';
  readonly orderMode: 'index' | 'clock';
}

export function configureRequest({ ringBytes, ringMode, orderMode }: RingConfiguration): Uint8Array {
  const request = new Uint8Array(IOCTL_BYTES.configure);
  const view = viewOf(request);
  view.setBigUint64(0, BigInt(ringBytes), true);
  view.setUint32(8, ringMode === 'drop' ? RV.MODE_DROP_NEW : RV.MODE_OVERWRITE_OLD, true);
  view.setUint32(12, orderMode === 'index' ? RV.ORDER_INDEX : RV.ORDER_CLOCK, true);
  return request;
}

/** `mask`: bits of CAPTURE. */
export function captureRequest(mask: number): Uint8Array {
  const request = new Uint8Array(IOCTL_BYTES.capture);
  viewOf(request).setUint32(0, mask, true);
  return request;
}

/** The request that sets the filter of these captures; it was checked, and a capture without paths has none in it. */
export function eventFilterRequest(captures: readonly FilteredCapture[], filter: EventFilter): Uint8Array {
  const request = new Uint8Array(IOCTL_BYTES.eventFilter);
  const view = viewOf(request);
  view.setUint32(0, captureMask(captures), true);
  writeFilter(view, 8, filter);
  return request;
}

/** Failure: bad-layout for a reply that is too short. */
export function parseEventFilters(reply: Uint8Array): Result<ReadonlyMap<CaptureName, EventFilter>> {
  if (reply.length < IOCTL_BYTES.eventFilters) return badReply(`${reply.length} bytes of filters`);
  const view = viewOf(reply);
  const at = (name: FilteredCapture): number => Math.log2(captureMask([name])) * FILTER_BYTES.filter;
  return ok(new Map(FILTERED_CAPTURES.map((name) => [name, readFilter(view, at(name))])));
}

/** One who logs through a driver: itself, programs, or a driver by the name that it gave. */
export interface Logger {
  readonly name: string;
  readonly off: LoggerMask;
  /** Levels of which texts carry the stack of the call, as in a mask; an older driver has none. */
  readonly stacks: readonly number[];
  /** Drivers that are attached under this name now; a mask can be set for one that is yet to come. */
  readonly attached: number;
}

/** Failure: bad-layout for a reply that is too short. */
export function parseLoggers(reply: Uint8Array): Result<Logger[]> {
  if (reply.length < IOCTL_BYTES.loggers) return badReply(`${reply.length} bytes of loggers`);
  const view = viewOf(reply);
  const loggers: Logger[] = [];
  for (let at = 0; at < IOCTL_BYTES.loggers; at += IOCTL_BYTES.logger) {
    const name = asciiText(reply.subarray(at, at + RV.LOGGER_NAME_BYTES));
    if (name === '') continue;
    const off = maskOf(view.getUint32(at + 24, true), view.getUint32(at + 28, true));
    const stacks = numbersOf(view.getUint32(at + 36, true));
    loggers.push({ name, off, stacks, attached: view.getUint32(at + 32, true) });
  }
  return ok(loggers);
}

/** A request that begins with a name, one that isLoggerName takes. */
function namedRequest(name: string, bytes: number): Uint8Array {
  const request = new Uint8Array(bytes);
  request.set(Array.from(name, (character) => character.charCodeAt(0)));
  return request;
}

/** The request to let texts of these levels carry the stack of the call, and no others. */
export function stacksRequest(name: string, levels: readonly number[]): Uint8Array {
  const request = namedRequest(name, IOCTL_BYTES.stacks);
  viewOf(request).setUint32(24, bitsOf(levels), true);
  return request;
}

/** The request to leave these out. */
export function maskRequest(name: string, off: LoggerMask): Uint8Array {
  const request = namedRequest(name, IOCTL_BYTES.mask);
  const view = viewOf(request);
  view.setUint32(24, bitsOf(off.levels), true);
  view.setUint32(28, bitsOf(off.types), true);
  return request;
}

/** The printable ASCII up to the first NUL; what is neither is shown as a question mark. */
function asciiText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end)).replace(/[^ -~]/g, '?');
}

/** A process that logs through the driver, or has and left; then its place may be given to another one. */
export interface LoggingProgram {
  readonly pid: number;
  /** 0: it has left, and its number may be another's by now. */
  readonly handles: number;
  readonly written: number;
  readonly lost: number;
  /** Beyond its quota. */
  readonly refused: number;
  /** Switched off: not attempted. */
  readonly masked: number;
}

/** Failure: bad-layout for a reply that is too short. */
export function parsePrograms(reply: Uint8Array): Result<LoggingProgram[]> {
  if (reply.length < IOCTL_BYTES.programs) return badReply(`${reply.length} bytes of programs`);
  const view = viewOf(reply);
  const number = (at: number) => Number(view.getBigUint64(at, true));
  const programs: LoggingProgram[] = [];
  for (let at = 0; at < IOCTL_BYTES.programs; at += IOCTL_BYTES.program) {
    const pid = view.getUint32(at, true);
    if (pid === 0) continue;
    const counts = {
      written: number(at + 8),
      lost: number(at + 16),
      refused: number(at + 24),
      masked: number(at + 32),
    };
    programs.push({ pid, handles: view.getUint32(at + 4, true), ...counts });
  }
  return ok(programs);
}
