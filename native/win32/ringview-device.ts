/**
 * A driver with RingView inside, used through its control device: its version, its captures, and its ring session
 * mapped into this process. Every failure says what would help. The structs of requests are in core/ioctl.ts.
 */
import type { EventFilter } from '../core/event-filter.ts';
import {
  type AttachedViews,
  attachBytes,
  attachRequest,
  type CaptureName,
  captureRequest,
  checkVersion,
  configureRequest,
  type DriverStatistics,
  type DriverVersion,
  eventFilterRequest,
  type FilteredCapture,
  holderOf,
  IOCTL,
  IOCTL_BYTES,
  type Logger,
  maskRequest,
  parseAttach,
  parseEventFilters,
  parseLoggers,
  parseStatistics,
  parseVersion,
  type RingConfiguration,
  stacksRequest,
} from '../core/ioctl.ts';
import { RV } from '../core/layout.ts';
import { isLoggerName, type LoggerMask } from '../core/logger-mask.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { captureRefusal } from './capture-refusal.ts';
import { deniedToUser } from './denied.ts';
import { type Device, devicePath, isOpenError, openDevice, refused, request } from './device.ts';
import { ERROR } from './errors.ts';
import { bound, systemError } from './library.ts';
import { processName } from './processes.ts';
import { queryService } from './services.ts';

/** Name of the device and of the service of ringview.sys. */
export const RINGVIEW_DEVICE = 'RingView';
export const RINGVIEW_SERVICE = 'ringview';

const ntdll = bound('ntdll.dll', (declare) => ({
  unmapView: declare('int32_t __stdcall NtUnmapViewOfSection(intptr_t process, uintptr_t address)'),
}));
const CURRENT_PROCESS = -1;

export interface RingViewDevice {
  readonly version: DriverVersion;
  /**
   * Maps the ring session into this process. Failures: source-busy (naming who reads), bad-version, bad-layout,
   * io-error.
   */
  attach(): Result<AttachedViews>;
  /** Unmaps the ring session; harmless if it is not mapped. */
  detach(): void;
  /** Whether the driver still answers. */
  alive(): boolean;
  /** Failures here and below: source-gone, source-busy, permission-denied, io-error. */
  statistics(): Result<DriverStatistics>;
  /** Begins a new ring session; fails with source-busy while a reader is attached. */
  configure(configuration: RingConfiguration): Result<void>;
  /** Sets which captures run, bits of CAPTURE; the value is what runs now. A failure says why Windows refuses one. */
  capture(mask: number): Result<number>;
  /** The filters of captures that have one. None of a driver that knows no filters yet. */
  filters(): Result<ReadonlyMap<CaptureName, EventFilter>>;
  /** Sets the filter of captures, which was checked, on or off. */
  filter(captures: readonly FilteredCapture[], filter: EventFilter): Result<void>;
  /** Ends the ring session, so that its reader releases the driver. */
  stop(): Result<void>;
  /** Who logs through the driver, and what of it is switched off. None of a driver that knows no names yet. */
  loggers(): Result<readonly Logger[]>;
  /** Switches levels and types of a logger off, and all others on. */
  mask(name: string, off: LoggerMask): Result<void>;
  /** Lets texts of these levels of a logger carry the stack of the call, and those of no others. */
  stacks(name: string, levels: readonly number[]): Result<void>;
  /** Detaches and closes. Safe to call twice. */
  close(): void;
}

/**
 * Opens the control device `name` and asks its version.
 * Failures: source-unsupported, source-not-found (not installed, not started), permission-denied, bad-version, io-error.
 */
export function openRingViewDevice(name: string): Result<RingViewDevice> {
  const opened = openDevice(name);
  if (!opened.ok) return opened;
  if (isOpenError(opened.value)) return whyNotOpen(name, opened.value.error);
  const device = opened.value;
  const reply = request(device, 'say its version', IOCTL.VERSION, null, IOCTL_BYTES.version);
  const version = reply.ok ? parseVersion(reply.value) : reply;
  const checked = version.ok ? checkVersion(version.value) : version;
  if (!version.ok || !checked.ok) {
    device.close();
    return version.ok ? (checked as Result<never>) : version;
  }
  return ok(wrap(name, device, version.value));
}

