/** What concerns the program as a whole: its start, its theme, what it tells the person, which sessions and views are open. */
import type { PageState } from './page-state.ts';
import type { FilterSpec } from './rows.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** One view of a session, as far as a page that begins must know it. */
export interface ViewInfo {
  readonly view: number;
  /** The filter in force. */
  readonly filter: FilterSpec;
}

export interface SessionInfo {
  readonly session: number;
  /** What its tab says: the names of its sources, or that it has none yet. */
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
  readonly layout: Layout;
  /** Source the app was started with or used last, offered as the default of the source box. */
  readonly source: string;
  /** Sources used lately, newest first. */
  readonly recentSources: readonly string[];
  /** What the page before this one was; null for the first. */
  readonly restored: PageState | null;
}

export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly action: string;
}
