/** A log that is written to a file while rows come: over the real service, to real files. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { FileLogRequest, FileLogStatus, LogFiles } from '../contract/file-log.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import { countCases } from '../contract/test-support.ts';
import { ONE_FILE } from '../files/log-files.ts';
import { FakeThreads } from '../session/test-support.ts';
import { type ProgramOptions, startProgram, type TestProgram } from './test-support.ts';

const JSONL: FileLogRequest = {
  ...{ format: 'jsonl', rows: 'all', files: ONE_FILE },
  ...{ losses: true, spreadsheetSafe: true },
};
const NO_SPACE = '/dev/full';

let programs: TestProgram[] = [];
let stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  for (const program of programs) program.end();
  programs = [];
});

/** A program whose first 2,000 rows are there; logs go where `name` says. */
async function ready(name = 'log.jsonl', more: Partial<ProgramOptions> = {}) {
  const choose = (folder: string) => (name.startsWith('/') ? name : join(folder, name));
  const threads = new FakeThreads(1);
  const program = startProgram({ scanner: threads.pool, choose, ...more });
  programs.push(program);
  const working = setInterval(() => threads.settle(), 1);
  stops.push(() => clearInterval(working));
  await program.until(() => program.session.store.rowCount === 2000);
  const started = async (log: Partial<FileLogRequest> = {}, view = 1): Promise<FileLogStatus> => {
    const reply = await program.calls.answer('view.startLog', { view, log: { ...JSONL, ...log } });
    if (!reply.ok || reply.value === null) throw new Error(reply.ok ? 'dismissed' : reply.failure.message);
    return reply.value;
  };
  const stopped = async (session = 1): Promise<FileLogStatus> => {
    const reply = await program.calls.answer('session.stopLog', { session });
    if (!reply.ok || reply.value === null) throw new Error('there was no log');
    return reply.value;
  };
  const arrived = () => program.until(() => program.session.store.endRow === program.newest - cleared);
  let cleared = 0;
  return {
    program,
    started,
    stopped,
    arrived,
    /** Feeds rows and waits until the session has them. */
    async feed(count: number): Promise<void> {
      program.feed(count);
      await arrived();
    },
    async clear(): Promise<void> {
      cleared = program.newest;
      await program.calls.answer('session.clear', { session: 1 });
    },
    indices: (file = 'log.jsonl'): number[] => indicesIn(join(program.folder, file)),
  };
}

