/**
 * The Windows half under Wine: the product's own modules in node.exe against the loaded drivers and against Windows
 * programs. Prints each claim, then `N passed, N failed`. Each step has a time limit.
 *
 *   node e2e/wine/run.mjs [step ...]
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from '../../electron/setup/build.mjs';
import { run } from '../../electron/setup/child.mjs';
import { failed, misused, runScript } from '../../electron/setup/output.mjs';
import { dist, root } from '../../electron/setup/paths.mjs';
import {
  appFolder,
  bundleForWindowsNode,
  driverFolder,
  endWine,
  ensureWindowsNode,
  startWindowsNode,
  startWine,
  windowsPath,
} from '../../electron/setup/provide/windows-node.mjs';
import { association, simulated } from './command-steps.mjs';
import { prepareTracing, tracing } from './tracing/steps.mjs';

const drivers = join(root, 'build', 'driver', 'wine');
const writer = join(root, 'build', 'e2e', 'debug-writer.exe');
const scratch = join(root, 'build', 'e2e', 'wine');
/** Tells a hang from a machine that has other things to do: no step takes anywhere near as long where it is quiet. */
const STEP_SECONDS = 180;
const DEBUG_FILTER = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Debug Print Filter';

let passed = 0;
let failures = 0;

/** @typedef {import('../../electron/setup/provide/windows-node.mjs').WineResult} WineResult */

function claim(/** @type {boolean} */ holds, /** @type {string} */ what, detail = '') {
  if (holds) passed++;
  else failures++;
  process.stdout.write(`${holds ? 'ok' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}\n`);
  return holds;
}

/** Counts the claims that a probe printed; one that printed none, or ended badly without a failed one, has failed. */
function count(/** @type {string} */ name, /** @type {WineResult} */ result) {
  const claims = result.output.split('\n').filter((line) => /^(ok|FAIL) /.test(line));
  for (const line of claims) claim(line.startsWith('ok '), line.replace(/^\w+ /, ''));
  if (result.timedOut) claim(false, name, `not done after its time limit\n${result.output}`);
  else if (claims.length === 0 || (result.code !== 0 && claims.every((line) => line.startsWith('ok ')))) {
    claim(false, name, `exit code ${result.code}\n${result.output}`);
  }
}

const probe = (/** @type {string} */ name, seconds = STEP_SECONDS, /** @type {string[]} */ args = []) =>
  startWindowsNode('probe/probe.js', [name, ...args], seconds);
const command = (/** @type {string[]} */ ...args) => startWindowsNode('cli/ringview.js', args, STEP_SECONDS);

async function runProbe(/** @type {string} */ name, seconds = STEP_SECONDS) {
  count(name, await probe(name, seconds).ended);
}