function wrap(name: string, device: Device, version: DriverVersion): RingViewDevice {
  let views: AttachedViews | null = null;
  const detach = (): void => {
    if (views === null) return;
    // If the driver is gone, it takes no more requests and can no longer unmap its views, so they are unmapped here.
    if (device.control(IOCTL.DETACH, null, 0).error !== 0) unmap(views);
    views = null;
  };
  return {
    version,
    attach: () => {
      const attached = attach(name, device, version);
      if (attached.ok) views = attached.value;
      return attached;
    },
    detach,
    alive: () => device.control(IOCTL.VERSION, null, IOCTL_BYTES.version).error === 0,
    statistics: () => {
      const reply = request(device, 'report its statistics', IOCTL.STATISTICS, null, IOCTL_BYTES.statistics);
      return reply.ok ? parseStatistics(reply.value) : reply;
    },
    configure: (configuration) => {
      const reply = request(device, 'begin a new ring session', IOCTL.CONFIGURE, configureRequest(configuration), 0);
      return reply.ok ? ok(undefined) : reply;
    },
    capture: (mask) => {
      const { error, output } = device.control(IOCTL.CAPTURE, captureRequest(mask), IOCTL_BYTES.capture);
      if (error === 0) return ok(new DataView(output.slice().buffer).getUint32(0, true));
      const why = captureRefusal(error);
      return why === null
        ? refused('switch captures', error)
        : fail('io-error', why.message, why.action, systemError(error));
    },
    filters: () => {
      const { error, output } = device.control(IOCTL.EVENT_FILTERS, null, IOCTL_BYTES.eventFilters);
      if (error === ERROR.INVALID_FUNCTION) return ok(new Map());
      return error === 0 ? parseEventFilters(output) : refused('say its filters', error);
    },
    filter: (captures, filter) => {
      const reply = request(device, 'set a filter', IOCTL.EVENT_FILTER, eventFilterRequest(captures, filter), 0);
      return reply.ok ? ok(undefined) : reply;
    },
    stop: () => {
      const reply = request(device, 'end its ring session', IOCTL.STOP, null, 0);
      return reply.ok ? ok(undefined) : reply;
    },
    loggers: () => {
      // A driver of layout 2.0 does not know this request.
      if (version.layoutMajor === 1 || version.layoutMinor === 0) return ok([]);
      const reply = request(device, 'say who logs', IOCTL.LOGGERS, null, IOCTL_BYTES.loggers);
      return reply.ok ? parseLoggers(reply.value) : reply;
    },
    mask: (name, off) => {
      if (!isLoggerName(name)) return noLogger(name);
      const reply = request(device, 'set a mask', IOCTL.MASK, maskRequest(name, off), 0);
      return reply.ok ? ok(undefined) : reply;
    },
    stacks: (name, levels) => {
      if (!isLoggerName(name)) return noLogger(name);
      const { error } = device.control(IOCTL.STACKS, stacksRequest(name, levels), 0);
      if (error === 0) return ok(undefined);
      const why = whyNoStacks(name, version.driver, error);
      return why ?? refused('switch stacks', error);
    },
    close: () => {
      detach();
      device.close();
    },
  };
}

function noLogger(name: string): Result<never> {
  return fail('bad-argument', `'${name}' is no name of a driver`, 'Use up to 23 letters without blanks');
}

/** Null: the driver does have stacks. */
function whyNoStacks(name: string, driver: string, error: number): Result<never> | null {
  const system = systemError(error);
  if (error === ERROR.NOT_SUPPORTED) {
    const what = `Texts of '${name}' carry no stack: programs hand them over long after they were logged`;
    return fail('bad-argument', what, "Name a driver: see 'ringview driver status'", system);
  }
  if (error === ERROR.INVALID_FUNCTION) {
    const what = `${driver} is older than this program, and knows no stacks of those who log through it`;
    return fail('bad-version', what, 'Install the driver of this version', system);
  }
  return null;
}

function attach(name: string, device: Device, version: DriverVersion): Result<AttachedViews> {
  const { error, output } = device.control(
    IOCTL.ATTACH,
    attachRequest(version.layoutMajor),
    attachBytes(Math.min(version.cpuCount, RV.MAX_CPUS)),
  );
  if (error === 0) return parseAttach(output);
  const system = systemError(error);
  if (error === ERROR.BUSY) {
    const pid = holderOf(output);
    const holder = pid === 0 ? 'another program' : `${processName(pid) ?? 'a process'} (pid ${pid})`;
    const what = `The rings of ${devicePath(name)} are being read by ${holder}`;
    return fail('source-busy', what, 'Close it there first; a ring session has one reader', system);
  }
  if (error === ERROR.REVISION_MISMATCH) {
    const what = `${version.driver} does not know this version of RingView`;
    return fail('bad-version', what, 'Use the driver and the program of one release', system);
  }
  return fail('io-error', `${devicePath(name)} refused a reader`, 'Restart the driver, then try again', system);
}

function unmap(views: AttachedViews): void {
  const loaded = ntdll();
  if (!loaded.ok) return;
  for (const address of [views.session, views.consumers, ...views.rings]) {
    loaded.value.unmapView(CURRENT_PROCESS, address);
  }
}

function whyNotOpen(name: string, error: number): Result<never> {
  const system = systemError(error);
  const path = devicePath(name);
  if (error === ERROR.ACCESS_DENIED) {
    const action = 'Start RingView as administrator: only administrators may read a driver';
    return deniedToUser(`${path} may not be opened by this user`, action, system);
  }
  if (error !== ERROR.FILE_NOT_FOUND && error !== ERROR.PATH_NOT_FOUND) {
    return fail('io-error', `${path} cannot be opened`, 'Restart the driver, then try again', system);
  }
  if (name.toLowerCase() !== RINGVIEW_DEVICE.toLowerCase()) {
    const action = 'Load the driver that embeds RingView under this name, or use driver: for ringview.sys';
    return fail('source-not-found', `There is no device ${path}`, action, system);
  }
  const service = queryService(RINGVIEW_SERVICE);
  if (service.ok && service.value.state === 'not-installed') {
    const action = 'Install it as administrator: ringview driver install --path ringview.sys';
    return fail('source-not-found', 'The RingView driver is not installed', action, system);
  }
  if (service.ok && service.value.state === 'running') {
    const what = `The service ${RINGVIEW_SERVICE} runs, but there is no device ${path}`;
    return fail('source-not-found', what, 'Restart it as administrator: ringview driver stop, then start', system);
  }
  const action = 'Start it as administrator: ringview driver start';
  return fail('source-not-found', 'The RingView driver is installed and not started', action, system);
}
