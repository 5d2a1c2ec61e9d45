/** Questions in SQL about a session, answered by the process of the app over the real service. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../native/core/result.ts';
import type { ExportProgress } from '../contract/output.ts';
import { unpack } from '../contract/packed.ts';
import {
  type AnswerCell,
  MAX_ANSWER_TEXT,
  MAX_CELL_TEXT,
  MOST_ANSWER_ROWS,
  type QueryAnswer,
  type QueryProgress,
} from '../contract/sql.ts';
import type { Database, QueryTable } from '../query/cells.ts';
import { QueryProcess } from '../query/client.ts';
import { FakeThreads } from '../session/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import { startProgram, type TestProgram } from './test-support.ts';

const PROCESS = join(import.meta.dirname, '../../dist/main/query-process.js');
const ENDLESS = 'select count(*) from range(100000000000) a, range(1000) b where a.range * b.range = 7';

/** The tables that databases were started over, in order. */
const tables: QueryTable[] = [];
const databases: Database[] = [];
const database = async (table: QueryTable): Promise<Result<Database>> => {
  tables.push(table);
  const started = await QueryProcess.start(PROCESS, table);
  if (started.ok) databases.push(started.value);
  return started;
};

let program: TestProgram;

beforeAll(async () => {
  expect(await ensureBuild(['main'])).toMatchObject({ ok: true });
}, 300_000);

afterEach(async () => {
  await program.questions.close();
  program.end();
  tables.length = 0;
  databases.length = 0;
});

async function start(choose?: (folder: string) => string | null): Promise<TestProgram> {
  program = startProgram({ scanner: new FakeThreads(1).pool, database, ...(choose === undefined ? {} : { choose }) });
  await program.until(() => program.session.store.rowCount === 2000);
  return program;
}

const ask = (sql: string): Promise<Result<QueryAnswer>> =>
  program.calls.answer('session.query', { session: 1, sql }) as Promise<Result<QueryAnswer>>;

async function rowsOf(sql: string): Promise<readonly (readonly AnswerCell[])[]> {
  const answer = await ask(sql);
  if (!answer.ok) throw new Error(answer.failure.message);
  return unpack(answer.value.rows);
}

async function refusal(sql: string): Promise<string> {
  const answer = await ask(sql);
  return answer.ok ? `answered: ${answer.value.rows}` : answer.failure.message;
}

