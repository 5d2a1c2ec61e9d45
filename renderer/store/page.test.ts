/** Sessions and views of a page: opened and closed, looked at and not, and the same in the page that takes its place. */
import { describe, expect, it } from 'vitest';
import { MOST_VIEWS } from '../../electron/contract/limits.ts';
import type { ViewState } from '../../electron/contract/page-state.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { ok } from '../../native/core/result.ts';
import { ROW_PX } from '../model/scroll.ts';
import { createFixture, type Fixture, startFixture } from '../test/app-fixture.ts';

/** What is open: the views of each session, and the one that is looked at. */
function tabs({ page }: Fixture) {
  const { layout, active } = page.tabs.getState();
  return { open: layout.map(({ session, views }) => [session, ...views.map(({ view }) => view)]), active };
}

/** Opens views beside the first, and further sessions. */
async function started(more: { views?: number; sessions?: number }, options = {}) {
  const fixture = await startFixture({ rows: 1000, ...options });
  for (let view = 0; view < (more.views ?? 0); view++) await fixture.page.openView();
  for (let session = 0; session < (more.sessions ?? 0); session++) await fixture.page.openSession();
  await fixture.run();
  return fixture;
}

describe('a page', () => {
  it('begins with the sessions and views that there are', async () => {
    const fixture = await started({});
    expect(tabs(fixture)).toEqual({ open: [[1, 1]], active: 1 });
    expect(fixture.app.look).toEqual({ session: 1, view: 1 });
    expect(fixture.page.appOf(2)).toBeNull();
  });

  it('names a session by what it captures', async () => {
    const fixture = await started({ sessions: 1 }, { sources: 2 });
    const names = () => fixture.page.tabs.getState().layout.map(({ name }) => name);
    expect(names()).toEqual(['sim:demo, sim:nicfilter', 'Session 2']);
    await fixture.app.capture.start('sim:usb');
    await fixture.run();
    expect(names()).toEqual(['sim:demo, sim:nicfilter', 'sim:usb']);
  });

  it('says why it cannot begin', async () => {
    const fixture = createFixture();
    fixture.wire.answer('app.bootstrap', () => Promise.reject(new Error('no answer')));
    fixture.page.connect();
    await fixture.settle();
    expect(fixture.page.active()).toBeNull();
    expect(
      fixture.page.ui.store
        .getState()
        .notices.map(({ message }) => message)
        .join(),
    ).toContain('no answer');
  });

  it('hears nothing any more once it has ended', async () => {
    const fixture = createFixture({ rows: 10 });
    const end = await fixture.connect();
    const { app } = fixture;
    end();
    const before = fixture.wire.told.length;
    fixture.program.append(10);
    fixture.program.advance(1000);
    await fixture.run();
    expect(fixture.wire.told).toHaveLength(before);
    expect(app.view.store.getState().end).toBe(10);
  });
});

