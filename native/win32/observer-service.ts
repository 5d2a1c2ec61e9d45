/** Installs, starts, stops, asks and removes ringview-net.sys and ringview-file.sys. */
import {
  OBSERVE_CODE,
  OBSERVE_STATE_BYTES,
  OBSERVERS,
  type ObserverName,
  type ObserveSettings,
  type ObserveState,
  observeProblem,
  observeRequest,
  parseObserveState,
} from '../core/observe.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { isOpenError, openDevice } from './device.ts';
import { startOf } from './driver-boot.ts';
import { ERROR } from './errors.ts';
import {
  installKernelDriver,
  type KernelDriver,
  leftState,
  reachedState,
  removeKernelDriver,
} from './kernel-service.ts';
import { systemError } from './library.ts';
import { writeDword, writeText } from './registry.ts';
import { deleteService, queryService, startService, stopService } from './services.ts';

const START_MS = 10_000;
const STOP_MS = 10_000;

/** What the filter manager looks for in the service of a minifilter, as ringview-file.inf writes it. */
const INSTANCE = 'RingView File Instance';
const ALTITUDE = '361370';
/** The load-order group that this altitude is of. */
const FILTERS = 'FSFilter Activity Monitor';

function driverOf(name: ObserverName): KernelDriver {
  const { logger } = OBSERVERS[name];
  return {
    service: logger,
    file: `${logger}.sys`,
    title: name === 'net' ? 'RingView network events' : 'RingView file events',
    what: `${logger}.sys`,
    remove: `ringview driver remove --name ${name}`,
    fileSystem: name === 'file',
  };
}

/** Copies the driver at `path` and creates its service without starting it. The value is the path of the copy. */
export function installObserver(name: ObserverName, path: string): Result<string> {
  const driver = driverOf(name);
  const start = startOf('demand');
  const installed = installKernelDriver(driver, path, name === 'file' ? { ...start, group: FILTERS } : start);
  if (!installed.ok || name !== 'file') return installed;
  const altitude = writeInstance(driver.service);
  if (altitude.ok) return installed;
  // Without an altitude the filter manager does not take it.
  deleteService(driver.service);
  return altitude;
}

function writeInstance(service: string): Result<void> {
  const instances = `SYSTEM\\CurrentControlSet\\Services\\${service}\\Instances`;
  const named = writeText(instances, 'DefaultInstance', INSTANCE);
  if (!named.ok) return named;
  const placed = writeText(`${instances}\\${INSTANCE}`, 'Altitude', ALTITUDE);
  return placed.ok ? writeDword(`${instances}\\${INSTANCE}`, 'Flags', 0) : placed;
}

/** Starts the service and waits until the driver answers; the value is what it does then. */
export async function startObserver(name: ObserverName): Promise<Result<ObserveState>> {
  const { service, what } = driverOf(name);
  const before = await leftState(service, 'stop-pending', STOP_MS);
  if (!before.ok) return before;
  if (before.value === 'stop-pending') {
    return fail('source-busy', `${what} is still stopping: a program has it open`, 'Close that, then start it');
  }
  const started = startService(service);
  if (!started.ok) return started;
  const state = await reachedState(service, 'running', START_MS);
  if (!state.ok) return state;
  if (state.value !== 'running') {
    return fail('io-error', `${what} is ${state.value} after ${START_MS / 1000} s`, 'Run: ringview doctor');
  }
  return askObserver(name);
}

/** Stops the service. Failure source-busy: a program has the driver's device open. */
export async function stopObserver(name: ObserverName): Promise<Result<void>> {
  const { service, what } = driverOf(name);
  const found = queryService(service);
  if (!found.ok) return found;
  if (found.value.state === 'not-installed' || found.value.state === 'stopped') return ok(undefined);
  const stopped = stopService(service);
  if (!stopped.ok) return stopped;
  const state = await reachedState(service, 'stopped', STOP_MS);
  if (!state.ok) return state;
  if (state.value === 'stopped') return ok(undefined);
  const action = 'It ends by itself once that is closed';
  return fail('source-busy', `${what} is still ${state.value}: a program has it open`, action);
}

/** Stops the driver, removes its service and the file that `installObserver` made. */
export async function removeObserver(name: ObserverName): Promise<Result<void>> {
  const stopped = await stopObserver(name);
  return stopped.ok ? removeKernelDriver(driverOf(name)) : stopped;
}

/** What the loaded driver reports, and what it counts. Failures: source-not-found, permission-denied, io-error. */
export function askObserver(name: ObserverName): Result<ObserveState> {
  return request(name, null);
}

/** Tells the loaded driver what to report, and returns that as askObserver does. Failures: also bad-argument. */
export function setObserver(name: ObserverName, settings: ObserveSettings): Result<ObserveState> {
  const problem = observeProblem(name, settings);
  if (problem !== null) return fail('bad-argument', problem, 'See: ringview driver --help');
  return request(name, observeRequest(name, settings));
}

function request(name: ObserverName, input: Uint8Array | null): Result<ObserveState> {
  const { device: path, logger } = OBSERVERS[name];
  const opened = openDevice(path);
  if (!opened.ok) return opened;
  const device = opened.value;
  if (isOpenError(device)) return notOpened(name, device.error);
  const { error, output } = device.control(OBSERVE_CODE, input, OBSERVE_STATE_BYTES);
  device.close();
  if (error !== 0)
    return fail('io-error', `${logger}.sys refuses the request`, 'See the system error', systemError(error));
  return parseObserveState(name, output);
}

function notOpened(name: ObserverName, error: number): Result<never> {
  const { logger } = OBSERVERS[name];
  const system = systemError(error);
  if (error === ERROR.ACCESS_DENIED) {
    const action = 'Start RingView, or the prompt it runs in, as administrator';
    return fail('permission-denied', `${logger}.sys is for administrators`, action, system);
  }
  return fail(
    'source-not-found',
    `${logger}.sys is not loaded`,
    `Load it: ringview driver start --name ${name}`,
    system,
  );
}
