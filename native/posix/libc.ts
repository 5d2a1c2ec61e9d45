/**
 * The C library as this program uses it, call by call. Results are the library's own; the other files of posix/ give them
 * meaning. The only file that loads koffi on Linux and macOS.
 */
import koffi, { type LibraryHandle } from 'koffi';
import { fail, ok, type Result, type SystemError } from '../core/result.ts';
import { LOCK_NB, MAP_SHARED, type PosixSystem } from './system.ts';

/** fcntl commands and lock types of Linux. */
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_WRLCK = 1;
const F_UNLCK = 2;

export interface Libc {
  shmOpen(name: string, flags: number, mode: number): number;
  shmUnlink(name: string): number;
  ftruncate(fd: number, bytes: number): number;
  /** Returns an error number, 0 if it went well; errno is not set. Not on macOS. */
  posixFallocate(fd: number, offset: number, bytes: number): number;
  /** Address of the mapping, or null. */
  mmap(bytes: number, protection: number, fd: number, offset: number): number | null;
  munmap(address: number, bytes: number): number;
  close(fd: number): number;
  /** Takes the write lock on one byte for this open file description. False if another holds it; errno says more. */
  lockByte(fd: number, at: number): boolean;
  /** Whether another open file description holds a lock on the byte. */
  isByteLocked(fd: number, at: number): boolean;
  /** flock(2) without waiting: `operation` is LOCK_SH or LOCK_EX. */
  tryFlock(fd: number, operation: number): boolean;
  /** Bytes read; fewer where the object ends, -1 if it failed. */
  pread(fd: number, target: Uint8Array | Uint32Array, bytes: number, offset: number): number;
  pwrite(fd: number, source: Uint8Array | Uint32Array, bytes: number, offset: number): number;
  copyOut(target: Uint8Array | Uint32Array, address: number, bytes: number): void;
  copyIn(address: number, source: Uint8Array | Uint32Array, bytes: number): void;
  /** The error of the last call that failed. */
  lastError(): SystemError;
  describe(errno: number): SystemError;
}

/** struct flock of 64-bit Linux: type, whence (both short), start, length (both 64-bit), pid. */
function flockRequest(type: number, at: number): Uint8Array {
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

/** Failure: source-unsupported, where there is no such C library. */
export function loadLibc(system: PosixSystem): Result<Libc> {
  const [name = '', ...others] = system.libraries;
  let libc: LibraryHandle;
  try {
    libc = koffi.load(name);
  } catch (error) {
    return fail('source-unsupported', `The C library ${name} cannot be loaded`, 'Use macOS, or a Linux with glibc', {
      code: 'dlopen',
      text: error instanceof Error ? error.message : String(error),
    });
  }
  const shm = (definition: string) => {
    try {
      return libc.func(definition);
    } catch (error) {
      const [other] = others;
      if (other === undefined) throw error;
      return koffi.load(other).func(definition);
    }
  };
  // Variadic on macOS, where such arguments travel elsewhere than the others on ARM64; a plain third one on Linux, where
  // both travel alike.
  const shmOpen = shm('int shm_open(const char *name, int flags, ...)');
  const shmUnlink = shm('int shm_unlink(const char *name)');
  const ftruncate = libc.func('int ftruncate(int fd, int64_t length)');
  const posixFallocate =
    system.allocate === 'posix_fallocate'
      ? libc.func('int posix_fallocate(int fd, int64_t offset, int64_t length)')
      : null;
  const mmap = libc.func('uintptr_t mmap(uintptr_t at, size_t n, int protection, int flags, int fd, int64_t offset)');
  const munmap = libc.func('int munmap(uintptr_t at, size_t n)');
  const close = libc.func('int close(int fd)');
  const fcntl = libc.func('int fcntl(int fd, int command, ...)');
  const flock = libc.func('int flock(int fd, int operation)');
  const pread = libc.func('pread', 'int64_t', ['int', 'void *', 'size_t', 'int64_t']);
  const pwrite = libc.func('pwrite', 'int64_t', ['int', 'void *', 'size_t', 'int64_t']);
  const strerror = libc.func('const char *strerror(int number)');
  const copyOut = libc.func('memcpy', 'void', ['void *', 'uintptr_t', 'size_t']);
  const copyIn = libc.func('memcpy', 'void', ['uintptr_t', 'void *', 'size_t']);
  const describe = (errno: number): SystemError => ({ code: errorName(errno), text: String(strerror(errno)) });

  return ok({
    shmOpen: (object, flags, mode) => shmOpen(object, flags, 'int', mode),
    shmUnlink: (object) => shmUnlink(object),
    ftruncate: (fd, bytes) => ftruncate(fd, bytes),
    posixFallocate: (fd, offset, bytes) => {
      if (posixFallocate === null) throw new Error(`there is no posix_fallocate on ${system.platform}`);
      return posixFallocate(fd, offset, bytes);
    },
    mmap: (bytes, protection, fd, offset) => {
      // MAP_FAILED is all ones, far above every address; koffi returns large values as BigInt.
      const address = Number(mmap(0, bytes, protection, MAP_SHARED, fd, offset));
      return address > Number.MAX_SAFE_INTEGER ? null : address;
    },
    munmap: (address, bytes) => munmap(address, bytes),
    close: (fd) => close(fd),
    lockByte: (fd, at) => fcntl(fd, F_OFD_SETLK, 'void *', flockRequest(F_WRLCK, at)) === 0,
    isByteLocked: (fd, at) => {
      const query = flockRequest(F_WRLCK, at);
      if (fcntl(fd, F_OFD_GETLK, 'void *', query) !== 0) return false;
      return new DataView(query.buffer).getInt16(0, true) !== F_UNLCK;
    },
    tryFlock: (fd, operation) => flock(fd, operation | LOCK_NB) === 0,
    pread: (fd, target, bytes, offset) => Number(pread(fd, target, bytes, offset)),
    pwrite: (fd, source, bytes, offset) => Number(pwrite(fd, source, bytes, offset)),
    copyOut,
    copyIn,
    lastError: () => describe(koffi.errno()),
    describe,
  });
}
