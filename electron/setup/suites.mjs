/** Owns the list of test suites, and the selection among them. Pure: test.mjs runs them. */

import { aptLine } from './provide/system-packages.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name for `--only`
 * @property {string} title for people
 * @property {'vitest' | 'make' | 'assure' | 'wine' | 'playwright'} runner
 * @property {string} [target] of driver/Makefile
 * @property {boolean} [countless] it may print no counts: its success is then the one test there is
 * @property {boolean} [beside] processor time is all it needs: it gets what the suites after it leave, and is told of at its end
 * @property {boolean} [alone] it waits for a window that answers in time, so it begins once what ran beside has ended
 * @property {readonly string[]} needs tools, keys of system-packages.mjs
 * @property {readonly string[]} [wants] tools that single tests of it are skipped without
 * @property {number} limitSeconds the suite is ended, and has failed, after this time
 */

/** In the order they run: quick and telling first; what runs beside the others before those that leave it a processor. @type {readonly Suite[]} */
export const suites = [
  {
    name: 'unit',
    title: 'unit tests (TypeScript)',
    runner: 'vitest',
    needs: [],
    wants: ['tshark', 'make', 'gcc'],
    limitSeconds: 900,
  },
  {
    name: 'assure',
    title: 'the proof that the ring is right, quick form (driver/ASSURANCE.md)',
    runner: 'assure',
    countless: true,
    beside: true,
    needs: ['make', 'gcc', 'asan', 'tsan', 'spin', 'frama-c'],
    limitSeconds: 1500,
  },
  {
    name: 'c',
    title: 'ring and driver logic on the host (C)',
    runner: 'make',
    target: 'test',
    needs: ['make', 'gcc'],
    limitSeconds: 240,
  },
  {
    name: 'asan',
    title: 'the same under address and undefined behaviour sanitizers',
    runner: 'make',
    target: 'asan',
    needs: ['make', 'asan'],
    limitSeconds: 360,
  },
  {
    name: 'tsan',
    title: 'the same under the thread sanitizer',
    runner: 'make',
    target: 'tsan',
    needs: ['make', 'tsan'],
    limitSeconds: 360,
  },
  {
    name: 'mingw',
    title: 'driver builds against the Windows driver headers',
    runner: 'make',
    target: 'mingw',
    countless: true,
    needs: ['make', 'mingw'],
    limitSeconds: 180,
  },
  {
    name: 'kernel',
    title: 'ringview.sys and its sample: built, their pure parts tested',
    runner: 'make',
    target: 'kernel',
    needs: ['make', 'gcc', 'mingw', 'asan'],
    wants: ['llvm-ml-14'],
    limitSeconds: 600,
  },
  {
    name: 'windows',
    title: 'the Windows half in node.exe, with loaded drivers, under Wine',
    runner: 'wine',
    needs: ['make', 'mingw', 'wine'],
    limitSeconds: 1200,
  },
  {
    name: 'wine',
    title: 'ringview.sys loaded under Wine',
    runner: 'make',
    target: 'wine',
    needs: ['make', 'mingw', 'wine'],
    limitSeconds: 1200,
  },
  { name: 'e2e', title: 'the app in Electron', runner: 'playwright', alone: true, needs: [], limitSeconds: 1200 },
];

/**
 * @typedef {object} TestOptions
 * @property {readonly Suite[]} chosen
 * @property {boolean} requireAll a suite that cannot run is a failure
 * @property {import('./provide/system-packages.mjs').InstallWish} install what tools are missing
 */

/**
 * Reads the command line: `--only a,b`, `--require-all`, `--install-system`, `--no-install`. What is missing is installed
 * unless that is unwanted, where it takes no question: a suite that is skipped has found nothing. @returns {{ ok: true, options: TestOptions } | { ok: false, message: string }}
 */
export function readOptions(/** @type {readonly string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env) {
  const ci = env.CI === 'true';
  /** @type {TestOptions} */
  const options = { chosen: suites, requireAll: ci, install: 'yes' };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--require-all') options.requireAll = true;
    else if (arg === '--install-system') options.install = 'yes';
    else if (arg === '--no-install') options.install = 'no';
    else if (arg === '--only' || arg.startsWith('--only=')) {
      const list = arg === '--only' ? (args[++i] ?? '') : arg.slice('--only='.length);
      const names = list.split(',').filter((name) => name !== '');
      const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
      if (names.length === 0 || unknown.length > 0) {
        const known = suites.map((suite) => suite.name).join(', ');
        return {
          ok: false,
          message: `${unknown.length > 0 ? `no suite is called ${unknown.join(', ')}` : '--only names no suite'}; there are ${known}`,
        };
      }
      options.chosen = suites.filter((suite) => names.includes(suite.name));
    } else {
      return {
        ok: false,
        message: `unknown argument ${arg}; known: --only <suites>, --require-all, --install-system, --no-install`,
      };
    }
  }
  return { ok: true, options };
}

/**
 * What was not run for want of a tool, for the end of a run: the suites, and the one command that brings the tools.
 * @returns {string | null} null if nothing was skipped
 */
export function skippedAdvice(
  /** @type {readonly { name: string, packages: readonly string[] }[]} */ skipped,
  /** @type {boolean} */ root,
) {
  if (skipped.length === 0) return null;
  const packages = [...new Set(skipped.flatMap((each) => each.packages))].sort();
  const names = skipped.map(({ name }) => name).join(', ');
  const how = packages.length === 0 ? 'see above for what each lacks' : `on Debian: ${aptLine(packages, root)}`;
  return `not run: ${names}; ${how}`;
}
