import { describe, expect, it } from 'vitest';
import { aptLine, availableNames, installManner, librariesNotFound, packagesFor } from './system-packages.mjs';

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

describe('installManner', () => {
  const facts = { debian: true, root: false, sudo: true, terminal: true };
  it.each([
    ['yes', { ...facts, root: true }, 'now'],
    ['ask', { ...facts, root: true, terminal: false }, 'now'],
    ['ask', facts, 'after a question'],
    // Nobody is there to answer, or nothing to ask with.
    ['ask', { ...facts, terminal: false }, 'not'],
    ['ask', { ...facts, sudo: false }, 'not'],
    // A run of tests asks nobody.
    ['yes', facts, 'not'],
    ['no', { ...facts, root: true }, 'not'],
    ['yes', { ...facts, root: true, debian: false }, 'not'],
    ['ask', { ...facts, debian: false }, 'not'],
  ] as const)('%s with %j: %s', (wish, given, manner) => {
    expect(installManner(wish, given)).toBe(manner);
  });
});

it('asks for a library under the name this Debian has it by', () => {
  const policy = [
    'libasound2:',
    '  Installed: (none)',
    '  Candidate: (none)',
    '  Version table:',
    'libasound2t64:',
    '  Installed: (none)',
    '  Candidate: 1.2.14-1',
    'make:',
    '  Candidate: 4.4',
  ].join('\n');
  expect(availableNames(['libasound2', 'make', 'unheard-of'], policy)).toEqual(['libasound2t64', 'make', 'unheard-of']);
});
