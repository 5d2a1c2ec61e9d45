/**
 * Types about the program as a whole: its start, its theme, notices to the person, and which sessions and views are
 * open.
 */
import type { LogLook } from './log-look.ts';
import type { PageState, ViewState } from './page-state.ts';
import type { FilterSpec } from './rows.ts';
import type { SchemaState } from './schemas.ts';
import type { TimeSettings } from './shown-time.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** One view of a session, as far as a page needs to know it when it starts. */
export interface ViewInfo {
  readonly view: number;
  /** The filter in force, without that of the view it is linked to. */
  readonly filter: FilterSpec;
  /** The view that it is linked to: it shows what passes the filters of both. Null: that was closed, and its last filter stays. */
  readonly within?: number | null;
  /** What another page told of it last, which is gone and showed it before: selection, place and what is typed. */
  readonly told?: ViewState;
}

export interface SessionInfo {
  readonly session: number;
  /** The title of its tab: the names of its sources, or that it has none yet. */
  readonly name: string;
  /** Never empty: a session is closed with its last view. */
  readonly views: readonly ViewInfo[];
}

/** Every session that is open, in the order in which they were opened, and the views of each. Never empty. */
export type Layout = readonly SessionInfo[];

export interface Bootstrap {
  readonly version: string;
  readonly platform: 'linux' | 'win32' | 'darwin';
  readonly theme: Theme;
  /** Which times are shown; left out where nothing was chosen yet. */
  readonly times?: TimeSettings;
  /** How rows look; left out for as they do by themselves. */
  readonly look?: LogLook;
  readonly layout: Layout;
  /** The source with which the app was started, or which was used last; the default of the source box. */
  readonly source: string;
  /** Sources used lately, newest first. */
  readonly recentSources: readonly string[];
  /** Questions in SQL that were asked, also of earlier runs of the program, the newest first. */
  readonly earlierQuestions: readonly string[];
  /** What the bytes of typed records are. */
  readonly schemas: SchemaState;
  /** What the page before this one remembered; null for the first page. */
  readonly restored: PageState | null;
}

export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly action: string;
}
