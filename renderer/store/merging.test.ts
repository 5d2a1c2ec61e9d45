/** Files beside each other as a person meets them: a page over the real service, commands, and what is typed. */
import { describe, expect, it } from 'vitest';
import { createFixture, type Fixture } from '../test/app-fixture.ts';
import { START_UNIX_MS } from '../test/log.ts';
import { rowVerbs, verbRow } from './row-verbs.ts';

const MS = 1e6;
/** The clock of the host is two seconds ahead. */
const GUEST = { pieces: [[0, 500 * MS], [900 * MS]], startUnixMs: START_UNIX_MS };
const HOST = { pieces: [[0, 150 * MS, 700 * MS]], startUnixMs: START_UNIX_MS + 2500 };

const notices = ({ app }: Fixture) => app.ui.store.getState().notices.map(({ message }) => message);
const offsets = ({ app }: Fixture) =>
  app.status.store.getState().status?.sources.map(({ statedNs = 0 }) => statedNs / MS);

/** The rows as the table has them: of which file, and which of it. */
function shown({ app }: Fixture): string[] {
  const { cache, first, end } = app.view.store.getState();
  return Array.from({ length: end - first }, (_, at) => {
    const row = cache.get(first + at);
    return row === undefined ? '?' : `${row.text.slice('/logs/'.length)[0]}${row.index}`;
  });
}

/** The guest's log is open; the person chooses the host's next. */
async function opened(): Promise<Fixture> {
  const fixture = createFixture({ sources: 0 });
  fixture.program.files.set('/logs/guest', GUEST).set('/logs/host', HOST);
  await fixture.connect();
  fixture.program.chooses = ['/logs/guest'];
  fixture.command('openFiles');
  await fixture.run();
  fixture.app.view.setViewPx(600);
  await fixture.run();
  fixture.program.chooses = ['/logs/host'];
  return fixture;
}

async function press(fixture: Fixture, command: 'openBeside' | 'align' | 'measure'): Promise<void> {
  fixture.command(command);
  await fixture.run();
}

/** Selects a row of the table as `shown` names it. */
async function select(fixture: Fixture, name: string): Promise<void> {
  fixture.app.selectAt(fixture.app.view.store.getState().first + shown(fixture).indexOf(name), false);
  await fixture.run();
}

async function beside(): Promise<Fixture> {
  const fixture = await opened();
  await press(fixture, 'openBeside');
  return fixture;
}

const selected = ({ app }: Fixture): string => {
  const row = verbRow(app);
  return row === undefined ? 'none' : `${row.text.slice('/logs/'.length)[0]}${row.index}`;
};

describe('files beside each other', () => {
  it('are opened in the session looked at, and the selected row stays selected', async () => {
    const fixture = await opened();
    await select(fixture, 'g2');
    await press(fixture, 'openBeside');
    expect(shown(fixture)).toEqual(['g1', 'g2', 'g3', 'h1', 'h2', 'h3']);
    expect(selected(fixture)).toBe('g2');
    expect(fixture.page.tabs.getState().layout).toHaveLength(1);
    expect(notices(fixture).at(-1)).toContain('1 file opened beside');
    // The person dismisses the dialog.
    fixture.program.chooses = [];
    const before = notices(fixture);
    await press(fixture, 'openBeside');
    expect(notices(fixture)).toEqual(before);
  });

  it('are read again by what explains their events, if the person chooses something', async () => {
    const fixture = await opened();
    await select(fixture, 'g2');
    fixture.program.chooses = [];
    await fixture.app.merging.explainEvents(0, 'files');
    expect(notices(fixture)).toEqual([]);
    fixture.program.chooses = ['/symbols/a.pdb'];
    const explained = fixture.app.merging.explainEvents(0, 'files');
    await fixture.run();
    await explained;
    expect(notices(fixture).at(-1)).toContain('is read with 1 file that explains its events.');
    expect(selected(fixture)).toBe('g2');
  });

  it('are not opened beside what is captured live, and nobody is asked for a file', async () => {
    const fixture = createFixture({ rows: 10 });
    await fixture.connect();
    fixture.program.files.set('/logs/host', HOST);
    fixture.program.chooses = ['/logs/host'];
    await press(fixture, 'openBeside');
    expect(notices(fixture).at(-1)).toContain('sim:demo were captured live');
    expect(fixture.app.view.store.getState().sessionEntries).toBe(10);
  });
});

