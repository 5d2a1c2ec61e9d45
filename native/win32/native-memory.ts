/**
 * Memory that Windows holds addresses of: structures that point to each other, and what a call fills after it has
 * returned. Addresses are numbers, exact because those of user mode have 48 bits. Memory is given back by `free` alone.
 */
import { fail, ok, type Result } from '../core/result.ts';
import { bound } from './library.ts';

const ZEROED = 0x40;

const api = bound('kernel32.dll', (declare) => ({
  alloc: declare('uintptr_t __stdcall LocalAlloc(uint32_t flags, size_t bytes)'),
  free: declare('uintptr_t __stdcall LocalFree(uintptr_t memory)'),
  copyOut: declare('void __stdcall RtlMoveMemory(void *target, uintptr_t source, size_t bytes)'),
  copyIn: declare('void __stdcall RtlMoveMemory(uintptr_t target, void *source, size_t bytes)'),
}));

export interface NativeMemory {
  readonly address: number;
  readonly bytes: number;
  /** Copies `source` to `at` bytes from the begin; the caller keeps within `bytes`. */
  write(source: Uint8Array, at?: number): void;
  /** A copy of the first bytes, all by default. */
  read(bytes?: number): Uint8Array<ArrayBuffer>;
  free(): void;
}

/** Memory of zeros. Failures: source-unsupported off Windows, io-error where there is no memory. */
export function allocate(bytes: number): Result<NativeMemory> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const { alloc, free, copyOut, copyIn } = loaded.value;
  const address = Number(alloc(ZEROED, bytes));
  if (address === 0) return fail('io-error', `Windows has no ${bytes} bytes of memory left`, 'Close other programs');
  return ok({
    address,
    bytes,
    write: (source, at = 0) => copyIn(address + at, source, source.length),
    read: (count = bytes) => {
      const copy = new Uint8Array(count);
      copyOut(copy, address, count);
      return copy;
    },
    free: () => {
      free(address);
    },
  });
}

/** Copies `bytes` from an address to the begin of `target`, for a callback that Windows hands addresses. Failure: source-unsupported. */
export function copier(): Result<(target: Uint8Array, address: number, bytes: number) => void> {
  const loaded = api();
  return loaded.ok ? ok(loaded.value.copyOut) : loaded;
}

/** A text as Windows takes it: UTF-16 with a NUL behind it. */
export function wideBytes(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, 'utf16le');
}
