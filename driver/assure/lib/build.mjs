/**
 * Builds C programs of driver/ in the flavours that the methods need.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildDir, DRIVER } from './context.mjs';
import { must } from './process.mjs';

/** @typedef {'plain' | 'asan' | 'tsan' | 'fuzz'} Flavour */

const WARNINGS = ['-std=c11', '-Wall', '-Wextra', '-Werror'];

/** @type {Readonly<Record<Flavour, { compiler: string, flags: readonly string[] }>>} */
const FLAVOURS = {
  plain: { compiler: 'gcc', flags: ['-O2'] },
  asan: { compiler: 'clang', flags: ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'] },
  tsan: { compiler: 'clang', flags: ['-O1', '-fsanitize=thread'] },
  fuzz: { compiler: 'clang', flags: ['-O1', '-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=all'] },
};

/** The sources of the ring, or of a changed copy of it. @param {string} [ring] */
export function ringSources(ring = join(DRIVER, 'ring')) {
  return readdirSync(ring)
    .filter((file) => file.endsWith('.c'))
    .map((file) => join(ring, file));
}

/**
 * Compiles and links; returns the program's path.
 * @param {string} name
 * @param {Flavour} flavour
 * @param {readonly string[]} sources
 * @param {readonly string[]} [flags]
 */
export async function build(name, flavour, sources, flags = []) {
  const { compiler, flags: own } = FLAVOURS[flavour];
  const program = join(buildDir('bin'), `${name}-${flavour}`);
  await must(compiler, [...WARNINGS, '-g', '-D_GNU_SOURCE', '-pthread', ...own, ...flags, ...sources, '-o', program], {
    seconds: 180,
  });
  return program;
}
