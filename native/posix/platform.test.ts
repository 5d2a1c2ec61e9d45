/** Named memory in both ways that systems allow it: as Linux has it, and as macOS would, on this Linux. */
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryFault } from '../core/memory.ts';
import type { Platform } from '../core/platform.ts';
import type { Result } from '../core/result.ts';
import { descriptorMemory } from './image-memory.ts';
import { loadLibc } from './libc.ts';
import { fileLocks } from './locks.ts';
import { createPosixPlatform } from './platform.ts';
import { O_RDWR, type PosixSystem, posixSystem } from './system.ts';

const BYTES = 262144;
const linux = posixSystem('linux') as PosixSystem;
const macos = posixSystem('darwin') as PosixSystem;
/** The calls of Linux in the way of macOS: lock files, mapped memory, objects that are no files. */
const likeMacos: PosixSystem = {
  ...macos,
  platform: 'linux',
  libraries: linux.libraries,
  O_CREAT: linux.O_CREAT,
  O_EXCL: linux.O_EXCL,
};

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code);

const cleanups: (() => void)[] = [];
let names = 0;

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** A name whose object is removed after the test. */
function freshName(system: PosixSystem): { name: string; path: string } {
  const name = `own.${process.pid}.${names++}`;
  const path = `/dev/shm${system.objectName(name)}`;
  cleanups.push(() => rmSync(path, { force: true }));
  return { name, path };
}

/** What a producer that was killed leaves: an object nobody holds. */
function leaveDead(platform: Platform, system: PosixSystem): { name: string; path: string } {
  const fresh = freshName(system);
  const libc = unwrap(loadLibc(system));
  const fd = libc.shmOpen(system.objectName(fresh.name), O_RDWR | system.O_CREAT | system.O_EXCL, 0o600);
  expect(libc.ftruncate(fd, BYTES)).toBe(0);
  libc.close(fd);
  expect(codeOf(platform.openImage(fresh.name))).toBe('ok');
  return fresh;
}

describe.skipIf(process.platform !== 'linux').each([
  ['bytes of the object and its descriptor', linux],
  ['lock files and a mapping', likeMacos],
])('memory of a session by %s', (_way, system) => {
  const platform = unwrap(createPosixPlatform(system));

  it('has one living producer, who is known by a lock', () => {
    const { name } = freshName(system);
    const image = unwrap(platform.createImage(name, BYTES));
    expect(codeOf(platform.createImage(name, BYTES))).toBe('source-busy');
    expect(platform.removeDead(name)).toBe(false);
    const reader = unwrap(platform.openImage(name));
    expect(reader.producerAlive()).toBe(true);
    expect(platform.imageNames()).toContain(name);
    image.close();
    image.close();
    expect(reader.producerAlive()).toBe(false);
    reader.close();
    expect(codeOf(platform.openImage(name))).toBe('source-not-found');
    unwrap(platform.createImage(name, BYTES)).close();
  });

  it('has one reader, who is known by a lock', () => {
    const { name } = freshName(system);
    const image = unwrap(platform.createImage(name, BYTES));
    cleanups.push(image.close);
    const [first, second] = [unwrap(platform.openImage(name)), unwrap(platform.openImage(name))];
    expect(image.hasReader()).toBe(false);
    expect([codeOf(first.lock()), codeOf(second.lock())]).toEqual(['ok', 'source-busy']);
    expect(image.hasReader()).toBe(true);
    first.close();
    first.close();
    expect(image.hasReader()).toBe(false);
    expect(codeOf(second.lock())).toBe('ok');
    second.close();
  });

  it('is read and written where it was allowed', () => {
    const { name } = freshName(system);
    const image = unwrap(platform.createImage(name, BYTES));
    cleanups.push(image.close);
    const reader = unwrap(platform.openImage(name));
    cleanups.push(reader.close);
    expect(reader.bytes).toBe(BYTES);
    platform.write(image.address + 8, new Uint32Array([7, 9]));
    const words = new Uint32Array(2);
    reader.memory.read(8, words);
    expect([...words]).toEqual([7, 9]);
    const bytes = new Uint8Array(12);
    reader.memory.copyOut(8, bytes, 4, 8);
    expect([...bytes]).toEqual([0, 0, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0]);
    expect(() => reader.memory.writeConsumer(65536, words)).toThrow();
    expect(codeOf(reader.allowWriting(65536, 4096))).toBe('ok');
    reader.memory.writeConsumer(65536 + 4088, words);
    platform.read(image.address + 65536 + 4088, words.fill(0));
    expect([...words]).toEqual([7, 9]);
    for (const outside of [65528, 65536 + 4096]) expect(() => reader.memory.writeConsumer(outside, words)).toThrow();
  });

  it('that a dead producer left is replaced, and removed when asked', () => {
    const first = leaveDead(platform, system);
    unwrap(platform.createImage(first.name, BYTES)).close();
    const second = leaveDead(platform, system);
    expect(platform.removeDead(second.name)).toBe(true);
    expect(existsSync(second.path)).toBe(false);
    expect(platform.removeDead(second.name)).toBe(true);
  });

  it('of another user is neither read, nor replaced, nor taken for a living producer', () => {
    const { name, path } = leaveDead(platform, system);
    const stranger = unwrap(createPosixPlatform(system, (process.geteuid?.() ?? 0) + 1));
    for (const refused of [stranger.openImage(name), stranger.createImage(name, BYTES)]) {
      expect(codeOf(refused)).toBe('permission-denied');
    }
    expect(stranger.removeDead(name)).toBe(false);
    expect(existsSync(path)).toBe(true);
  });

  it.runIf(process.geteuid?.() === 0)('of another user is refused to root too, though anybody may write it', () => {
    const { name, path } = leaveDead(platform, system);
    chownSync(path, 65534, 65534);
    chmodSync(path, 0o666);
    const [opened, created] = [platform.openImage(name), platform.createImage(name, BYTES)];
    expect([codeOf(opened), codeOf(created)]).toEqual(['permission-denied', 'permission-denied']);
    expect(opened.ok ? '' : opened.failure.message).toContain('65534');
    expect(statSync(path).size).toBe(BYTES);
  });
});

