/**
 * A driver of this product as a service: its file is first copied to where only administrators may write, so that nobody else
 * can replace what the kernel loads.
 */
import { copyFileSync, rmSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { type Failure, fail, ok, type Result } from '../core/result.ts';
import { driverPath, MACHINE_NAMES, systemPath } from './pe-machine.ts';
import { machineOfFile } from './program-file.ts';
import { readText } from './registry.ts';
import {
  createDriverService,
  deleteService,
  queryService,
  type ServiceStart,
  type ServiceState,
  type ServiceWish,
} from './services.ts';

const POLL_MS = 50;

export interface KernelDriver extends ServiceWish {
  /** Of the service. */
  readonly service: string;
  /** Of the file in the folder of drivers. */
  readonly file: string;
  /** As the beginning of a sentence. */
  readonly what: string;
  /** What the driver is removed with. */
  readonly remove: string;
}

function systemRoot(): string {
  return process.env.SystemRoot ?? 'C:\\Windows';
}

function installedFile(driver: KernelDriver): string {
  return join(systemRoot(), 'System32', 'drivers', driver.file);
}

/**
 * Copies the driver at `path` and creates its service without starting it; `start` says when Windows does. The value is the path
 * of the copy.
 */
export function installKernelDriver(driver: KernelDriver, path: string, start: ServiceStart): Result<string> {
  const built = machineOfFile(path);
  if (built === null) {
    const action = `Name the file ${driver.file}, built for this Windows`;
    return fail('source-not-found', `${path} is no driver, or not there`, action);
  }
  const wanted = MACHINE_NAMES[machine()] ?? machine();
  if (built !== wanted) {
    const what = `${path} is built for ${built}, this Windows is ${wanted}`;
    return fail('bad-argument', what, `Use the driver for ${wanted}`);
  }
  const service = queryService(driver.service);
  if (!service.ok) return service;
  if (service.value.state !== 'not-installed') {
    return fail('source-busy', `${driver.what} is installed already`, `Remove it first: ${driver.remove}`);
  }
  const target = installedFile(driver);
  try {
    copyFileSync(path, target);
  } catch (error) {
    return ofFileError(`${target} cannot be written`, error);
  }
  const created = createDriverService(driver.service, driver, systemPath(target, systemRoot()) ?? target, start);
  return created.ok ? ok(target) : created;
}

/** Removes the service, and the file that `installKernelDriver` made. The driver is stopped. */
export function removeKernelDriver(driver: KernelDriver): Result<void> {
  const image = readText(`SYSTEM\\CurrentControlSet\\Services\\${driver.service}`, 'ImagePath');
  const removed = deleteService(driver.service);
  if (!removed.ok) return removed;
  if (!image.ok || image.value === null) return ok(undefined);
  const file = driverPath(image.value, systemRoot());
  // If someone created the service by hand, it loads a file of theirs, which is not removed.
  if (file.toLowerCase() !== installedFile(driver).toLowerCase()) return ok(undefined);
  try {
    rmSync(file, { force: true });
    return ok(undefined);
  } catch (error) {
    return ofFileError(`The service is removed, but ${file} cannot be`, error);
  }
}

/** Waits until the service is in `state`, at most `ms`; the value is the state it is in then. */
export function reachedState(service: string, state: ServiceState, ms: number): Promise<Result<ServiceState>> {
  return awaitState(service, (now) => now === state, ms);
}

/** Waits until the service is no longer in `state`. */
export function leftState(service: string, state: ServiceState, ms: number): Promise<Result<ServiceState>> {
  return awaitState(service, (now) => now !== state, ms);
}

async function awaitState(
  service: string,
  holds: (state: ServiceState) => boolean,
  ms: number,
): Promise<Result<ServiceState>> {
  for (const end = performance.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const status = queryService(service);
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
