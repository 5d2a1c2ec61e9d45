/** Driver services through the service control manager. Each call opens what it needs and closes it again. */
import { fail, ok, type Result } from '../core/result.ts';
import { ERROR } from './errors.ts';
import { bound, systemError } from './library.ts';

const SC_MANAGER_CONNECT = 0x0001;
const SC_MANAGER_CREATE_SERVICE = 0x0002;
const SERVICE_QUERY_STATUS = 0x0004;
const SERVICE_START = 0x0010;
const SERVICE_STOP = 0x0020;
const SERVICE_CHANGE_CONFIG = 0x0002;
const SERVICE_NO_CHANGE = 0xffffffff;
const DELETE = 0x00010000;
const SERVICE_KERNEL_DRIVER = 1;
const SERVICE_FILE_SYSTEM_DRIVER = 2;
const SERVICE_ERROR_NORMAL = 1;
const SERVICE_CONTROL_STOP = 1;
const SC_STATUS_PROCESS_INFO = 0;
/** SERVICE_STATUS_PROCESS. */
const STATUS_BYTES = 36;

const STATES = [
  'unknown',
  'stopped',
  'start-pending',
  'stop-pending',
  'running',
  'continue-pending',
  'pause-pending',
  'paused',
] as const;
export type ServiceState = (typeof STATES)[number] | 'not-installed';

export interface ServiceStatus {
  readonly state: ServiceState;
  /** The system error with which it last stopped; 0 if none. */
  readonly exitError: number;
}

const api = bound('advapi32.dll', (declare) => ({
  openManager: declare(
    'uintptr_t __stdcall OpenSCManagerW(const char16_t *machine, const char16_t *database, uint32_t access)',
  ),
  openService: declare('uintptr_t __stdcall OpenServiceW(uintptr_t manager, const char16_t *name, uint32_t access)'),
  createService: declare(
    'uintptr_t __stdcall CreateServiceW(uintptr_t manager, const char16_t *name, const char16_t *title, uint32_t access, uint32_t type, uint32_t start, uint32_t onError, const char16_t *path, const char16_t *group, void *tag, const char16_t *dependencies, const char16_t *account, const char16_t *password)',
  ),
  changeService: declare(
    'int __stdcall ChangeServiceConfigW(uintptr_t service, uint32_t type, uint32_t start, uint32_t onError, const char16_t *path, const char16_t *group, void *tag, const char16_t *dependencies, const char16_t *account, const char16_t *password, const char16_t *title)',
  ),
  startService: declare('int __stdcall StartServiceW(uintptr_t service, uint32_t count, void *arguments)'),
  controlService: declare('int __stdcall ControlService(uintptr_t service, uint32_t control, void *status)'),
  deleteService: declare('int __stdcall DeleteService(uintptr_t service)'),
  queryStatus: declare(
    'int __stdcall QueryServiceStatusEx(uintptr_t service, int level, void *status, uint32_t bytes, void *needed)',
  ),
  close: declare('int __stdcall CloseServiceHandle(uintptr_t handle)'),
}));

const errors = bound('kernel32.dll', (declare) => ({
  getLastError: declare('uint32_t __stdcall GetLastError()'),
}));

type Api = ReturnType<typeof api> extends Result<infer T> ? T : never;

/** One step on a service. Returns 0, or the system's error. */
type Step = (manager: number, api: Api, lastError: () => number) => number;

function withManager(access: number, step: Step): Result<number> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const kernel = errors();
  if (!kernel.ok) return kernel;
  const { getLastError } = kernel.value;
  const manager = loaded.value.openManager(null, null, access);
  if (Number(manager) === 0) return ok(getLastError());
  try {
    return ok(step(manager, loaded.value, getLastError));
  } finally {
    loaded.value.close(manager);
  }
}

function withService(name: string, access: number, step: Step): Result<number> {
  return withManager(SC_MANAGER_CONNECT, (manager, calls, lastError) => {
    const service = calls.openService(manager, name, access);
    if (Number(service) === 0) return lastError();
    try {
      return step(service, calls, lastError);
    } finally {
      calls.close(service);
    }
  });
}

/** The failure for a refusal of the system, with what helps. Pure. */
export function serviceFailure(what: string, error: number): Result<never> {
  const system = systemError(error);
  switch (error) {
    case ERROR.ACCESS_DENIED:
      return fail('permission-denied', what, 'Start RingView, or the prompt it runs in, as administrator', system);
    case ERROR.SERVICE_DOES_NOT_EXIST:
      return fail('source-not-found', what, 'Install it: ringview driver install --path ringview.sys', system);
    case ERROR.INVALID_IMAGE_HASH:
      return fail('io-error', what, 'Sign the driver, or allow test signing: bcdedit /set testsigning on', system);
    case ERROR.DRIVER_BLOCKED:
    case ERROR.SYSTEM_INTEGRITY_POLICY_VIOLATION:
      return fail('io-error', what, 'A policy of this machine blocks the driver: use a test machine', system);
    case ERROR.BAD_EXE_FORMAT:
      return fail('io-error', what, 'Use the driver built for this processor', system);
    case ERROR.FILE_NOT_FOUND:
    case ERROR.PATH_NOT_FOUND:
      return fail('source-not-found', what, 'Install it again with the path of ringview.sys', system);
    case ERROR.SERVICE_MARKED_FOR_DELETE:
      return fail('source-busy', what, 'It is removed once its last user closes it: close viewers and retry', system);
    default:
      return fail('io-error', what, 'See the system error, and run: ringview doctor', system);
  }
}

