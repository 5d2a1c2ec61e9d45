/** Each view is shown by one page, whatever is opened, moved and closed, and whichever pages come and go. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '../../native/core/result.ts';
import { MOST_WINDOWS } from '../contract/limits.ts';
import type { ViewState } from '../contract/page-state.ts';
import { KEEP_ALL } from '../contract/retention.ts';
import { FakeSource, FakeThreads } from '../session/test-support.ts';
import { Workspace } from '../session/workspace/workspace.ts';
import { startProgram } from './test-support.ts';
import { ViewPlaces } from './view-places.ts';

const CAP = 64 * 1024 * 1024;

function setUp() {
  const workspace = new Workspace({
    scanner: new FakeThreads().pool,
    now: () => 0,
    memoryCapBytes: CAP,
    largestCapBytes: CAP,
    policy: KEEP_ALL,
    changed: () => {},
    sessionOptions: () => ({ open: () => ok(new FakeSource()), now: () => 0, store: { memoryCapBytes: CAP } }),
  });
  const places = new ViewPlaces(workspace);
  const shownBy = (page: number): number[] => places.viewsOf(page).map(({ id }) => id);
  return { workspace, places, shownBy };
}

describe('a page', () => {
  it('shows all that is open while it is the only one', () => {
    const { workspace, places, shownBy } = setUp();
    const page = places.add();
    workspace.openView(1);
    workspace.openSession();
    expect(shownBy(page)).toEqual([1, 2, 3]);
    expect(places.layoutOf(page)).toEqual(workspace.layout);
  });

  it('shows nothing as a further one until something is put there', () => {
    const { workspace, places, shownBy } = setUp();
    const [first, second] = [places.add(), places.add()];
    workspace.openView(1);
    expect([shownBy(first), shownBy(second)]).toEqual([[1, 2], []]);
    places.put(2, second);
    expect([shownBy(first), shownBy(second)]).toEqual([[1], [2]]);
    expect(places.layoutOf(second)).toEqual([
      { session: 1, name: 'Session 1', views: [expect.objectContaining({ view: 2 })] },
    ]);
  });

  it('shows what nobody has placed if it was used last, and keeps it', () => {
    const { workspace, places, shownBy } = setUp();
    const [first, second] = [places.add(), places.add()];
    places.use(second);
    workspace.openSession();
    expect([shownBy(first), shownBy(second)]).toEqual([[1], [2]]);
    places.use(first);
    expect(shownBy(second)).toEqual([2]);
  });

  it('that is gone leaves its views to the one that is there', () => {
    const { workspace, places, shownBy } = setUp();
    const [first, second] = [places.add(), places.add()];
    workspace.openView(1);
    places.put(2, second);
    places.use(second);
    places.remove(second);
    expect(shownBy(first)).toEqual([1, 2]);
    const third = places.add();
    places.put(1, third);
    places.remove(first);
    expect(shownBy(third)).toEqual([1, 2]);
  });

  it('that is gone leaves what it told of its views with them, for as long as they are open', () => {
    const { workspace, places } = setUp();
    const [first, second] = [places.add(), places.add()];
    workspace.openView(1);
    places.put(2, second);
    const state = (row: number): ViewState => {
      const typed = { pattern: '', regex: false, caseSensitive: false };
      return { filter: typed, find: { ...typed, open: false }, selection: null, place: { row, hiddenPx: 3 }, shift: 0 };
    };
    // It had view 1 once; that is another page's now.
    const views = [1, 2].map((view) => ({ view, state: state(view * 100) }));
    places.remove(second, { active: 2, views });
    const told = () => places.layoutOf(first).flatMap((session) => session.views.map((view) => view.told?.place?.row));
    expect(told()).toEqual([undefined, 200]);
    workspace.closeView(2);
    expect(told()).toEqual([undefined]);
    // Nor is it told of one that has its number later.
    workspace.openView(1);
    expect(told()).toEqual([undefined, undefined]);
  });
});

it('every open view is shown by one page, and a list stays the same while nothing changes', () => {
  const number = fc.nat({ max: 12 });
  const act = fc.oneof(
    ...(['add', 'remove', 'use', 'openView', 'openSession', 'closeView', 'closeSession'] as const).map((what) =>
      fc.record({ what: fc.constant(what), one: number, other: number }),
    ),
    fc.record({ what: fc.constant('put' as const), one: number, other: number }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const { workspace, places } = setUp();
      let pages = [places.add()];
      for (const { what, one, other } of acts) {
        const page = pages[one % pages.length] as number;
        if (what === 'add' && pages.length < MOST_WINDOWS) pages = [...pages, places.add()];
        else if (what === 'remove' && pages.length > 1) {
          places.remove(page);
          pages = pages.filter((each) => each !== page);
        } else if (what === 'use') places.use(page);
        else if (what === 'openView') workspace.openView(one);
        else if (what === 'openSession') workspace.openSession();
        else if (what === 'closeView') workspace.closeView(one);
        else if (what === 'closeSession') workspace.closeSession(one);
        else if (what === 'put' && workspace.view(other).ok) places.put(other, page);
        const shown = pages.flatMap((each) => places.viewsOf(each));
        expect(shown.toSorted((a, b) => a.id - b.id)).toEqual([...workspace.openViews]);
        const laidOut = pages.flatMap((each) =>
          places.layoutOf(each).flatMap(({ views }) => views.map(({ view }) => view)),
        );
        expect(laidOut.toSorted((a, b) => a - b)).toEqual(workspace.openViews.map(({ id }) => id));
        for (const each of pages) expect(places.viewsOf(each)).toBe(places.viewsOf(each));
      }
      workspace.close();
    }),
    { numRuns: 200 },
  );
});

describe('a window is opened', () => {
  const programs: { end: () => void }[] = [];
  afterEach(() => {
    for (const program of programs.splice(0)) program.end();
  });
  function started() {
    const program = startProgram({ scanner: new FakeThreads().pool });
    programs.push(program);
    return program;
  }

  it('for a view, or for one like it where the window has no other', async () => {
    const { calls, told, service } = started();
    const filter = { ...(service.workspace.openViews[0]?.log.filterSpec as object), hiddenLevels: [3] };
    expect(await calls.answer('view.setFilter', { view: 1, filter })).toMatchObject({ ok: true });
    expect(await calls.answer('workspace.openWindow', { view: 1 })).toMatchObject({ ok: true });
    expect(told.windows).toEqual([2]);
    expect(service.workspace.openViews[1]?.log.filterSpec).toMatchObject({ hiddenLevels: [3] });
    expect(await calls.answer('workspace.openWindow', { view: 1 })).toMatchObject({ ok: true });
    expect([told.windows, service.workspace.openViews.length]).toEqual([[2, 1], 2]);
  });

  it('but not for a view that is closed, nor without end', async () => {
    const { calls, told, service } = started();
    expect(await calls.answer('workspace.openWindow', { view: 9 })).toMatchObject({ failure: { code: 'closed' } });
    while (service.places.count < MOST_WINDOWS) service.places.add();
    expect(await calls.answer('workspace.openWindow', { view: 1 })).toMatchObject({ failure: { code: 'overloaded' } });
    expect(told.windows).toEqual([]);
  });
});
