/** The steps of tracing for run.mjs: builds the library that stands in, and the product's modules and command line against it. */
import { copyFileSync, readFileSync } from 'node:fs';
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
  await bundleForWindowsNode('tracing-cli', { ringview: 'electron/cli/ringview.ts', ...worker }, [instead]);
  for (const folder of ['tracing', 'tracing-cli']) copyFileSync(library, join(appFolder, folder, 'stand-in.dll'));
  return { ok: true };
}

/** @typedef {import('../../../electron/setup/provide/windows-node.mjs').WineResult} WineResult */

/**
 * `count`: takes the claims that a program printed. `claim`: one of this process.
 */
export async function tracing(
  /** @type {(name: string, result: WineResult) => void} */ count,
  /** @type {(holds: boolean, what: string, detail?: string) => void} */ claim,
  /** @type {string} */ scratch,
) {
  const probe = (/** @type {string[]} */ ...args) => startWindowsNode('tracing/probe.js', args, SECONDS).ended;
  count('tracing', await probe('tracing', windowsPath(scratch), windowsPath(DATA)));
  count('tracing exit', await probe('exit'));

  // The command line, on what the probe has left there.
  const plays = { RINGVIEW_STAND_IN_PLAYS: windowsPath(join(scratch, 'kinds-64.etl')) };
  const command = async (
    /** @type {string} */ what,
    /** @type {string[]} */ args,
    /** @type {RegExp[]} */ words,
    /** @type {number | null} */ expected = 0,
  ) => {
    const { code, timedOut, output } = await startWindowsNode('tracing-cli/ringview.js', args, SECONDS, plays).ended;
    const holds = !timedOut && (expected === null || code === expected) && words.every((each) => each.test(output));
    claim(holds, what, holds ? '' : `exit code ${code}\n${output}`);
  };
  const pdb = windowsPath(join(scratch, 'driver.pdb'));
  await command(
    'a PDB is shown live by its name alone',
    ['tail', pdb, '--duration', '3'],
    [/ system$/m, /Opened: path=C:\\a$/m, /warning.* bytes 7$/m, /1 record lost/],
  );
  const out = windowsPath(join(scratch, 'live.csv'));
  const csv = ['--out', out, '--max', '9', '--duration', '20', '--symbols', pdb];
  await command('a capture has provider, event, function and source file', ['capture', '--source', 'etw:', ...csv], []);
  const [header = '', ...rows] = readFileSync(join(scratch, 'live.csv'), 'utf8').split('\r\n');
  const message = rows.find((row) => row.includes('bytes 7')) ?? '';
  claim(header.endsWith(',message,provider,event,function,source_file'), 'as columns', header);
  claim(message.includes('driver,irp_c42,Dispatch,irp.c'), 'of a WPP message', message);
  await command(
    'logging sessions are listed',
    ['traces'],
    [
      /^NT Kernel Logger: into C:\\logs\\kernel\.etl$/m,
      /^Somebody Else: live, 7 events lost$/m,
      /^RingView-4000000000-1: live, left behind by RingView: ringview traces clean$/m,
    ],
  );
  await command(
    'the doctor knows them',
    ['doctor'],
    [
      /^warning +RingView left logging sessions behind when it was killed: RingView-4000000000-1\n +Stop them: ringview traces clean$/m,
      /^note +The NT Kernel Logger is in use, it writes into C:\\logs\\kernel\.etl/m,
      /^note +The logging session Somebody Else has lost 7 events/m,
    ],
    // It depends on the driver, which this is not about.
    null,
  );
  await command('and those left behind are stopped', ['traces', 'clean'], [/^Stopped RingView-4000000000-1$/m]);
  await command(
    'providers are found by name',
    ['traces', 'providers', 'kernel'],
    [/^\{22fb2cd6-.*\} microsoft-windows-kernel-process$/m],
  );
}
