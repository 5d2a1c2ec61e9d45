/** Highlights, the marked word and the list of matches, over the real service. */
import { describe, expect, it } from 'vitest';
import { COLOUR_NAMES, type ColourRule } from '../../electron/contract/colour-rules.ts';
import { createFixture, type Fixture, startFixture } from '../test/app-fixture.ts';
import { rowVerbs, verbRow } from './row-verbs.ts';

const rows = (text: string, colour: ColourRule['colour'] = 'red'): ColourRule => ({
  ...{ of: 'rows', text, caseSensitive: false, colour, on: true },
});
const code = (colour: ColourRule['colour']) => COLOUR_NAMES.indexOf(colour) + 1;

async function settle(fixture: Fixture): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    fixture.fireTimers();
    await fixture.run();
  }
}

/** The colours of the rows in sight, with their messages. */
function seen({ app }: Fixture): { readonly text: string; readonly cpu: number; readonly colour: number }[] {
  const { cache, end } = app.view.store.getState();
  const all = [];
  for (let position = Math.max(0, end - 30); position < end; position++) {
    const row = cache.get(position);
    if (row !== undefined) all.push({ text: row.text, cpu: row.cpu, colour: app.rowPaint.of(row.row) });
  }
  return all;
}

describe('highlights', () => {
  it('colour the rows in sight by the first rule that fits, and at once when they change', async () => {
    const fixture = await startFixture({ rows: 400 });
    const { app } = fixture;
    expect(fixture.calls('view.colours')).toEqual([]);
    await app.colours.add(rows('cpu:0-3', 'green'));
    await app.colours.add(rows('/IRP/', 'red'));
    await settle(fixture);
    const wanted = (text: string, cpu: number) => (text.includes('IRP') ? code('red') : cpu < 4 ? code('green') : 0);
    expect(seen(fixture)).toHaveLength(30);
    for (const { text, cpu, colour } of seen(fixture))
      expect([text, cpu, colour]).toEqual([text, cpu, wanted(text, cpu)]);
    await app.colours.move(0, 1);
    await settle(fixture);
    for (const { text, cpu, colour } of seen(fixture))
      expect(colour).toBe(cpu < 4 ? code('green') : text.includes('IRP') ? code('red') : 0);
    await app.colours.change(0, { ...rows('cpu:0-3', 'green'), on: false });
    await app.colours.remove(1);
    await settle(fixture);
    expect(seen(fixture).every(({ colour }) => colour === 0)).toBe(true);
    expect(fixture.program.highlighted).toMatchObject([{ text: 'cpu:0-3', on: false }]);
  });

  it('are also those that a recording brings along, until the person keeps them or wants them no longer', async () => {
    const fixture = createFixture({ rows: 400 });
    const session = fixture.program.service.workspace.openSessions[0]?.session;
    if (session === undefined) throw new Error('no session is open');
    session.highlights = [rows('cpu:0-3', 'green'), rows('cpu:4', 'blue')];
    await fixture.connect();
    await settle(fixture);
    const { app } = fixture;
    const colourOf = (cpu: number) => seen(fixture).find((row) => row.cpu === cpu)?.colour;
    expect([colourOf(1), colourOf(4), colourOf(5)]).toEqual([code('green'), code('blue'), 0]);
    await app.colours.add(rows('cpu:1', 'red'));
    await settle(fixture);
    expect([colourOf(1), colourOf(2)]).toEqual([code('red'), code('green')]);
    expect(fixture.program.highlighted).toMatchObject([{ text: 'cpu:1' }]);
    // Kept, they stand behind the person's own, and do not end with the tab.
    await app.colours.keep(app.carried.store.getState().rules);
    await app.carried.drop();
    await settle(fixture);
    expect(fixture.program.highlighted).toMatchObject([{ text: 'cpu:1' }, { text: 'cpu:0-3' }, { text: 'cpu:4' }]);
    expect([session.highlights, colourOf(4)]).toEqual([[], code('blue')]);
    await app.colours.remove(2);
    await settle(fixture);
    expect(colourOf(4)).toBe(0);
  });

  it('are those of the rows that come while the newest are followed', async () => {
    const fixture = await startFixture({ rows: 100, rate: 500 });
    await fixture.app.colours.add(rows('cpu:0-3', 'teal'));
    await settle(fixture);
    fixture.program.advance(1000);
    await settle(fixture);
    expect(fixture.app.view.store.getState().end).toBe(600);
    for (const { cpu, colour } of seen(fixture)) expect(colour).toBe(cpu < 4 ? code('teal') : 0);
  });

  it('are refused where the text is no filter, and then nothing changes', async () => {
    const fixture = await startFixture({ rows: 10 });
    const { colours } = fixture.app;
    expect(await colours.add(rows('cpu:nonsense'))).toBe(false);
    expect(colours.store.getState().failure?.message).toContain('nonsense');
    expect(
      await colours.add({ of: 'words', text: '(', caseSensitive: false, colour: 'red', on: true, regex: true }),
    ).toBe(false);
    expect(await colours.add(rows('  '))).toBe(false);
    expect(fixture.program.highlighted).toEqual([]);
    expect(await colours.add(rows('cpu:1'))).toBe(true);
    expect(colours.store.getState().failure).toBeNull();
    expect(colours.nextColour()).not.toBe('red');
  });

  it('are blue, as selected rows are, only once all other colours are in use', async () => {
    const { app } = await startFixture({ rows: 5 });
    const given: string[] = [];
    for (const _ of COLOUR_NAMES) {
      const colour = app.colours.nextColour();
      given.push(colour);
      await app.colours.add({ of: 'rows', text: `cpu:${given.length}`, caseSensitive: false, colour, on: true });
    }
    expect(given.at(-1)).toBe('blue');
    expect([...given].sort()).toEqual([...COLOUR_NAMES].sort());
  });

  it('are about the row that the menu was asked for, which may be any of the selected ones', async () => {
    const fixture = await startFixture({ rows: 50 });
    const { app } = fixture;
    app.selectAt(10, false);
    app.selectAt(20, true);
    await settle(fixture);
    const selected = verbRow(app)?.row;
    app.ui.openRowMenu({ at: { x: 1, y: 1 }, position: 14, column: null, word: '' });
    expect(verbRow(app)?.row).toBe((selected as number) - 6);
    app.ui.openRowMenu({ at: null, column: null, word: '' });
    expect(verbRow(app)?.row).toBe(selected);
  });

  it('are verbs of a row and of a word, in the colour that is used least', async () => {
    const fixture = await startFixture({ rows: 50 });
    const { app } = fixture;
    app.selectAt(40, false);
    await settle(fixture);
    const row = verbRow(app);
    if (row === undefined) throw new Error('no row is selected');
    const verb = (id: string) =>
      rowVerbs(app, row, 'IRP')
        .find((each) => each.id === id)
        ?.run();
    for (const id of ['highlight-cpu', 'highlight-level', 'highlight-like', 'highlight-word', 'highlight-word-rows']) {
      verb(id);
      await settle(fixture);
    }
    expect(fixture.program.highlighted.map(({ of, text }) => [of, text])).toEqual([
      ['rows', 'IRP'],
      ['words', 'IRP'],
      ['rows', expect.stringContaining('like:')],
      ['rows', expect.stringContaining('level:')],
      ['rows', `cpu:${row.cpu}`],
    ]);
    expect(new Set(fixture.program.highlighted.map(({ colour }) => colour)).size).toBe(5);
    expect(app.rowPaint.of(row.row)).toBeGreaterThan(0);
  });
});

