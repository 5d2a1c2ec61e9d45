/** The scripts of the set-up as programs: what they do with signals, missing tools and machines without a display. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { findProgram } from './provide/find-tools.mjs';

const LIMIT_MS = 120_000;
const setup = import.meta.dirname;
const dir = mkdtempSync(join(tmpdir(), 'ringview-setup-'));
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, account = {}) {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'], ...account });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, output: () => output, ended };
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const isAlive = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

const told = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(setup, '..', '..', script), ...args], { encoding: 'utf8', timeout: LIMIT_MS });
/** Each with an option that it takes. */
const SCRIPTS: readonly (readonly [script: string, option: string])[] = [
  ['electron/setup/bench.mjs', '--large-file'],
  ['electron/setup/soak.mjs', '--only-recordings'],
  ['electron/setup/mutate.mjs', '--sample'],
  ['electron/setup/lint.mjs', '--fix'],
  ['electron/setup/typecheck.mjs', 'typecheck.mjs'],
  ['electron/setup/build.mjs', '--force'],
  ['electron/setup/test.mjs', '--only'],
  ['electron/setup/provide/ensure-system.mjs', '--install-system'],
  ['driver/assure/assure.mjs', '--quick'],
  ['driver/assure/fuzz/keep.mjs', '--minutes'],
];

