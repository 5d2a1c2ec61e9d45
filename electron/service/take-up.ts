/**
 * Opens again what the program before this one had open (restart-state.ts). A live session goes on in a session of its own,
 * with its views, and what was recorded of it is opened beside: its rows lie in the recording, and nothing is captured into one
 * that has ended.
 */
import type { Failure, Result } from '../../native/core/result.ts';
import type { PageState, ViewState } from '../contract/page-state.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import type { OpenSource } from './open-file.ts';
import type { LeftSession, LeftView, RestartState } from './restart-state.ts';

export interface TakeUpDependencies {
  readonly workspace: Workspace;
  readonly open: OpenSource;
  /** Opens a recording by its path. */
  readonly openRecording: (path: string) => Result<OpenView>;
  /** Told of each session, source or view that could not be had again. */
  readonly failed: (failure: Failure) => void;
}

/** The numbers that views had, and those they have. `moved`: their rows are others now. */
type Renumbered = Map<number, { readonly view: number; readonly moved: boolean }>;

/** The value is the page as it was, with the views that there are. */
export async function takeUp(state: RestartState, dependencies: TakeUpDependencies): Promise<PageState | null> {
  const views: Renumbered = new Map();
  for (const session of state.sessions) await takeUpSession(session, dependencies, views);
  return state.page === null ? null : pageWith(state.page, views);
}

async function takeUpSession(left: LeftSession, dependencies: TakeUpDependencies, views: Renumbered): Promise<void> {
  const { workspace, openRecording, failed } = dependencies;
  if (left.recording !== null) {
    const opened = openRecording(left.recording);
    if (!opened.ok) failed(opened.failure);
    else if (left.sources.length === 0) look(opened.value, left.views, dependencies, views, false);
  }
  if (left.sources.length === 0) return;
  const unused = workspace.openSessions.find(({ session }) => session.isUnused);
  const [empty] = unused === undefined ? [] : workspace.viewsOf(unused.id);
  const opened = empty === undefined ? workspace.openSession() : { ok: true as const, value: empty };
  if (!opened.ok) {
    failed(opened.failure);
    return;
  }
  const session = workspace.session(opened.value.session);
  if (!session.ok) return;
  const kept = session.value.setCaptureFilter(left.captureFilter);
  if (!kept.ok) failed(kept.failure);
  let started = false;
  for (const source of left.sources) {
    const open = await dependencies.open(session.value, source, started ? 'beside' : 'alone');
    if (open.ok) started = true;
    else failed(open.failure);
  }
  // Files are read from their begin, and so their rows have the numbers that they had.
  look(opened.value, left.views, dependencies, views, session.value.isLive);
}

/** Looks at the session of `first` as before: with so many views, each with its filter, linked as they were. */
function look(
  first: OpenView,
  left: readonly LeftView[],
  { workspace, failed }: TakeUpDependencies,
  views: Renumbered,
  moved: boolean,
): void {
  for (const [at, { view, filter, within }] of left.entries()) {
    const parent = within === null ? undefined : views.get(within)?.view;
    const opened =
      at === 0 ? { ok: true as const, value: first } : workspace.openView(parent ?? first.id, parent !== undefined);
    if (!opened.ok) {
      failed(opened.failure);
      continue;
    }
    views.set(view, { view: opened.value.id, moved });
    const set = workspace.setFilter(opened.value.id, filter);
    if (!set.ok) failed(set.failure);
  }
}

function pageWith({ active, views: before, sql }: PageState, views: Renumbered): PageState {
  const states = before.flatMap(({ view, state }) => {
    const now = views.get(view);
    return now === undefined ? [] : [{ view: now.view, state: now.moved ? withoutRows(state) : state }];
  });
  const shown = views.get(active)?.view ?? states[0]?.view ?? active;
  return { active: shown, views: states, ...(sql === undefined ? {} : { sql }) };
}

/** What names rows goes: they are those of the recording. */
function withoutRows({ reference: _, ...state }: ViewState): ViewState {
  return { ...state, selection: null, place: null };
}