describe('a marked word', () => {
  it('is counted in the rows shown, those that come too, until it is taken off', async () => {
    const fixture = await startFixture({ rows: 400 });
    const { app } = fixture;
    const holding = () =>
      Array.from(
        { length: 400 },
        (_, at) => fixture.program.service.workspace.openViews[0]?.log.rows(at, 1).rows[0],
      ).filter((row) => row?.text.includes('NBLs')).length;
    app.wordMark.mark('NBLs');
    await settle(fixture);
    expect(app.wordMark.store.getState().count).toMatchObject({ count: holding(), progress: null });
    expect(holding()).toBeGreaterThan(10);
    // The find bar counts something else beside it.
    app.find.restore({ pattern: 'watchdog', regex: false, caseSensitive: false, open: true });
    await settle(fixture);
    expect(app.find.store.getState().count?.count).not.toBe(holding());
    expect(app.wordMark.store.getState().count?.count).toBe(holding());
    app.stepBack();
    expect(app.find.store.getState().open).toBe(false);
    app.stepBack();
    expect(app.wordMark.store.getState()).toEqual({ query: null, count: null });
    expect(app.wordMark.clear()).toBe(false);
  });
});

describe('the list of matches', () => {
  it('has every match by its rank, in one generation, and goes to its row', async () => {
    const fixture = await startFixture({ rows: 3000 });
    const { app } = fixture;
    app.find.restore({ pattern: 'ioctl', regex: false, caseSensitive: false, open: true });
    app.matches.want(0, 40);
    await settle(fixture);
    const count = app.find.store.getState().count?.count ?? 0;
    expect(count).toBeGreaterThan(250);
    app.matches.want(count - 10, count);
    await settle(fixture);
    const log = fixture.program.service.workspace.openViews[0]?.log;
    const all = Array.from({ length: 3000 }, (_, at) => at).filter((at) =>
      log?.rows(at, 1).rows[0]?.text.includes('ioctl'),
    );
    for (const rank of [0, 39, 199, count - 10, count - 1]) expect(app.matches.at(rank)?.position).toBe(all[rank]);
    expect(app.matches.at(count)).toBeUndefined();
    const match = app.matches.at(5);
    await app.goToRow(match?.row.row ?? -1);
    await settle(fixture);
    expect(app.view.store.getState().selection?.focus.row).toBe(match?.row.row);
    // In another generation positions are others: nothing of the old one is shown.
    app.filter.setPattern('cpu:0-3');
    app.filter.applyNow();
    await settle(fixture);
    app.matches.want(0, 10);
    await settle(fixture);
    const first = app.matches.at(0);
    expect(first?.row.cpu).toBeLessThan(4);
    expect(first?.position).toBe(log?.locateRow(first?.row.row ?? -1));
  });
});
