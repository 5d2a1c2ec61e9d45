/**
 * What differs between the systems that have POSIX shared memory: numbers of their headers, limits, and which of two ways
 * to lock and to read they allow. Pure. Linux is tried; macOS is written from its manual pages, its headers and the
 * published source of its kernel, and has not been run.
 */

export interface PosixSystem {
  readonly platform: 'linux' | 'darwin';
  /** The C library, and the older ones that had shm_open apart. */
  readonly libraries: readonly string[];
  /** Flags of open(2). O_RDWR and those of mmap(2) and flock(2) are the same on both. */
  readonly O_CREAT: number;
  readonly O_EXCL: number;
  /** Name of the memory object of ring session `name`. */
  readonly objectName: (name: string) => string;
  /** `fstat` of an object says what kind of file it is, and how many names it has. */
  readonly objectsAreFiles: boolean;
  /**
   * - `bytes`: locks of the open file description (F_OFD_SETLK) on bytes of the object itself
   * - `files`: flock(2) on files of their own, where objects are no files that could be locked
   */
  readonly locks: 'bytes' | 'files';
  /**
   * - `descriptor`: pread and pwrite, which answer with an error where an object was cut off
   * - `mapping`: memory, where an object cannot be cut and has no pread: its size is set once
   */
  readonly access: 'descriptor' | 'mapping';
  /** How an empty object gets its memory. */
  readonly allocate: 'posix_fallocate' | 'ftruncate';
}

export const O_RDWR = 2;
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const MAP_SHARED = 1;
export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;

const LINUX: PosixSystem = {
  platform: 'linux',
  // glibc had shm_open in librt until 2.34.
  libraries: ['libc.so.6', 'librt.so.1'],
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  objectName: (name) => `/ringview.${name}`,
  objectsAreFiles: true,
  locks: 'bytes',
  access: 'descriptor',
  allocate: 'posix_fallocate',
};

/** PSHMNAMLEN of sys/posix_shm.h is 31; whether that counts the NUL has changed between versions, so one less. */
const MACOS_NAME_BYTES = 30;

const MACOS: PosixSystem = {
  platform: 'darwin',
  libraries: ['/usr/lib/libSystem.B.dylib'],
  O_CREAT: 0x200,
  O_EXCL: 0x800,
  objectName: (name) => shortened('/ringview.', name, MACOS_NAME_BYTES),
  objectsAreFiles: false,
  locks: 'files',
  access: 'mapping',
  allocate: 'ftruncate',
};

/** Null where the simulated driver's memory is another matter. */
export function posixSystem(platform: string): PosixSystem | null {
  if (platform === 'linux') return LINUX;
  return platform === 'darwin' ? MACOS : null;
}

const HASH_DIGITS = 11;

/**
 * `prefix` and `name` in at most `bytes` ASCII characters: as they are if they fit, else the name's beginning and a hash of
 * all of it in base 36. Ring session names are ASCII.
 */
export function shortened(prefix: string, name: string, bytes: number): string {
  if (prefix.length + name.length <= bytes) return prefix + name;
  const hash = fnv1a64(name).toString(36).padStart(13, '0').slice(-HASH_DIGITS);
  // No ring session name has a tilde: what is shortened is never the name of another ring session.
  return `${prefix}${name.slice(0, bytes - prefix.length - 1 - HASH_DIGITS)}~${hash}`;
}

function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash = ((hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash;
}
