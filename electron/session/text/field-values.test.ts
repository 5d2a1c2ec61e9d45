/** Values of fields of typed records, for columns and copies. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KnownType } from '../../../native/decode/schema/schema-set.ts';
import { MOST_FIELD_TEXT } from '../../contract/field-columns.ts';
import { CopyJob } from '../output/copy.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap } from '../test-support.ts';
import { LogView } from '../view/view.ts';
import { fieldValues } from './field-values.ts';
import { setSchemas } from './schemas.ts';

const SCHEMA = JSON.stringify({
  ringview_schema: 1,
  enums: { action: { 1: 'open', 2: 'close' } },
  types: {
    16: {
      name: 'request',
      header_bytes: 'size',
      first_header_bytes: 12,
      fields: [
        { name: 'size', type: 'u16' },
        { name: 'action', type: 'u16', enum: 'action' },
        { name: 'status', type: 'ntstatus' },
        { name: 'who', type: 'struct', fields: [{ name: 'port', type: 'u16', endian: 'big' }] },
        { name: 'ports', type: 'array', count: 2, of: { type: 'u8' } },
        { name: 'later', type: 'u32' },
      ],
      tail: [{ name: 'rest', type: 'bytes', until: 'end' }],
    },
  },
});

const request = (rest: readonly number[] = []): Uint8Array =>
  Uint8Array.of(12, 0, 2, 0, 0x22, 0, 0, 0xc0, 1, 0xbb, 7, 9, ...rest);
const ALL = ['request.action', 'request.status', 'request.who.port', 'request.ports', 'request.later', 'request.rest'];

afterEach(() => {
  vi.restoreAllMocks();
  setSchemas([]);
});

describe('values of fields', () => {
  it('are texts with the names that codes have, as far as a record has them', () => {
    setSchemas([SCHEMA]);
    const values = fieldValues([...ALL, 'request.none', 'other.action']);
    expect(values?.of(16, request([0xab]))).toEqual({
      'request.action': 'close',
      'request.status': 'STATUS_ACCESS_DENIED',
      'request.who.port': '443',
      'request.ports': '[7, 9]',
      'request.rest': '0xab',
    });
    expect(values?.texts(16, request())).toEqual(['close', 'STATUS_ACCESS_DENIED', '443', '[7, 9]', '', '', '', '']);
    // A name twice is one column.
    expect(fieldValues(['request.action', 'request.action'])?.texts(16, request())).toEqual(['close']);
  });

  it('are none of text, of another type, of a payload that its schema does not fit, and without a schema', () => {
    setSchemas([SCHEMA]);
    const values = fieldValues(ALL);
    expect(values?.of(0, request())).toBeNull();
    expect(values?.of(17, request())).toBeNull();
    expect(values?.of(16, request().subarray(0, 5))).toBeNull();
    expect(values?.texts(16, request().subarray(0, 5))).toEqual(ALL.map(() => ''));
    expect(fieldValues([])).toBeNull();
    expect(fieldValues(undefined)).toBeNull();
    // The same object follows the schemas that are in use.
    setSchemas([]);
    expect(values?.of(16, request())).toBeNull();
    setSchemas([SCHEMA]);
    expect(values?.of(16, request())).not.toBeNull();
  });

  it('are cut for a cell, and whole for a copy', () => {
    setSchemas([SCHEMA]);
    const long = Array.from({ length: 5000 }, () => 0xcd);
    const values = fieldValues(['request.rest']);
    const cell = values?.of(16, request(long))?.['request.rest'] ?? '';
    expect(cell).toHaveLength(MOST_FIELD_TEXT);
    expect(cell).toMatch(/^0x(cd)+.?\u2026$/);
    expect(values?.texts(16, request(long))[0]).toHaveLength(2 + 2 * 5000);
  });

  it('come with the rows of a view that asks for them, and rows of text are not decoded', () => {
    setSchemas([SCHEMA]);
    const store = new SessionStore({ memoryCapBytes: 1 << 20, segmentRows: 64, chunkBytes: 65_536 });
    const view = new LogView(store);
    const record = entry(2, '', { type: 16, payload: request() });
    store.append(batchOf([entry(1, 'text'), record, { ...gap(3, 0, 5), type: 16 }]));
    view.advance(WHOLE);
    const decoded = vi.spyOn(KnownType.prototype, 'values');
    const fields = fieldValues(['request.action']);
    expect(view.rows(0, 1, fields).rows.map((row) => row.fields)).toEqual([undefined]);
    expect(decoded).not.toHaveBeenCalled();
    const rows = view.rows(0, 3, fields).rows;
    expect(rows.map((row) => row.fields)).toEqual([undefined, { 'request.action': 'close' }, undefined]);
    expect(view.tail(3, fields)).toEqual(rows);
    expect(view.update(1, 3, fields).tail).toEqual(rows);
    // Nothing is sent that nobody asked for.
    expect(view.rows(0, 3).rows.some((row) => 'fields' in row)).toBe(false);
  });

  it('stand in copies for people before the message', () => {
    setSchemas([SCHEMA]);
    const store = new SessionStore({ memoryCapBytes: 1 << 20, segmentRows: 64, chunkBytes: 65_536 });
    const view = new LogView(store);
    store.append(batchOf([entry(1, 'text'), entry(2, '', { type: 16, payload: request() }), gap(3, 0, 5)]));
    view.advance(WHOLE);
    const copy = (format: 'text' | 'markdown' | 'csv') => {
      const range = { generation: view.generation, first: 0, last: 2 };
      const facts = { fields: fieldValues(['request.action', 'request.later']), recordFields: false };
      const text = new CopyJob(view, range, facts, format).step(WHOLE);
      return text?.ok ? text.value.trimEnd().split(/\r?\n/) : [];
    };
    expect(copy('text').map((line) => line.split('\t').slice(6, 8))).toEqual([
      ['', ''],
      ['close', ''],
      ['', ''],
    ]);
    const markdown = copy('markdown').map((line) => line.split(' | ').slice(-3));
    expect(markdown[0]).toEqual(['request\\.action', 'request\\.later', 'message |']);
    expect(markdown[3]?.slice(0, 2)).toEqual(['close', '']);
    // What programs read has the columns that it always has.
    expect(copy('csv')[0]).toMatch(/,remarks,message$/);
  });
});
