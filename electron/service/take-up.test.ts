/** What a program had open is opened again by the one that takes its place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../native/core/result.ts';
import { checked } from '../contract/check.ts';
import type { PageState, ViewState } from '../contract/page-state.ts';
import { type FilterSpec, SHOW_ALL } from '../contract/rows.ts';
import { ensureBuild } from '../setup/build.mjs';
import { restartState, sessionsOf } from './restart-state.ts';
import { takeUp } from './take-up.ts';
import { builtThreads, endedPrograms, type TestProgram } from './test-support.ts';

const start = endedPrograms({ scanner: builtThreads(1, ensureBuild), record: true });

const ERRORS: FilterSpec = { ...SHOW_ALL, terms: { text: 'level:error', caseSensitive: false } };
const typed = { pattern: 'level:error', regex: false, caseSensitive: false };
const looking: ViewState = {
  ...{ filter: typed, find: { ...typed, open: true }, shift: 0 },
  ...{ selection: { anchor: 5, focus: 5 }, place: { row: 5, hiddenPx: 0 } },
};

/** Takes up in a program what another left, as it comes out of its file. */
async function takenUp(program: TestProgram, left: ReturnType<typeof sessionsOf>, page: PageState | null) {
  const state = checked(restartState, JSON.parse(JSON.stringify({ sessions: left, page })));
  if (!state.ok) throw new Error(state.failure.message);
  const failures: Failure[] = [];
  const shown = await takeUp(state.value, {
    workspace: program.service.workspace,
    open: async (session, spec, how) => (how === 'alone' ? session.start(spec) : session.add(spec)),
    openRecording: (path) => program.library.openPath(program.service.workspace, path),
    failed: (failure) => failures.push(failure),
  });
  return { failures, shown };
}

describe('what was open before a restart', () => {
  it('goes on: the recording is opened whole, and the source beside it with the views it had', async () => {
    const before = start();
    await before.until(() => before.session.store.rowCount === 2000);
    const { workspace } = before.service;
    const linked = workspace.openView(before.view.id, true);
    if (!linked.ok) throw new Error(linked.failure.message);
    workspace.setFilter(before.view.id, ERRORS);
    const left = sessionsOf(workspace);
    expect(left).toMatchObject([{ sources: ['sim:demo'], views: [{ filter: ERRORS }, { within: before.view.id }] }]);
    const page: PageState = {
      active: linked.value.id,
      views: [
        { view: before.view.id, state: looking },
        { view: 99, state: looking },
      ],
    };
    await before.quit();

    const after = start();
    // Before anything is open in it, as a program that has just begun.
    after.service.workspace.closeSession(1);
    const { failures, shown } = await takenUp(after, left, page);
    expect(failures).toEqual([]);
    const [recorded, live, ...more] = after.service.workspace.openSessions;
    if (recorded === undefined || live === undefined) throw new Error('two sessions were expected');
    expect(more).toEqual([]);
    await after.whole(recorded.session);
    expect([recorded.session.recordedAt, recorded.session.store.endRow]).toEqual([left[0]?.recording, 2000]);
    expect(live.session.isLive).toBe(true);
    const [first, second] = after.service.workspace.viewsOf(live.id);
    expect([first?.own.terms, second?.parent]).toEqual([ERRORS.terms, first]);
    // Rows that were selected are those of the recording, and numbers of views are other ones.
    expect(shown).toEqual({
      active: second?.id,
      views: [{ view: first?.id, state: { ...looking, selection: null, place: null } }],
    });
  });

  it('is opened as far as it can be, and what cannot is told', async () => {
    const after = start();
    after.service.workspace.closeSession(1);
    const view = { view: 1, filter: SHOW_ALL, within: null };
    const { failures, shown } = await takenUp(
      after,
      [
        { recording: '/absent.ringview', sources: ['sim:demo', 'nothing:'], captureFilter: ERRORS, views: [view] },
        { recording: null, sources: ['sim:absent'], captureFilter: null, views: [{ ...view, view: 2 }] },
      ],
      null,
    );
    expect(failures).toHaveLength(3);
    expect(shown).toBeNull();
    const [first, second] = after.service.workspace.openSessions;
    expect([first?.session.isLive, first?.session.captureFilter?.terms]).toEqual([true, ERRORS.terms]);
    expect(second?.session.isLive).toBe(false);
  });

  it('is nothing that a request of a page could not be, but for what is to be read', () => {
    const session = {
      recording: null,
      sources: [],
      captureFilter: null,
      views: [{ view: 1, filter: SHOW_ALL, within: null }],
    };
    expect(checked(restartState, { sessions: [session], page: null }).ok).toBe(true);
    for (const wrong of [
      { ...session, views: [] },
      { ...session, recording: '' },
      { ...session, recording: 'a\0b' },
      { ...session, sources: Array.from({ length: 33 }, () => 'sim:a') },
      { ...session, sources: ['x'.repeat(5000)] },
      { ...session, captureFilter: {} },
    ])
      expect(checked(restartState, { sessions: [wrong], page: null }).ok).toBe(false);
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        for (const state of [anything, { sessions: anything, page: anything }, { sessions: [anything], page: null }])
          expect(checked(restartState, state).ok).toBe(false);
      }),
      { examples: [[null], [[]], [{}]] },
    );
  });
});
