import { describe, expect, it } from 'vitest';
import { fieldColumnId } from '../../electron/contract/field-columns.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import type { SchemaType } from '../../electron/contract/schemas.ts';
import { COLUMNS, type ColumnChoice, columnWidth, NOTHING_SEEN, noteColumns, visibleColumns } from './columns.ts';
import { fieldColumns, offeredFields, withFields } from './field-columns.ts';

const field = (name: string, more: object = {}) => ({ name, description: '', values: [], ordered: false, ...more });
const type = (number: number, name: string, ...fields: SchemaType['fields']): SchemaType => ({
  ...{ type: number, name, description: '', added: false, fields },
});
const TYPES = [
  type(16, 'request', field('port', { ordered: true }), field('action', { ordered: true, values: ['open'] })),
  type(17, 'reply', field('port'), field('a_name_that_is_long_and_longer')),
  type(18, 'empty'),
];
const seenOf = (rows: readonly Partial<LogRow>[]) =>
  noteColumns(
    NOTHING_SEEN,
    rows.map((row) => ({ kind: 0, timeNs: 0, deltaNs: null, cpuDeltaNs: null, flags: 0, ...row }) as LogRow),
  );
const BOTH = seenOf([{ type: 16 }, { type: 17 }]);

describe('columns of fields', () => {
  it('are offered by type, those of types that were seen before others', () => {
    const names = (seen: ReadonlySet<number>) => offeredFields(TYPES, seen).map(({ type: { name } }) => name);
    expect(names(new Set())).toEqual(['request', 'reply']);
    expect(names(new Set([17]))).toEqual(['reply', 'request']);
    expect(offeredFields(TYPES, new Set())[0]?.fields.map(({ name }) => name)).toEqual([
      'request.port',
      'request.action',
    ]);
  });

  it('are shown once a record of their type was seen, or where they were just chosen, in the order of choice', () => {
    const chosen = ['reply.port', 'gone.field', 'request.action', 'request.none'];
    const ids = (columns: readonly { id: string }[]) => columns.map(({ id }) => id);
    expect(fieldColumns(chosen, TYPES, NOTHING_SEEN)).toEqual([]);
    expect(ids(fieldColumns(chosen, TYPES, seenOf([{ type: 16 }])))).toEqual(['field:request.action']);
    expect(ids(fieldColumns(chosen, TYPES, BOTH))).toEqual(['field:reply.port', 'field:request.action']);
    expect(ids(fieldColumns(chosen, TYPES, NOTHING_SEEN, ['reply.port', 'gone.field']))).toEqual(['field:reply.port']);
    // The type of a loss says why records were lost.
    expect(fieldColumns(chosen, TYPES, seenOf([{ kind: 1, type: 16 }]))).toEqual([]);
    const none = { characters: {}, modes: {} };
    const table = withFields(visibleColumns(none, NOTHING_SEEN), fieldColumns(chosen, TYPES, BOTH));
    expect(ids(table).slice(-3)).toEqual(['field:reply.port', 'field:request.action', 'message']);
    expect(withFields(COLUMNS, [])).toBe(COLUMNS);
  });

  it('are called by their field in the head, with its type where two have one name', () => {
    const heads = (chosen: readonly string[]) => fieldColumns(chosen, TYPES, BOTH).map(({ head }) => head);
    expect(heads(['request.port', 'request.action'])).toEqual(['port', 'action']);
    expect(heads(['request.port', 'reply.port'])).toEqual(['request: port', 'reply: port']);
    expect(fieldColumns(['request.port'], TYPES, BOTH)[0]?.label).toBe('request: port');
  });

  it('grow with their values; a number is never narrower, a text is where the person wants it so', () => {
    const long = '1'.repeat(20);
    const fields = { 'request.port': long, 'reply.port': long, 'request.action': 'x'.repeat(99) };
    const seen = seenOf([{ type: 16, fields }, { type: 17 }]);
    const choice = { characters: { 'field:request.port': 5, 'field:reply.port': 5 }, modes: {} } as const;
    const widths = (given: ColumnChoice) =>
      fieldColumns(Object.keys(fields), TYPES, seen).map((column) => columnWidth(column, given));
    expect(widths({ characters: {}, modes: {} })).toEqual([20, 20, 6]);
    expect(widths(choice)).toEqual([20, 5, 6]);
    expect(fieldColumns(['reply.a_name_that_is_long_and_longer'], TYPES, BOTH)[0]?.width).toBe(16);
    expect(
      noteColumns(seen, [{ kind: 0, type: 16, fields, ...{ timeNs: 0, flags: 0 } } as unknown as LogRow]).types,
    ).toBe(seen.types);
    expect(seen.characters[fieldColumnId('request.port')]).toBe(20);
  });
});