const files = (): string[] => {
  const folder = join(program.folder, 'tables');
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('a question about a session', () => {
  it('is answered about all of its rows, those that came since among them', async () => {
    await start();
    const answer = await ask(
      'select level, count(*) as n, max("index") as last from log group by level order by level',
    );
    expect(answer).toMatchObject({
      ok: true,
      value: {
        columns: [
          { name: 'level', type: 'VARCHAR' },
          { name: 'n', type: 'BIGINT' },
          { name: 'last', type: 'BIGINT' },
        ],
        cut: false,
        tableRows: 2000,
      },
    });
    expect(answer.ok && unpack(answer.value.rows)).toEqual([
      ['error', 400, 2000],
      ['info', 400, 1997],
      ['level 4', 400, 1999],
      ['trace', 400, 1998],
      ['warning', 400, 1996],
    ]);
    program.feed(500);
    await program.until(() => program.session.store.rowCount === 2500);
    expect(await rowsOf('select count(*), count(distinct "index"), any_value(source) from log')).toEqual([
      [2500, 2500, 'sim:demo'],
    ]);
    // What was converted for the first question is used again.
    expect(tables.map(({ parquet }) => parquet.length)).toEqual([1, 2]);
    expect(tables[1]?.parquet[0]).toBe(tables[0]?.parquet[0]);
  });

  it('after the log was cleared is about what came since, and an empty log has the columns too', async () => {
    await start();
    expect(await rowsOf('select count(*) from log')).toEqual([[2000]]);
    program.session.clear();
    expect(await rowsOf('select count(message) from log')).toEqual([[0]]);
    program.feed(7);
    await program.until(() => program.session.store.rowCount === 7);
    expect(await rowsOf('select count(message) from log')).toEqual([[7]]);
    expect(files()).toHaveLength(2);
  });

  it('gives a page a bounded part of a large answer, and says so', async () => {
    await start();
    const long = await ask(
      `select repeat('x', ${MAX_CELL_TEXT + 1}) as x, [1, null] as l, 'nan'::double as n, null as z`,
    );
    expect(long.ok && unpack(long.value.rows)).toEqual([[`${'x'.repeat(MAX_CELL_TEXT)}…`, '[1,null]', 'NaN', null]]);
    const many = await ask('select range from range(10000000)');
    expect(many).toMatchObject({ ok: true, value: { cut: true } });
    expect(many.ok && unpack(many.value.rows)).toHaveLength(MOST_ANSWER_ROWS);
    const wide = await ask(`select repeat('x', ${MAX_CELL_TEXT}) from range(10000)`);
    expect(wide).toMatchObject({ ok: true, value: { cut: true } });
    expect(wide.ok && wide.value.rows.length).toBeLessThan(1.01 * MAX_ANSWER_TEXT);
    expect(await refusal(`select ${Array.from({ length: 201 }, (_, at) => at).join(', ')}`)).toBe(
      'The answer has 201 columns, more than the 200 that are shown',
    );
  });

  it('that the database does not accept is a failure in its words, on one line', async () => {
    await start();
    expect(await refusal('selec 1')).toBe('The query failed: Parser Error: syntax error at or near "selec"');
    expect(await refusal('select nothing from log')).toMatch(
      /^The query failed: Binder Error: Referenced column "nothing" not found in FROM clause![^\n]*$/,
    );
    expect(await refusal(' \n')).toBe('Nothing is asked');
  });

  it('tells how far it is', async () => {
    await start();
    const told: QueryProgress[] = [];
    const { wire } = program.wire();
    wire.on.session.queryProgress(({ progress }) => told.push(progress));
    await ask('from log limit 1');
    expect(told.at(-1)).toEqual({ step: 'running' });
  });
});

it('a file that was opened is asked like a live session', async () => {
  program = startProgram({
    scanner: new FakeThreads(1).pool,
    database,
    files: (folder) => {
      const path = join(folder, 'old.csv');
      writeFileSync(path, 'index,time_us,cpu,level,message\n7,1500,2,error,first\n8,2500,3,info,second\n');
      return [path];
    },
  });
  const opened = await program.calls.answer('workspace.openFiles', null);
  const id = opened.ok ? (opened.value?.session ?? -1) : -1;
  const session = program.service.workspace.session(id);
  await program.until(() => session.ok && session.value.store.rowCount === 2);
  const answer = await program.calls.answer('session.query', {
    session: id,
    sql: 'select index, time_us, cpu, level, message from log order by index',
  });
  expect(answer.ok && unpack(answer.value.rows)).toEqual([
    [7, 1500, 2, 'error', 'first'],
    [8, 2500, 3, 'info', 'second'],
  ]);
});

describe('a question sees nothing but the log', () => {
  it.each([
    ["select * from read_csv('/etc/passwd')", 'file system operations are disabled'],
    ["select * from read_text('/etc/hostname')", 'file system operations are disabled'],
    ["select * from glob('/*')", 'file system operations are disabled'],
    ["create table t as select * from read_csv('/etc/passwd'); from t", 'file system operations are disabled'],
    ["copy log to '/tmp/ringview-must-not-be.csv'", 'file system operations are disabled'],
    ["attach '/tmp/ringview-must-not-be.db'", 'That is no question'],
    ['set threads = 64', 'That is no question'],
    ['create or replace view log as select 1', 'That is no question'],
    ['install httpfs', 'That is no question'],
    ["select getenv('HOME')", 'getenv does not exist'],
    ["select * from read_csv('http://127.0.0.1/')", 'disabled'],
  ])('%s', async (sql, why) => {
    await start();
    expect(await refusal(sql)).toMatch(new RegExp(why));
    expect(existsSync('/tmp/ringview-must-not-be.csv')).toBe(false);
  });

  it('and cannot change what it sees, not even by its own path', async () => {
    await start();
    await ask('from log limit 1');
    const path = tables[0]?.parquet[0] ?? '';
    const before = readFileSync(path);
    expect(await refusal(`copy (select 1) to '${path}' (use_tmp_file false)`)).toContain('That is no question');
    expect(await refusal(`explain analyze copy (select 1) to '${path}' (use_tmp_file false)`)).toContain('no question');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('and may make what it needs by itself', async () => {
    await start();
    expect(
      await rowsOf('create table t as select cpu, count(*) as n from log group by cpu; from t order by cpu'),
    ).toEqual([0, 1, 2, 3].map((cpu) => [cpu, 500]));
    expect(
      await rowsOf('pivot (select cpu, level from log) on level using count(*) group by cpu order by cpu'),
    ).toHaveLength(4);
  });
});

describe('a question that takes long', () => {
  it('is stopped by the person, and the next one is answered', async () => {
    await start();
    const endless = ask(ENDLESS);
    await program.until(() => databases.length === 1);
    await program.calls.answer('session.stopQuery', { session: 1 });
    expect(await endless).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(await rowsOf('select 1')).toEqual([[1]]);
  });

  it('gives way to one that is asked later, and to a page that is loaded again', async () => {
    await start();
    const first = ask(ENDLESS);
    const second = ask(ENDLESS);
    expect(await first).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    await program.calls.answer('app.bootstrap', null);
    expect(await second).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('does not hold up capture', async () => {
    await start();
    const endless = ask(ENDLESS);
    await program.until(() => databases.length === 1);
    program.feed(1000);
    await program.until(() => program.session.store.rowCount === 3000);
    program.questions.stop();
    expect(await endless).toMatchObject({ ok: false });
  });

  it('whose process ends by itself is a failure that says so', async () => {
    await start();
    const endless = ask(ENDLESS);
    await program.until(() => databases.length === 1);
    await databases[0]?.close();
    expect(await endless).toMatchObject({ ok: false, failure: { code: 'source-gone' } });
  });

  it('is stopped where the log is cleared while it is converted', async () => {
    await start();
    const asked = ask('from log');
    program.session.clear();
    const answer = await asked;
    // Either it was converted already, or it says why it was not.
    expect(answer.ok || answer.failure.code === 'cancelled').toBe(true);
    expect(program.defects).toEqual([]);
  });
});

describe('the files of a table', () => {
  it('go with the session, and with the program', async () => {
    await start();
    await ask('from log limit 1');
    expect(files()).toHaveLength(1);
    await program.calls.answer('workspace.closeSession', { session: 1 });
    await program.until(() => files().length === 0);
    const again = program.service.workspace.openSessions[0]?.id ?? -1;
    await program.calls.answer('session.query', { session: again, sql: 'from log' });
    expect(files()).toHaveLength(1);
    await program.questions.close();
    expect(files()).toEqual([]);
  });
});

describe('an answer as a file', () => {
  async function exported(sql: string, format: 'csv' | 'json'): Promise<ExportProgress> {
    const { wire } = program.wire();
    let last: ExportProgress | null = null;
    wire.on.export.progress((progress) => {
      last = progress;
    });
    const started = await wire.session.exportQuery({ session: 1, sql, format });
    expect(started).toMatchObject({ ok: true });
    await program.until(() => program.exports.count === 0 && last !== null);
    return last as unknown as ExportProgress;
  }

  it('has all of its rows, where the person says', async () => {
    await start((folder) => join(folder, 'answer.csv'));
    await ask('from log limit 1');
    // These came after the question.
    program.feed(500);
    await program.until(() => program.session.store.rowCount === 2500);
    expect(await exported('select "index", message from log order by "index"', 'csv')).toMatchObject({
      state: 'done',
      rows: 2000,
    });
    const lines = readFileSync(join(program.folder, 'answer.csv'), 'utf8').split('\r\n');
    expect(lines.slice(0, 2)).toEqual(['index,message', '1,IRP 1 of a device']);
    expect(lines).toHaveLength(2002);
    expect(await exported('select 1 as a', 'json')).toMatchObject({ state: 'done', rows: 1 });
    expect(JSON.parse(readFileSync(join(program.folder, 'answer.csv'), 'utf8'))).toEqual([{ a: 1 }]);
  });

  it('is cancelled though no row has come, and a question that fails leaves no file', async () => {
    await start((folder) => join(folder, 'answer.json'));
    await ask('from log limit 1');
    const { wire } = program.wire();
    const states: string[] = [];
    wire.on.export.progress(({ state }) => states.push(state));
    const started = await wire.session.exportQuery({ session: 1, sql: ENDLESS, format: 'json' });
    await program.until(() => databases.length === 2);
    if (started.ok && started.value !== null) await wire.export.cancel({ id: started.value.id });
    await program.until(() => program.exports.count === 0);
    expect(states).toEqual(['cancelled']);
    expect(await exported('selec', 'json')).toMatchObject({ state: 'failed', failure: { code: 'bad-argument' } });
    expect(existsSync(join(program.folder, 'answer.json'))).toBe(false);
  });

  it('is not asked for a path before anything was asked', async () => {
    await start((folder) => join(folder, 'answer.csv'));
    const { wire } = program.wire();
    expect(await wire.session.exportQuery({ session: 1, sql: 'from log', format: 'csv' })).toMatchObject({
      ok: false,
      failure: { code: 'cancelled' },
    });
  });
});
