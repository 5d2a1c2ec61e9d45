import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { LEAST_PANE_PX, MOST_PANE_PX, PANE_PX } from '../model/panes.ts';
import { memoryStorage, startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';
import { withProgress } from './exports.ts';
import { isFiltering } from './filter.ts';
import { findQuery } from './find.ts';
import { createReading } from './reading.ts';
import { RATES_MS, withSample } from './status.ts';
import { createUi, parseLasting, STORAGE_KEY } from './ui.ts';

describe('filter', () => {
  it('answers a key at once, and those that come fast after it once typing has paused', async () => {
    const { app, calls, fireTimers, run } = await startFixture({ rows: 100 });
    const sent = (pattern: string) => ({
      view: 1,
      filter: { ...SHOW_ALL, text: { pattern, regex: false, caseSensitive: false } },
    });
    for (const text of ['i', 'ir', 'irp']) app.filter.setPattern(text);
    expect(calls('view.setFilter')).toEqual([sent('i')]);
    fireTimers();
    await run();
    expect(calls('view.setFilter')).toEqual([sent('i'), sent('irp')]);
    expect(app.filter.store.getState().applied.text?.pattern).toBe('irp');
    app.filter.setPattern('irp_');
    expect(calls('view.setFilter').at(-1)).toEqual(sent('irp_'));
  });

  it('does not look once more for what is in force when Enter is pressed, but lets it go on', async () => {
    const { app, calls, run } = await startFixture({ rows: 100 });
    app.filter.setPattern('irp');
    app.filter.applyNow();
    await run();
    app.filter.applyNow();
    await run();
    expect(calls('view.setFilter')).toHaveLength(1);
    expect(calls('view.resumeScan')).toHaveLength(2);
    expect(app.filter.store.getState().earlier).toEqual(['irp']);
  });

  it('keeps the old filter when a pattern does not compile, also when a chip is clicked meanwhile', async () => {
    const { app, calls, run } = await startFixture({ rows: 1000 });
    const state = app.filter.store.getState;
    app.filter.setPattern('irp');
    app.filter.applyNow();
    await run();
    app.filter.toggleRegex();
    app.filter.setPattern('(');
    app.filter.applyNow();
    await run();
    expect(state().failure?.code).toBe('bad-pattern');
    expect(state().applied.text?.pattern).toBe('irp');
    app.filter.toggleCpu(3);
    await run();
    expect(calls('view.setFilter').at(-1)?.filter).toMatchObject({ hiddenCpus: [3], text: { pattern: 'irp' } });
    expect(state().failure?.code).toBe('bad-pattern');
    app.filter.setPattern('irp|dpc');
    app.filter.applyNow();
    await run();
    expect(state().failure).toBeNull();
    expect(state().applied).toMatchObject({ hiddenCpus: [3], text: { pattern: 'irp|dpc', regex: true } });
  });

  it('builds quick clicks on one another, isolates and resets', async () => {
    const { app, run } = await startFixture({ rows: 1000 });
    const state = app.filter.store.getState;
    app.filter.toggleCpu(1);
    app.filter.toggleCpu(2);
    app.filter.toggleLevel(0);
    await run();
    expect(state().applied).toMatchObject({ hiddenCpus: [1, 2], hiddenLevels: [0] });
    app.filter.isolateCpu(3, 4);
    app.filter.isolateLevel(4);
    await run();
    expect(state().applied).toMatchObject({ hiddenCpus: [0, 1, 2], hiddenLevels: [0, 1, 2, 3] });
    expect(isFiltering(state())).toBe(true);
    app.filter.reset();
    await run();
    expect(state().applied).toEqual(SHOW_ALL);
    expect(isFiltering(state())).toBe(false);
  });
});

describe('find', () => {
  it('walks the matches, goes round once and says so', async () => {
    const { app, command, run } = await startFixture({ rows: 60 });
    const view = app.view.store.getState;
    const matches = Array.from({ length: 60 }, (_, n) => n).filter((n) => /watchdog/.test(rowAt(n).text));
    expect(matches.length).toBeGreaterThan(2);
    command('first');
    await run();
    app.find.setPattern('WATCHDOG');
    const visited: number[] = [];
    for (let i = 0; i <= matches.length; i++) {
      await app.find.go('next');
      await run();
      visited.push(view().selection!.focus.position);
    }
    expect(visited).toEqual([...matches, matches[0]]);
    expect(app.find.store.getState().outcome).toBe('wrapped');
    await app.find.go('previous');
    expect(view().selection!.focus.position).toBe(matches.at(-1));
    expect(findQuery(app.find.store.getState())?.pattern).toBe('WATCHDOG');
    app.find.close();
    expect(findQuery(app.find.store.getState())).toBeNull();
  });

  it('counts what is in the bar once typing has paused, and believes only counts of that', async () => {
    const { app, tell, calls, fireTimers, run } = await startFixture({ rows: 60 });
    const state = app.find.store.getState;
    app.find.open();
    for (const text of ['w', 'wa', 'watchdog']) app.find.setPattern(text);
    expect(calls('view.countFinds')).toEqual([]);
    fireTimers();
    await run();
    const query = { pattern: 'watchdog', regex: false, caseSensitive: false };
    expect(calls('view.countFinds')).toEqual([{ view: 1, query }]);
    expect(state().count?.count).toBeGreaterThan(2);
    const other = { ...query, pattern: 'wa' };
    tell('view.found', {
      ...{ view: 1, found: { query: other, generation: 1, count: 9, progress: null, at: 1, failure: null } },
    });
    expect(state().count?.at).toBeNull();
    const failure = { code: 'pattern-too-slow', message: 'It is too slow', action: 'Simplify it' } as const;
    const progress = { done: 4, total: 9 };
    tell('view.found', { view: 1, found: { query, generation: 1, count: 3, progress, at: 1, failure } });
    expect([state().count?.at, state().failure]).toEqual([1, failure]);
    app.find.close();
    fireTimers();
    await run();
    expect(calls('view.countFinds').at(-1)?.query).toBeNull();
    expect([state().count, state().failure]).toEqual([null, null]);
  });

  it('says when there is nothing, and shows why an expression fails', async () => {
    const { app } = await startFixture({ rows: 60 });
    app.find.setPattern('no such text');
    await app.find.go('next');
    expect(app.find.store.getState().outcome).toBe('nothing');
    app.find.toggleRegex();
    app.find.setPattern('(');
    await app.find.go('next');
    expect(app.find.store.getState().failure?.code).toBe('bad-pattern');
    app.find.setPattern('(x)');
    expect(app.find.store.getState().failure).toBeNull();
  });
});

describe('capture', () => {
  it('starts, stops and shows why a start failed', async () => {
    const { app, command, calls, run } = await startFixture({ sources: 0 });
    expect(app.capture.store.getState().source).toBe('sim:demo');
    await app.capture.start('sim:absent');
    expect(app.capture.store.getState().failure?.code).toBe('source-not-found');
    await app.capture.start('  ');
    expect(app.capture.store.getState().failure?.code).toBe('bad-argument');
    expect(calls('session.start')).toEqual([{ session: 1, source: 'sim:absent' }]);
    await app.capture.start('sim:demo');
    expect(app.capture.store.getState().failure).toBeNull();
    await run();
    command('toggleCapture');
    await run();
    expect(calls('session.stop')).toHaveLength(1);
  });
});

describe('details', () => {
  it('are fetched for the focus while the pane is open, and only then', async () => {
    const { app, command, calls, run } = await startFixture({ rows: 1000 });
    app.selectAt(990, false);
    await run();
    expect(calls('view.details')).toEqual([]);
    command('pane.details');
    await run();
    app.moveSelection(-1, false);
    app.moveSelection(-1, false);
    app.moveSelection(-1, false);
    await run();
    expect(calls('view.details').at(-1)?.row).toBe(987);
    expect(app.details.store.getState().details?.row.row).toBe(987);
    command('escape');
    expect(app.details.store.getState().details).toBeNull();
    expect(app.view.store.getState().selection).not.toBeNull();
    command('escape');
    expect(app.view.store.getState().selection).toBeNull();
  });
});

describe('small parts', () => {
  it('keeps two minutes of rates', () => {
    const rates = withSample(
      [
        { atMs: 0, perSecond: 1 },
        { atMs: 60_000, perSecond: 2 },
      ],
      { atMs: RATES_MS + 1, perSecond: 3 },
    );
    expect(rates.map((sample) => sample.perSecond)).toEqual([2, 3]);
    expect(withSample([{ atMs: 5, perSecond: 1 }], { atMs: 5, perSecond: 2 })).toEqual([{ atMs: 5, perSecond: 2 }]);
  });

  it('keeps running exports and the last that ended', () => {
    const job = (id: number, state: 'running' | 'done') => ({ id, state }) as Parameters<typeof withProgress>[1];
    let jobs = withProgress([], job(1, 'running'));
    jobs = withProgress(jobs, job(2, 'running'));
    jobs = withProgress(jobs, job(1, 'done'));
    // That it is done stays told while the other goes on, and until another begins.
    jobs = withProgress(jobs, job(2, 'running'));
    expect(jobs.map(({ id, state }) => [id, state])).toEqual([
      [1, 'done'],
      [2, 'running'],
    ]);
    expect(withProgress(jobs, job(3, 'running')).map(({ id }) => id)).toEqual([2, 3]);
    jobs = withProgress(jobs, job(2, 'done'));
    expect(jobs.map((j) => j.id)).toEqual([2]);
  });

  it('shows what was done last, and nothing older once that is gone', () => {
    const ui = createUi(memoryStorage());
    const notices = () => ui.store.getState().notices.map(({ message }) => message);
    ui.notify({ severity: 'info', message: '1 row copied', action: '' });
    ui.notify({ severity: 'error', message: 'The disk is full', action: '' });
    ui.notify({ severity: 'info', message: '3 rows copied', action: '' });
    expect(notices()).toEqual(['The disk is full', '3 rows copied']);
    ui.dismiss(ui.store.getState().notices.at(-1)?.id as number);
    expect(notices()).toEqual(['The disk is full']);
  });

  it('remembers the open pane, its height and columns, and survives what it does not understand', () => {
    const storage = memoryStorage();
    const ui = createUi(storage);
    ui.togglePane('statistics');
    ui.setPanePx(317.4);
    ui.changeColumns(null, () => ({ characters: { time: 17 }, modes: { pid: 'show' } }));
    const again = createUi(storage).store.getState();
    expect(again).toMatchObject({ pane: 'statistics', panePx: 317 });
    expect(again.columns).toEqual({ start: { characters: { time: 17 }, modes: { pid: 'show' } }, kinds: {} });
    for (const text of [null, '', '{', '[]', '7', '{"columns":{"characters":{"time":"wide"},"modes":{"pid":"maybe"}}}'])
      expect(parseLasting(text).columns).toEqual({ start: { characters: {}, modes: {} }, kinds: {} });
    storage.setItem(STORAGE_KEY, 'null');
    expect(createUi(storage).store.getState()).toMatchObject({ pane: null, panePx: PANE_PX });
    expect(parseLasting('{"pane":"side","panePx":"high"}')).toMatchObject({ pane: null, panePx: PANE_PX });
    expect(parseLasting('{"panePx":1}').panePx).toBe(LEAST_PANE_PX);
    expect(parseLasting('{"panePx":1e9}').panePx).toBe(MOST_PANE_PX);
  });

  it('shows at most three notices, each text once', () => {
    const ui = createUi(memoryStorage());
    for (const message of ['a', 'b', 'b', 'c', 'd']) ui.notify({ severity: 'warning', message, action: '' });
    expect(ui.store.getState().notices.map((n) => n.message)).toEqual(['b', 'c', 'd']);
    ui.dismiss(ui.store.getState().notices[0]!.id);
    expect(ui.store.getState().notices).toHaveLength(2);
  });
});

describe('messages moved sideways', () => {
  it('go no farther than the longest row in sight, and never back for moving forward', () => {
    const reading = createReading();
    const shift = () => reading.store.getState().shift;
    reading.setShift(16);
    expect(shift()).toBe(0);
    let limit = 100;
    const end = reading.limitShift(() => limit);
    for (const [wanted, expected] of [
      [16, 16],
      [-5, 0],
      [400, 100],
    ] as const) {
      reading.setShift(wanted);
      expect(shift()).toBe(expected);
    }
    // Shorter rows came into sight.
    limit = 40;
    reading.setShift(116);
    expect(shift()).toBe(100);
    reading.setShift(84);
    expect(shift()).toBe(40);
    reading.setShift(24);
    expect(shift()).toBe(24);
    end();
    reading.setShift(30);
    expect(shift()).toBe(24);
  });

  it('wait for the row that Find has gone to, until the person moves', async () => {
    const { app, run } = await startFixture({ rows: 1000 });
    app.find.setPattern('WATCHDOG');
    await app.find.go('next');
    await run();
    const { selection } = app.view.store.getState();
    expect(selection).not.toBeNull();
    expect(app.reading.store.getState().matchAt).toBe(selection?.focus.position);
    app.reading.setShift(0);
    expect(app.reading.store.getState().matchAt).toBeNull();
  });
});
