/** An answer as Parquet, read back by the database: the same values of the same types. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { QueryColumn } from '../contract/sql.ts';
import { createOutput } from '../session/output/export.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import type { QueryCell } from './cells.ts';
import { QueryEngine } from './engine.ts';
import { resultBytes } from './result-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-answer-test-'));
const empty = join(folder, 'empty.parquet');
beforeAll(() => {
  const output = createOutput('parquet', outputFacts());
  writeFileSync(empty, Buffer.concat([output.begin(), output.end()]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly QueryCell[])[];
}

async function ask(parquet: string, sql: string): Promise<Answer> {
  const opened = await QueryEngine.open({ parquet: [parquet], scratchFolder: folder, memoryBytes: 1 << 28 });
  if (!opened.ok) throw new Error(opened.failure.system?.text);
  const columns = await opened.value.run(sql);
  if (!columns.ok) throw new Error(columns.failure.message);
  const rows: (readonly QueryCell[])[] = [];
  for (;;) {
    const next = await opened.value.next();
    if (!next.ok) throw new Error(next.failure.message);
    if (next.value.length === 0) return { columns: columns.value, rows };
    rows.push(...next.value);
  }
}

/** What the database reads of an answer that was written as Parquet. */
async function back({ columns, rows }: Answer): Promise<Answer> {
  const answer = resultBytes('parquet', columns);
  const path = join(folder, 'answer.parquet');
  const parts = [answer.begin(), ...rows.map((row) => answer.rows([row])), answer.end()];
  writeFileSync(path, Buffer.concat(parts));
  return ask(path, 'from log');
}

it('holds every type that Parquet has, null among the values', async () => {
  const answer = await ask(
    empty,
    `select * from (values
      (true, 1::tinyint, -2::smallint, 3, 4000000000::uinteger, -9007199254740993::bigint, 18446744073709551615::ubigint, 1.5::double,
       'é😀' , date '2026-03-09', timestamp '2026-03-09 12:00:00.123456', timestamptz '1969-12-31 23:59:59.999999+00', 1.25::decimal(6,2)),
      (null, null, null, null, null, null, null, null, null, null, null, null, null)
    ) as t(b, t, s, i, u, l, ul, d, x, day, moment, utc, m)`,
  );
  const read = await back(answer);
  expect(read.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(
    answer.columns.map(({ name, type }) =>
      `${name} ${type}`
        .replace(/(TINYINT|SMALLINT)$/, 'INTEGER')
        .replace('u UINTEGER', 'u BIGINT')
        .replace(/DECIMAL.*/, 'DOUBLE'),
    ),
  );
  expect(read.rows).toEqual(answer.rows);
});

it('makes doubles of numbers wider than 64 bits and of decimals, text of wide decimals, JSON of lists and structures', async () => {
  const answer = await ask(
    empty,
    `select sum(i)::hugeint as s, 1.5::decimal(5, 1) as d, 12345678901234567890.5::decimal(30, 1) as wide, [1, 2] as l, {a: 1, b: 'x'} as o
     from range(10) r(i)`,
  );
  const read = await back(answer);
  expect(read.columns.map(({ type }) => type)).toEqual(['DOUBLE', 'DOUBLE', 'VARCHAR', 'VARCHAR', 'VARCHAR']);
  expect(read.rows).toEqual([[45, 1.5, '12345678901234567890.5', '[1,2]', '{"a":1,"b":"x"}']]);
});

it('has many rows in blocks, and an answer without rows has its columns', async () => {
  const many = await ask(empty, "select i, 'row ' || i as text from range(150000) r(i)");
  const answer = resultBytes('parquet', many.columns);
  const path = join(folder, 'many.parquet');
  writeFileSync(path, Buffer.concat([answer.begin(), answer.rows(many.rows), answer.end()]));
  expect((await ask(path, 'select count(*), sum(i), max(text) from log')).rows).toEqual([
    [150000, (150000 * 149999) / 2, 'row 99999'],
  ]);
  expect((await ask(path, `select count(distinct row_group_id) from parquet_metadata('${path}')`)).rows).toEqual([[3]]);
  const none = await back(await ask(empty, 'select cpu, message from log'));
  expect(none).toEqual({ columns: none.columns, rows: [] });
  expect(none.columns.map(({ name }) => name)).toEqual(['cpu', 'message']);
});
