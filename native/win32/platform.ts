/**
 * Named memory on Windows: sections backed by the page file. A named object lives as long as a handle to it is open,
 * and the system closes the handles of processes that die. So if the mutex `Local\ringview.NAME.producer` or
 * `.reader` exists, its holder lives. Nobody ever waits for these mutexes.
 */
import { fullBarrier } from '../barrier.ts';
import type { Platform, ProducerImage, ReaderImage } from '../core/platform.ts';
import { fail, ok, type Result } from '../core/result.ts';
import {
  ERROR_ACCESS_DENIED,
  ERROR_ALREADY_EXISTS,
  ERROR_COMMITMENT_LIMIT,
  ERROR_FILE_NOT_FOUND,
  ERROR_NOT_ENOUGH_MEMORY,
  FILE_MAP_READ,
  FILE_MAP_WRITE,
  type Kernel32,
  loadKernel32,
} from './kernel32.ts';

function sectionName(name: string): string {
  return `Local\\ringview.${name}`;
}

/** Failure: source-unsupported. */
export function createWin32Platform(): Result<Platform> {
  const loaded = loadKernel32();
  if (!loaded.ok) return loaded;
  const kernel32 = loaded.value;
  return ok({
    clock: { frequency: kernel32.performanceFrequency(), ticks: () => kernel32.performanceCounter() },
    read: (address, target) => kernel32.copyOut(target, address, target.byteLength),
    copyOut: (address, bytes, at, length) => kernel32.copyOut(at === 0 ? bytes : bytes.subarray(at), address, length),
    write: (address, source) => kernel32.copyIn(address, source, source.byteLength),
    copyIn: (address, bytes, at, length) => kernel32.copyIn(address, at === 0 ? bytes : bytes.subarray(at), length),
    barrier: fullBarrier,
    createImage: (name, bytes) => createImage(kernel32, name, bytes),
    openImage: (name) => openImage(kernel32, name),
    imageNames: () => [],
    // There is nothing to remove, because a section disappears with its last handle.
    removeDead: () => true,
  });
}

function systemFailure(kernel32: Kernel32, what: string, error: number): Result<never> {
  const system = kernel32.describe(error);
  if (error === ERROR_ACCESS_DENIED) {
    return fail('permission-denied', what, 'Run as the user, and in the logon session, that owns it', system);
  }
  if (error === ERROR_NOT_ENOUGH_MEMORY || error === ERROR_COMMITMENT_LIMIT) {
    return fail('disk-full', what, 'Use smaller rings or fewer CPUs, or enlarge the page file', system);
  }
  return fail('io-error', what, 'Try again; if it stays, check the memory of this machine', system);
}

function exists(kernel32: Kernel32, mutex: string): boolean {
  const { value, error } = kernel32.openMutex(mutex);
  if (value !== 0) kernel32.closeHandle(value);
  // If opening is refused for lack of rights, the object exists.
  return value !== 0 || error === ERROR_ACCESS_DENIED;
}

/** Creates a mutex. `taken`: another process has it. `handle` is 0, with the system's error, if it could not be created. */
function claim(kernel32: Kernel32, mutex: string): { handle: number; taken: boolean; error: number } {
  const { value, error } = kernel32.createMutex(mutex);
  if (value !== 0 && error === ERROR_ALREADY_EXISTS) {
    kernel32.closeHandle(value);
    return { handle: 0, taken: true, error };
  }
  return { handle: value, taken: value === 0 && error === ERROR_ACCESS_DENIED, error };
}

