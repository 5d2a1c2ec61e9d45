/** Numbers of each system's headers, and names that fit where they must. */
import { describe, expect, it } from 'vitest';
import { posixSystem, shortened } from './system.ts';

describe('what a system is like', () => {
  it('on Linux', () => {
    expect(posixSystem('linux')).toMatchObject({
      O_CREAT: 64,
      O_EXCL: 128,
      locks: 'bytes',
      access: 'descriptor',
      allocate: 'posix_fallocate',
      objectsAreFiles: true,
    });
    expect(posixSystem('linux')?.objectName('x'.repeat(48))).toBe(`/ringview.${'x'.repeat(48)}`);
  });

  it('on macOS, after its headers: sys/fcntl.h, sys/posix_shm.h', () => {
    expect(posixSystem('darwin')).toMatchObject({
      O_CREAT: 0x200,
      O_EXCL: 0x800,
      locks: 'files',
      access: 'mapping',
      allocate: 'ftruncate',
      objectsAreFiles: false,
    });
    expect(posixSystem('darwin')?.libraries).toEqual(['/usr/lib/libSystem.B.dylib']);
  });

  it('nowhere else', () => {
    expect(['win32', 'freebsd', 'aix', ''].map(posixSystem)).toEqual([null, null, null, null]);
  });
});

describe('names of memory objects on macOS', () => {
  const objectName = posixSystem('darwin')?.objectName ?? (() => '');

  it('are the session’s own while they fit in PSHMNAMLEN', () => {
    expect(objectName('demo-12345')).toBe('/ringview.demo-12345');
    expect(objectName('a'.repeat(20))).toBe(`/ringview.${'a'.repeat(20)}`);
  });

  it('are shortened from 21 characters on, never to the name of another session', () => {
    const long = Array.from({ length: 28 }, (_, more) => 'a'.repeat(21 + more));
    const others = [`${'a'.repeat(47)}b`, `b${'a'.repeat(47)}`, 'A'.repeat(48)];
    const objects = [...long, ...others].map(objectName);
    expect(new Set(objects).size).toBe(objects.length);
    for (const object of objects) {
      expect(object.length).toBeLessThanOrEqual(30);
      expect(object).toMatch(/^\/ringview\.[A-Za-z0-9._-]{8}~[0-9a-z]{11}$/);
    }
    expect(objectName('a'.repeat(48))).toBe(objectName('a'.repeat(48)));
  });

  it('are cut at exactly the limit', () => {
    expect(shortened('/p.', 'abcdefghijklm', 16)).toBe('/p.abcdefghijklm');
    expect(shortened('/p.', 'abcdefghijklmn', 16)).toHaveLength(16);
  });
});