describe('a source moved in time', () => {
  it('has its rows elsewhere, says so, and is moved back by 0', async () => {
    const fixture = await beside();
    await select(fixture, 'h2');
    expect(await Promise.all([fixture.app.merging.move(1, '-2.5 s'), fixture.run()])).toEqual([true, undefined]);
    expect(shown(fixture)).toEqual(['g1', 'h1', 'h2', 'g2', 'h3', 'g3']);
    expect([selected(fixture), offsets(fixture)]).toEqual(['h2', [0, -2500]]);
    expect(notices(fixture).at(-1)).toBe('host is moved by -2.5 s.');
    void fixture.app.merging.move(1, '0');
    await fixture.run();
    expect(shown(fixture)).toEqual(['g1', 'g2', 'g3', 'h1', 'h2', 'h3']);
    expect([selected(fixture), offsets(fixture)]).toEqual(['h2', [0, 0]]);
    expect(notices(fixture).at(-1)).toBe('host is where its own clock has it.');
  });

  it('is left where it is by what is no length of time, or where the file is gone', async () => {
    const fixture = await beside();
    const { merging } = fixture.app;
    expect(await merging.move(1, 'soon')).toBe(false);
    expect(merging.store.getState().trouble).toMatchObject({ source: 1, words: expect.stringContaining('-200 ms') });
    merging.forgetTrouble();
    expect(merging.store.getState().trouble).toBeNull();
    fixture.program.files.delete('/logs/guest');
    expect(await Promise.all([merging.move(1, '1s'), fixture.run()])).toEqual([false, undefined]);
    expect(merging.store.getState().trouble?.words).toContain('There is no file:/logs/guest.');
    expect(shown(fixture)).toEqual(['g1', 'g2', 'g3', 'h1', 'h2', 'h3']);
  });

  it('leaves the first row on the screen there, where none is selected', async () => {
    const fixture = createFixture({ sources: 0 });
    const times = Array.from({ length: 2000 }, (_, at) => at * MS);
    fixture.program.files.set('/logs/guest', { pieces: [times], startUnixMs: START_UNIX_MS });
    fixture.program.files.set('/logs/host', { pieces: [times.slice(0, 500)], startUnixMs: START_UNIX_MS });
    await fixture.connect();
    fixture.program.chooses = ['/logs/guest', '/logs/host'];
    await press(fixture, 'openBeside');
    fixture.app.view.scrollTo(1500 * 20);
    await fixture.run();
    const top = () => {
      const { cache, top: px } = fixture.app.view.store.getState();
      const row = cache.get(Math.ceil(px / 20));
      return `${row?.text} ${row?.index}`;
    };
    const before = top();
    expect(before).toBe('/logs/guest 1001');
    void fixture.app.merging.move(1, '1 h');
    await fixture.run();
    expect([top(), selected(fixture)]).toEqual([before, 'none']);
  });
});

describe('two sources aligned by two rows', () => {
  it('have both rows at one moment, with the one measured from as it was', async () => {
    const fixture = await beside();
    await select(fixture, 'g2');
    await press(fixture, 'measure');
    await select(fixture, 'h1');
    const verb = rowVerbs(fixture.app, verbRow(fixture.app) as never).find(({ id }) => id === 'align');
    expect(verb).toMatchObject({ label: 'Align with record 2', command: 'align' });
    verb?.run();
    await fixture.run();
    expect(shown(fixture)).toEqual(['g1', 'g2', 'h1', 'h2', 'g3', 'h3']);
    expect([selected(fixture), offsets(fixture)]).toEqual(['h1', [0, -2000]]);
    const { reference, fromReference } = fixture.app.measure.store.getState();
    expect([reference, fromReference]).toEqual([
      { row: 1, index: 2, timeNs: 500 * MS, epoch: expect.any(Number) },
      true,
    ]);
    expect(verbRow(fixture.app)?.timeNs).toBe(reference?.timeNs);
    // Once more there is nothing to do; what was moved already is taken into account.
    await press(fixture, 'align');
    expect(notices(fixture).at(-1)).toBe('Both rows are at one moment already.');
    await select(fixture, 'h2');
    await press(fixture, 'align');
    expect(offsets(fixture)).toEqual([0, -2150]);
  });

  it('are not where something is missing, and a sentence says what', async () => {
    const fixture = await beside();
    await press(fixture, 'align');
    expect(notices(fixture).at(-1)).toContain('press Ctrl+D on a row of the one');
    await select(fixture, 'g2');
    await press(fixture, 'measure');
    await press(fixture, 'align');
    expect(notices(fixture).at(-1)).toContain('press Ctrl+D on a row of the one');
    await select(fixture, 'g3');
    await press(fixture, 'align');
    expect(notices(fixture).at(-1)).toBe('Both rows are of /logs/guest: select a row of another source.');
    expect(offsets(fixture)).toEqual([0, 0]);
    expect(fixture.program.defects).toEqual([]);
  });
});
