/**
 * Locks of whole files on Windows. A lock is a handle opened without sharing; the system closes it when its process
 * ends.
 */
import { unlinkSync } from 'node:fs';
import type { FileLock } from '../core/platform.ts';
import { ERROR } from './errors.ts';
import { bound, systemError } from './library.ts';

const GENERIC_READ_WRITE = 0xc0000000;
const OPEN_ALWAYS = 4;
const FILE_ATTRIBUTE_NORMAL = 0x80;
const INVALID_HANDLE = 0xffffffffffffffffn;

const files = bound('kernel32.dll', (declare) => ({
  createFile: declare(
    'uintptr_t __stdcall CreateFileW(const char16_t *name, uint32_t access, uint32_t share, void *security, uint32_t disposition, uint32_t flags, uintptr_t template)',
  ),
  closeHandle: declare('int __stdcall CloseHandle(uintptr_t handle)'),
  getLastError: declare('uint32_t __stdcall GetLastError()'),
}));

/** Null if another process holds the lock. Throws the system's error. */
export function lockWindowsFile(path: string): FileLock | null {
  const loaded = files();
  if (!loaded.ok) throw new Error(loaded.failure.message);
  const { createFile, closeHandle, getLastError } = loaded.value;
  const handle: number | bigint = createFile(path, GENERIC_READ_WRITE, 0, null, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, 0);
  if (BigInt(handle) === INVALID_HANDLE) {
    const error: number = getLastError();
    if (error === ERROR.SHARING_VIOLATION) return null;
    throw new Error(`${path} cannot be opened: ${systemError(error).text}`);
  }
  let held = true;
  return {
    release(remove = false) {
      if (!held) return;
      held = false;
      closeHandle(handle);
      if (!remove) return;
      try {
        unlinkSync(path);
      } catch {
        // Another process may have opened the file since; the file is then its to remove.
      }
    },
  };
}
