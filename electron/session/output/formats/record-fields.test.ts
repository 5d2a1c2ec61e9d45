/** The fields of records in each format that has a place for them, and that files without them stay as they were. */
import { tableFromIPC } from 'apache-arrow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../../contract/export-formats.ts';
import { batchOf, entry, gap } from '../../test-support.ts';
import { setSchemas } from '../../text/schemas.ts';
import { decodeUtf8 } from '../../text/text.ts';
import { createOutput } from '../export.ts';
import { type OutputFacts, outputFacts } from '../output-facts.ts';
import { batchRun } from '../output-row.ts';
import { CSV_HEADER } from './csv.ts';

const SCHEMA = JSON.stringify({
  ringview_schema: 1,
  types: {
    16: {
      name: 'tcp',
      message: 'port {port}',
      fields: [
        { name: 'port', type: 'u16' },
        { name: 'path', type: 'utf8', until: 'end' },
      ],
    },
  },
});
const record = (index: number, bytes: readonly number[], type = 16) =>
  entry(index, '', { type, payload: Uint8Array.from(bytes) });
const THREAD = record(5, [1, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 5, 0, 0, 0], 0xff02);
const ROWS = [record(1, [0xbb, 1, 34, 44]), entry(2, 'text'), record(3, [1]), gap(4, 0, 1), THREAD];

function write(format: ExportFormat, facts: Partial<OutputFacts> = {}): Uint8Array {
  const output = createOutput(format, outputFacts(facts));
  return Buffer.concat([output.begin(), output.rows(batchRun(batchOf(ROWS))), output.end()]);
}

const lines = (format: ExportFormat): string[] => decodeUtf8(write(format)).trimEnd().split(/\r?\n/);
const FIELDS = { port: 443, path: '",' };
const THREAD_FIELDS = { action: 'start', pid: 5, tid: 8, caller_pid: 5 };

describe('where schemas are added', () => {
  beforeEach(() => {
    expect(setSchemas([SCHEMA]).ok).toBe(true);
  });
  afterEach(() => {
    setSchemas([]);
  });

  it('JSON Lines have the fields of records as an object, and no other row has the key', () => {
    const rows = lines('jsonl').map((line) => JSON.parse(line));
    expect(rows.map(({ message }) => message)).toEqual([
      'port 443',
      'text',
      '0x01',
      '1 record lost on CPU 0',
      'thread 8 of process 5 started',
    ]);
    expect(rows.map((row) => row.fields)).toEqual([FIELDS, undefined, undefined, undefined, THREAD_FIELDS]);
  });

  it('csv has a last column with them as JSON', () => {
    const [head, first, second] = lines('csv');
    expect(head).toBe(`${CSV_HEADER},fields`);
    expect(first).toMatch(/,port 443,"\{""port"":443,""path"":""\\"",""\}"$/);
    expect(second).toMatch(/,text,$/);
  });

  it('Arrow has a column of texts, null for what is no record', () => {
    const column = tableFromIPC(write('arrow')).getChild('fields');
    const values = [...(column ?? [])].map((text) => (text === null ? null : JSON.parse(text)));
    expect(values).toEqual([FIELDS, null, null, null, THREAD_FIELDS]);
  });
});

describe('where none is', () => {
  it('the columns are as they were, and JSON Lines have the fields of our own records', () => {
    expect(lines('csv')[0]).toBe(CSV_HEADER);
    expect(tableFromIPC(write('arrow')).schema.fields.map(({ name }) => name)).not.toContain('fields');
    expect(tableFromIPC(write('arrow', { recordFields: true })).schema.fields.at(-1)?.name).toBe('fields');
    expect(JSON.parse(lines('jsonl').at(-1) ?? '').fields).toEqual(THREAD_FIELDS);
  });
});
