/** Files of this program as a database reads them, and SQL in a process of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../contract/export-formats.ts';
import { LOG_FIELDS } from '../contract/log-fields.ts';
import { createOutput } from '../session/output/export.ts';
import { ParquetFormatter } from '../session/output/formats/parquet.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import { batchRun } from '../session/output/output-row.ts';
import { batchOf, entry, gap } from '../session/test-support.ts';
import { ensureBuild } from '../setup/build.mjs';
import type { QueryCell, QueryTable } from './cells.ts';
import { QueryProcess } from './client.ts';
import { QueryEngine } from './engine.ts';
import { resultText } from './result-text.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-query-test-'));
  expect(await ensureBuild(['cli'])).toMatchObject({ ok: true });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 10, 28, 9, 30);
const MESSAGES = ['plain', 'a,b "c"', 'two\nlines', "'=1+1", '=1+1', 'é😀', ''];
const ROWS = Array.from({ length: 500 }, (_, i) =>
  i % 41 === 9
    ? { ...gap(i, i % 4, i), timeNs: i * 1001 }
    : entry(i, MESSAGES[i % MESSAGES.length] as string, {
        timeNs: i * 1001,
        cpu: i % 8,
        level: i % 4,
        pid: i % 3 === 0 ? 2 ** 32 - 1 : i,
        remarks: 2 ** 32 - 1 - i,
      }),
);
const FACTS = outputFacts({
  info: { source: 'sim:a', sessionId: 'f0', startUnixMs: START },
  sources: [{ id: 0, name: 'sim:a' }],
  processOf: (_, pid) => (pid < 100 ? `p${pid}.exe` : undefined),
  spreadsheetSafe: false,
});

function write(format: ExportFormat): string {
  const output = format === 'parquet' ? new ParquetFormatter(FACTS, 200) : createOutput(format, FACTS);
  const path = join(folder, `log.${format}`);
  writeFileSync(path, Buffer.concat([output.begin(), output.rows(batchRun(batchOf(ROWS))), output.end()]));
  return path;
}

const tableOf = (...parquet: string[]): QueryTable => ({ parquet, scratchFolder: folder, memoryBytes: 1 << 28 });

async function engineOver(path: string): Promise<QueryEngine> {
  const opened = await QueryEngine.open(tableOf(path));
  if (!opened.ok) throw new Error(opened.failure.system?.text);
  return opened.value;
}

type Asked = Pick<QueryEngine, 'run' | 'next'>;

async function ask(engine: Asked, sql: string): Promise<Record<string, QueryCell>[]> {
  const columns = await engine.run(sql);
  if (!columns.ok) throw new Error(columns.failure.message);
  const rows: Record<string, QueryCell>[] = [];
  for (;;) {
    const next = await engine.next();
    if (!next.ok) throw new Error(next.failure.message);
    if (next.value.length === 0) return rows;
    for (const row of next.value) {
      rows.push(Object.fromEntries(row.map((cell, at) => [columns.value[at]?.name ?? '', cell])));
    }
  }
}

describe('files of this program, read by a database', () => {
  it.each([
    ['parquet', (path: string) => `read_parquet('${path}')`],
    [
      'csv',
      (path: string) => `read_csv('${path}', all_varchar = false, nullstr = '\\0', force_not_null = ['message'])`,
    ],
    ['jsonl', (path: string) => `read_json('${path}', format = 'newline_delimited')`],
  ] as const)('are as %s what they are as JSON, row for row', async (format, from) => {
    const engine = await engineOver(write('parquet'));
    const wanted = Buffer.concat([createOutput('jsonl', FACTS).rows(batchRun(batchOf(ROWS)))])
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const names = LOG_FIELDS.filter((name) => name !== 'time');
    const cast = names.map(
      (name) => `${name === 'message' ? 'message' : `nullif(cast("${name}" as varchar), '') as "${name}"`}`,
    );
    const read = await ask(
      engine,
      `select ${cast.join(', ')}, epoch_us(cast(time as timestamptz)) as us from ${from(write(format))}`,
    );
    expect(read.length).toBe(ROWS.length);
    const asText = (value: unknown) => (value === null ? null : String(value));
    for (const name of names) {
      const own = (row: Record<string, QueryCell>) => (name === 'time_us' ? Number(row[name]) : row[name]);
      const value = (row: Record<string, unknown>) => (name === 'time_us' ? Number(row[name]) : asText(row[name]));
      expect(read.map(own), name).toEqual(wanted.map(value));
    }
    expect(read.map(({ us }) => us)).toEqual(ROWS.map(({ timeNs }) => START * 1000 + Math.floor(timeNs / 1000)));
  });

  it('give Parquet whose row groups are as long as the writer makes them', async () => {
    const engine = await engineOver(write('parquet'));
    const groups = await ask(
      engine,
      `select distinct row_group_num_rows n from parquet_metadata('${join(folder, 'log.parquet')}') order by n`,
    );
    expect(groups.map(({ n }) => n)).toEqual([100, 200]);
  });
});

describe('a question in SQL', () => {
  it('is answered with values of their kinds, large ones exactly', async () => {
    const engine = await engineOver(write('parquet'));
    const [row] = await ask(
      engine,
      `select count(*) n, 170141183460469231731687303715884105727::hugeint big, 2.5::decimal(4,1) d, null x, [1, 2] l,
       {'a': 'b'} s, timestamptz '2026-01-01 00:00:00.5+00' t, 'x'::blob b, true y, interval 1 hour i from log`,
    );
    expect(row).toEqual({
      n: 500,
      big: 170141183460469231731687303715884105727n,
      d: 2.5,
      x: null,
      l: [1, 2],
      s: { a: 'b' },
      t: '2026-01-01T00:00:00.500000Z',
      b: '0x78',
      y: true,
      i: '01:00:00',
    });
  });

  it('that the database does not accept is a failure in its words, and the next one is answered', async () => {
    const engine = await engineOver(write('parquet'));
    const wrong = await engine.run('selec 1');
    expect(wrong).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    if (!wrong.ok) {
      expect(wrong.failure.message).toBe('The query failed: Parser Error: syntax error at or near "selec"');
      expect(wrong.failure.action).toContain('The table is log, its columns are index, time_us');
    }
    expect(await engine.run('select nothing from log')).toMatchObject({ ok: false });
    expect(await ask(engine, 'select 1 a')).toEqual([{ a: 1 }]);
  });

  it('of a page has so much of the machine as it is given, and cannot take more', async () => {
    const confined = { cellText: 5, threads: 1, scratchBytes: 1 << 30 };
    const opened = await QueryEngine.open({ ...tableOf(write('parquet')), confined });
    if (!opened.ok) throw new Error(opened.failure.message);
    const names = ['memory_limit', 'max_temp_directory_size', 'threads', 'enable_external_access'];
    const settings = names.map((name) => `current_setting('${name}')::varchar as ${name}`);
    expect(await ask(opened.value, `select ${settings.join(', ')}`)).toEqual([
      // Every cell is cut to five characters.
      { memory_limit: '256.0…', max_temp_directory_size: '1.0 G…', threads: '1', enable_external_access: 'false' },
    ]);
    expect(await opened.value.run('set threads = 2')).toMatchObject({ ok: false });
    expect(await ask(opened.value, 'select count(*) as n from log')).toEqual([{ n: 500 }]);
  });

  it('over a file that is no table says so', async () => {
    const path = join(folder, 'no.parquet');
    writeFileSync(path, 'PAR1 and nothing more');
    expect(await QueryEngine.open(tableOf(path))).toMatchObject({ ok: false, failure: { code: 'io-error' } });
  });
});

describe('the process that runs SQL', () => {
  const start = async (): Promise<QueryProcess> => {
    const program = join(import.meta.dirname, '../../dist/cli/query-process.js');
    const started = await QueryProcess.start(program, tableOf(write('parquet')));
    if (!started.ok) throw new Error(started.failure.message);
    return started.value;
  };

  it('answers as the database does', async () => {
    const database = await start();
    try {
      expect(
        await ask(database, "select cpu, count(*) n from log where level = 'lost' group by cpu order by cpu"),
      ).toEqual([
        { cpu: 0, n: 3 },
        { cpu: 1, n: 3 },
        { cpu: 2, n: 3 },
        { cpu: 3, n: 3 },
      ]);
      expect(await database.run('selec')).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    } finally {
      database.close();
    }
  });

  it('that ends in the middle of a question is a failure to whoever asked', async () => {
    const database = await start();
    const running = database.run(
      'select count(*) from range(100000000000) a, range(1000) b where a.range * b.range = 7',
    );
    database.close();
    expect(await running).toMatchObject({ ok: false, failure: { code: 'source-gone', system: { text: 'SIGKILL' } } });
    expect(await database.run('select 1')).toMatchObject({ ok: false, failure: { code: 'source-gone' } });
  });
});

describe('an answer as text', () => {
  const columns = [
    { name: 'cpu', type: 'BIGINT' },
    { name: 'said', type: 'VARCHAR' },
  ];
  const rows: QueryCell[][] = [
    [1, '=x'],
    [12345678901234567890n, 'a,\n"b"'],
    [null, { k: [1, null] }],
  ];
  const all = (format: 'json' | 'csv' | 'table'): string => {
    const text = resultText(format, columns);
    return text.begin() + text.rows(rows.slice(0, 1)) + text.rows(rows.slice(1)) + text.end();
  };

  it('is JSON, CSV or a table', () => {
    expect(all('json')).toBe(
      '[\n{"cpu":1,"said":"=x"},\n{"cpu":12345678901234567890,"said":"a,\\n\\"b\\""},\n{"cpu":null,"said":{"k":[1,null]}}\n]\n',
    );
    expect(all('csv')).toBe('cpu,said\r\n1,\'=x\r\n12345678901234567890,"a,\n""b"""\r\n,"{""k"":[1,null]}"\r\n');
    expect(all('table')).toBe(
      'cpu                   said\n--------------------  -------------\n                   1  =x\n12345678901234567890  a,␊"b"\n                      {"k":[1,null]}\n3 rows\n'.replace(
        '-------------\n',
        '--------------\n',
      ),
    );
    const none = resultText('json', columns);
    expect(none.begin() + none.end()).toBe('[]\n');
  });
});
