/** Restarting as administrator: what is asked in which order, and that a person who declines changes nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../native/core/result.ts';
import type { ElevatedProgram } from '../../native/win32/elevated-start.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import type { RestartState } from '../service/restart-state.ts';
import { parseArguments } from './arguments.ts';
import { Elevation, type ElevationDependencies } from './elevation.ts';
import { forgetState, leaveState, newToken, takeState, tokenOf } from './restart-file.ts';

const STATE: RestartState = {
  sessions: [
    {
      recording: '/library/one.ringview',
      sources: ['driver:', 'dbwin:'],
      captureFilter: null,
      views: [{ view: 3, filter: SHOW_ALL, within: null }],
    },
  ],
  page: { active: 3, views: [] },
};
const DECLINED = fail('cancelled', 'The rights were not given', 'Everything goes on as it was');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-restart-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function elevation(more: Partial<ElevationDependencies> = {}) {
  const seen = { started: [] as ElevatedProgram[], quits: 0, marks: 0, nowMs: 1e6, state: STATE };
  const made = new Elevation({
    ...{ folder, elevated: () => ok(false), mayEnd: async () => true, now: () => seen.nowMs },
    start: async (program) => {
      seen.started.push(program);
      return ok(undefined);
    },
    program: { file: 'C:\\e.exe', before: ['C:\\app'], behind: ['--symbols', 'C:\\p d'], folder: 'C:\\' },
    state: () => seen.state,
    quit: () => seen.quits++,
    mark: () => seen.marks++,
    ...more,
  });
  return { made, seen };
}

/** The token of the command line of what was started. */
const tokenIn = ({ parameters }: ElevatedProgram): string => /"--resume=([0-9a-f]+)"/.exec(parameters)?.[1] ?? '';

describe('a restart as administrator', () => {
  it('leaves what is open under a token, starts the program with that and nothing of it, and ends', async () => {
    const { made, seen } = elevation();
    expect(await made.restart()).toEqual(ok(null));
    const [program] = seen.started;
    if (program === undefined) throw new Error('nothing was started');
    expect(program).toMatchObject({ file: 'C:\\e.exe', folder: 'C:\\' });
    expect(program.parameters).toMatch(
      /^"C:\\app" "--user-data-dir=[^"]+" "--resume=[0-9a-f]{64}" "--symbols" "C:\\p d"$/,
    );
    expect(program.parameters).not.toContain('driver:');
    expect([seen.quits, seen.marks, made.isRestarting]).toEqual([1, 0, true]);
    // At its very end it says how things stood then.
    seen.state = { sessions: [], page: null };
    made.leave();
    expect(seen.marks).toBe(1);
    const token = tokenIn(program);
    expect(parseArguments([`--resume=${token}`], (path) => path).resume).toBe(token);
    expect(takeState(folder, token)).toEqual(ok({ sessions: [], page: null }));
    expect(takeState(folder, token)).toMatchObject({ ok: false, failure: { system: { code: 'ENOENT' } } });
  });

  it('that is declined changes nothing, and is not asked for again at once', async () => {
    const { made, seen } = elevation({ start: async () => DECLINED });
    expect(await made.restart()).toEqual(DECLINED);
    expect([readdirSync(folder), seen.quits, made.isRestarting]).toEqual([[], 0, false]);
    made.leave();
    expect([readdirSync(folder), seen.marks]).toEqual([[], 0]);
    expect(await made.restart()).toMatchObject({ ok: false, failure: { code: 'overloaded' } });
    seen.nowMs += 5000;
    expect(await made.restart()).toEqual(DECLINED);
  });

  it('is asked once at a time, and not where it would not help or rows would go', async () => {
    let answer: (agreed: boolean) => void = () => {};
    const { made, seen } = elevation({ mayEnd: () => new Promise((resolve) => (answer = resolve)) });
    const first = made.restart();
    expect(await made.restart()).toMatchObject({ ok: false, failure: { code: 'overloaded' } });
    answer(false);
    expect(await first).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    const has = elevation({ elevated: () => ok(true) });
    expect(await has.made.restart()).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    const elsewhere = elevation({ elevated: () => fail('source-unsupported', 'no', 'none') });
    expect(await elsewhere.made.restart()).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
    expect([...seen.started, ...has.seen.started, ...elsewhere.seen.started]).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the file between the two', () => {
  const place = (): string => join(folder, readdirSync(folder)[0] as string);

  it('is taken by nobody who does not know the token, nor once anything of it was changed', () => {
    const token = newToken();
    leaveState(folder, token, STATE);
    expect(takeState(folder, newToken())).toMatchObject({ ok: false, failure: { system: { code: 'ENOENT' } } });
    // What is left of other starts goes with each.
    expect(readdirSync(folder)).toEqual([]);
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, by) => {
        leaveState(folder, token, STATE);
        const bytes = readFileSync(place());
        const where = at % bytes.length;
        bytes[where] = (bytes[where] as number) ^ by;
        writeFileSync(place(), bytes);
        const taken = takeState(folder, token);
        // Hexadecimal digits are the same in upper case.
        if (taken.ok) expect(taken.value).toEqual(STATE);
        else expect(taken.failure.code).toBe('bad-argument');
        expect(readdirSync(folder)).toEqual([]);
      }),
      {
        examples: [
          [64, 1],
          [70, 1],
          [0, 1],
        ],
      },
    );
  });

  it('is no link, not old, and goes when it is taken back', () => {
    const token = newToken();
    leaveState(folder, token, STATE, 0);
    expect(takeState(folder, token)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    leaveState(folder, token, STATE);
    const text = readFileSync(place(), 'utf8');
    const path = place();
    forgetState(folder, token);
    expect(readdirSync(folder)).toEqual([]);
    forgetState(folder, token);
    writeFileSync(join(folder, 'elsewhere'), text);
    symlinkSync(join(folder, 'elsewhere'), path);
    expect(takeState(folder, token).ok).toBe(false);
  });

  it('is named by a token of its own form alone', () => {
    for (const wrong of ['', '../x', 'A'.repeat(64), 'a'.repeat(63), 7, undefined]) expect(tokenOf(wrong)).toBeNull();
    const token = newToken();
    expect(tokenOf(token)).toBe(token);
  });
});
