/** Fields as columns, from the choice of a person to the rows that the service sends. */
import { afterEach, describe, expect, it } from 'vitest';
import { MOST_FIELD_COLUMNS } from '../../electron/contract/field-columns.ts';
import { batchOf, entry } from '../../electron/session/test-support.ts';
import { setSchemas } from '../../electron/session/text/schemas.ts';
import { memoryStorage, startFixture } from '../test/app-fixture.ts';
import { createColumns } from './columns.ts';
import { rowVerbs, verbRow } from './row-verbs.ts';
import { createStatus } from './status.ts';
import { createUi, type KeyValue, parseLasting, STORAGE_KEY } from './ui.ts';

const SCHEMA = JSON.stringify({
  ringview_schema: 1,
  types: {
    16: {
      name: 'request',
      fields: [
        { name: 'code', type: 'u8' },
        { name: 'more', type: 'u8' },
        { name: 'address', type: 'pointer', bytes: 4 },
        { name: 'parts', type: 'array', of: { type: 'u8' }, count: 2 },
      ],
      // Its line does not name the address.
      message: [{ text: 'request {code}' }],
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
      entry(from + i, '', {
        type: 16,
        timeNs: 1e12 + i,
        payload: Uint8Array.of((from + i) % 256, 7, 0, (from + i) * 16, 2, 0, 1, 2),
      }),
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
    app.columns.setField('request.code', true);
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
    app.columns.setField('request.code', false);
    await run();
    const after = app.view.store.getState();
    expect(after.cache.get(after.first)?.fields).toBeUndefined();
    expect(calls('view.rows').at(-1)).not.toHaveProperty('fields');
  });

  it('are copied as they are shown', async () => {
    const { app, run, program, page } = await started();
    app.columns.setField('request.code', true);
    // A field of no schema is remembered, but is no column.
    app.columns.setField('gone.field', true);
    page.active()?.schemas.take({ files: [], types: program.schemas.state.types });
    await run();
    app.selectAt(41, false);
    await app.copySelection();
    await run();
    expect(program.clipboard.split('\t').slice(-2, -1)).toEqual(['42']);
    // As a table has them that says which columns it shows.
    app.columns.setField('request.more', true);
    app.columns.moveBefore('field:request.more', 'field:request.code');
    app.reading.setColumns(['field:request.more', 'index', 'field:request.code', 'field:gone.field', 'message']);
    await run();
    await app.copySelection();
    await run();
    expect(
      program.clipboard
        .split('\t')
        .slice(0, 4)
        .map((cell) => cell.trim()),
    ).toEqual(['7', '42', '42', '']);
    // A table says which columns it shows, in its order.
    app.reading.setColumns(['field:request.code', 'message', 'index']);
    const copied = async (format: 'text' | 'markdown' | 'csv') => {
      await app.copySelection(format);
      await run();
      return program.clipboard.trimEnd().split(/\r?\n/);
    };
    expect((await copied('text'))[0]?.split('\t')[0]).toBe('42');
    expect(await copied('markdown')).toEqual([
      '| request\\.code | message | index |',
      '| --- | --- | ---: |',
      expect.stringMatching(/^\| 42 \| .* \| 42 \|$/),
    ]);
    expect(await copied('csv')).toEqual(['request.code,message,index', expect.stringMatching(/^42,.*,42$/)]);
  });

  it('have the verbs of other cells: only these, not these, highlight them, and follow an address', async () => {
    const { app, run, program, page } = await started();
    page.active()?.schemas.take({ files: [], types: program.schemas.state.types });
    for (const name of ['request.code', 'request.address', 'request.parts']) app.columns.setField(name, true);
    await run();
    app.selectAt(app.view.store.getState().end - 2, false);
    await run();
    await app.decoder.load();
    const verbs = () => rowVerbs(app, verbRow(app) ?? expect.fail('no row is selected'));
    const of = (column: string) => verbs().filter((each) => each.column === column);
    expect(of('field:request.code').map(({ id, label }) => [id, label])).toEqual([
      ['only-field:request.code', 'Only code 42'],
      ['hide-field:request.code', 'Hide code 42'],
      ['highlight-field:request.code', 'Highlight code 42'],
    ]);
    // The cell has all parts, and a term asks for one of them.
    expect(of('field:request.parts').map(({ id, label }) => [id, label])).toEqual([
      ['only-field:request.parts', 'Only parts with 1'],
      ['hide-field:request.parts', 'Hide parts with 1'],
      ['highlight-field:request.parts', 'Highlight parts with 1'],
      ['only-field:request.parts-2', 'Only parts with 2'],
      ['hide-field:request.parts-2', 'Hide parts with 2'],
      ['highlight-field:request.parts-2', 'Highlight parts with 2'],
    ]);
    expect(of('field:request.address').at(-1)).toMatchObject({ label: 'All rows with 0x2a000', command: 'life' });
    const [only, hide, highlight] = of('field:request.code');
    const secondPart = of('field:request.parts')[3];
    highlight?.run();
    await run();
    expect(page.active()?.colours.store.getState().rules).toMatchObject([{ of: 'rows', text: 'request.code:42' }]);
    only?.run();
    await run();
    expect(app.filter.store.getState().pattern).toBe('request.code:42');
    app.filter.undo();
    hide?.run();
    await run();
    expect(app.filter.store.getState().pattern).toBe('-request.code:42');
    app.filter.undo();
    secondPart?.run();
    await run();
    program.passTime(1000);
    await run();
    await run();
    expect(app.filter.store.getState().pattern).toBe('request.parts:2');
    const { end, first } = app.view.store.getState();
    expect(end - first).toBe(3);
  });
});

