/** Devices as files: open, control, close. */
import { fail, ok, type Result } from '../core/result.ts';
import { ERROR } from './errors.ts';
import { bound, systemError } from './library.ts';

const GENERIC_READ_WRITE = 0xc0000000;
/** For a device that nobody may read. */
export const WRITE_ONLY = 0x40000000;
const FILE_SHARE_READ_WRITE = 3;
const OPEN_EXISTING = 3;
const INVALID_HANDLE = 0xffffffffffffffffn;

const api = bound('kernel32.dll', (declare) => ({
  createFile: declare(
    'uintptr_t __stdcall CreateFileW(const char16_t *name, uint32_t access, uint32_t share, void *security, uint32_t disposition, uint32_t flags, uintptr_t template)',
  ),
  deviceIoControl: declare(
    'int __stdcall DeviceIoControl(uintptr_t device, uint32_t code, void *input, uint32_t inputBytes, void *output, uint32_t outputBytes, void *answered, void *overlapped)',
  ),
  closeHandle: declare('int __stdcall CloseHandle(uintptr_t handle)'),
  getLastError: declare('uint32_t __stdcall GetLastError()'),
}));

export interface ControlReply {
  /** 0 if the request succeeded, else GetLastError. */
  readonly error: number;
  /** The reply; some drivers send one with an error too. */
  readonly output: Uint8Array;
}

export interface Device {
  /** Sends a request and waits for its answer of at most `outputBytes`. */
  control(code: number, input: Uint8Array | null, outputBytes: number): ControlReply;
  /** Safe to call twice. */
  close(): void;
}

/** The path that CreateFileW takes for a device name. */
export function devicePath(name: string): string {
  return `\\\\.\\${name}`;
}

/**
 * The system's error when a device could not be opened; the caller knows which device it is and can explain the error.
 */
export interface OpenError {
  readonly error: number;
}

/** Opens `\\.\name`, for reading and writing unless told otherwise. The value is an OpenError if the system refused. Failure: source-unsupported. */
export function openDevice(name: string, access: number = GENERIC_READ_WRITE): Result<Device | OpenError> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const { createFile, deviceIoControl, closeHandle, getLastError } = loaded.value;
  const handle: number | bigint = createFile(
    devicePath(name),
    access,
    FILE_SHARE_READ_WRITE,
    null,
    OPEN_EXISTING,
    0,
    0,
  );
  if (BigInt(handle) === INVALID_HANDLE) return ok({ error: getLastError() });
  let open = true;
  return ok({
    control: (code, input, outputBytes) => {
      if (!open) return { error: ERROR.INVALID_HANDLE, output: new Uint8Array(0) };
      const output = new Uint8Array(outputBytes);
      const answered = new Uint32Array(1);
      const done = deviceIoControl(
        handle,
        code,
        input,
        input?.length ?? 0,
        outputBytes === 0 ? null : output,
        outputBytes,
        answered,
        null,
      );
      const error = done !== 0 ? 0 : getLastError();
      return { error, output: output.subarray(0, Math.min(answered[0] as number, outputBytes)) };
    },
    close: () => {
      if (!open) return;
      open = false;
      closeHandle(handle);
    },
  });
}

export function isOpenError(opened: Device | OpenError): opened is OpenError {
  return 'error' in opened;
}

/** A request that must succeed. Failures: permission-denied, source-gone (the driver went away), io-error. */
export function request(
  device: Device,
  what: string,
  code: number,
  input: Uint8Array | null,
  outputBytes: number,
): Result<Uint8Array> {
  const { error, output } = device.control(code, input, outputBytes);
  return error === 0 ? ok(output) : refused(what, error);
}

/** The failure of a request that had to succeed. */
export function refused(what: string, error: number): Result<never> {
  const system = systemError(error);
  if (error === ERROR.ACCESS_DENIED) {
    return fail('permission-denied', `The driver refused to ${what}`, 'Run RingView as administrator', system);
  }
  if (error === ERROR.BUSY) {
    return fail(
      'source-busy',
      `The driver cannot ${what} while a reader is attached`,
      'Close the reader first',
      system,
    );
  }
  if (error === ERROR.INVALID_HANDLE || error === ERROR.FILE_NOT_FOUND || error === ERROR.GEN_FAILURE) {
    return fail('source-gone', `The driver was gone when asked to ${what}`, 'Start the driver again', system);
  }
  return fail('io-error', `The driver failed to ${what}`, 'See the system error, and run: ringview doctor', system);
}
