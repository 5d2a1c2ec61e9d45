/** What of a session is converted into files for questions, and when it is converted anew. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { TableThread } from '../query/table-thread.ts';
import { type TableJob, TableWriter } from '../query/table-writer.ts';
import { ALL_FIELDS } from '../session/output/output-facts.ts';
import { FakeThreads } from '../session/test-support.ts';
import { LogTable, type Waiting } from './log-table.ts';
import { tableFacts } from './session-facts.ts';
import { startProgram, type TestProgram } from './test-support.ts';

let program: TestProgram;
afterEach(() => program.end());

/** What happens before a job is done. */
let before: (job: TableJob) => void = () => {};
const told: (readonly [rows: number, totalRows: number])[] = [];
const waiting = { stopped: false, tell: (rows: number, totalRows: number) => void told.push([rows, totalRows]) };
const patient: Waiting = waiting;

/** What the thread does, in this one. */
function startThread(): TableThread {
  const writer = new TableWriter();
  return {
    ask: async (job) => {
      before(job);
      return writer.take(job);
    },
    end: async () => writer.close(),
  };
}

async function tableOf(rows = 2000): Promise<LogTable> {
  program = startProgram({ scanner: new FakeThreads(1).pool });
  program.feed(rows - 2000);
  await program.until(() => program.session.store.rowCount === rows);
  const { session } = program;
  told.length = 0;
  waiting.stopped = false;
  before = () => {};
  return new LogTable(session, {
    folder: join(program.folder, 'tables'),
    facts: () => tableFacts(session, 1, () => ALL_FIELDS),
    startThread,
  });
}

const files = (): string[] => {
  const folder = join(program.folder, 'tables');
  return existsSync(folder) ? readdirSync(folder) : [];
};

function held(table: LogTable): { readonly parts: number; readonly rows: number } {
  const { paths, rows, release } = table.hold();
  release();
  return { parts: paths.length, rows };
}

it('rows are converted once, and those that came since are added', async () => {
  const table = await tableOf(5000);
  expect(await table.update(patient)).toMatchObject({ ok: true });
  expect(held(table)).toEqual({ parts: 1, rows: 5000 });
  expect(told).toEqual([[5000, 5000]]);
  expect(await table.update(patient)).toMatchObject({ ok: true });
  expect(held(table)).toEqual({ parts: 1, rows: 5000 });
  program.feed(10);
  await program.until(() => program.session.store.rowCount === 5010);
  expect(await table.update(patient)).toMatchObject({ ok: true });
  expect(held(table)).toEqual({ parts: 2, rows: 5010 });
});

it('a table of many files is made anew of one', async () => {
  const table = await tableOf();
  for (let more = 0; more < 33; more++) {
    program.feed(1);
    await program.until(() => program.session.store.rowCount === 2001 + more);
    expect(await table.update(patient)).toMatchObject({ ok: true });
  }
  expect(held(table)).toEqual({ parts: 1, rows: 2033 });
  expect(files()).toHaveLength(1);
});

it('a name of a process that was not known before is in all of its rows', async () => {
  const table = await tableOf();
  await table.update(patient);
  const [before] = files();
  program.session.processes.note(0, new Map([[424_242, 'other.exe']]));
  await table.update(patient);
  expect(files()).toEqual([before]);
  const pid = program.session.store.segmentOf(0)?.pid.get(0) ?? -1;
  program.session.processes.note(0, new Map([[pid, 'system.exe']]));
  await table.update(patient);
  expect(files()).not.toEqual([before]);
  expect(held(table)).toEqual({ parts: 1, rows: 2000 });
});

it('a conversion that nobody waits for, or whose log is cleared, leaves nothing', async () => {
  const table = await tableOf(5000);
  before = () => {
    waiting.stopped = true;
  };
  expect(await table.update(patient)).toMatchObject({ ok: false, failure: { message: 'The question was stopped' } });
  expect(table.holds).toBe(false);
  expect(files()).toEqual([]);
  waiting.stopped = false;
  before = () => program.session.clear();
  expect(await table.update(patient)).toMatchObject({
    ok: false,
    failure: { code: 'cancelled', message: 'The log was cleared while the question was answered' },
  });
  expect(files()).toEqual([]);
});

it('a file that somebody holds stays until it is released', async () => {
  const table = await tableOf();
  await table.update(patient);
  const holding = table.hold();
  table.drop();
  expect(files()).toHaveLength(1);
  holding.release();
  holding.release();
  expect(files()).toEqual([]);
});

it('a disk that does not take the rows is a failure with its words, and leaves nothing', async () => {
  const table = await tableOf();
  before = (job) => {
    // Somebody else has made a file of that name.
    if (job.do === 'begin') writeFileSync(job.path, '');
  };
  expect(await table.update(patient)).toMatchObject({
    ok: false,
    failure: { code: 'io-error', system: { code: 'EEXIST' } },
  });
  expect(table.holds).toBe(false);
  expect(files()).toEqual([]);
});