describe('opening', () => {
  it('a view looks at it, with the filter of the one before and nothing else of it', async () => {
    const fixture = await started({});
    fixture.app.filter.setPattern('irp');
    fixture.app.filter.applyNow();
    fixture.app.filter.toggleLevel(3);
    await fixture.run();
    fixture.app.selectAt(3, false);
    await fixture.page.openView();
    await fixture.run();
    expect(tabs(fixture)).toEqual({ open: [[1, 1, 2]], active: 2 });
    const { filter, view } = fixture.app;
    expect(filter.store.getState()).toMatchObject({
      pattern: 'irp',
      applied: { hiddenLevels: [3], text: { pattern: 'irp' } },
    });
    expect(view.store.getState().selection).toBeNull();
    // Each has its own from now on.
    filter.reset();
    await fixture.run();
    expect(filter.store.getState().applied).toEqual(SHOW_ALL);
    expect(fixture.page.appOf(1)?.filter.store.getState().applied.hiddenLevels).toEqual([3]);
    expect(fixture.program.service.workspace.openViews.map(({ log }) => log.filterSpec.hiddenLevels)).toEqual([
      [3],
      [],
    ]);
  });

  it('a session looks at it, with a box that offers what was used last, and rows of its own', async () => {
    const fixture = await started({ sessions: 1 });
    expect(tabs(fixture)).toEqual({
      open: [
        [1, 1],
        [2, 2],
      ],
      active: 2,
    });
    fixture.show(2);
    await fixture.run();
    expect(fixture.app.capture.store.getState()).toMatchObject({ source: 'sim:demo', recent: ['sim:demo', 'sim:lab'] });
    expect(fixture.app.view.store.getState()).toMatchObject({ end: 0, sessionRows: 0 });
    await fixture.app.capture.start('sim:usb');
    await fixture.run();
    expect(fixture.app.status.store.getState().status?.source?.name).toBe('sim:usb');
    expect(fixture.page.appOf(1)?.status.store.getState().status?.source?.name).toBe('sim:demo');
  });

  it('shows it at once, whether the answer or the news of it comes first', async () => {
    const fixture = await started({});
    const waiting = fixture.wire.hold('workspace.openView');
    const opening = fixture.page.openView();
    await fixture.settle();
    fixture.wire.release('workspace.openView');
    // The answer alone: the service tells nothing meanwhile.
    fixture.program.frozen = true;
    await waiting[0]?.answer();
    await opening;
    expect(tabs(fixture)).toEqual({ open: [[1, 1, 2]], active: 2 });
    fixture.program.frozen = false;
    await fixture.run();
    expect(tabs(fixture)).toEqual({ open: [[1, 1, 2]], active: 2 });
    // The news alone: another page of this program may have opened it.
    fixture.program.service.workspace.openView(1);
    fixture.program.advance(100);
    await fixture.run();
    expect(tabs(fixture)).toEqual({ open: [[1, 1, 2, 3]], active: 2 });
    expect(fixture.page.appOf(3)?.look).toEqual({ session: 1, view: 3 });
  });

  it('is refused where there are too many, and said', async () => {
    const fixture = await started({ views: MOST_VIEWS - 1 });
    const before = tabs(fixture);
    await fixture.page.openView();
    await fixture.page.openSession();
    await fixture.run();
    expect(tabs(fixture)).toEqual(before);
    expect(fixture.page.ui.store.getState().notices.map(({ message }) => message)).toEqual([
      `${MOST_VIEWS} views are open already`,
    ]);
  });
});

describe('what the page tells of itself', () => {
  it('has another view that is shown at once, though something else was told just now', async () => {
    const fixture = await started({ views: 1 });
    fixture.show(1);
    fixture.page.appOf(1)?.filter.setPattern('irp');
    await fixture.run();
    fixture.show(2);
    fixture.show(1);
    fixture.show(2);
    await fixture.run();
    expect(fixture.calls('app.remember').at(-1)?.state.active).toBe(2);
  });
});

describe('closing', () => {
  it('the view that is looked at leaves its place to another one of its session', async () => {
    const fixture = await started({ views: 2, sessions: 1 });
    fixture.show(2);
    fixture.page.closeView(2);
    await fixture.run();
    expect(tabs(fixture)).toEqual({
      open: [
        [1, 1, 3],
        [2, 4],
      ],
      active: 3,
    });
    expect(fixture.page.appOf(2)).toBeNull();
  });

  it('another view changes nothing of what is looked at', async () => {
    const fixture = await started({ views: 2 });
    fixture.show(1);
    fixture.page.closeView(3);
    await fixture.run();
    expect(tabs(fixture)).toEqual({ open: [[1, 1, 2]], active: 1 });
  });

  it('the last view of a session closes that, and one of another session is looked at', async () => {
    const fixture = await started({ sessions: 2 });
    fixture.show(2);
    fixture.page.closeView(2);
    await fixture.run();
    expect(tabs(fixture)).toEqual({
      open: [
        [1, 1],
        [3, 3],
      ],
      active: 3,
    });
    fixture.page.closeSession(3);
    await fixture.run();
    expect(tabs(fixture)).toEqual({ open: [[1, 1]], active: 1 });
  });

  it('the last session leaves an empty one', async () => {
    const fixture = await started({});
    fixture.page.closeSession(1);
    await fixture.run();
    expect(tabs(fixture)).toEqual({ open: [[2, 2]], active: 2 });
    fixture.show(2);
    await fixture.run();
    expect(fixture.app.view.store.getState()).toMatchObject({ end: 0, sessionRows: 0 });
  });

  it('is no trouble for what waited for an answer about the view', async () => {
    const fixture = await started({ views: 1 });
    const { wire } = fixture;
    const rows = wire.hold('view.rows');
    fixture.show(2);
    fixture.app.view.scrollTo(100 * ROW_PX);
    await fixture.settle();
    fixture.page.closeView(2);
    await fixture.run();
    wire.release('view.rows');
    for (const each of rows) await each.answer();
    await fixture.run();
    expect(fixture.page.ui.store.getState().notices).toEqual([]);
    expect(tabs(fixture)).toEqual({ open: [[1, 1]], active: 1 });
  });
});

