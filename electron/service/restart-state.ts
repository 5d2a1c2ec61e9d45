/**
 * What a program that ends leaves to the one that takes its place: which sessions were open, of what, and how they were looked at.
 * It lies in a file for a moment, and the one that reads it may have more rights than whoever wrote it: so it is bounded and
 * rebuilt like every request of a page, and names nothing but what is to be read.
 */
import { type Check, integer, list, MAX, object, reject, text } from '../contract/check.ts';
import { MOST_SESSIONS, MOST_VIEWS } from '../contract/limits.ts';
import { type PageState, pageState } from '../contract/page-state.ts';
import { filterSpec } from '../contract/query.ts';
import type { FilterSpec } from '../contract/rows.ts';
import { MAX_SOURCES, type Session } from '../session/ingest/session.ts';
import type { Workspace } from '../session/workspace/workspace.ts';

/** The longest name of a source and path of a recording, UTF-16 units. */
const MAX_NAME = 4096;

export interface LeftView {
  /** Its number then. */
  readonly view: number;
  /** Its own filter. */
  readonly filter: FilterSpec;
  /** Number of the view that it was linked to; null for none. */
  readonly within: number | null;
}

export interface LeftSession {
  /** Path of the recording of its rows; null where there is none. */
  readonly recording: string | null;
  /** What was captured, or read, when the program ended. */
  readonly sources: readonly string[];
  readonly captureFilter: FilterSpec | null;
  /** Never empty. */
  readonly views: readonly LeftView[];
}

export interface RestartState {
  readonly sessions: readonly LeftSession[];
  readonly page: PageState | null;
}

function name(value: unknown, what: string): string {
  const given = text(value, what);
  if (given === '' || given.length > MAX_NAME || given.includes('\0')) reject(`${what}: a name was expected`);
  return given;
}

function leftView(value: unknown): LeftView {
  const { view, filter, within } = object(value);
  return {
    view: integer(view, 0, MAX, 'view'),
    filter: filterSpec(filter),
    within: within === null ? null : integer(within, 0, MAX, 'within'),
  };
}

function leftSession(value: unknown): LeftSession {
  const { recording, sources, captureFilter, views } = object(value);
  const looked = list(views, MOST_VIEWS, 'views', leftView);
  if (looked.length === 0) reject('views: at least one was expected');
  return {
    recording: recording === null ? null : name(recording, 'recording'),
    sources: list(sources, MAX_SOURCES, 'sources', (source) => name(source, 'source')),
    captureFilter: captureFilter === null ? null : filterSpec(captureFilter),
    views: looked,
  };
}

/** The state rebuilt from the fields that are known. */
export const restartState: Check<RestartState> = (value) => {
  const { sessions, page } = object(value);
  return {
    sessions: list(sessions, MOST_SESSIONS, 'sessions', leftSession),
    page: page === null ? null : pageState(page),
  };
};

/** What of a workspace is left. A session that has nothing and never had is not. */
export function sessionsOf(workspace: Workspace): LeftSession[] {
  return workspace.openSessions
    .filter(({ session }) => !session.isUnused)
    .map(({ id, session }) => {
      const recording = recordingOf(session);
      // Of files that a person stopped reading there is nothing else.
      const files = session.sourcesInUse.every(({ info }) => info.file !== undefined);
      const sources = session.isCapturing || (recording === null && files) ? session.sourcesInUse : [];
      const numbers = sources.map(({ id }) => id);
      const renumbered = (filter: FilterSpec): FilterSpec => ({
        ...filter,
        hiddenSources: filter.hiddenSources.map((source) => numbers.indexOf(source)).filter((at) => at >= 0),
      });
      return {
        recording,
        sources: sources.map(({ spec }) => spec),
        captureFilter: session.captureFilter,
        views: workspace.viewsOf(id).map((view) => ({
          view: view.id,
          // Sources that are opened anew are numbered as they come; those of a recording keep their numbers.
          filter: numbers.length === 0 ? view.own : renumbered(view.own),
          within: view.isLinked ? (view.parent?.id ?? null) : null,
        })),
      };
    });
}

/** Rows that were read from files are read again; a recording without rows does not outlive its session. */
function recordingOf(session: Session): string | null {
  if (session.recordedAt !== null) return session.recordedAt;
  return session.store.endRow === 0 ? null : session.keptAt;
}