describe.skipIf(process.platform !== 'linux')('memory reached through its descriptor', () => {
  it('that ends early is a fault that says so, and is not made longer by reading', () => {
    const { name, path } = freshName(linux);
    const libc = unwrap(loadLibc(linux));
    const fd = libc.shmOpen(linux.objectName(name), O_RDWR | linux.O_CREAT, 0o600);
    cleanups.push(() => libc.close(fd));
    libc.ftruncate(fd, 100);
    const memory = descriptorMemory(libc, fd);
    memory.read(88, new Uint32Array(3));
    const codes = [96, 100, 4096].map((offset) => {
      try {
        memory.read(offset, new Uint32Array(2));
        return 'ok';
      } catch (error) {
        return (error as MemoryFault).failure.code;
      }
    });
    expect(codes).toEqual(Array(3).fill('truncated-mapping'));
    expect(statSync(path).size).toBe(100);
  });

  it('that cannot be read at all is a fault with the words of the system', () => {
    const memory = descriptorMemory(unwrap(loadLibc(linux)), -1);
    for (const access of [
      () => memory.read(0, new Uint32Array(2)),
      () => memory.copyOut(0, new Uint8Array(8), 0, 8),
      () => {
        memory.allowWriting(0, 8);
        memory.writeConsumer(0, new Uint32Array(2));
      },
    ]) {
      let fault: unknown;
      try {
        access();
      } catch (error) {
        fault = error;
      }
      expect(fault).toBeInstanceOf(MemoryFault);
      expect((fault as MemoryFault).failure).toMatchObject({ code: 'io-error', system: { code: 'EBADF' } });
    }
  });

  it('under a name that is a pipe is refused without waiting for anybody', () => {
    const { name, path } = freshName(linux);
    const platform = unwrap(createPosixPlatform(linux));
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    expect(codeOf(platform.openImage(name))).toBe('io-error');
    expect(codeOf(platform.createImage(name, BYTES))).toBe('io-error');
  });
});

describe.skipIf(process.platform !== 'linux')('lock files', () => {
  const libc = unwrap(loadLibc(linux));
  const uid = process.geteuid?.() ?? 0;

  it('are kept only in a folder that is this user’s alone', () => {
    const base = mkdtempSync(join(tmpdir(), 'ringview-locks-'));
    cleanups.push(() => rmSync(base, { recursive: true, force: true }));
    const own = join(base, 'own');
    expect(fileLocks(libc, own, 'a', uid)).not.toBeNull();
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(fileLocks(libc, own, 'a', uid + 1)).toBeNull();
    const open = join(base, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(fileLocks(libc, open, 'a', uid)).toBeNull();
    symlinkSync(own, join(base, 'link'));
    expect(fileLocks(libc, join(base, 'link'), 'a', uid)).toBeNull();
  });

  it('are not held by whoever asks, and are let go of when they are released', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-locks-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const [first, second] = [fileLocks(libc, folder, 'n', uid), fileLocks(libc, folder, 'n', uid)];
    if (first === null || second === null) throw new Error('no locks');
    expect(first.isHeld('producer')).toBe(false);
    expect([first.claim('producer'), first.claim('producer'), second.claim('producer')]).toEqual([true, true, false]);
    expect([second.isHeld('producer'), second.isHeld('reader')]).toEqual([true, false]);
    first.release();
    expect(second.isHeld('producer')).toBe(false);
    expect(second.claim('producer')).toBe(true);
    second.release();
  });
});
