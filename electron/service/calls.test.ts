import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '../../native/core/result.ts';
import { callOf, type Handlers, REQUEST_CHANNELS, type RequestChannel } from '../contract/channels.ts';
import { DEFAULT_OUTPUT } from '../contract/output.ts';
import { FakeThreads } from '../session/test-support.ts';
import { Calls, MOST_WAITING } from './calls.ts';
import { MOST_EXPORTS } from './exports.ts';
import { startProgram, type TestProgram } from './test-support.ts';

/** Handlers that do what a test says; every other channel answers that there is nothing. */
function callsOf(handle: Partial<Record<RequestChannel, () => unknown>>, now: () => number = () => 0) {
  const refused: string[] = [];
  const defects: string[] = [];
  const none = Object.fromEntries(
    REQUEST_CHANNELS.map((channel) => [channel, () => (callOf(channel).form === 'result' ? ok(null) : null)]),
  );
  const calls = new Calls({ ...none, ...handle } as unknown as Handlers, {
    now,
    rest: () => Promise.resolve(),
    onRefused: (channel, reason) => refused.push(`${channel}: ${reason}`),
    onDefect: (channel) => defects.push(channel),
  });
  return { calls, refused, defects };
}

const codeOf = (answer: Awaited<ReturnType<Calls['answer']>>): string => (answer.ok ? 'ok' : answer.failure.code);

describe('a call', () => {
  it('that is refused is answered with the failure, and told once; nothing is thrown', async () => {
    const { calls, refused } = callsOf({});
    expect(await calls.answer('view.setTail', { view: 1, rows: 'many' })).toMatchObject({
      ok: false,
      failure: { code: 'bad-argument' },
    });
    expect(refused).toEqual([
      'view.setTail: The request is not valid: rows: a whole number from 0 to 1000 was expected',
    ]);
    expect(codeOf(await calls.answer('constructor' as RequestChannel, null))).toBe('bad-argument');
  });

  it('whose handler throws is a defect, answered too', async () => {
    const { calls, defects } = callsOf({
      'view.examine': () => Promise.reject(new Error('odd')),
      'session.stop': () => {
        throw new Error('odd');
      },
    });
    expect(codeOf(await calls.answer('view.examine', { view: 1 }))).toBe('internal');
    expect(codeOf(await calls.answer('session.stop', { session: 1 }))).toBe('internal');
    expect(defects).toEqual(['view.examine', 'session.stop']);
    expect(calls.waitingCalls).toBe(0);
  });

  it('waits for no other that was refused', async () => {
    const { calls } = callsOf({ 'view.find': () => new Promise(() => {}) });
    const query = { pattern: 'x', regex: false, caseSensitive: false };
    const find = () => calls.answer('view.find', { view: 1, generation: 1, query, from: 0, direction: 'next' });
    for (let n = 0; n < 8; n++) void find();
    expect(codeOf(await find())).toBe('overloaded');
    expect(codeOf(await calls.answer('view.countFinds', { view: 1, query }))).toBe('ok');
  });
});

describe('calls that wait', () => {
  it('are bounded by channel and in total, and let others in once they are answered', async () => {
    const answers: (() => void)[] = [];
    const wait = (channel: RequestChannel) => () =>
      new Promise<unknown>((resolve) => {
        answers.push(() => resolve(callOf(channel).form === 'result' ? ok(null) : null));
      });
    const waiting = REQUEST_CHANNELS.filter(
      (channel) =>
        /^(app\.bootstrap|.*\.(stop|clear|cancel|stopScan|resumeScan|read|examine|offer))$/.test(channel) &&
        channel !== 'export.cancel',
    );
    const { calls } = callsOf(Object.fromEntries(waiting.map((channel) => [channel, wait(channel)])));
    const all: Promise<string>[] = [];
    for (let n = 0; n < 100; n++)
      for (const channel of waiting) {
        const request = /^(session|view)/.test(channel) ? { session: 1, view: 1 } : null;
        all.push(calls.answer(channel, request).then(codeOf));
      }
    expect(calls.waitingCalls).toBe(MOST_WAITING);
    // It does not wait for those before it.
    expect(await all.at(-1)).toBe('overloaded');
    while (answers.length > 0) {
      for (const answer of answers.splice(0)) answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const codes = await Promise.all(all);
    expect(codes.filter((code) => code === 'ok')).toHaveLength(MOST_WAITING);
    expect(calls.waitingCalls).toBe(0);
    expect(codeOf(await calls.answer('view.setPaused', { view: 1, paused: true }))).toBe('ok');
  });

  it('for the whole machine are refused beyond a few, however fast they come', async () => {
    let runs = 0;
    const { calls } = callsOf({ 'driver.examine': () => ++runs });
    const codes = await Promise.all(
      Array.from({ length: 1000 }, () => calls.answer('driver.examine', null).then(codeOf)),
    );
    expect(runs).toBe(8);
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(992);
  });
});

describe('bytes of answers', () => {
  it('are bounded at once and by the second', async () => {
    let clock = 0;
    const { calls } = callsOf({ 'view.rows': () => 'x'.repeat(1 << 20) }, () => clock);
    const rows = () => calls.answer('view.rows', { view: 1, generation: 1, first: 0, count: 1000 }).then(codeOf);
    const ask = async (): Promise<number> => {
      let answered = 0;
      for (let n = 0; n < 1000; n++) if ((await rows()) === 'ok') answered++;
      return answered;
    };
    expect(await ask()).toBe(32);
    expect(await ask()).toBe(0);
    clock += 500;
    expect(await ask()).toBe(16);
    clock += 60_000;
    expect(await ask()).toBe(32);
  });
});

describe('5,000 calls of view.export', () => {
  let program: TestProgram | null = null;
  afterEach(() => program?.end());
  const request = { view: 1, scope: 'all', range: null, format: 'jsonl', options: DEFAULT_OUTPUT } as const;
  const descriptors = (): number => readdirSync('/proc/self/fd').length;

  it.runIf(process.platform === 'linux')('take a handful of descriptors, and one question at a time', async () => {
    let asking = 0;
    let most = 0;
    program = startProgram({
      scanner: new FakeThreads().pool,
      choose: async (folder, question) => {
        most = Math.max(most, ++asking);
        await new Promise((resolve) => setImmediate(resolve));
        asking--;
        return join(folder, `${question}.jsonl`);
      },
    });
    const { calls, exports } = program;
    await program.until(() => program?.session.store.rowCount === 2000);
    const before = descriptors();
    let peak = 0;
    const counts: Record<string, number> = {};
    for (let turn = 0; turn < 50; turn++) {
      const codes = Array.from({ length: 100 }, () => calls.answer('view.export', request).then(codeOf));
      for (const code of await Promise.all(codes)) counts[code] = (counts[code] ?? 0) + 1;
      peak = Math.max(peak, descriptors());
      expect(exports.count).toBeLessThanOrEqual(MOST_EXPORTS);
    }
    expect(most).toBe(1);
    expect(peak - before).toBeLessThan(12);
    expect(counts.overloaded).toBeGreaterThan(4900);
    expect(counts.ok).toBeGreaterThan(0);
    await program.until(() => exports.count === 0);
    // Refused ones leave nothing that stands in the way.
    expect(await calls.answer('view.export', request)).toMatchObject({ ok: true });
    await program.until(() => exports.count === 0);
    expect(readdirSync(program.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