describe('going from view to view', () => {
  it('goes round all of them in the order of the tabs', async () => {
    const fixture = await started({ views: 1, sessions: 1 });
    const seen: (number | null)[] = [];
    for (const by of [1, 1, 1, -1, -1, -4]) {
      fixture.page.step(by);
      seen.push(tabs(fixture).active);
    }
    expect(seen).toEqual([1, 2, 3, 2, 1, 3]);
    fixture.page.show(99);
    expect(tabs(fixture).active).toBe(3);
  });

  it('comes back to the view of a session that was looked at last', async () => {
    const fixture = await started({ views: 2, sessions: 1 });
    const back = () => {
      fixture.page.showSession(2);
      fixture.page.showSession(1);
      return tabs(fixture).active;
    };
    // The last that was opened of it.
    expect(back()).toBe(3);
    fixture.page.show(2);
    expect(back()).toBe(2);
    // Closed while it was looked at, the one that took its place.
    fixture.page.closeView(2);
    await fixture.run();
    expect(tabs(fixture).active).toBe(3);
    expect(back()).toBe(3);
    fixture.page.showSession(99);
    expect(tabs(fixture).active).toBe(3);
  });
});

describe('a view that nobody looks at', () => {
  it('asks for no rows, goes on counting, and shows the newest when it is looked at again', async () => {
    const fixture = await started({ views: 1 }, { rate: 1000 });
    fixture.show(2);
    await fixture.run();
    const hidden = fixture.page.appOf(1);
    const asked = () => fixture.calls('view.rows').filter(({ view }) => view === 1).length;
    expect(
      fixture
        .calls('view.setTail')
        .filter(({ view }) => view === 1)
        .at(-1)?.rows,
    ).toBe(0);
    const before = asked();
    for (let i = 0; i < 3; i++) {
      fixture.program.advance(1000);
      await fixture.run();
    }
    hidden?.filter.toggleLevel(3);
    await fixture.run();
    fixture.program.advance(1000);
    await fixture.run();
    const { end, first, sessionRows } = hidden?.view.store.getState() ?? {};
    expect(asked()).toBe(before);
    expect(sessionRows).toBe(5000);
    expect((end ?? 0) - (first ?? 0)).toBeGreaterThan(1000);
    fixture.show(1);
    await fixture.run();
    const { cache, follow } = fixture.app.view.store.getState();
    expect(follow).toBe(true);
    expect(cache.get((end ?? 0) - 1)).toBeDefined();
  });

  it('stands where it stood, with the same row selected, when it is looked at again', async () => {
    const fixture = await started({ views: 1 }, { rate: 1000 });
    fixture.show(1);
    fixture.app.view.scrollTo(300 * ROW_PX + 5);
    await fixture.run();
    fixture.app.selectAt(310, false);
    await fixture.run();
    fixture.show(2);
    const before = fixture.calls('view.rows').filter(({ view }) => view === 1).length;
    for (let i = 0; i < 3; i++) {
      fixture.program.advance(1000);
      await fixture.run();
    }
    expect(fixture.calls('view.rows').filter(({ view }) => view === 1)).toHaveLength(before);
    fixture.show(1);
    await fixture.run();
    const { top, selection, cache } = fixture.app.view.store.getState();
    expect(top).toBe(300 * ROW_PX + 5);
    expect(selection?.focus).toEqual({ position: 310, row: 310 });
    expect(cache.get(300)?.row).toBe(300);
  });

  it('has its own place, selection, filter and search', async () => {
    const fixture = await started({ views: 1 });
    fixture.show(1);
    fixture.app.view.scrollTo(300 * ROW_PX);
    fixture.app.find.open();
    fixture.app.find.setPattern('watchdog');
    fixture.app.filter.toggleCpu(2);
    await fixture.run();
    fixture.show(2);
    await fixture.run();
    expect(fixture.app.view.store.getState().follow).toBe(true);
    expect(fixture.app.find.store.getState()).toMatchObject({ open: false, pattern: '' });
    expect(fixture.app.filter.store.getState().applied.hiddenCpus).toEqual([]);
  });
});