/** Of a window without a source. */
function columnsOf(storage: KeyValue) {
  const ui = createUi(storage);
  return { ui, columns: createColumns(ui, createStatus({ on: {} } as Parameters<typeof createStatus>[0])) };
}

describe('the choice of fields', () => {
  it('is remembered in its order, with widths, as far as it is understood', () => {
    const storage = memoryStorage();
    const { ui, columns } = columnsOf(storage);
    for (const name of ['a.x', 'b.y', 'a.z']) columns.setField(name, true);
    columns.setField('b.y', false);
    columns.setField('b.y', true);
    columns.setWidth('field:a.z', 33);
    expect(ui.store.getState().newFields).toEqual(['a.x', 'a.z', 'b.y']);
    const again = createUi(storage).store.getState();
    const chosen = { characters: { 'field:a.z': 33 }, modes: {}, fields: ['a.x', 'a.z', 'b.y'] };
    expect(again.columns).toEqual({ start: chosen, kinds: {} });
    expect(again.newFields).toEqual([]);
    const stored = (fields: unknown) => parseLasting(JSON.stringify({ columns: { fields } })).columns.start.fields;
    expect(stored(['a.x', 7, 'constructor', 'a..b', 'a.x', ' a.b', `a.${'x'.repeat(5000)}`, 'c.d'])).toEqual([
      'a.x',
      'c.d',
    ]);
    expect(stored(Array.from({ length: 50 }, (_, i) => `a.x${i}`))).toHaveLength(MOST_FIELD_COLUMNS);
    for (const none of [null, 'a.x', {}, []]) expect(stored(none)).toBeUndefined();
    columns.reset();
    expect(JSON.parse(storage.getItem(STORAGE_KEY) ?? '').columns).toEqual({ characters: {}, modes: {} });
  });

  it('ends at so many, and says so', () => {
    const { ui, columns } = columnsOf(memoryStorage());
    for (let i = 0; i < MOST_FIELD_COLUMNS; i++) columns.setField(`a.x${i}`, true);
    // One that is chosen already is no other.
    columns.setField('a.x0', true);
    expect(ui.store.getState().notices).toEqual([]);
    columns.setField('a.more', true);
    expect(columns.choice().fields).toHaveLength(MOST_FIELD_COLUMNS);
    expect(columns.choice().fields).not.toContain('a.more');
    expect(ui.store.getState().notices).toMatchObject([{ message: '8 fields are columns already' }]);
  });
});
