/** `ringview tail` as a program: into a pipe, and on a real terminal (`script` makes one). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild } from '../setup/build.mjs';
import { findProgram } from '../setup/provide/find-tools.mjs';
import { type Program, Programs, program, until } from './test-support.ts';

const LIMIT_MS = 90_000;
const programs = new Programs('tail');
const dir = mkdtempSync(join(tmpdir(), 'ringview-tail-'));

beforeAll(async () => {
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterEach(() => programs.endAll());
afterAll(() => {
  programs.clean();
  rmSync(dir, { recursive: true, force: true });
});

// biome-ignore lint/complexity/useRegexLiterals: a literal may hold no control characters
const CODES = new RegExp('\\u001b\\[[0-9;?]*[A-Za-z]', 'g');

/** Messages that would move the cursor, retitle the window, hide or turn what stands beside them. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31mred\u202egnp.exe\bx\ty';
const VISIBLE = '\u241b[2J\u241b]0;owned\u2407\ufffd31mred\u2426gnp.exe\u2408x\u2409y';

interface Screen extends Program {
  /** Everything it drew so far. */
  readonly drawn: () => string;
  readonly press: (keys: string) => void;
}

/** A command on a terminal of 100 columns and 12 rows. */
function onTerminal(env: NodeJS.ProcessEnv, ...args: string[]): Screen {
  const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const line = `stty rows 12 cols 100; exec ${command}`;
  const started = programs.spawn('script', ['-q', '-e', '-c', line, '/dev/null'], ['pipe', 'pipe', 'pipe'], {
    ...process.env,
    TERM: 'xterm',
    NO_COLOR: undefined,
    ...env,
  });
  let drawn = '';
  started.child.stdout?.on('data', (text: string) => {
    drawn += text;
  });
  return { ...started, drawn: () => drawn, press: (keys) => void started.child.stdin?.write(keys) };
}

function replay(lines: readonly string[]): string {
  const file = join(dir, `${programs.newName()}.txt`);
  writeFileSync(file, lines.join('\n'));
  const name = programs.newName();
  programs.start('simulate', '--name', name, '--cpus', '1', '--rate', 'max', '--replay', file, '--wait-reader');
  return `sim:${name}`;
}

describe('tail into a pipe', () => {
  it(
    'writes every row as a plain line, whatever stands in it',
    async () => {
      const lines = Array.from({ length: 3000 }, (_, at) => `line ${at}`);
      const source = replay([...lines, HOSTILE]);
      const { code, stdout, stderr } = await programs.start('tail', source, '--wait', '30').ended;
      expect(code).toBe(0);
      const shown = stdout.split('\n').slice(0, -1);
      expect(shown.map((line) => line.slice(38))).toEqual([...lines, VISIBLE]);
      expect(shown.filter((line) => CODES.test(line))).toEqual([]);
      expect(stderr).toMatch(/^ringview: sim:\S+ ended; 3,001 entries/);
    },
    LIMIT_MS,
  );

  it(
    'brings its own driver, which ends with it',
    async () => {
      const { child, ended } = programs.start('tail', '--demo');
      await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
      child.kill('SIGTERM');
      const { code, stderr } = await ended;
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(/^ringview: sim:demo-\d+ (stopped|ended); [\d,]+ entries/),
      ]);
    },
    LIMIT_MS,
  );

  it.runIf(process.platform === 'linux')(
    'leaves no driver behind when it is killed',
    async () => {
      const { child } = programs.start('tail', '--demo');
      await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
      const [driver] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
      child.kill('SIGKILL');
      await until(() => {
        try {
          return readFileSync(`/proc/${driver}/stat`, 'utf8').includes(') Z ');
        } catch {
          return true;
        }
      });
    },
    LIMIT_MS,
  );
});

describe.runIf(process.platform === 'linux' && findProgram('script') !== null)('tail on a terminal', () => {
  it(
    'shows rows in colour above the statistics, pauses, goes on and quits by keys',
    async () => {
      const { drawn, press, ended } = onTerminal({}, 'tail', '--demo');
      await until(() => /entries, [\d,]+\/s .* space pauses, q quits/.test(drawn()));
      // The statistics may be drawn before the first row whose level has a colour.
      const codes = () => [...drawn().matchAll(CODES)].map(([code]) => code.slice(2, -1));
      await until(() => codes().some((code) => ['31', '33', '2'].includes(code)));
      press(' ');
      await until(() => drawn().includes('PAUSED'));
      await until(() => /PAUSED, [1-9][\d,]* rows behind/.test(drawn()));
      press(' ');
      await until(() => drawn().lastIndexOf('space pauses') > drawn().lastIndexOf('PAUSED'));
      press('q');
      const { code } = await ended;
      expect(code).toBe(0);
      // The terminal is given back: wrapping, and the cursor.
      expect(drawn()).toContain('\u001b[?7h\u001b[?25h');
      expect(drawn().replace(CODES, '')).toMatch(/ringview: sim:demo-\d+ stopped; [\d,]+ entries/);
    },
    LIMIT_MS,
  );

  it(
    'quits by Ctrl+C',
    async () => {
      const { drawn, press, ended } = onTerminal({}, 'tail', '--demo');
      await until(() => drawn().includes('q quits'));
      press('\u0003');
      expect((await ended).code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'draws without colour where NO_COLOR is set, and plain lines on a dumb terminal',
    async () => {
      const quiet = onTerminal({ NO_COLOR: '1' }, 'tail', replay(['a', 'b']), '--wait', '30');
      await quiet.ended;
      const renditions = [...quiet.drawn().matchAll(CODES)].map(([code]) => code).filter((code) => code.endsWith('m'));
      expect(new Set(renditions)).toEqual(new Set(['\u001b[0m']));
      const dumb = onTerminal({ TERM: 'dumb' }, 'tail', replay(['a', 'b']), '--wait', '30');
      await dumb.ended;
      expect(dumb.drawn()).not.toContain('\u001b');
      expect(dumb.drawn()).toContain('b\r\n');
    },
    LIMIT_MS,
  );

  it(
    'is not driven by the log it shows',
    async () => {
      const { drawn, ended } = onTerminal({}, 'tail', replay([HOSTILE]), '--wait', '30');
      await ended;
      expect(drawn()).toContain(VISIBLE);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
      expect(drawn().replace(CODES, '')).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
    },
    LIMIT_MS,
  );

  it(
    'says how many rows of a flood it does not show, and where records were lost',
    async () => {
      const name = programs.newName();
      const size = ['--rate', 'max', '--count', '400000', '--ring-bytes', '4096', '--cpus', '2'];
      programs.start('simulate', '--name', name, ...size, '--wait-reader');
      const { drawn, ended } = onTerminal({}, 'tail', `sim:${name}`, '--wait', '30');
      await ended;
      const text = drawn().replace(CODES, '');
      expect(text).toMatch(/\.\.\. [\d,]+ rows read but not shown, [\d,]+ records lost among them/);
      const [, entries, lost] = /ended; ([\d,]+) entries in .*?; ([\d,]+) lost/.exec(text) ?? [];
      const number = (digits = '') => Number(digits.replaceAll(',', ''));
      expect(number(entries) + number(lost)).toBe(400_000);
    },
    LIMIT_MS,
  );
});