describe('a page that takes the place of one that ended', () => {
  /** The next page of the same program. */
  async function next({ program }: Fixture): Promise<Fixture> {
    const fixture = createFixture({}, program);
    await fixture.connect();
    return fixture;
  }

  it('has the same sessions and views, and looks at the same one', async () => {
    const fixture = await started({ views: 2, sessions: 1 });
    fixture.show(2);
    fixture.fireTimers();
    await fixture.run();
    const again = await next(fixture);
    expect(tabs(again)).toEqual({
      open: [
        [1, 1, 2, 3],
        [2, 4],
      ],
      active: 2,
    });
    // Back from the other session, it is still that one.
    again.page.showSession(2);
    again.page.showSession(1);
    expect(tabs(again).active).toBe(2);
  });

  it('has selection, place, filter, find and shift of each of its views', async () => {
    const fixture = await started({ views: 1 });
    fixture.show(1);
    fixture.app.view.scrollTo(300 * ROW_PX + 5);
    await fixture.run();
    fixture.app.selectAt(305, false);
    fixture.app.selectAt(310, true);
    fixture.app.reading.restoreShift(32);
    fixture.show(2);
    fixture.app.filter.setPattern('irp');
    fixture.app.filter.applyNow();
    fixture.app.filter.toggleLevel(3);
    fixture.app.find.open();
    fixture.app.find.setPattern('status');
    await fixture.run();
    fixture.fireTimers();
    await fixture.run();
    const again = await next(fixture);
    await again.run();
    expect(again.app.look.view).toBe(2);
    expect(again.app.filter.store.getState()).toMatchObject({ pattern: 'irp', applied: { hiddenLevels: [3] } });
    expect(again.app.find.store.getState()).toMatchObject({ open: true, pattern: 'status' });
    expect(again.app.view.store.getState().follow).toBe(true);
    expect(again.app.reading.store.getState().shift).toBe(0);
    again.show(1);
    await again.run();
    const { top, selection, follow } = again.app.view.store.getState();
    expect([top, follow]).toEqual([300 * ROW_PX + 5, false]);
    expect([selection?.anchor.row, selection?.focus.row]).toEqual([305, 310]);
    expect(again.app.reading.store.getState().shift).toBe(32);
    expect(again.app.filter.store.getState()).toMatchObject({ pattern: '', applied: SHOW_ALL });
    // Nobody asked for what was in force already.
    expect(again.calls('view.setFilter')).toEqual([]);
  });

  it('forgets the views that were closed meanwhile, and looks at one that is open', async () => {
    const fixture = await started({ views: 1, sessions: 1 });
    fixture.show(2);
    fixture.fireTimers();
    await fixture.run();
    fixture.program.service.workspace.closeView(2);
    const again = await next(fixture);
    expect(tabs(again).open).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(again.page.active()).not.toBeNull();
  });
});

