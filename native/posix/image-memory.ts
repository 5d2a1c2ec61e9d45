/**
 * A ring session's memory as its reader reaches it. On Linux by pread and pwrite: whoever may write the object may also
 * cut it, and touching a mapped page that was cut off is a signal that ends the process, while these calls just say so.
 * What they cost beside a copy out of a mapping is in the bench (drain.merge.store). On macOS an object keeps its size
 * and has no pread, so there it is mapped.
 */
import { fullBarrier } from '../barrier.ts';
import { type ImageMemory, MemoryFault, memoryGone } from '../core/memory.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Libc } from './libc.ts';
import { type PosixSystem, PROT_READ, PROT_WRITE } from './system.ts';

export interface OpenedMemory extends ImageMemory {
  /** Only these bytes may be written from here on. */
  allowWriting(offset: number, length: number): Result<void>;
  close(): void;
}

/** `fd` stays the caller's. Failure: io-error, for want of address space. */
export function openMemory(libc: Libc, system: PosixSystem, fd: number, bytes: number): Result<OpenedMemory> {
  return system.access === 'descriptor' ? ok(descriptorMemory(libc, fd)) : mappedMemory(libc, fd, bytes);
}

/**
 * A word of eight aligned bytes is one access of the kernel's copy: a plain load and store, or `rep movsb`, of which no torn
 * one was seen in 10^9 on a processor that has the fast short form.
 */
export function descriptorMemory(libc: Libc, fd: number): OpenedMemory {
  let writableFrom = 0;
  let writableTo = 0;
  const short = (done: number, what: string): MemoryFault => {
    if (done >= 0) return memoryGone(`The memory of the ring session was cut off while it was ${what}`);
    const system = libc.lastError();
    const message = `The memory of the ring session could not be ${what}`;
    return new MemoryFault({ code: 'io-error', message, action: 'Reopen the ring session', system });
  };
  return {
    read: (offset, target) => {
      const done = libc.pread(fd, target, target.byteLength, offset);
      if (done !== target.byteLength) throw short(done, 'read');
    },
    copyOut: (offset, bytes, at, length) => {
      const done = libc.pread(fd, at === 0 ? bytes : bytes.subarray(at), length, offset);
      if (done !== length) throw short(done, 'read');
    },
    writeConsumer: (offset, source) => {
      const bytes = source.byteLength;
      if (offset < writableFrom || offset + bytes > writableTo) throw new Error(`a write at ${offset}`);
      const done = libc.pwrite(fd, source, bytes, offset);
      if (done !== bytes) throw short(done, 'written');
    },
    barrier: fullBarrier,
    allowWriting: (offset, length) => {
      writableFrom = offset;
      writableTo = offset + length;
      return ok(undefined);
    },
    close: () => {},
  };
}

function mappedMemory(libc: Libc, fd: number, bytes: number): Result<OpenedMemory> {
  const map = (protection: number, offset: number, length: number): Result<number> => {
    const address = libc.mmap(length, protection, fd, offset);
    if (address !== null) return ok(address);
    const action = 'Try again; if it stays, check the limits of this process';
    return fail('io-error', 'The memory of the ring session cannot be mapped', action, libc.lastError());
  };
  const mapped = map(PROT_READ, 0, bytes);
  if (!mapped.ok) return mapped;
  const address = mapped.value;
  let writable = { address: 0, offset: 0, length: 0 };
  return ok({
    read: (offset, target) => libc.copyOut(target, address + offset, target.byteLength),
    copyOut: (offset, target, at, length) =>
      libc.copyOut(at === 0 ? target : target.subarray(at), address + offset, length),
    writeConsumer: (offset, source) => {
      const within = offset - writable.offset;
      if (within < 0 || within + source.byteLength > writable.length) throw new Error(`a write at ${offset}`);
      libc.copyIn(writable.address + within, source, source.byteLength);
    },
    barrier: fullBarrier,
    allowWriting: (offset, length) => {
      const pages = map(PROT_READ | PROT_WRITE, offset, length);
      if (!pages.ok) return pages;
      writable = { address: pages.value, offset, length };
      return ok(undefined);
    },
    close: () => {
      libc.munmap(address, bytes);
      if (writable.length > 0) libc.munmap(writable.address, writable.length);
    },
  });
}
