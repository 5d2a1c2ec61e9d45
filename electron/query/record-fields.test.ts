/** Fields of records in SQL: a column of JSON, which the database takes apart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createOutput } from '../session/output/export.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import { batchRun } from '../session/output/output-row.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { setSchemas } from '../session/text/schemas.ts';
import { QueryEngine } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-fields-'));
afterAll(() => {
  setSchemas([]);
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['as a command asks', {}],
  ['as a page asks', { confined: { cellText: 100, threads: 1, scratchBytes: 1 << 30 } }],
])("fields->>'port', %s, is a field of a record, and null of a row of text", async (_, more) => {
  const schema = {
    ringview_schema: 1,
    types: {
      16: {
        name: 'tcp',
        fields: [
          { name: 'port', type: 'u16' },
          { name: 'action', type: 'u8', enum: { 1: 'open' } },
        ],
      },
    },
  };
  expect(setSchemas([JSON.stringify(schema)]).ok).toBe(true);
  const output = createOutput('parquet', outputFacts({ recordFields: true }));
  const rows = batchOf([
    entry(1, '', { type: 16, payload: Uint8Array.of(0xbb, 1, 1) }),
    entry(2, 'text'),
    entry(3, '', { type: 16, payload: Uint8Array.of(80, 0, 1) }),
  ]);
  const path = join(folder, 'log.parquet');
  writeFileSync(path, Buffer.concat([output.begin(), output.rows(batchRun(rows)).slice(), output.end()]));
  const opened = await QueryEngine.open({
    parquet: [path],
    scratchFolder: folder,
    memoryBytes: 256 * 1024 * 1024,
    ...more,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const engine = opened.value;
  const asked = await engine.run(
    "select \"index\", fields->>'action' a from log where cast(fields->>'port' as int) > 100 or fields is null order by 1",
  );
  expect(asked).toMatchObject({ ok: true });
  expect(await engine.next()).toMatchObject({
    ok: true,
    value: [
      [1, 'open'],
      [2, null],
    ],
  });
});
