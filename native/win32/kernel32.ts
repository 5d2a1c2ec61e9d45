/**
 * The calls of kernel32 that this program uses. Results are the system's own; win32/platform.ts interprets them. The
 * library is loaded once, by library.ts.
 */
import koffi, { type LibraryHandle } from 'koffi';
import { fail, ok, type Result, type SystemError } from '../core/result.ts';

export const PAGE_READWRITE = 0x04;
export const FILE_MAP_READ = 0x0004;
export const FILE_MAP_WRITE = 0x0002;
export const ERROR_FILE_NOT_FOUND = 2;
export const ERROR_ACCESS_DENIED = 5;
export const ERROR_NOT_ENOUGH_MEMORY = 8;
export const ERROR_ALREADY_EXISTS = 183;
export const ERROR_COMMITMENT_LIMIT = 1455;

const SYNCHRONIZE = 0x00100000;
const FORMAT_MESSAGE_FROM_SYSTEM = 0x1000;
const FORMAT_MESSAGE_IGNORE_INSERTS = 0x200;
/** INVALID_HANDLE_VALUE in place of a file: the section is backed by the page file. */
const NO_FILE = 0xffffffffffffffffn;

export interface Outcome {
  /** Handle or address; 0 if the call failed. */
  readonly value: number;
  /** GetLastError of this call; also set where the call succeeded. */
  readonly error: number;
}

export interface Kernel32 {
  createFileMapping(bytes: number, name: string): Outcome;
  openFileMapping(access: number, name: string): Outcome;
  /** `bytes` 0 maps to the end. */
  mapView(section: number, access: number, offset: number, bytes: number): Outcome;
  /** Bytes of the region that begins at `address`; 0 if unknown. */
  regionSize(address: number): number;
  unmapView(address: number): void;
  createMutex(name: string): Outcome;
  openMutex(name: string): Outcome;
  closeHandle(handle: number): void;
  performanceCounter(): bigint;
  performanceFrequency(): number;
  copyOut(target: Uint8Array | Uint32Array, address: number, bytes: number): void;
  copyIn(address: number, source: Uint8Array | Uint32Array, bytes: number): void;
  describe(error: number): SystemError;
}

/** Failure: source-unsupported. */
export function loadKernel32(): Result<Kernel32> {
  let library: LibraryHandle;
  try {
    library = koffi.load('kernel32.dll');
  } catch (error) {
    return fail('source-unsupported', 'kernel32.dll cannot be loaded', 'Use a supported Windows', {
      code: 'LoadLibrary',
      text: error instanceof Error ? error.message : String(error),
    });
  }
  // Handles and addresses are declared as integers: they are only passed back to the system or used in arithmetic.
  const declare = (definition: string) => library.func(definition);
  const getLastError = declare('uint32_t __stdcall GetLastError()');
  const createFileMapping = declare(
    'uintptr_t __stdcall CreateFileMappingW(uintptr_t file, void *security, uint32_t protect, uint32_t high, uint32_t low, const char16_t *name)',
  );
  const openFileMapping = declare(
    'uintptr_t __stdcall OpenFileMappingW(uint32_t access, int inherit, const char16_t *name)',
  );
  const mapViewOfFile = declare(
    'uintptr_t __stdcall MapViewOfFile(uintptr_t section, uint32_t access, uint32_t high, uint32_t low, size_t bytes)',
  );
  const virtualQuery = declare('size_t __stdcall VirtualQuery(uintptr_t address, void *information, size_t length)');
  const unmapViewOfFile = declare('int __stdcall UnmapViewOfFile(uintptr_t address)');
  const createMutex = declare('uintptr_t __stdcall CreateMutexW(void *security, int owner, const char16_t *name)');
  const openMutex = declare('uintptr_t __stdcall OpenMutexW(uint32_t access, int inherit, const char16_t *name)');
  const closeHandle = declare('int __stdcall CloseHandle(uintptr_t handle)');
  const queryCounter = declare('int __stdcall QueryPerformanceCounter(void *count)');
  const queryFrequency = declare('int __stdcall QueryPerformanceFrequency(void *frequency)');
  const formatMessage = declare(
    'uint32_t __stdcall FormatMessageW(uint32_t flags, void *source, uint32_t id, uint32_t language, void *buffer, uint32_t size, void *arguments)',
  );
  const copyOut = library.func('__stdcall', 'RtlMoveMemory', 'void', ['void *', 'uintptr_t', 'size_t']);
  const copyIn = library.func('__stdcall', 'RtlMoveMemory', 'void', ['uintptr_t', 'void *', 'size_t']);

  const outcome = (value: number | bigint): Outcome => ({ value: Number(value), error: getLastError() });
  const count = new BigUint64Array(1);
  return ok({
    createFileMapping: (bytes, name) =>
      outcome(createFileMapping(NO_FILE, null, PAGE_READWRITE, Math.floor(bytes / 2 ** 32), bytes % 2 ** 32, name)),
    openFileMapping: (access, name) => outcome(openFileMapping(access, 0, name)),
    mapView: (section, access, offset, bytes) =>
      outcome(mapViewOfFile(section, access, Math.floor(offset / 2 ** 32), offset % 2 ** 32, bytes)),
    regionSize: (address) => {
      // MEMORY_BASIC_INFORMATION of 64-bit Windows: 48 bytes, RegionSize at 24.
      const information = new Uint8Array(48);
      if (Number(virtualQuery(address, information, information.length)) === 0) return 0;
      return Number(new DataView(information.buffer).getBigUint64(24, true));
    },
    unmapView: (address) => {
      unmapViewOfFile(address);
    },
    createMutex: (name) => outcome(createMutex(null, 0, name)),
    openMutex: (name) => outcome(openMutex(SYNCHRONIZE, 0, name)),
    closeHandle: (handle) => {
      closeHandle(handle);
    },
    performanceCounter: () => {
      queryCounter(count);
      return count[0] as bigint;
    },
    performanceFrequency: () => {
      queryFrequency(count);
      return Number(count[0]);
    },
    copyOut,
    copyIn,
    describe: (error) => {
      const text = new Uint16Array(256);
      const length = formatMessage(
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
        null,
        error,
        0,
        text,
        text.length,
        null,
      );
      return { code: String(error), text: String.fromCharCode(...text.subarray(0, length)).trim() };
    },
  });
}
