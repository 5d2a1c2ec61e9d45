/**
 * Named memory on Linux: shm_open objects, and byte-range locks of the open file description that die with their
 * holder. Byte 0 belongs to the producer for its life, byte 1 to the reader.
 */
import { fstatSync } from 'node:fs';
import { fullBarrier } from '../barrier.ts';
import { fail, ok, type Result, type SystemError } from '../core/result.ts';
import type { Platform, ProducerImage, ReaderImage } from '../platform.ts';
import { type Libc, loadLibc, O_CREAT, O_EXCL, O_RDWR, PROT_READ, PROT_WRITE } from './libc.ts';

const PRODUCER_BYTE = 0;
const READER_BYTE = 1;
/** Owner only: a log may hold what other users must not see. */
const MODE = 0o600;
/** Two producers starting at once can undo each other's object; each try settles one such meeting. */
const CREATE_TRIES = 8;

function objectName(name: string): string {
  return `/ringview.${name}`;
}

function systemFailure(what: string, error: SystemError): Result<never> {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return fail('permission-denied', what, 'Run as the user who owns the session', error);
  }
  if (error.code === 'ENOSPC' || error.code === 'ENOMEM') {
    return fail('disk-full', what, 'Use smaller rings or fewer CPUs, or free shared memory in /dev/shm', error);
  }
  return fail('io-error', what, 'Try again; if it stays, check the limits of this process and of /dev/shm', error);
}

/** Failure: source-unsupported. */
export function createPosixPlatform(): Result<Platform> {
  const loaded = loadLibc();
  if (!loaded.ok) return loaded;
  const libc = loaded.value;
  return ok({
    clock: { frequency: 1e9, ticks: () => process.hrtime.bigint() },
    read: (address, target) => libc.copyOut(target, address, target.byteLength),
    copyOut: (address, bytes, at, length) => libc.copyOut(at === 0 ? bytes : bytes.subarray(at), address, length),
    write: (address, source) => libc.copyIn(address, source, source.byteLength),
    copyIn: (address, bytes, at, length) => libc.copyIn(address, at === 0 ? bytes : bytes.subarray(at), length),
    barrier: fullBarrier,
    createImage: (name, bytes) => createImage(libc, name, bytes),
    openImage: (name) => openImage(libc, name),
  });
}

function createImage(libc: Libc, name: string, bytes: number): Result<ProducerImage> {
  const object = objectName(name);
  const busy = () =>
    fail('source-busy', `A living producer has the session '${name}'`, 'Stop it, or choose another name');
  for (let attempt = 0; attempt < CREATE_TRIES; attempt++) {
    const fd = libc.shmOpen(object, O_RDWR | O_CREAT | O_EXCL, MODE);
    if (fd < 0) {
      const error = libc.lastError();
      if (error.code !== 'EEXIST') return systemFailure(`The memory of session '${name}' cannot be created`, error);
      const stale = libc.shmOpen(object, O_RDWR, 0);
      if (stale < 0) {
        const reason = libc.lastError();
        if (reason.code === 'ENOENT') continue;
        return systemFailure(`The memory left under '${name}' cannot be replaced`, reason);
      }
      // Whoever gets the producer's byte of the old object is the one to remove it.
      const dead = libc.lockByte(stale, PRODUCER_BYTE);
      if (dead) libc.shmUnlink(object);
      libc.close(stale);
      if (!dead) return busy();
      continue;
    }
    if (!libc.lockByte(fd, PRODUCER_BYTE)) {
      libc.close(fd);
      continue;
    }
    if (fstatSync(fd).nlink === 0) {
      // Another producer took the object for a stale one before its byte was locked.
      libc.close(fd);
      continue;
    }
    return fillImage(libc, name, fd, bytes);
  }
  return busy();
}

function fillImage(libc: Libc, name: string, fd: number, bytes: number): Result<ProducerImage> {
  const object = objectName(name);
  const abandon = (what: string, error: SystemError) => {
    libc.shmUnlink(object);
    libc.close(fd);
    return systemFailure(what, error);
  };
  // Pages are taken now: running out of them later would be a signal that nothing can handle.
  const errno = libc.posixFallocate(fd, 0, bytes);
  if (errno !== 0) return abandon(`${bytes} bytes for session '${name}' cannot be had`, libc.describe(errno));
  const address = libc.mmap(bytes, PROT_READ | PROT_WRITE, fd, 0);
  if (address === null) return abandon(`The memory of session '${name}' cannot be mapped`, libc.lastError());
  let open = true;
  return ok({
    address,
    bytes,
    hasReader: () => open && libc.isByteLocked(fd, READER_BYTE),
    close: () => {
      if (!open) return;
      open = false;
      libc.shmUnlink(object);
      libc.munmap(address, bytes);
      libc.close(fd);
    },
  });
}

function openImage(libc: Libc, name: string): Result<ReaderImage> {
  const fd = libc.shmOpen(objectName(name), O_RDWR, 0);
  if (fd < 0) {
    const error = libc.lastError();
    if (error.code === 'ENOENT') {
      return fail('source-not-found', `There is no session '${name}'`, 'Start its producer first', error);
    }
    return systemFailure(`Session '${name}' cannot be opened`, error);
  }
  const bytes = libc.seekEnd(fd);
  if (bytes <= 0) {
    const failure =
      bytes === 0
        ? fail('truncated-mapping', `Session '${name}' has no memory yet`, 'Try again in a moment')
        : systemFailure(`The size of session '${name}' cannot be read`, libc.lastError());
    libc.close(fd);
    return failure;
  }
  const address = libc.mmap(bytes, PROT_READ, fd, 0);
  if (address === null) {
    const failure = systemFailure(`Session '${name}' cannot be mapped`, libc.lastError());
    libc.close(fd);
    return failure;
  }
  let open = true;
  let writable: { address: number; length: number } | undefined;
  return ok({
    address,
    bytes,
    lock: () =>
      libc.lockByte(fd, READER_BYTE)
        ? ok(undefined)
        : fail(
            'source-busy',
            `Another reader has the session '${name}'`,
            'Close it there first; a session has one reader',
          ),
    mapWritable: (offset, length) => {
      const mapped = libc.mmap(length, PROT_READ | PROT_WRITE, fd, offset);
      if (mapped === null) {
        return systemFailure(`The consumer pages of session '${name}' cannot be mapped`, libc.lastError());
      }
      writable = { address: mapped, length };
      return ok(mapped);
    },
    size: () => {
      const size = libc.seekEnd(fd);
      return size < 0 ? systemFailure(`The size of session '${name}' cannot be read`, libc.lastError()) : ok(size);
    },
    producerAlive: () => open && libc.isByteLocked(fd, PRODUCER_BYTE),
    close: () => {
      if (!open) return;
      open = false;
      libc.munmap(address, bytes);
      if (writable) libc.munmap(writable.address, writable.length);
      libc.close(fd);
    },
  });
}
