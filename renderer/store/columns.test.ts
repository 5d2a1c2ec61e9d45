/** The columns of sessions of one kind of log, from the choice of a person to the next start of the page. */
import { describe, expect, it } from 'vitest';
import { SOURCE_KINDS } from '../../native/sources/registry.ts';
import { LIVE_KINDS } from '../model/column-kinds.ts';
import { memoryStorage, startFixture } from '../test/app-fixture.ts';
import { createColumns } from './columns.ts';
import { createStatus, type StatusStore } from './status.ts';
import { createUi, type KeyValue, STORAGE_KEY } from './ui.ts';

/** A window with one session, whose source the test names. */
function opened(storage: KeyValue) {
  const ui = createUi(storage);
  const status = createStatus({ on: {} } as Parameters<typeof createStatus>[0]);
  return { ui, status, columns: createColumns(ui, status) };
}

function shows({ store }: StatusStore, source: object): void {
  const status = { sources: [source], sourceNames: [{ id: 0, name: 'a' }] };
  store.setState({ status } as unknown as ReturnType<typeof store.getState>);
}

const SIM = { name: 'sim:a' };
const TRACE = { name: '/logs/a.etl', file: { formatName: 'trace' } };

it('live kinds are those that a source can be of, besides files', () => {
  const known = SOURCE_KINDS.map(({ kind }) => kind).filter((kind) => kind !== 'file' && kind !== '-');
  expect([...LIVE_KINDS].sort()).toEqual(known.sort());
});

describe('columns', () => {
  it('are chosen for a kind of log, in all sessions of it, and remembered', () => {
    const storage = memoryStorage();
    const { status, columns } = opened(storage);
    shows(status, SIM);
    columns.moveBefore('level', 'index');
    columns.setWidth('time', 20);
    columns.setMode('cpu', 'hide');
    const chosen = columns.choice();
    expect(chosen).toMatchObject({ characters: { time: 20 }, modes: { cpu: 'hide' } });
    expect(chosen.order?.slice(0, 2)).toEqual(['level', 'index']);
    shows(status, TRACE);
    expect(columns.choice()).toEqual({ characters: {}, modes: {} });
    columns.setMode('tid', 'show');

    const again = opened(storage);
    shows(again.status, SIM);
    expect(again.columns.choice()).toEqual(chosen);
    shows(again.status, TRACE);
    expect(again.columns.choice().modes).toEqual({ tid: 'show' });
    again.columns.reset();
    expect(again.columns.choice()).toEqual({ characters: {}, modes: {} });
    shows(again.status, SIM);
    expect(again.columns.choice()).toEqual(chosen);
  });

  it('begin as they were chosen for all kinds by a version before, and as they come where they are reset', () => {
    const storage = memoryStorage();
    storage.setItem(STORAGE_KEY, JSON.stringify({ columns: { characters: { time: 17 }, modes: { pid: 'show' } } }));
    const { status, columns } = opened(storage);
    for (const source of [SIM, TRACE]) {
      shows(status, source);
      expect(columns.choice()).toEqual({ characters: { time: 17 }, modes: { pid: 'show' } });
    }
    columns.reset();
    expect(columns.choice()).toEqual({ characters: {}, modes: {} });
    const again = opened(storage);
    shows(again.status, TRACE);
    expect(again.columns.choice()).toEqual({ characters: {}, modes: {} });
    shows(again.status, SIM);
    expect(again.columns.choice().modes).toEqual({ pid: 'show' });
  });

  it('are not stored anew for a move that changes nothing', () => {
    const storage = memoryStorage();
    const { columns } = opened(storage);
    columns.moveBefore('level', 'source');
    columns.moveBefore('message', 'index');
    expect(storage.getItem(STORAGE_KEY)).toBeNull();
  });

  it('follow the session from kind to kind', async () => {
    const { app, run } = await startFixture({ rows: 10 });
    await run();
    let changes = 0;
    const end = app.columns.follow(() => {
      changes++;
    });
    app.columns.setWidth('time', 22);
    expect(changes).toBe(1);
    end();
    app.columns.setWidth('time', 23);
    expect(changes).toBe(1);
    expect(app.columns.choice().characters).toEqual({ time: 23 });
  });
});