/** Waits until a running program has printed `line`, at most until it ends. */
async function printed(
  /** @type {import('../../electron/setup/provide/windows-node.mjs').WineRun} */ running,
  /** @type {string} */ line,
) {
  let over = false;
  void running.ended.then(() => {
    over = true;
  });
  while (!over && !running.output().includes(line)) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function service(/** @type {'start' | 'stop'} */ verb, /** @type {string} */ name) {
  const { code, output } = await startWine(['net', verb, name], STEP_SECONDS).ended;
  if (code !== 0) claim(false, `${verb} of ${name}`, output);
}

/** Drivers that only the tests use; ringview.sys itself is installed by the product. */
async function installSample(/** @type {string} */ name) {
  copyFileSync(join(drivers, `${name}.sys`), join(driverFolder, `${name}.sys`));
  await startWine(['sc', 'delete', name], STEP_SECONDS).ended;
  const path = `C:\\windows\\system32\\drivers\\${name}.sys`;
  // Drivers of one load-order group share a process of Wine: only so can one find the other.
  await startWine(['sc', 'create', name, 'type=', 'kernel', 'group=', 'RingView', 'binPath=', path], STEP_SECONDS)
    .ended;
}

/** Runs a command of the product and holds its exit code and its words against what is expected. */
async function expectCommand(
  /** @type {string} */ what,
  /** @type {string[]} */ args,
  /** @type {number} */ code,
  /** @type {RegExp} */ words,
) {
  const result = await command(...args).ended;
  const holds = !result.timedOut && result.code === code && words.test(result.output);
  claim(holds, what, holds ? '' : `exit code ${result.code}\n${result.output}`);
  return result;
}

/** The accounts of a capture by its summary; that must be there. */
function summary(/** @type {string} */ name) {
  try {
    const { read, lost, state, cpus } = JSON.parse(readFileSync(join(scratch, name), 'utf8'));
    const attempted = cpus.reduce(
      (/** @type {number} */ sum, /** @type {{ attempted: number }} */ cpu) => sum + cpu.attempted,
      0,
    );
    return { read, lost, state, attempted, figures: `${attempted} attempted = ${read} read + ${lost} lost` };
  } catch (error) {
    claim(false, `the summary ${name}`, String(error));
    return { read: 0, lost: 0, attempted: -1, state: null, figures: '' };
  }
}

const lines = (/** @type {string} */ name) => readFileSync(join(scratch, name), 'utf8').split('\n').length - 1;

async function installed() {
  await expectCommand(
    'the doctor says that the driver is not installed',
    ['doctor'],
    1,
    /problem +The RingView driver is not installed/,
  );
  await expectCommand(
    'what is no driver is not installed',
    ['driver', 'install', '--path', 'nothing.sys'],
    1,
    /is no driver, or not there/,
  );
  const path = windowsPath(join(drivers, 'ringview.sys'));
  await expectCommand(
    'the driver installs',
    ['driver', 'install', '--path', path],
    0,
    /Installed as .*drivers\\ringview\.sys/i,
  );
  await expectCommand('not twice', ['driver', 'install', '--path', path], 1, /installed already/);
  await expectCommand(
    'the doctor says that it is not started',
    ['doctor'],
    1,
    /problem +The RingView driver is installed and not started/,
  );
  await expectCommand('it starts', ['driver', 'start'], 0, /Loaded: ringview\.sys, layout 2\.\d+, \d+ CPUs/);
  await expectCommand('it says who it is', ['driver', 'status'], 0, /read by nobody/);
  const { output } = await expectCommand('the doctor finds no problem', ['doctor', '--json'], 0, /^\{/m);
  const report = JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '{"findings":[]}');
  const found = report.findings.map((/** @type {{ what: string }} */ { what }) => what).join('\n');
  claim(
    /driver is loaded/.test(found) && /Windows drops what drivers say with DbgPrint/.test(found),
    'and what it found',
  );
  await expectCommand('the doctor sets a mask', ['doctor', '--set-mask', 'DEFAULT=0xf'], 0, /restart Windows/);
  await expectCommand('and sees it', ['doctor'], 0, /Windows lets DbgPrint through/);
}

async function debugOutput() {
  // A program by the name of a viewer, for the second one to be told who has the output.
  copyFileSync(writer, join(scratch, 'dbgview64.exe'));
  const viewer = startWine([join(scratch, 'dbgview64.exe')], 120);
  count('debug-output', await probe('debug-output', 90, [windowsPath(writer)]).ended);
  viewer.kill();
  const out = ['--out', windowsPath(join(scratch, 'debug.csv')), '--summary', windowsPath(join(scratch, 'debug.json'))];
  const capture = command('capture', '--source', 'dbwin:', '--max', '100', ...out);
  while ((await startWine([writer, 'command', '20'], STEP_SECONDS).ended).code === 0) {
    if (existsSync(join(scratch, 'debug.csv')) && (await isOver(capture))) break;
  }
  const { code, output } = await capture.ended;
  claim(code === 0 && summary('debug.json').read >= 100, 'the command captures it too', code === 0 ? '' : output);
  const [header = '', first = ''] = readFileSync(join(scratch, 'debug.csv'), 'utf8').split('\r\n');
  const values = first.split(',');
  const value = (/** @type {string} */ name) => values[header.split(',').indexOf(name)] ?? '';
  claim(/^[1-9]\d*$/.test(value('pid')) && value('process') === 'debug-writer.exe', 'with its process', first);
}

/** Whether a run has ended, looked at a moment from now. */
function isOver(/** @type {import('../../electron/setup/provide/windows-node.mjs').WineRun} */ running) {
  const moment = new Promise((/** @type {(over: boolean) => void} */ resolve) => setTimeout(() => resolve(false), 100));
  return Promise.race([running.ended.then(() => true), moment]);
}

async function captured() {
  await expectCommand(
    'the rings are made anew',
    ['driver', 'configure', '--ring-bytes', '4194304'],
    0,
    /new ring session/,
  );
  const capture = command(
    'capture',
    '--source',
    'driver:',
    '--out',
    windowsPath(join(scratch, 'driver.csv')),
    '--summary',
    windowsPath(join(scratch, 'driver.json')),
  );
  await runProbe('write');
  await expectCommand('the driver stops although it is read', ['driver', 'stop'], 0, /Stopped/);
  const result = await capture.ended;
  const { read, lost, attempted, state, figures } = summary('driver.json');
  claim(
    result.code === 0 && state === 'ended',
    'the capture ends with the driver',
    result.code === 0 ? state : result.output,
  );
  claim(attempted >= 100_000 && read + lost === attempted, 'all accounted for', figures);
  claim(lines('driver.csv') >= read, 'and written');
  await expectCommand('it starts again', ['driver', 'start'], 0, /Loaded/);
  await service('stop', 'sample');
  await service('start', 'sample');
}

/** A program that is there all the time: Wine ends every service once the last ordinary process has ended. */
let keeper = /** @type {import('../../electron/setup/provide/windows-node.mjs').WineRun | null} */ (null);

async function keepServices() {
  keeper = startWine([writer], 900);
  // Before it is there, the end of any other program would end the services.
  await printed(keeper, 'asleep');
}

/** As when Windows is shut down and started. */
async function startAnew() {
  keeper?.kill();
  await endWine();
  await keepServices();
}

/** As a person sets it, and as Windows then loads the driver: Wine, too, starts by itself what is set to boot. */
async function booted() {
  const says = (/** @type {string} */ what, /** @type {RegExp} */ words) =>
    expectCommand(what, ['driver', 'status'], 0, words);
  await expectCommand(
    'the driver says when it starts',
    ['driver', 'boot'],
    0,
    /starts by hand\r?\nbegins with rings of 1048576/,
  );
  await expectCommand(
    'what cannot be is not written',
    ['driver', 'boot', '--ring-bytes', '5000'],
    2,
    /power of two.*Use 8192/,
  );
  const wanted = ['--ring-bytes', '65536', '--mode', 'overwrite', '--captures', 'image'];
  await expectCommand(
    'it is set to start with the boot',
    ['driver', 'boot', '--start', 'boot', ...wanted],
    0,
    /starts with the first drivers[\s\S]*rings of 65536 bytes, overwrite, order by index \(standard\), captures image/,
  );
  const key = 'HKLM\\System\\CurrentControlSet\\Services\\ringview';
  const { output } = await startWine(['reg', 'query', key], STEP_SECONDS).ended;
  const reached = /Start\s+REG_DWORD\s+0x0\b/.test(output) && /ImagePath\s+\w+\s+\\SystemRoot\\/i.test(output);
  claim(reached, 'with a path that needs no drive', reached ? '' : output);
  await startWine(
    ['reg', 'add', `${key}\\Parameters`, '/v', 'OrderMode', '/t', 'REG_DWORD', '/d', '9', '/f'],
    STEP_SECONDS,
  ).ended;
  await expectCommand(
    'a value that may not be is named',
    ['driver', 'boot'],
    0,
    /OrderMode in the registry is no value/,
  );
  await service('stop', 'sample');
  await expectCommand('it stops', ['driver', 'stop'], 0, /Stopped/);
  await startAnew();
  await says(
    'after a boot it is loaded',
    /captures image of[\s\S]*began with RingBytes, RingMode, Captures[\s\S]*ignored OrderMode/,
  );
  await expectCommand('the doctor says what it ignored', ['doctor'], 0, /ignored OrderMode in HKLM/);
  await runProbe('since-boot');
  await expectCommand(
    'it is set back',
    ['driver', 'boot', '--start', 'demand', '--standard'],
    0,
    /starts by hand\r?\nbegins with rings of 1048576 bytes \(standard\)/,
  );
  await expectCommand('it stops', ['driver', 'stop'], 0, /Stopped/);
  await expectCommand('it starts', ['driver', 'start'], 0, /Loaded/);
  await says('and begins with the standard', /captures nothing else of/);
  await service('start', 'sample');
}

async function removed() {
  await service('stop', 'sample');
  await expectCommand('the driver is removed', ['driver', 'remove'], 0, /Removed/);
  claim(!existsSync(join(driverFolder, 'ringview.sys')), 'with its file');
  await expectCommand('and the doctor knows', ['doctor'], 1, /not installed/);
  await expectCommand('as does who wants to log', ['log', 'x'], 1, /No RingView driver is loaded/);
}

const tools = { claim, command, expectCommand, lines, scratch, seconds: STEP_SECONDS, summary };

/** @type {Readonly<Record<string, () => Promise<void>>>} */
const STEPS = {
  elevation: async () => count('elevation', await probe('elevation', 90, [windowsPath(scratch)]).ended),
  association: () => association(tools),
  'debug-output': debugOutput,
  tracing: () => tracing(count, claim, scratch),
  simulated: () => simulated(tools),
  million: () => runProbe('million'),
  lossy: () => runProbe('lossy'),
  events: () => runProbe('events'),
  programs: async () => {
    await runProbe('programs');
    await expectCommand('a script logs a text', ['log', 'from a script', '--level', 'error'], 0, /1 logged/);
  },
  'killed-reader': async () => {
    const reader = probe('read-forever');
    await runProbe('killed-reader');
    reader.kill();
  },
  captured,
  booted,
  'stopped-driver': async () => {
    const reading = probe('stopped-driver', 90);
    await printed(reading, '# READING');
    await service('stop', 'ringview');
    count('stopped-driver', await reading.ended);
    await service('start', 'sample');
  },
  removed,
  embedded: async () => {
    await service('start', 'sample-embedded');
    await runProbe('embedded');
    await service('stop', 'sample-embedded');
  },
};

/** @returns {Promise<import('../../electron/setup/output.mjs').Outcome>} */
async function prepare() {
  const ready = await ensureWindowsNode();
  if (!ready.ok) return ready;
  const targets = ['ringview', 'sample', 'sample-embedded'].map((name) => `../../build/driver/wine/${name}.sys`);
  const made = await run('make', ['-s', '-C', 'driver/kernel', ...targets], { timeoutMs: 240_000 });
  if (made.code !== 0) return failed('the drivers do not build');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-o', writer, 'e2e/wine/debug-writer.c'];
  const compiled = await run('x86_64-w64-mingw32-gcc', flags, { timeoutMs: 60_000 });
  if (compiled.code !== 0) return failed('e2e/wine/debug-writer.c does not build');
  await bundleForWindowsNode('probe', {
    probe: 'e2e/wine/probe.ts',
    'dbwin-worker': 'native/sources/dbwin/dbwin-worker.ts',
    'elevate-worker': 'native/win32/elevate-worker.ts',
  });
  const traceable = await prepareTracing(scratch);
  if (!traceable.ok) return traceable;
  const built = await ensureBuild(['cli']);
  if (!built.ok) return built;
  rmSync(join(appFolder, 'cli'), { recursive: true, force: true });
  cpSync(join(dist, 'cli'), join(appFolder, 'cli'), { recursive: true });
  return { ok: true };
}

await runScript(import.meta.url, async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in STEPS));
  if (unknown.length > 0) return misused(`unknown: ${unknown.join(', ')}; known: ${Object.keys(STEPS).join(', ')}`);
  const prepared = await prepare();
  if (!prepared.ok) return prepared;
  await endWine();
  // How long services.exe waits for a driver's answer. After the 10 s it has by itself it calls the service failed, although
  // the driver goes on, and takes its late answer for that to the next request.
  const control = 'HKLM\\System\\CurrentControlSet\\Control';
  const patience = ['/v', 'ServicesPipeTimeout', '/t', 'REG_SZ', '/d', '120000', '/f'];
  await startWine(['reg', 'add', control, ...patience], STEP_SECONDS).ended;
  await endWine();
  try {
    await keepServices();
    for (const name of ['sample', 'sample-embedded']) await installSample(name);
    // What an earlier run that was cut off left behind.
    await command('driver', 'remove').ended;
    await command('driver', 'remove', '--name', 'file').ended;
    await startWine(['reg', 'delete', DEBUG_FILTER, '/f'], STEP_SECONDS).ended;
    process.stdout.write('# machine\n');
    count('machine', await probe('machine', 90, [windowsPath(join(drivers, 'ringview.sys'))]).ended);
    await startWine(['reg', 'delete', DEBUG_FILTER, '/f'], STEP_SECONDS).ended;
    process.stdout.write('# installed\n');
    await installed();
    await service('start', 'sample');
    for (const [name, step] of Object.entries(STEPS)) {
      if (named.length > 0 && !named.includes(name)) continue;
      process.stdout.write(`# ${name}\n`);
      await step();
    }
  } finally {
    keeper?.kill();
    await endWine();
  }
  process.stdout.write(`${passed} passed, ${failures} failed\n`);
  return failures === 0 ? 0 : 1;
});
