/** What a log of millions of rows asks of the page: little, and only when something changed. */

import { describe, expect, it } from 'vitest';
import { DEFAULT_OUTPUT } from '../../electron/contract/output.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { ROW_PX } from '../model/scroll.ts';
import { startFixture } from '../test/app-fixture.ts';
import { rowAt } from '../test/log.ts';

/** What is chosen for all copies and exports, and times as the table shows them. */
const OUTPUT = { ...DEFAULT_OUTPUT, times: { kind: 'elapsed', digits: 'us', delta: 'row' } };

describe('the overview', () => {
  it('is asked for once while nothing changes, then once a rest, and never while nobody looks', async () => {
    const { app, program, calls, run, fireTimers } = await startFixture({ rows: 5000, rate: 1000 });
    expect(calls('view.density')).toEqual([]);
    app.density.setBuckets(300);
    await run();
    expect(app.density.store.getState().density?.end).toBe(5000);
    fireTimers();
    await run();
    expect(calls('view.density')).toEqual([{ view: 1, buckets: 300 }]);
    for (let i = 0; i < 10; i++) {
      program.advance(33);
      await run();
    }
    expect(calls('view.density')).toHaveLength(2);
    fireTimers();
    await run();
    expect(calls('view.density')).toHaveLength(3);
    expect(app.density.store.getState().density?.end).toBe(app.view.store.getState().end);
    app.density.setBuckets(0);
    fireTimers();
    program.advance(500);
    await run();
    expect(calls('view.density')).toHaveLength(3);
  });

  it('marks the matches of the find bar while they are counted', async () => {
    const { app, run, fireTimers, calls } = await startFixture({ rows: 5000 });
    app.density.setBuckets(100);
    await run();
    expect(calls('view.findSpread')).toEqual([]);
    app.find.open();
    app.find.setPattern('watchdog');
    fireTimers();
    await run();
    fireTimers();
    await run();
    const matches = Array.from({ length: 5000 }, (_, row) => Number(rowAt(row).text.includes('watchdog')));
    const spread = Array.from({ length: 100 }, (_, part) =>
      matches.slice(part * 50, part * 50 + 50).reduce((sum, match) => sum + match, 0),
    );
    expect(app.density.store.getState().hits).toEqual(spread);
    app.find.close();
    fireTimers();
    await run();
    fireTimers();
    await run();
    expect(app.density.store.getState().hits).toBeNull();
  });

  it('follows the filter', async () => {
    const { app, run, fireTimers } = await startFixture({ rows: 5000 });
    app.density.setBuckets(100);
    await run();
    app.filter.isolateLevel(0);
    await run();
    fireTimers();
    await run();
    const { density } = app.density.store.getState();
    const { generation, end } = app.view.store.getState();
    expect(density).toMatchObject({ generation, end });
    expect(density?.errors.reduce((a, b) => a + b, 0)).toBe(end);
  });
});

describe('selection over a million rows', () => {
  it('takes two positions: nothing is fetched for it but what is on the screen', async () => {
    const { app, command, run, calls } = await startFixture({ rows: 1_000_000 });
    command('selectAll');
    command('extendFirst');
    await run();
    command('extendLast');
    await run();
    app.selectAt(500_000, true);
    await run();
    const asked = calls('view.rows').reduce((sum, { count }) => sum + count, 0);
    expect(asked).toBeLessThan(1000);
    expect(calls('view.locate')).toEqual([]);
  });

  it('is copied while it is small, and offered as a file when it is not', async () => {
    const { app, command, run, calls } = await startFixture({ rows: 1_000_000 });
    command('selectAll');
    await run();
    await app.copySelection();
    const range = { generation: 1, first: 0, last: 999_999 };
    expect(app.copy.store.getState().offer).toMatchObject({ range, rows: 1_000_000 });
    await app.exports.start('selection', 'csv', range);
    expect(calls('view.export')).toEqual([{ view: 1, scope: 'selection', range, format: 'csv', options: OUTPUT }]);
    app.selectAt(10, false);
    app.selectAt(19, true);
    await app.copySelection();
    expect(app.copy.store.getState().offer).toBeNull();
    expect(app.ui.store.getState().notices.at(-1)?.message).toBe('10 rows copied');
  });

  it('says how far a long copy is, and nothing of one that was stopped', async () => {
    const { app, command, run, settle, program, calls } = await startFixture({ rows: 1000 });
    command('selectAll');
    await run();
    let goOn: () => void = () => {};
    program.rest = () => new Promise((resolve) => (goOn = resolve));
    program.readingMs = 250;
    const copying = app.copySelection();
    await settle();
    expect(app.copy.store.getState().progress).toEqual({ rows: 256, totalRows: 1000 });
    program.readingMs = 0;
    app.copy.cancel();
    await settle();
    goOn();
    await copying;
    expect(program.clipboard).toBe('');
    expect(calls('copy.cancel')).toHaveLength(1);
    expect(app.copy.store.getState().progress).toBeNull();
    expect(app.ui.store.getState().notices).toEqual([]);
  });
});