function createImage(kernel32: Kernel32, name: string, bytes: number): Result<ProducerImage> {
  const section = sectionName(name);
  const lock = claim(kernel32, `${section}.producer`);
  if (lock.taken) {
    return fail('source-busy', `A living producer has the ring session '${name}'`, 'Stop it, or choose another name');
  }
  if (lock.handle === 0) return systemFailure(kernel32, `Ring session '${name}' cannot be claimed`, lock.error);
  const mapping = kernel32.createFileMapping(bytes, section);
  if (mapping.value === 0 || mapping.error === ERROR_ALREADY_EXISTS) {
    if (mapping.value !== 0) kernel32.closeHandle(mapping.value);
    kernel32.closeHandle(lock.handle);
    // The producer is dead, so a reader keeps its section alive. The name becomes free when that reader closes it.
    return mapping.value !== 0
      ? fail(
          'source-busy',
          `A reader still holds an earlier ring session '${name}'`,
          'Close it there, or choose another name',
        )
      : systemFailure(kernel32, `${bytes} bytes for ring session '${name}' cannot be had`, mapping.error);
  }
  const view = kernel32.mapView(mapping.value, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0);
  if (view.value === 0) {
    kernel32.closeHandle(mapping.value);
    kernel32.closeHandle(lock.handle);
    return systemFailure(kernel32, `The memory of ring session '${name}' cannot be mapped`, view.error);
  }
  let open = true;
  return ok({
    address: view.value,
    bytes,
    hasReader: () => open && exists(kernel32, `${section}.reader`),
    close: () => {
      if (!open) return;
      open = false;
      kernel32.unmapView(view.value);
      kernel32.closeHandle(mapping.value);
      kernel32.closeHandle(lock.handle);
    },
  });
}

function openImage(kernel32: Kernel32, name: string): Result<ReaderImage> {
  const section = sectionName(name);
  const mapping = kernel32.openFileMapping(FILE_MAP_READ | FILE_MAP_WRITE, section);
  if (mapping.value === 0) {
    if (mapping.error === ERROR_FILE_NOT_FOUND) {
      const system = kernel32.describe(mapping.error);
      return fail('source-not-found', `There is no ring session '${name}'`, 'Start its producer first', system);
    }
    return systemFailure(kernel32, `Ring session '${name}' cannot be opened`, mapping.error);
  }
  const view = kernel32.mapView(mapping.value, FILE_MAP_READ, 0, 0);
  if (view.value === 0) {
    kernel32.closeHandle(mapping.value);
    return systemFailure(kernel32, `Ring session '${name}' cannot be mapped`, view.error);
  }
  const bytes = kernel32.regionSize(view.value);
  let open = true;
  let writable = { address: 0, offset: 0, length: 0 };
  let lock = 0;
  return ok({
    memory: {
      read: (offset, target) => kernel32.copyOut(target, view.value + offset, target.byteLength),
      copyOut: (offset, target, at, length) =>
        kernel32.copyOut(at === 0 ? target : target.subarray(at), view.value + offset, length),
      writeConsumer: (offset, source) => {
        const within = offset - writable.offset;
        if (within < 0 || within + source.byteLength > writable.length) throw new Error(`a write at ${offset}`);
        kernel32.copyIn(writable.address + within, source, source.byteLength);
      },
      barrier: fullBarrier,
    },
    bytes,
    lock: () => {
      const claimed = claim(kernel32, `${section}.reader`);
      if (claimed.taken) {
        const action = 'Close it there first; a ring session has one reader';
        return fail('source-busy', `Another reader has the ring session '${name}'`, action);
      }
      if (claimed.handle === 0)
        return systemFailure(kernel32, `Ring session '${name}' cannot be claimed`, claimed.error);
      lock = claimed.handle;
      return ok(undefined);
    },
    allowWriting: (offset, length) => {
      const pages = kernel32.mapView(mapping.value, FILE_MAP_READ | FILE_MAP_WRITE, offset, length);
      if (pages.value === 0) {
        return systemFailure(kernel32, `The consumer pages of ring session '${name}' cannot be mapped`, pages.error);
      }
      writable = { address: pages.value, offset, length };
      return ok(undefined);
    },
    // The size of a section never changes.
    size: () => ok(bytes),
    producerAlive: () => open && exists(kernel32, `${section}.producer`),
    close: () => {
      if (!open) return;
      open = false;
      if (writable.address !== 0) kernel32.unmapView(writable.address);
      kernel32.unmapView(view.value);
      kernel32.closeHandle(mapping.value);
      if (lock !== 0) kernel32.closeHandle(lock);
    },
  });
}
