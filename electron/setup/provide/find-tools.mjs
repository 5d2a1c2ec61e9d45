/**
 * Owns finding out which tools can be used on this machine. Where the existence of a program says too little, the program is
 * run.
 */
import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from '../child.mjs';
import { librariesNotFound } from './system-packages.mjs';

/** Full path of a program on PATH. @returns {string | null} */
export function findProgram(/** @type {string} */ name, /** @type {string} */ path = process.env.PATH ?? '') {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of path.split(delimiter)) {
    for (const each of names) {
      const file = join(folder, each);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // Not in this folder: the next one may have it.
      }
    }
  }
  return null;
}

/** The tools of a list (keys of `tools`) that this machine lacks. @returns {Promise<string[]>} */
export async function missingTools(/** @type {readonly string[]} */ names) {
  const present = await Promise.all(names.map(hasTool));
  return names.filter((_, index) => !present[index]);
}

async function hasTool(/** @type {string} */ name) {
  switch (name) {
    case 'asan':
      return findProgram('clang') !== null && (await links('clang', '-fsanitize=address,undefined'));
    case 'tsan':
      return findProgram('clang') !== null && (await links('clang', '-fsanitize=thread'));
    case 'mingw': {
      const compiler = 'x86_64-w64-mingw32-gcc';
      return (
        findProgram(compiler) !== null &&
        (await links(compiler, '-I/usr/share/mingw-w64/include/ddk', '#include <ntddk.h>\n'))
      );
    }
    case 'wine':
      return findProgram('wineserver') !== null && (await answers('wine', '--version'));
    default:
      return findProgram(name) !== null;
  }
}

/** Whether a program runs at all: Debian's `wine` is a script that fails without the package it calls. */
async function answers(/** @type {string} */ program, /** @type {string} */ argument) {
  return (
    findProgram(program) !== null && (await run(program, [argument], { output: 'keep', timeoutMs: 60_000 })).code === 0
  );
}

/** Whether a compiler can make a program with this option: a sanitizer without its runtime fails only here. */
async function links(/** @type {string} */ compiler, /** @type {string} */ option, source = '') {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-tool-'));
  try {
    const file = join(folder, 'probe.c');
    writeFileSync(file, `${source}int main(void) { return 0; }\n`);
    const result = await run(compiler, [option, '-o', join(folder, 'probe'), file], {
      output: 'keep',
      timeoutMs: 60_000,
    });
    return result.code === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The shared libraries a program needs and the loader cannot find. @returns {Promise<string[]>} */
export async function missingLibraries(/** @type {string} */ program) {
  if (process.platform !== 'linux' || findProgram('ldd') === null) return [];
  const result = await run('ldd', [program], {
    output: 'keep',
    timeoutMs: 60_000,
    env: { ...process.env, LC_ALL: 'C' },
  });
  return librariesNotFound(result.stdout);
}

/** What decides whether packages can be installed here. @returns {import('./system-packages.mjs').InstallFacts} */
export function installFacts() {
  return {
    debian: process.platform === 'linux' && existsSync('/etc/debian_version') && findProgram('apt-get') !== null,
    root: process.getuid?.() === 0,
    sudo: findProgram('sudo') !== null,
    terminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
  };
}
