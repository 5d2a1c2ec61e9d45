/** What a log of millions of rows asks of the page: little, and only when something changed. */
import { describe, expect, it } from 'vitest';
import { createFixture } from '../test/app-fixture.ts';

async function started(options: Parameters<typeof createFixture>[0]) {
  const fixture = createFixture(options);
  fixture.app.connect();
  fixture.app.view.setViewPx(600);
  fixture.session.advance(0);
  await fixture.run();
  return fixture;
}

describe('the overview', () => {
  it('is asked for once while nothing changes, then once a rest, and never while nobody looks', async () => {
    const { app, session, calls, run, fireTimers } = await started({ rows: 5000, rate: 1000 });
    expect(calls('density')).toEqual([]);
    app.density.setBuckets(300);
    await run();
    expect(app.density.store.getState().density?.end).toBe(5000);
    fireTimers();
    await run();
    expect(calls('density')).toEqual([300]);
    for (let i = 0; i < 10; i++) {
      session.advance(33);
      await run();
    }
    expect(calls('density')).toEqual([300, 300]);
    fireTimers();
    await run();
    expect(calls('density')).toHaveLength(3);
    expect(app.density.store.getState().density?.end).toBe(app.view.store.getState().end);
    app.density.setBuckets(0);
    fireTimers();
    session.advance(500);
    await run();
    expect(calls('density')).toHaveLength(3);
  });

  it('marks the matches of the find bar while they are counted', async () => {
    const { app, run, fireTimers, calls } = await started({ rows: 5000 });
    app.density.setBuckets(100);
    await run();
    expect(calls('findSpread')).toEqual([]);
    app.find.open();
    app.find.setPattern('watchdog');
    fireTimers();
    await run();
    fireTimers();
    await run();
    expect(app.density.store.getState().hits?.filter((count) => count > 0)).toHaveLength(10);
    app.find.close();
    fireTimers();
    await run();
    fireTimers();
    await run();
    expect(app.density.store.getState().hits).toBeNull();
  });

  it('follows the filter', async () => {
    const { app, run, fireTimers } = await started({ rows: 5000 });
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

describe('selection over ten million rows', () => {
  it('takes two positions: nothing is fetched for it but what is on the screen', async () => {
    const { app, run, calls } = await started({ rows: 10_000_000 });
    app.run('selectAll');
    app.run('extendFirst');
    await run();
    app.run('extendLast');
    await run();
    app.selectAt(5_000_000, true);
    await run();
    const asked = (calls('rows') as { count: number }[]).reduce((sum, { count }) => sum + count, 0);
    expect(asked).toBeLessThan(1000);
    expect(calls('locate')).toEqual([]);
  });

  it('is copied while it is small, and offered as a file when it is not', async () => {
    const { app, run, calls } = await started({ rows: 10_000_000 });
    app.run('selectAll');
    await run();
    await app.copySelection();
    const range = { generation: 1, first: 0, last: 9_999_999 };
    expect(app.copy.store.getState().offer).toMatchObject({ range, rows: 10_000_000 });
    await app.exports.start('selection', 'csv', range);
    expect(calls('startExport')).toEqual([{ scope: 'selection', range, format: 'csv' }]);
    app.selectAt(10, false);
    app.selectAt(19, true);
    await app.copySelection();
    expect(app.copy.store.getState().offer).toBeNull();
    expect(app.ui.store.getState().notices.at(-1)?.message).toBe('10 rows copied');
  });

  it('says how far a long copy is, and nothing of one that was stopped', async () => {
    const { app, run, session, calls } = await started({ rows: 1000 });
    app.run('selectAll');
    await run();
    session.copyProgress({ rows: 100, totalRows: 1000 });
    expect(app.copy.store.getState().progress).toEqual({ rows: 100, totalRows: 1000 });
    const copying = app.copySelection();
    app.copy.cancel();
    session.copyProgress(null);
    await copying;
    expect(calls('cancelCopy')).toHaveLength(1);
    expect(app.copy.store.getState().progress).toBeNull();
    expect(app.ui.store.getState().notices).toEqual([]);
  });
});

describe('go to', () => {
  it('goes to an index or a time, and says what is wrong with anything else', async () => {
    const { app, run, session } = await started({ rows: 100_000 });
    const focus = () => app.view.store.getState().selection?.focus.position ?? -1;
    const go = async (text: string) => {
      const going = app.goTo(text);
      await run();
      return going;
    };
    expect(await go('+0.5s')).toBeNull();
    expect(session.rowAt(focus()).timeNs).toBeGreaterThanOrEqual(500_000_000);
    expect(session.rowAt(focus() - 1).timeNs).toBeLessThan(500_000_000);
    expect(await go('10,021')).toBeNull();
    expect(focus()).toBe(10_020);
    // The fake session begins at 9:30 UTC.
    const at = new Date(Date.UTC(2026, 2, 1, 9, 30, 0, 250));
    expect(await go(at.toISOString())).toBeNull();
    expect(session.rowAt(focus()).timeNs).toBeGreaterThanOrEqual(250_000_000);
    expect(session.rowAt(focus() - 1).timeNs).toBeLessThan(250_000_000);
    const before = focus();
    expect(await go('noon')).toContain('neither an index nor a time');
    expect(await go('3h')).toContain('of this time or a later one');
    expect(focus()).toBe(before);
  });
});

describe('the history dialog', () => {
  it('opens and closes by its key, and closes before the selection is dropped', async () => {
    const { app, calls } = await started({ rows: 100 });
    app.run('history');
    expect(app.ui.store.getState().history).toBe(true);
    app.run('cheatSheet');
    expect(app.ui.store.getState()).toMatchObject({ history: false, sheet: true });
    app.run('history');
    app.selectAt(5, false);
    app.run('escape');
    expect(app.ui.store.getState()).toMatchObject({ history: false, sheet: false });
    expect(app.view.store.getState().selection).not.toBeNull();
    const settings = { memoryCapBytes: 2 ** 28, policy: { keep: 'rows', rows: 5000 } } as const;
    expect(await app.setHistory(settings)).toBeNull();
    expect(calls('setHistory')).toEqual([settings]);
    expect(app.status.store.getState().status?.history.policy).toEqual(settings.policy);
  });
});
