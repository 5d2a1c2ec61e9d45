/**
 * Installs, starts, stops and removes ringview.sys through the service control manager. The driver is first copied to
 * where only administrators may write, so that nobody else can replace the file that the kernel loads.
 */
import { copyFileSync, rmSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import type { StartChoice } from '../core/boot.ts';
import { type CaptureName, captureMask } from '../core/ioctl.ts';
import type { LoggerMask } from '../core/logger-mask.ts';
import { type Failure, fail, ok, type Result } from '../core/result.ts';
import { startOf } from './driver-boot.ts';
import { driverPath, MACHINE_NAMES, systemPath } from './pe-machine.ts';
import { isElevated, processName } from './processes.ts';
import { machineOfFile } from './program-file.ts';
import { readText } from './registry.ts';
import { openRingViewDevice, RINGVIEW_DEVICE, RINGVIEW_SERVICE } from './ringview-device.ts';
import {
  createDriverService,
  deleteService,
  queryService,
  type ServiceState,
  startService,
  stopService,
} from './services.ts';

const TITLE = 'RingView log rings';
const POLL_MS = 50;
const START_MS = 10_000;
const STOP_MS = 10_000;

function systemRoot(): string {
  return process.env.SystemRoot ?? 'C:\\Windows';
}

function driverFile(): string {
  return join(systemRoot(), 'System32', 'drivers', 'ringview.sys');
}

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
  const built = machineOfFile(path);
  if (built === null) {
    return fail(
      'source-not-found',
      `${path} is no driver, or not there`,
      'Name the file ringview.sys, built for this Windows',
    );
  }
  const wanted = MACHINE_NAMES[machine()] ?? machine();
  if (built !== wanted) {
    return fail(
      'bad-argument',
      `${path} is built for ${built}, this Windows is ${wanted}`,
      `Use the driver for ${wanted}`,
    );
  }
  const service = queryService(RINGVIEW_SERVICE);
  if (!service.ok) return service;
  if (service.value.state !== 'not-installed') {
    return fail('source-busy', 'The RingView driver is installed already', 'Remove it first: ringview driver remove');
  }
  const target = driverFile();
  try {
    copyFileSync(path, target);
  } catch (error) {
    return ofFileError(`${target} cannot be written`, error);
  }
  const created = createDriverService(
    RINGVIEW_SERVICE,
    TITLE,
    systemPath(target, systemRoot()) ?? target,
    startOf(start),
  );
  return created.ok ? ok(target) : created;
}

/** Starts the service and waits until the driver answers. The value is the version that it reports. */
export async function startDriver(): Promise<Result<string>> {
  // While a driver is still stopping, the service manager counts it as running, would not start it, and would report
  // this only later.
  const before = await left('stop-pending', STOP_MS);
  if (!before.ok) return before;
  if (before.value === 'stop-pending') {
    const what = 'The RingView driver is still stopping: a program or a driver holds it';
    return fail('source-busy', what, 'Close the programs that read it, then start it');
  }
  const started = startService(RINGVIEW_SERVICE);
  if (!started.ok) return started;
  const state = await reached('running', START_MS);
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
  const state = await reached('stopped', STOP_MS);
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

/** Stops the driver, removes its service and the file that `installDriver` made. */
export async function removeDriver(): Promise<Result<void>> {
  const stopped = await stopDriver();
  if (!stopped.ok) return stopped;
  const image = readText(`SYSTEM\\CurrentControlSet\\Services\\${RINGVIEW_SERVICE}`, 'ImagePath');
  const removed = deleteService(RINGVIEW_SERVICE);
  if (!removed.ok) return removed;
  if (!image.ok || image.value === null) return ok(undefined);
  const file = driverPath(image.value, systemRoot());
  // If someone created the service by hand, it loads a file of theirs, which is not removed.
  if (file.toLowerCase() !== driverFile().toLowerCase()) return ok(undefined);
  try {
    rmSync(file, { force: true });
    return ok(undefined);
  } catch (error) {
    return ofFileError(`The service is removed, but ${file} cannot be`, error);
  }
}

/** Waits until the service is in `state`, at most `ms`; the value is the state it is in then. */
function reached(state: ServiceState, ms: number): Promise<Result<ServiceState>> {
  return awaitState((now) => now === state, ms);
}

/** Waits until the service is no longer in `state`. */
function left(state: ServiceState, ms: number): Promise<Result<ServiceState>> {
  return awaitState((now) => now !== state, ms);
}

async function awaitState(holds: (state: ServiceState) => boolean, ms: number): Promise<Result<ServiceState>> {
  for (const end = performance.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const status = queryService(RINGVIEW_SERVICE);
    if (!status.ok) return status;
    if (holds(status.value.state) || performance.now() >= end) return ok(status.value.state);
  }
}

function ofFileError(message: string, error: unknown): { ok: false; failure: Failure } {
  const { code, message: text } = error as NodeJS.ErrnoException;
  const system = { code: code ?? 'UNKNOWN', text };
  const denied = code === 'EPERM' || code === 'EACCES';
  const action = denied ? 'Run it as administrator' : 'Check the path and the disk, then try again';
  return { ok: false, failure: { code: denied ? 'permission-denied' : 'io-error', message, action, system } };
}