/**
 * Asks for the state of a service. A service that does not exist has a state too. Failures: permission-denied,
 * io-error, source-unsupported.
 */
export function queryService(name: string): Result<ServiceStatus> {
  const status = new Uint8Array(STATUS_BYTES);
  const error = withService(name, SERVICE_QUERY_STATUS, (service, calls, lastError) =>
    calls.queryStatus(service, SC_STATUS_PROCESS_INFO, status, STATUS_BYTES, new Uint32Array(1)) !== 0
      ? 0
      : lastError(),
  );
  if (!error.ok) return error;
  if (error.value === ERROR.SERVICE_DOES_NOT_EXIST) return ok({ state: 'not-installed', exitError: 0 });
  if (error.value !== 0) return serviceFailure(`The state of the service ${name} cannot be asked`, error.value);
  const view = new DataView(status.buffer);
  return ok({ state: STATES[view.getUint32(4, true)] ?? 'unknown', exitError: view.getUint32(12, true) });
}

/** When a service is started, as Windows numbers it, and the group by which drivers are ordered that start with Windows. */
export interface ServiceStart {
  readonly start: number;
  readonly group: string;
}

/** What a driver's service is besides its name and its file. */
export interface ServiceWish {
  /** For people. */
  readonly title: string;
  /** Whether it is a filter of file systems. */
  readonly fileSystem?: boolean;
}

/** Creates a driver service. `path`: of the .sys file, absolute or below \\SystemRoot. */
export function createDriverService(
  name: string,
  wish: ServiceWish,
  path: string,
  { start, group }: ServiceStart,
): Result<void> {
  const error = withManager(SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE, (manager, calls, lastError) => {
    const service = calls.createService(
      manager,
      name,
      wish.title,
      SERVICE_QUERY_STATUS,
      wish.fileSystem === true ? SERVICE_FILE_SYSTEM_DRIVER : SERVICE_KERNEL_DRIVER,
      start,
      SERVICE_ERROR_NORMAL,
      path,
      group,
      null,
      null,
      null,
      null,
    );
    if (Number(service) === 0) return lastError();
    calls.close(service);
    return 0;
  });
  if (!error.ok) return error;
  if (error.value === ERROR.SERVICE_EXISTS) {
    const action = 'Remove it first: ringview driver remove';
    return fail('source-busy', `The service ${name} is installed already`, action, systemError(error.value));
  }
  return error.value === 0 ? ok(undefined) : serviceFailure(`The service ${name} cannot be created`, error.value);
}

/** Changes when the service is started. `path`: as for createDriverService; null: it stays. */
export function changeServiceStart(name: string, start: number, group: string, path: string | null): Result<void> {
  const keep = SERVICE_NO_CHANGE;
  const error = withService(name, SERVICE_CHANGE_CONFIG, (service, calls, lastError) =>
    calls.changeService(service, keep, start, keep, path, group, null, null, null, null, null) !== 0 ? 0 : lastError(),
  );
  if (!error.ok) return error;
  return error.value === 0 ? ok(undefined) : serviceFailure(`The service ${name} cannot be changed`, error.value);
}

/** Starts the service; harmless if it is running already. */
export function startService(name: string): Result<void> {
  const error = withService(name, SERVICE_START, (service, calls, lastError) =>
    calls.startService(service, 0, null) !== 0 ? 0 : lastError(),
  );
  if (!error.ok) return error;
  if (error.value === 0 || error.value === ERROR.SERVICE_ALREADY_RUNNING) return ok(undefined);
  return serviceFailure(`The service ${name} does not start`, error.value);
}

/**
 * Asks the service to stop; harmless if it is not running. It may stay `stop-pending` while someone uses the driver.
 */
export function stopService(name: string): Result<void> {
  const error = withService(name, SERVICE_STOP, (service, calls, lastError) =>
    calls.controlService(service, SERVICE_CONTROL_STOP, new Uint8Array(STATUS_BYTES)) !== 0 ? 0 : lastError(),
  );
  if (!error.ok) return error;
  if (error.value === 0 || error.value === ERROR.SERVICE_NOT_ACTIVE) return ok(undefined);
  return serviceFailure(`The service ${name} does not stop`, error.value);
}

export function deleteService(name: string): Result<void> {
  const error = withService(name, DELETE, (service, calls, lastError) =>
    calls.deleteService(service) !== 0 ? 0 : lastError(),
  );
  if (!error.ok) return error;
  return error.value === 0 ? ok(undefined) : serviceFailure(`The service ${name} cannot be removed`, error.value);
}