describe('a script that is called wrongly', () => {
  it.each(SCRIPTS)('%s says in one sentence what is wrong, and ends with 2', (script) => {
    const { status, stdout, stderr } = told(script, '--bogus');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/--bogus|^Use: /);
  });

  it.each(SCRIPTS)('%s says with --help what it takes, and ends with 0', (script, option) => {
    const { status, stdout, stderr } = told(script, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(option);
    expect(stdout).not.toContain('/**');
  });

  it.each([
    ['electron/setup/soak.mjs', '--minutes', 'soon'],
    ['electron/setup/soak.mjs', '--kills', '-1'],
    ['electron/setup/mutate.mjs', '--sample', '0'],
    ['electron/setup/bench.mjs', '--only'],
  ])('%s refuses a value of %s', (script, ...args) => {
    const { status, stderr } = told(script, ...args);
    expect(status).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe.runIf(process.platform === 'linux')('a script that runs a program', () => {
  it(
    'leaves nothing behind when it is told twice to end and the program heeds nothing',
    async () => {
      const stubborn = "process.on('SIGINT', () => {}); console.log('pid', process.pid); setInterval(() => {}, 1000)";
      const script = join(dir, 'stubborn.mjs');
      const child = JSON.stringify(pathToFileURL(join(setup, 'child.mjs')).href);
      writeFileSync(
        script,
        `import { run } from ${child};\nawait run(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { output: 'both' });\n`,
      );
      const { child: parent, output, ended } = start(process.execPath, [script]);
      await until(() => /pid \d+/.test(output()));
      const pid = Number(/pid (\d+)/.exec(output())?.[1]);
      let over = false;
      void ended.then(() => {
        over = true;
      });
      // As npm does it, the first comes twice; what follows is the person's second Ctrl+C.
      await until(() => {
        parent.kill('SIGINT');
        return over;
      });
      await until(() => !isAlive(pid));
      expect(await ended).toBe(130);
    },
    LIMIT_MS,
  );
});

/** A PATH with node and these programs alone. */
function pathWith(programs: Readonly<Record<string, string>>): string {
  const bin = mkdtempSync(join(dir, 'bin-'));
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

const rootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');

describe.runIf(rootOnDebian)('as root on Debian', () => {
  it(
    'a missing tool is installed, and that is said',
    () => {
      const log = join(dir, 'apt-log');
      // Plays apt-get: what it is told to install is there afterwards.
      const bin = pathWith({
        'apt-get': `echo "$@" >> ${log}; case "$*" in *" install "*) echo '#!/bin/sh' > "\${0%/*}/rg"; /bin/chmod +x "\${0%/*}/rg";; esac`,
        'apt-cache': 'true',
      });
      const args = [join(setup, 'provide', 'ensure-system.mjs'), '--install-system', 'rg'];
      const { status, stderr } = spawnSync(process.execPath, args, { env: { PATH: bin }, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, 'ringview: installing ripgrep\n']);
      expect(readFileSync(log, 'utf8')).toMatch(/ update\n.* install -y --no-install-recommends ripgrep\n$/);
    },
    LIMIT_MS,
  );

  it(
    'npm test installs what a suite lacks without being told to',
    async () => {
      const bin = pathWith({ 'apt-get': 'echo "no network" >&2; exit 100', 'apt-cache': 'true' });
      const env = { PATH: bin, HOME: dir };
      const tested = start(process.execPath, [join(setup, 'test.mjs'), '--only', 'c'], env);
      await tested.ended;
      expect(tested.output()).toContain('ringview: installing gcc libc6-dev make');
      expect(tested.output()).toContain('no network');
    },
    LIMIT_MS,
  );
});

/** Nobody's account, for a test that root runs; for anybody else their own. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534, cwd: '/' } : {};
/** Where a question is put: on a terminal, to somebody who is not root, on Debian. */
const question = {
  onDebian: existsSync('/etc/debian_version'),
  script: findProgram('script'),
  // As root's, this program may lie where nobody else may look.
  nodeForAll: spawnSync(process.execPath, ['--version'], NOBODY).status === 0,
};
const unasked = Object.entries(question).flatMap(([what, there]) => (there ? [] : [what]));

describe.runIf(process.platform === 'linux')('a missing tool, to somebody who is not root', () => {
  if (unasked.length > 0) {
    const title = `NOT RUN, for want of ${unasked.join(', ')}: is installed after one question on the terminal`;
    // A tool can be installed; where Node lies is the affair of the machine.
    const fails = process.env.CI === 'true' && !question.script;
    (fails ? it : it.skip)(title, () => expect(question.script).toBeTruthy());
    return;
  }
  const INSTALL = / update\n.* apt-get .* install -y --no-install-recommends ripgrep\n$/;

  it.each<[string, string, boolean]>([
    ['yes', 'y\r', true],
    ['Enter', '\r', true],
    ['no', 'n\r', false],
    ['the end of the input', '\u0004', false],
    ['Ctrl+C', '\u0003', false],
  ])(
    'is installed with sudo after one question, or not: %s',
    async (_, keys, installed) => {
      const home = mkdtempSync(join(dir, 'asked-'));
      const log = join(home, 'sudo-log');
      // Plays sudo: what it is told to install is there afterwards. Nothing of the machine is touched.
      const bin = pathWith({
        sudo: `echo "$@" >> ${log}; case "$*" in *" install "*) echo '#!/bin/sh' > "\${0%/*}/rg"; /bin/chmod +x "\${0%/*}/rg";; esac`,
        'apt-get': `echo "without sudo: $@" >> ${log}; exit 100`,
        'apt-cache': 'true',
      });
      chmodSync(dir, 0o755);
      for (const folder of [home, bin]) chmodSync(folder, 0o777);
      cpSync(setup, join(home, 'electron', 'setup'), { recursive: true });
      const asks = join(home, 'asks.mjs');
      writeFileSync(
        asks,
        `import { ensureSystem, installWish } from './electron/setup/provide/ensure-system.mjs';
         const found = await ensureSystem({ tools: ['rg'], install: installWish([], 'ask') });
         console.log('found', JSON.stringify(found));`,
      );
      const line = `'${process.execPath}' '${asks}'`;
      const env = { PATH: bin, HOME: home, SHELL: '/bin/sh', TERM: 'xterm' };
      const { child, output, ended } = start(
        String(question.script),
        ['-q', '-e', '-c', line, '/dev/null'],
        env,
        NOBODY,
      );
      await until(() => output().includes('[Y/n] '));
      expect(existsSync(log)).toBe(false);
      child.stdin?.write(keys);
      await ended;
      expect(output().match(/Install ripgrep with sudo apt-get\? \[Y\/n\]/g)).toHaveLength(1);
      if (installed) {
        expect(output()).toContain('found {"ok":true}');
        expect(readFileSync(log, 'utf8')).toMatch(INSTALL);
      } else {
        expect(output()).toContain('On Debian: sudo apt-get install --no-install-recommends ripgrep');
        expect(existsSync(log)).toBe(false);
      }
    },
    LIMIT_MS,
  );
});

describe.runIf(process.platform === 'linux')('npm test without tools', () => {
  it(
    'ends with the suites it did not run and the command that brings their tools',
    async () => {
      const env = { PATH: pathWith({}), HOME: dir };
      const tested = start(process.execPath, [join(setup, 'test.mjs'), '--only', 'c,tsan', '--no-install'], env);
      await tested.ended;
      expect(tested.output().trim().split('\n').at(-1)).toMatch(
        /^not run: c, tsan; on Debian: (sudo )?apt-get install --no-install-recommends clang gcc libc6-dev libclang-rt-dev make$/,
      );
    },
    LIMIT_MS,
  );
});

const withoutDisplay = { ...process.env, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, TERM: 'xterm' };

describe.runIf(process.platform === 'linux' && findProgram('script') !== null)('npm start without a display', () => {
  it(
    'shows the log of the simulated driver in the terminal, and says how to get the window',
    async () => {
      const line = `'${process.execPath}' '${join(setup, 'start.mjs')}'`;
      const { child, output, ended } = start('script', ['-q', '-e', '-c', line, '/dev/null'], withoutDisplay);
      await until(() => /sim:demo-\d+ \| [1-9][\d,]* entries/.test(output()));
      child.stdin?.write('q');
      expect(await ended).toBe(0);
      expect(output()).toMatch(/no display here, so the log is shown in this terminal; for the window, .*--xvfb/);
      expect(output().trim().split('\n').at(-1)).toMatch(/^ringview: for the window, .*npm start -- --xvfb$/);
    },
    LIMIT_MS,
  );

  it(
    'writes plain lines where there is no terminal either, and ends when it is told to',
    async () => {
      const { child, output, ended } = start(process.execPath, [join(setup, 'start.mjs')], withoutDisplay);
      await until(() => /\d\.\d{6} +\d+ (error|warning|info|trace) /.test(output()));
      child.kill('SIGTERM');
      expect(await ended).toBe(143);
      expect(output()).not.toContain('\u001b');
      expect(output()).toMatch(/sim:demo-\d+ (stopped|ended); [\d,]+ entries/);
    },
    LIMIT_MS,
  );
});
