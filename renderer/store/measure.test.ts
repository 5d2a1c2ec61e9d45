/** Measuring over the real service: a reference row, the span of a selection, the kind of time, what of it is remembered. */
import { describe, expect, it } from 'vitest';
import { batchOf, entry } from '../../electron/session/test-support.ts';
import { selectionWords, timeColumns } from '../model/time-columns.ts';
import { createFixture, type Fixture, startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import { rowVerbs, verbRow } from './row-verbs.ts';
import { parseLasting } from './ui.ts';

const measured = ({ app }: Fixture) => app.measure.store.getState();
const notices = ({ app }: Fixture) => app.ui.store.getState().notices.map(({ message }) => message);

async function press(fixture: Fixture, command: 'measure' | 'nextTimes' | 'selectAll' | 'clear'): Promise<void> {
  fixture.command(command);
  await fixture.run();
}

/** The words of the status bar about the selection. */
function said({ app }: Fixture): string | null {
  const { ends, reference } = app.measure.store.getState();
  if (ends === null) return null;
  const { first, last, firstRow } = ends;
  const selected = { ...ends, rows: last - first + 1, isReference: firstRow === reference?.row };
  return selectionWords(selected, reference, 'us')?.replaceAll('\u2009', '') ?? null;
}

const seconds = (ns: number) => `${ns < 0 ? '-' : '+'}${(Math.floor(Math.abs(ns) / 1000) / 1e6).toFixed(6)}`;

describe('the row that others are measured from', () => {
  it('is set and cleared by one key on it, and moved by the same key on another row', async () => {
    const fixture = await startFixture({ rows: 1000 });
    fixture.app.selectAt(500, false);
    await press(fixture, 'measure');
    const { index, timeNs } = rowAt(500);
    expect(measured(fixture)).toMatchObject({ reference: { row: 500, index, timeNs, epoch: 0 }, fromReference: true });
    expect(notices(fixture).at(-1)).toBe(`Times are measured from record ${index}.`);
    expect(said(fixture)).toBe('reference row');
    fixture.app.selectAt(490, false);
    await fixture.run();
    expect(said(fixture)).toBe(`${seconds(rowAt(490).timeNs - timeNs)} s from the reference`);
    await press(fixture, 'measure');
    expect(measured(fixture).reference?.row).toBe(490);
    await press(fixture, 'measure');
    expect(measured(fixture)).toMatchObject({ reference: null, fromReference: false });
    expect(said(fixture)).toBeNull();
  });

  it('has to be selected first', async () => {
    const fixture = await startFixture({ rows: 10 });
    await press(fixture, 'measure');
    expect(measured(fixture).reference).toBeNull();
    expect(notices(fixture).at(-1)).toContain('Select a row first');
  });

  it('may be far from the rows on the screen', async () => {
    const fixture = await startFixture({ rows: 100_000 });
    const { view } = fixture.app;
    fixture.app.selectAt(10, false);
    fixture.app.showFirst();
    await fixture.run();
    view.setFollow(true);
    // Only the newest pages are held any more.
    for (let at = 20_000; at < 100_000; at += 500) {
      view.scrollTo(at * 20);
      await fixture.run();
    }
    expect(view.store.getState().cache.get(10)).toBeUndefined();
    await press(fixture, 'measure');
    expect(measured(fixture).reference).toMatchObject({ row: 10, timeNs: rowAt(10).timeNs });
  });

  it('is offered in the menu of a row, and taken back there', async () => {
    const fixture = await startFixture({ rows: 100 });
    const { app } = fixture;
    app.showFirst();
    app.selectAt(5, false);
    await fixture.run();
    const verb = () => {
      const row = verbRow(app);
      if (row === undefined) throw new Error('no row is selected');
      return rowVerbs(app, row).find(({ id }) => id === 'measure');
    };
    expect(verb()?.label).toBe('Set as time reference');
    verb()?.run();
    await fixture.run();
    expect(measured(fixture).reference?.row).toBe(5);
    expect(verb()?.label).toBe('Time reference no longer');
    verb()?.run();
    await fixture.run();
    expect(measured(fixture).reference).toBeNull();
  });

  it('stays the same row under any filter, also where that hides it', async () => {
    const fixture = await startFixture({ rows: 1000 });
    const { app } = fixture;
    app.selectAt(500, false);
    await press(fixture, 'measure');
    const { cpu, timeNs } = rowAt(500);
    app.filter.toggleCpu(cpu);
    await fixture.run();
    expect(measured(fixture).reference?.row).toBe(500);
    app.showFirst();
    await fixture.run();
    app.selectAt(20, false);
    await fixture.run();
    const row = app.view.store.getState().cache.get(20);
    expect(said(fixture)).toBe(`${seconds((row?.timeNs ?? 0) - timeNs)} s from the reference`);
  });

  it('is none any more once the session was cleared, whichever view did so: its number is that of another row', async () => {
    const fixture = await startFixture({ rows: 1000 });
    const { app } = fixture;
    app.selectAt(5, false);
    await press(fixture, 'measure');
    fixture.program.session.clear();
    fixture.program.append(1000);
    await fixture.run();
    expect(app.view.store.getState().end).toBeGreaterThan(500);
    expect(measured(fixture)).toMatchObject({ reference: null, fromReference: false });
  });

  it('is remembered by view, and the page that comes after this one measures from it', async () => {
    const fixture = await startFixture({ rows: 1000 });
    fixture.app.selectAt(500, false);
    await press(fixture, 'measure');
    fixture.app.measure.setFromReference(false);
    fixture.fireTimers();
    await fixture.run();
    const { program } = fixture;
    const next = createFixture({}, program);
    await next.connect();
    expect(measured(next)).toMatchObject({
      ...{ reference: { row: 500, timeNs: rowAt(500).timeNs, epoch: 0 }, fromReference: false },
    });
  });

  it('that a page had before a clear is none for the page that comes after', async () => {
    const fixture = await startFixture({ rows: 1000 });
    fixture.app.selectAt(500, false);
    await press(fixture, 'measure');
    fixture.fireTimers();
    await fixture.run();
    fixture.program.session.clear();
    fixture.program.append(1000);
    const next = createFixture({}, fixture.program);
    await next.connect();
    expect(measured(next).reference).toBeNull();
  });
});

describe('the span of a selection', () => {
  it('is told for two rows and more, with their number, also where rows lie far from those on the screen', async () => {
    const fixture = await startFixture({ rows: 100_000 });
    const { app } = fixture;
    app.selectAt(10, false);
    await fixture.run();
    expect(said(fixture)).toBeNull();
    app.selectAt(14, true);
    await fixture.run();
    expect(said(fixture)).toBe(`5 rows, ${seconds(rowAt(14).timeNs - rowAt(10).timeNs)} s`);
    await press(fixture, 'selectAll');
    expect(said(fixture)).toBe(`100,000 rows, ${seconds(rowAt(99_999).timeNs - rowAt(0).timeNs)} s`);
    app.view.select(null);
    await fixture.run();
    expect(said(fixture)).toBeNull();
  });

  it('counts from the first to the last row, in whichever direction it was made', async () => {
    const fixture = await startFixture({ rows: 1000 });
    fixture.app.selectAt(600, false);
    fixture.app.selectAt(100, true);
    await fixture.run();
    expect(said(fixture)).toBe(`501 rows, ${seconds(rowAt(600).timeNs - rowAt(100).timeNs)} s`);
  });

  it('is that of the rows that are selected under another filter', async () => {
    const fixture = await startFixture({ rows: 1000 });
    const { app } = fixture;
    app.showFirst();
    await fixture.run();
    app.selectAt(2, false);
    app.selectAt(20, true);
    await fixture.run();
    const before = measured(fixture).ends;
    // Neither of them is hidden, rows between them are.
    const other = [0, 1, 2].find((cpu) => cpu !== rowAt(2).cpu && cpu !== rowAt(20).cpu);
    app.filter.toggleCpu(other ?? -1);
    await fixture.run();
    const { selection } = app.view.store.getState();
    const ends = measured(fixture).ends;
    expect(ends?.last).toBeLessThan(20);
    expect(ends?.last).toBe(Math.max(selection?.focus.position ?? -1, selection?.anchor.position ?? -1));
    expect(ends?.generation).not.toBe(before?.generation);
    expect(ends?.firstNs).toBe(rowAt(2).timeNs);
  });
});

describe('the kind of time', () => {
  const shown = ({ app }: Fixture) => app.times.text(1_000_000_000);

  it('goes round by a key among those that the session knows, and is said', async () => {
    const fixture = await startFixture({ rows: 10 });
    const { startUnixMs } = fixture.app.times.origin();
    expect(startUnixMs).not.toBeNull();
    const elapsed = shown(fixture);
    expect(elapsed).toBe('1.000\u2009000');
    await press(fixture, 'nextTimes');
    expect(shown(fixture)).toMatch(/^\d\d:\d\d:01\.000\u2009000$/);
    expect(notices(fixture).at(-1)).toMatch(/^Times are those of the wall clock, UTC[+-]\d\d:\d\d\.$/);
    await press(fixture, 'nextTimes');
    // How long the machine has been running is not known of these sources.
    expect(shown(fixture)).toBe(elapsed);
  });

  it('is kept with the choice of columns, as far as it is understood', async () => {
    const { app } = await startFixture({ rows: 10 });
    app.ui.setTimes({ kind: 'clock', digits: '100ns', delta: 'cpu' });
    const { times, columns } = app.ui.store.getState();
    const stored = JSON.stringify({ times, columns });
    expect(parseLasting(stored).times).toEqual({ kind: 'clock', digits: '100ns', delta: 'cpu' });
    const usual = { kind: 'elapsed', digits: 'us', delta: 'row' };
    for (const text of ['{}', '{"times":7}', '{"times":{"kind":"never","digits":9,"delta":[]}}'])
      expect(parseLasting(text).times).toEqual(usual);
  });

  it('goes into copies and exports with the deltas that are shown', async () => {
    const fixture = await startFixture({ rows: 10 });
    const { app } = fixture;
    expect(app.times.shown()).toEqual({ kind: 'elapsed', digits: 'us', delta: 'row' });
    app.ui.setTimes({ kind: 'boot', digits: 'ms', delta: 'cpu' });
    expect(app.times.shown()).toEqual({ kind: 'elapsed', digits: 'ms', delta: 'cpu' });
    app.selectAt(5, false);
    await press(fixture, 'measure');
    expect(app.times.shown().delta).toEqual({ fromNs: rowAt(5).timeNs });
    app.columns.setMode('delta', 'hide');
    expect(app.times.shown().delta).toBeNull();
  });
});

it('deltas of the same CPU are those of the shown rows, filtered or not', async () => {
  const fixture = await startFixture({ rows: 0 });
  const { app, program } = fixture;
  const cpus = [0, 1, 0, 2, 1, 0];
  program
    .source()
    .ready.push(
      batchOf(cpus.map((cpu, at) => entry(at + 1, `row ${at}`, { cpu, timeNs: at * 1000, level: at === 2 ? 3 : 2 }))),
    );
  program.service.loop.wake();
  program.advance(100);
  await fixture.run();
  const deltas = () => {
    const { cache, first, end } = app.view.store.getState();
    const { ui } = app;
    ui.setTimes({ delta: 'cpu' });
    const setting = {
      choice: ui.store.getState().times,
      origin: app.times.origin(),
      reference: null,
      fromReference: false,
    };
    return Array.from({ length: end - first }, (_, at) => {
      const row = cache.get(first + at);
      const parts = row && timeColumns(setting).delta(row);
      return `${parts?.quiet}${parts?.strong}`.replaceAll('\u2009', '');
    });
  };
  expect(deltas()).toEqual(['\u2013', '\u2013', '+0.000002', '\u2013', '+0.000003', '+0.000003']);
  app.filter.toggleLevel(3);
  await fixture.run();
  expect(deltas()).toEqual(['\u2013', '\u2013', '\u2013', '+0.000003', '+0.000005']);
});