describe('what all views of a page share', () => {
  it('is one theme, one list of notices, one driver, and the exports of all of them', async () => {
    const fixture = await started({ views: 1, sessions: 1 });
    const apps = [1, 2, 3].map((view) => fixture.page.appOf(view));
    apps[0]?.setTheme('dark');
    expect(apps.map((app) => app?.ui.store.getState().theme)).toEqual(['dark', 'dark', 'dark']);
    const progress = {
      id: 4,
      path: 'a.csv',
      rows: 1,
      totalRows: 2,
      losses: 0,
      skippedRows: 0,
      bytes: 3,
      failure: null,
    };
    fixture.tell('export.progress', { ...progress, state: 'running' });
    expect(apps.map((app) => app?.exports.store.getState().jobs.length)).toEqual([1, 1, 1]);
    fixture.tell('app.notice', { severity: 'warning', message: 'said', action: '' });
    expect(fixture.app.ui.store.getState().notices.map(({ message }) => message)).toEqual(['said']);
  });

  it('is the export that was done last: of the session that started it, and shown in its folder after it is told no more', async () => {
    const fixture = await started({ sessions: 1 });
    const [first, second] = [fixture.page.appOf(1), fixture.page.appOf(2)];
    const exports = second?.exports;
    fixture.wire.answer('view.export', () => Promise.resolve(ok({ id: 7, path: 'a.csv' })));
    exports?.showLast();
    expect(fixture.wire.asked('export.show')).toEqual([]);
    await exports?.start('all', 'csv');
    const done = { path: 'a.csv', rows: 1, totalRows: 1, losses: 0, skippedRows: 0, bytes: 3, failure: null };
    fixture.tell('export.progress', { ...done, id: 7, state: 'done' });
    expect(first?.exports.store.getState().sessions.get(7)).toBe(second?.look.session);
    exports?.dismiss(7);
    first?.exports.showLast();
    await fixture.run();
    expect(first?.exports.store.getState().jobs).toEqual([]);
    expect(fixture.wire.asked('export.show')).toEqual([{ id: 7 }]);
  });

  it('is the status of a session, for the views of that alone', async () => {
    const fixture = await started({ views: 1, sessions: 1 });
    const status = (view: number) => fixture.page.appOf(view)?.status;
    expect(status(1)).toBe(status(2));
    expect(status(3)).not.toBe(status(1));
  });
});

describe('a view that comes back from a window of its own', () => {
  it('stands where it stood there, with the same rows selected, also once it was moved and came back again', async () => {
    const fixture = await started({ views: 1 });
    const { places } = fixture.program.service;
    const [mine] = [places.of(2)];
    /** Another page shows view 2 and tells this of it, and is gone. */
    async function comesBack(row: number): Promise<void> {
      const other = places.add();
      places.put(2, other);
      fixture.program.advance(100);
      await fixture.run();
      expect(tabs(fixture)).toEqual({ open: [[1, 1]], active: 1 });
      const typed = { pattern: '', regex: false, caseSensitive: false };
      const state: ViewState = {
        ...{ filter: { ...typed, pattern: 'irp' }, find: { ...typed, open: false }, shift: 4 },
        ...{ selection: { anchor: row + 2, focus: row + 2 }, place: { row, hiddenPx: 7 } },
      };
      places.remove(other, { active: 2, views: [{ view: 2, state }] });
      expect(places.of(2)).toBe(mine);
      fixture.program.advance(100);
      fixture.program.service.loop.wake();
      await fixture.run();
      fixture.show(2);
      await fixture.run();
    }
    for (const row of [400, 120]) {
      fixture.show(1);
      await comesBack(row);
      const { view, filter, reading } = fixture.app;
      const { top, follow, selection, cache } = view.store.getState();
      expect([fixture.app.look.view, follow, filter.store.getState().pattern]).toEqual([2, false, 'irp']);
      expect(selection?.focus.row).toBe(row + 2);
      expect(reading.store.getState().shift).toBe(4);
      // The row itself, or the next one that its filter shows.
      const first = cache.get(Math.floor(top / ROW_PX));
      expect(first?.row).toBeGreaterThanOrEqual(row);
      expect(first?.row).toBeLessThan(row + 20);
    }
  });

  it('is told of once more before its page ends', async () => {
    const fixture = await started({});
    fixture.app.selectAt(995, false);
    fixture.fireTimers();
    await fixture.settle();
    // This soon after it, it is not told by itself.
    fixture.app.selectAt(997, false);
    await fixture.settle();
    expect(fixture.program.remembered?.views[0]?.state.selection?.focus).toBe(995);
    fixture.page.leaving();
    await fixture.settle();
    expect(fixture.program.remembered?.views[0]?.state.selection?.focus).toBe(997);
  });
});
