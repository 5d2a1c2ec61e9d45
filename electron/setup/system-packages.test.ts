import { describe, expect, it } from 'vitest';
import { aptLine, librariesNotFound, packagesFor } from './system-packages.mjs';

describe('librariesNotFound', () => {
  it('reads what ldd could not find', () => {
    const ldd = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibffmpeg.so => /opt/electron/libffmpeg.so (0x0000)',
      '\tlibnss3.so => not found',
      '\tlibasound.so.2 => not found',
    ].join('\n');
    expect(librariesNotFound(ldd)).toEqual(['libnss3.so', 'libasound.so.2']);
  });
});

describe('packagesFor', () => {
  it('names each package once, in order', () => {
    expect(packagesFor(['asan', 'tsan', 'make'], ['libnss3.so', 'libnssutil3.so', 'libasound.so.2'])).toEqual({
      packages: ['clang', 'libasound2', 'libc6-dev', 'libclang-rt-dev', 'libnss3', 'make'],
      unknown: [],
    });
  });

  it('says which library it has no package for', () => {
    expect(packagesFor([], ['libstrange.so.7'])).toEqual({ packages: [], unknown: ['libstrange.so.7'] });
  });
});

it('writes the line to paste, for root and for others', () => {
  expect(aptLine(['make', 'gcc'], true)).toBe('apt-get install --no-install-recommends make gcc');
  expect(aptLine(['make'], false)).toBe('sudo apt-get install --no-install-recommends make');
});