describe('go to', () => {
  it('goes to an index or a time, and says what is wrong with anything else', async () => {
    const { app, run } = await startFixture({ rows: 100_000 });
    const focus = () => app.view.store.getState().selection?.focus.position ?? -1;
    const go = async (text: string) => {
      const going = app.goTo(text);
      await run();
      return going;
    };
    expect(await go('+0.5s')).toBeNull();
    expect(rowAt(focus()).timeNs).toBeGreaterThanOrEqual(500_000_000);
    expect(rowAt(focus() - 1).timeNs).toBeLessThan(500_000_000);
    expect(await go('10,021')).toBeNull();
    expect(focus()).toBe(10_020);
    // The session begins at 9:30 UTC.
    const at = new Date(Date.UTC(2026, 2, 1, 9, 30, 0, 250));
    expect(await go(at.toISOString())).toBeNull();
    expect(rowAt(focus()).timeNs).toBeGreaterThanOrEqual(250_000_000);
    expect(rowAt(focus() - 1).timeNs).toBeLessThan(250_000_000);
    const before = focus();
    expect(await go('noon')).toContain('neither an index nor a time');
    expect(await go('3h')).toContain('of this time or a later one');
    expect(focus()).toBe(before);
  });

  it('goes to a row that the session has and the page was not told of yet', async () => {
    const { app, program, settle, run } = await startFixture({ rows: 1000, rate: 1000 });
    program.advance(5000);
    // The session drains them; the page takes nothing over until there is a frame.
    await settle();
    const going = app.goTo('5,000');
    await settle();
    expect(app.view.store.getState().end).toBeLessThan(5000);
    await run();
    expect(await going).toBeNull();
    const { selection, top, viewPx, follow } = app.view.store.getState();
    expect(selection?.focus).toEqual({ position: 4999, row: 4999 });
    expect(follow).toBe(false);
    expect(top).toBeLessThanOrEqual(4999 * ROW_PX);
    expect(top + viewPx).toBeGreaterThanOrEqual(5000 * ROW_PX);
  });
});

describe('the retention dialog', () => {
  it('opens and closes by its key, and closes before the selection is dropped', async () => {
    const { app, command, run, calls } = await startFixture({ rows: 100 });
    command('retention');
    expect(app.ui.store.getState().retention).toBe(true);
    command('cheatSheet');
    expect(app.ui.store.getState()).toMatchObject({ retention: false, sheet: true });
    command('retention');
    app.selectAt(5, false);
    command('escape');
    expect(app.ui.store.getState()).toMatchObject({ retention: false, sheet: false });
    expect(app.view.store.getState().selection).not.toBeNull();
    const settings = { memoryCapBytes: 2 ** 28, policy: { keep: 'rows', rows: 5000 } } as const;
    expect(await app.setRetention(settings)).toBeNull();
    expect(calls('session.setRetention')).toEqual([{ session: 1, settings }]);
    await run();
    expect(app.status.store.getState().status?.retention.policy).toEqual(settings.policy);
  });

  it('has only what a filter shows kept of what arrives, and says why not where that is no filter', async () => {
    const { app, program, run } = await startFixture({ rows: 100 });
    const kept = () => app.status.store.getState().status?.retention;
    const errors = { ...SHOW_ALL, hiddenLevels: [1, 2, 3, 4] };
    expect(await app.setCaptureFilter(errors)).toBeNull();
    program.append(1000);
    program.advance(250);
    await run();
    const shown = Array.from({ length: 1000 }, (_, at) => rowAt(100 + at)).filter(({ level }) => level === 0).length;
    expect(kept()).toMatchObject({ captureFilter: errors, hiddenRows: 1000 - shown });
    expect(app.view.store.getState().end).toBe(100 + shown);
    const text = { pattern: '(', regex: true, caseSensitive: false };
    expect((await app.setCaptureFilter({ ...errors, text }))?.code).toBe('bad-pattern');
    expect(await app.setCaptureFilter(null)).toBeNull();
    await run();
    expect(kept()?.captureFilter).toBeNull();
  });
});
