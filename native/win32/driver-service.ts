/** Installs, starts, stops and removes ringview.sys through the service control manager. */
import type { StartChoice } from '../core/boot.ts';
import { checkFilter, type EventFilter } from '../core/event-filter.ts';
import { type CaptureName, captureMask, type FilteredCapture } from '../core/ioctl.ts';
import type { LoggerMask } from '../core/logger-mask.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { startOf } from './driver-boot.ts';
import {
  installKernelDriver,
  type KernelDriver,
  leftState,
  reachedState,
  removeKernelDriver,
} from './kernel-service.ts';
import { isElevated, processName } from './processes.ts';
import { openRingViewDevice, RINGVIEW_DEVICE, RINGVIEW_SERVICE } from './ringview-device.ts';
import { queryService, startService, stopService } from './services.ts';

const RINGVIEW: KernelDriver = {
  service: RINGVIEW_SERVICE,
  file: 'ringview.sys',
  title: 'RingView log rings',
  what: 'The RingView driver',
  remove: 'ringview driver remove',
};
const START_MS = 10_000;
const STOP_MS = 10_000;

/** Whether this process may change services. Failures: permission-denied, source-unsupported. */
export function checkElevation(what: string): Result<void> {
  const elevated = isElevated();
  if (!elevated.ok) return elevated;
  if (elevated.value !== false) return ok(undefined);
  const action = 'Start RingView, or the prompt it runs in, as administrator, then do it again';
  const message = `To ${what} the driver, the rights of an administrator are needed`;
  return { ok: false, failure: { code: 'permission-denied', message, action, needs: 'elevation' } };
}

/**
 * Copies the driver at `path` and creates its service without starting it; `start` says when Windows does. The value is the path
 * of the copy.
 */
export function installDriver(path: string, start: StartChoice = 'demand'): Result<string> {
  return installKernelDriver(RINGVIEW, path, startOf(start));
}

/** Starts the service and waits until the driver answers. The value is the version that it reports. */
export async function startDriver(): Promise<Result<string>> {
  // While a driver is still stopping, the service manager counts it as running, would not start it, and would report
  // this only later.
  const before = await leftState(RINGVIEW_SERVICE, 'stop-pending', STOP_MS);
  if (!before.ok) return before;
  if (before.value === 'stop-pending') {
    const what = 'The RingView driver is still stopping: a program or a driver holds it';
    return fail('source-busy', what, 'Close the programs that read it, then start it');
  }
  const started = startService(RINGVIEW_SERVICE);
  if (!started.ok) return started;
  const state = await reachedState(RINGVIEW_SERVICE, 'running', START_MS);
  if (!state.ok) return state;
  if (state.value !== 'running') {
    return fail('io-error', `The RingView driver is ${state.value} after ${START_MS / 1000} s`, 'Run: ringview doctor');
  }
  const device = openRingViewDevice(RINGVIEW_DEVICE);
  if (!device.ok) return device;
  const { driver, layoutMajor, layoutMinor, cpuCount } = device.value.version;
  device.value.close();
  return ok(`${driver}, layout ${layoutMajor}.${layoutMinor}, ${cpuCount} CPUs`);
}

/**
 * Ends the ring session, so that its reader releases the driver, and stops the service. Failure source-busy: someone
 * still holds it.
 */
export async function stopDriver(): Promise<Result<void>> {
  const service = queryService(RINGVIEW_SERVICE);
  if (!service.ok) return service;
  if (service.value.state === 'not-installed' || service.value.state === 'stopped') return ok(undefined);
  const reader = endRingSession();
  const stopped = stopService(RINGVIEW_SERVICE);
  if (!stopped.ok) return stopped;
  const state = await reachedState(RINGVIEW_SERVICE, 'stopped', STOP_MS);
  if (!state.ok) return state;
  if (state.value === 'stopped') return ok(undefined);
  const who = reader === null ? 'a program or a driver that logs through it' : reader;
  const what = `The RingView driver is still ${state.value}: ${who} holds it`;
  return fail('source-busy', what, 'It ends by itself once that is closed or unloaded');
}

/**
 * Tells the reader to release the driver. The value names the reader; null if there is none, or if the driver cannot be
 * asked.
 */
function endRingSession(): string | null {
  const opened = openRingViewDevice(RINGVIEW_DEVICE);
  // A driver whose device cannot be opened can still be stopped; if not, the service manager says so.
  if (!opened.ok) return null;
  const device = opened.value;
  const statistics = device.statistics();
  device.stop();
  device.close();
  if (!statistics.ok || statistics.value.readerPid === 0) return null;
  const pid = statistics.value.readerPid;
  return `${processName(pid) ?? 'a process'} (pid ${pid})`;
}

/**
 * Switches these captures of the loaded driver on, and all others off. Failures: those of openRingViewDevice, io-error.
 */
export function setCaptures(names: readonly CaptureName[]): Result<void> {
  const opened = openRingViewDevice(RINGVIEW_DEVICE);
  if (!opened.ok) return opened;
  const switched = opened.value.capture(captureMask(names));
  opened.value.close();
  return switched.ok ? ok(undefined) : switched;
}

/**
 * Sets which events of a capture of the loaded driver are reported. Failures: those of openRingViewDevice, bad-argument for a
 * filter that the driver would not take, io-error.
 */
export function setEventFilter(capture: FilteredCapture, filter: EventFilter): Result<void> {
  const checked = checkFilter(filter);
  if (!checked.ok) return checked;
  const opened = openRingViewDevice(RINGVIEW_DEVICE);
  if (!opened.ok) return opened;
  const set = opened.value.filter([capture], filter);
  opened.value.close();
  return set;
}

/**
 * Switches levels and types of who logs under this name off, and all others on. Failures: those of openRingViewDevice,
 * bad-argument for a name that none can have, io-error.
 */
export function setLoggerMask(name: string, off: LoggerMask): Result<void> {
  const opened = openRingViewDevice(RINGVIEW_DEVICE);
  if (!opened.ok) return opened;
  const set = opened.value.mask(name, off);
  opened.value.close();
  return set;
}

/**
 * Lets texts of these levels of who logs under this name carry the stack of the call, and no others. Failures: those of
 * openRingViewDevice, bad-argument for a name that none can have and for programs, bad-version, io-error.
 */
export function setLoggerStacks(name: string, levels: readonly number[]): Result<void> {
  const opened = openRingViewDevice(RINGVIEW_DEVICE);
  if (!opened.ok) return opened;
  const set = opened.value.stacks(name, levels);
  opened.value.close();
  return set;
}

/** Stops the driver, removes its service and the file that `installDriver` made. */
export async function removeDriver(): Promise<Result<void>> {
  const stopped = await stopDriver();
  if (!stopped.ok) return stopped;
  return removeKernelDriver(RINGVIEW);
}
