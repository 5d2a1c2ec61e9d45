/** The steps of tracing for run.mjs: builds the library that stands in, and the product's modules and command line against it. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../electron/setup/child.mjs';
import { failed } from '../../../electron/setup/output.mjs';
import { root } from '../../../electron/setup/paths.mjs';
import {
  appFolder,
  bundleForWindowsNode,
  startWindowsNode,
  windowsPath,
} from '../../../electron/setup/provide/windows-node.mjs';

const FOLDER = 'e2e/wine/tracing';
const SOURCES = ['sessions', 'consumer', 'play', 'logs'].map((name) => `${FOLDER}/${name}.c`);
const SECONDS = 180;
/** Traces of real machines, where somebody has put them. */
const DATA = join(root, '..', 'shared', 'data', 'etl');

/** @returns {Promise<import('../../../electron/setup/output.mjs').Outcome>} */
export async function prepareTracing(/** @type {string} */ scratch) {
  const library = join(scratch, '..', 'stand-in.dll');
  const flags = ['-O2', '-std=gnu11', '-Wall', '-Wextra', '-Werror', '-shared', '-o', library, ...SOURCES];
  const compiled = await run('x86_64-w64-mingw32-gcc', flags, { cwd: root, timeoutMs: 60_000 });
  if (compiled.code !== 0) return failed(`${FOLDER} does not build`);
  const instead = { find: /^\.\/(?:tracing\/)?libraries\.ts$/, replacement: join(root, FOLDER, 'libraries.ts') };
  const worker = { 'etw-worker': 'native/sources/etw/etw-worker.ts' };
  await bundleForWindowsNode('tracing', { probe: `${FOLDER}/probe.ts`, ...worker }, [instead]);
  copyFileSync(library, join(appFolder, 'tracing', 'stand-in.dll'));
  return { ok: true };
}

/** @typedef {import('../../../electron/setup/provide/windows-node.mjs').WineResult} WineResult */

/** `count`: takes the claims that a program printed. */
export async function tracing(
  /** @type {(name: string, result: WineResult) => void} */ count,
  /** @type {string} */ scratch,
) {
  const probe = (/** @type {string[]} */ ...args) => startWindowsNode('tracing/probe.js', args, SECONDS).ended;
  count('tracing', await probe('tracing', windowsPath(scratch), windowsPath(DATA)));
  count('tracing exit', await probe('exit'));
}