const indicesIn = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).index);

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('a log that is written to a file', () => {
  it('has the rows that come while it is on, and no others', async () => {
    const { started, stopped, feed, indices, program } = await ready();
    const begun = await started();
    expect(begun).toMatchObject({ state: 'writing', name: 'log.jsonl', place: program.folder, filter: null });
    await feed(300);
    const status = await stopped();
    await feed(10);
    expect(status).toMatchObject({ state: 'stopped', rows: 300, missedRows: 0, waitingRows: 0, failure: null });
    expect(indices()).toEqual(range(2001, 2300));
  });

  it('writes each row once and in order, whatever is cleared and closed meanwhile', async () => {
    const cases = countCases('cleared', 'closed', 'stopped', 'filtered', 'all');
    const step = fc.oneof(fc.record({ feed: fc.integer({ min: 1, max: 900 }) }), fc.constant('clear' as const));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        async (steps, filtered, closes) => {
          const { program, started, stopped, feed, clear, indices } = await ready();
          // A text is looked for by threads, whose answers may come after a clear.
          const terms = { text: '"7"', caseSensitive: false };
          if (filtered) await program.calls.answer('view.setFilter', { view: 1, filter: { ...SHOW_ALL, terms } });
          await started({ rows: filtered ? 'filtered' : 'all' });
          for (const each of steps) {
            if (each === 'clear') await clear();
            else await feed(each.feed);
            cases.note(each === 'clear' ? 'cleared' : filtered ? 'filtered' : 'all');
          }
          cases.note(closes ? 'closed' : 'stopped');
          if (closes) {
            await program.calls.answer('workspace.closeSession', { session: 1 });
            await program.fileLogs.close();
          } else expect((await stopped()).missedRows).toBe(0);
          const expected = range(2001, program.newest).filter((index) => !filtered || String(index).includes('7'));
          expect(existsSync(join(program.folder, 'log.jsonl')) ? indices() : []).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
    cases.expectEach(3);
  });

  it('goes on from file to file: at a limit, and with each session where that is asked for', async () => {
    const { program, started, stopped, feed, clear, indices } = await ready('{session}-{n}.jsonl');
    const files: LogFiles = { ...ONE_FILE, limitBytes: 100_000, perSession: true };
    await started({ files });
    await feed(100);
    await clear();
    await feed(1000);
    await clear();
    await clear();
    await feed(5);
    await stopped();
    const names = readdirSync(program.folder).filter((name) => name.endsWith('.jsonl'));
    expect(names[0]).toBe('sim_demo-001.jsonl');
    expect(indices('sim_demo-001.jsonl')).toEqual(range(2001, 2100));
    expect(names.length).toBeGreaterThan(3);
    expect(names.flatMap((name) => indices(name))).toEqual(range(2001, 3105));
    expect(indices(names.at(-1))).toEqual(range(3101, 3105));
  });

  it('adds to a file that is there, where that is asked for, and begins it anew otherwise', async () => {
    const { program, started, stopped, feed, indices } = await ready();
    writeFileSync(join(program.folder, 'log.jsonl'), '{"index":-1}\n');
    await started({ files: { ...ONE_FILE, append: true } });
    await feed(1);
    await stopped();
    expect(indices()).toEqual([-1, 2001]);
    await started();
    await feed(1);
    await stopped();
    expect(indices()).toEqual([2002]);
  });

  it('of text has times of the clock, which a clear does not begin anew', async () => {
    const { program, started, stopped, feed, clear } = await ready('log.txt');
    await started({ format: 'text' });
    await feed(1);
    await clear();
    await feed(1);
    await stopped();
    const [head, ...lines] = readFileSync(join(program.folder, 'log.txt'), 'utf8').trimEnd().split('\n');
    expect(head).toMatch(/^# RingView log of sim:demo.*, times are of the clock at UTC/);
    expect(lines.map((line) => line.split('\t')[0]?.trim())).toEqual(['2001', '2002']);
    expect(lines[0]).toMatch(/\t\d\d:\d\d:\d\d\.\d{9}\t|\t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}\t/);
  });

  it.skipIf(!existsSync(NO_SPACE))('says that the disk is full, and the session goes on', async () => {
    const { program, started, stopped, feed } = await ready(NO_SPACE);
    await started();
    await feed(5000);
    await program.until(() => program.fileLogs.statusOf(1)?.state === 'failed');
    await feed(10);
    expect(program.session.store.rowCount).toBe(7010);
    const status = await stopped();
    expect(status.failure).toMatchObject({ code: 'disk-full' });
    expect(status.rows).toBe(0);
    expect(program.fileLogs.statusOf(1)).toBeNull();
  });

  it('is one of each session, and none where the person dismisses the dialog or the file cannot be made', async () => {
    const { program, started } = await ready();
    await started();
    const again = await program.calls.answer('view.startLog', { view: 1, log: JSONL });
    expect(again).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    const dismissed = await ready('x', { choose: () => null });
    expect(await dismissed.program.calls.answer('view.startLog', { view: 1, log: JSONL })).toEqual({
      ...{ ok: true, value: null },
    });
    const nowhere = await ready('none/log.jsonl');
    expect(await nowhere.program.calls.answer('view.startLog', { view: 1, log: JSONL })).toMatchObject({
      ...{ ok: false, failure: { code: 'io-error' } },
    });
    expect(nowhere.program.fileLogs.statusOf(1)).toBeNull();
  });
});
