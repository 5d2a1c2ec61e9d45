/** Fields as columns, from the choice of a person to the rows that the service sends. */
import { afterEach, describe, expect, it } from 'vitest';
import { MOST_FIELD_COLUMNS } from '../../electron/contract/field-columns.ts';
import { batchOf, entry } from '../../electron/session/test-support.ts';
import { setSchemas } from '../../electron/session/text/schemas.ts';
import { memoryStorage, startFixture } from '../test/app-fixture.ts';
import { createUi, parseLasting, STORAGE_KEY } from './ui.ts';

const SCHEMA = JSON.stringify({
  ringview_schema: 1,
  types: {
    16: {
      name: 'request',
      fields: [
        { name: 'code', type: 'u8' },
        { name: 'more', type: 'u8' },
      ],
    },
  },
});

afterEach(() => {
  setSchemas([]);
});

async function started() {
  setSchemas([SCHEMA]);
  const fixture = await startFixture({ rows: 40 });
  const { program, app, run } = fixture;
  const records = (from: number, count: number) => {
    const rows = Array.from({ length: count }, (_, i) =>
      entry(from + i, '', { type: 16, timeNs: 1e12 + i, payload: Uint8Array.of((from + i) % 256, 7) }),
    );
    program.source().ready.push(batchOf(rows));
    program.service.loop.wake();
    program.passTime(50);
    return run();
  };
  await records(41, 3);
  const values = () => {
    const { cache, end } = app.view.store.getState();
    return Array.from({ length: 4 }, (_, i) => cache.get(end - 4 + i)?.fields);
  };
  return { ...fixture, records, values };
}

describe('fields as columns', () => {
  it('have values in rows that are held, in those that follow, and in a new generation', async () => {
    const { app, run, calls, values, records } = await started();
    expect(values()).toEqual([undefined, undefined, undefined, undefined]);
    const asked = calls('view.rows').length;
    app.ui.setField('request.code', true);
    // What is shown stays until the values are there.
    expect(values().length).toBe(4);
    expect(app.view.store.getState().cache.get(app.view.store.getState().end - 1)).toBeDefined();
    await run();
    expect(values()).toEqual([undefined, ...[41, 42, 43].map((code) => ({ 'request.code': `${code}` }))]);
    expect(calls('view.rows').slice(asked)).toMatchObject([{ fields: ['request.code'] }]);
    expect(calls('view.setTail').at(-1)).toMatchObject({ fields: ['request.code'] });
    await records(44, 2);
    expect(values().at(-1)).toEqual({ 'request.code': '45' });
    // A new generation has them, too.
    app.filter.addTerm({ kind: 'field', name: 'request.code', relation: ':', values: ['42'] }, false);
    await run();
    await run();
    const { cache, first } = app.view.store.getState();
    expect(cache.get(first)?.fields).toEqual({ 'request.code': '42' });
    app.ui.setField('request.code', false);
    await run();
    const after = app.view.store.getState();
    expect(after.cache.get(after.first)?.fields).toBeUndefined();
    expect(calls('view.rows').at(-1)).not.toHaveProperty('fields');
  });

  it('are copied as they are shown', async () => {
    const { app, run, program, page } = await started();
    app.ui.setField('request.code', true);
    // A field of no schema is remembered, but is no column.
    app.ui.setField('gone.field', true);
    page.active()?.schemas.take({ files: [], types: program.schemas.state.types });
    await run();
    app.selectAt(41, false);
    await app.copySelection();
    await run();
    expect(program.clipboard.split('\t').slice(-2, -1)).toEqual(['42']);
  });
});

describe('the choice of fields', () => {
  it('is remembered in its order, with widths, as far as it is understood', () => {
    const storage = memoryStorage();
    const ui = createUi(storage);
    for (const name of ['a.x', 'b.y', 'a.z']) ui.setField(name, true);
    ui.setField('b.y', false);
    ui.setField('b.y', true);
    ui.setWidth('field:a.z', 33);
    expect(ui.store.getState().newFields).toEqual(['a.x', 'a.z', 'b.y']);
    const again = createUi(storage).store.getState();
    expect(again.columns).toEqual({ characters: { 'field:a.z': 33 }, modes: {}, fields: ['a.x', 'a.z', 'b.y'] });
    expect(again.newFields).toEqual([]);
    const stored = (fields: unknown) => parseLasting(JSON.stringify({ columns: { fields } })).columns.fields;
    expect(stored(['a.x', 7, 'constructor', 'a..b', 'a.x', ' a.b', `a.${'x'.repeat(5000)}`, 'c.d'])).toEqual([
      'a.x',
      'c.d',
    ]);
    expect(stored(Array.from({ length: 50 }, (_, i) => `a.x${i}`))).toHaveLength(MOST_FIELD_COLUMNS);
    for (const none of [null, 'a.x', {}, []]) expect(stored(none)).toBeUndefined();
    ui.resetColumns();
    expect(JSON.parse(storage.getItem(STORAGE_KEY) ?? '').columns).toEqual({ characters: {}, modes: {} });
  });

  it('ends at so many, and says so', () => {
    const ui = createUi(memoryStorage());
    for (let i = 0; i < MOST_FIELD_COLUMNS; i++) ui.setField(`a.x${i}`, true);
    // One that is chosen already is no other.
    ui.setField('a.x0', true);
    expect(ui.store.getState().notices).toEqual([]);
    ui.setField('a.more', true);
    expect(ui.store.getState().columns.fields).toHaveLength(MOST_FIELD_COLUMNS);
    expect(ui.store.getState().columns.fields).not.toContain('a.more');
    expect(ui.store.getState().notices).toMatchObject([{ message: '8 fields are columns already' }]);
  });
});
