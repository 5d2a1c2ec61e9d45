/**
 * The C library as this program uses it, call by call. Results are the library's own; posix/platform.ts gives them
 * meaning. The only file that loads koffi on Linux.
 */
import koffi, { type LibraryHandle } from 'koffi';
import { fail, ok, type Result, type SystemError } from '../core/result.ts';

export const O_RDWR = 0o2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const SEEK_END = 2;
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const MAP_SHARED = 1;

const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_WRLCK = 1;
const F_UNLCK = 2;

export interface Libc {
  shmOpen(name: string, flags: number, mode: number): number;
  shmUnlink(name: string): number;
  ftruncate(fd: number, bytes: number): number;
  /** Returns an error number, 0 if it went well; errno is not set. */
  posixFallocate(fd: number, offset: number, bytes: number): number;
  /** Size of an open object by seeking to its end; -1 if it failed. */
  seekEnd(fd: number): number;
  /** Address of the mapping, or null. */
  mmap(bytes: number, protection: number, fd: number, offset: number): number | null;
  munmap(address: number, bytes: number): number;
  close(fd: number): number;
  /** Takes the write lock on one byte for this open file description. False if another holds it; errno says more. */
  lockByte(fd: number, at: number): boolean;
  /** Whether another open file description holds a lock on the byte. */
  isByteLocked(fd: number, at: number): boolean;
  copyOut(target: Uint8Array | Uint32Array, address: number, bytes: number): void;
  copyIn(address: number, source: Uint8Array | Uint32Array, bytes: number): void;
  /** The error of the last call that failed. */
  lastError(): SystemError;
  describe(errno: number): SystemError;
}

/** struct flock of 64-bit Linux: type, whence (both short), start, length (both 64-bit), pid. */
function flock(type: number, at: number): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, type, true);
  view.setBigInt64(8, BigInt(at), true);
  view.setBigInt64(16, 1n, true);
  return bytes;
}

function errorName(errno: number): string {
  return Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0] ?? String(errno);
}

/** Failure: source-unsupported, where there is no glibc. */
export function loadLibc(): Result<Libc> {
  let libc: LibraryHandle;
  try {
    libc = koffi.load('libc.so.6');
  } catch (error) {
    return fail('source-unsupported', 'The C library libc.so.6 cannot be loaded', 'Use a Linux with glibc', {
      code: 'dlopen',
      text: error instanceof Error ? error.message : String(error),
    });
  }
  const shm = (definition: string) => {
    try {
      return libc.func(definition);
    } catch {
      // glibc had these in librt until 2.34.
      return koffi.load('librt.so.1').func(definition);
    }
  };
  const shmOpen = shm('int shm_open(const char *name, int flags, unsigned int mode)');
  const shmUnlink = shm('int shm_unlink(const char *name)');
  const ftruncate = libc.func('int ftruncate(int fd, int64_t length)');
  const posixFallocate = libc.func('int posix_fallocate(int fd, int64_t offset, int64_t length)');
  const lseek = libc.func('int64_t lseek(int fd, int64_t offset, int whence)');
  const mmap = libc.func('uintptr_t mmap(uintptr_t at, size_t n, int protection, int flags, int fd, int64_t offset)');
  const munmap = libc.func('int munmap(uintptr_t at, size_t n)');
  const close = libc.func('int close(int fd)');
  const fcntl = libc.func('int fcntl(int fd, int command, ...)');
  const strerror = libc.func('const char *strerror(int number)');
  const copyOut = libc.func('memcpy', 'void', ['void *', 'uintptr_t', 'size_t']);
  const copyIn = libc.func('memcpy', 'void', ['uintptr_t', 'void *', 'size_t']);
  const describe = (errno: number): SystemError => ({ code: errorName(errno), text: String(strerror(errno)) });

  return ok({
    shmOpen: (name, flags, mode) => shmOpen(name, flags, mode),
    shmUnlink: (name) => shmUnlink(name),
    ftruncate: (fd, bytes) => ftruncate(fd, bytes),
    posixFallocate: (fd, offset, bytes) => posixFallocate(fd, offset, bytes),
    seekEnd: (fd) => Number(lseek(fd, 0, SEEK_END)),
    mmap: (bytes, protection, fd, offset) => {
      // MAP_FAILED is all ones, far above every address; koffi returns large values as BigInt.
      const address = Number(mmap(0, bytes, protection, MAP_SHARED, fd, offset));
      return address > Number.MAX_SAFE_INTEGER ? null : address;
    },
    munmap: (address, bytes) => munmap(address, bytes),
    close: (fd) => close(fd),
    lockByte: (fd, at) => fcntl(fd, F_OFD_SETLK, 'void *', flock(F_WRLCK, at)) === 0,
    isByteLocked: (fd, at) => {
      const query = flock(F_WRLCK, at);
      if (fcntl(fd, F_OFD_GETLK, 'void *', query) !== 0) return false;
      return new DataView(query.buffer).getInt16(0, true) !== F_UNLCK;
    },
    copyOut,
    copyIn,
    lastError: () => describe(koffi.errno()),
    describe,
  });
}
