/**
 * What each pane of the dock draws, and the count in its tab. A pane is loaded when it is first opened: the window shows
 * its first rows sooner without them.
 */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { formatShort } from '../../model/format.ts';
import type { PaneId } from '../../model/panes.ts';
import { useBookmarks, useView } from '../app-context.ts';

interface PaneView {
  readonly Pane: LazyExoticComponent<ComponentType>;
  /** Of what there is to see in it; nothing where there is none. */
  readonly Count?: ComponentType;
}

export const PANE_VIEWS: Readonly<Record<PaneId, PaneView>> = {
  details: { Pane: pane(() => import('../details-pane.tsx').then((module) => module.DetailsPane)) },
  statistics: { Pane: pane(() => import('./statistics-pane.tsx').then((module) => module.StatisticsPane)) },
  losses: { Pane: pane(() => import('./losses-pane.tsx').then((module) => module.LossesPane)), Count: LossCount },
  lanes: { Pane: pane(() => import('../lanes-pane.tsx').then((module) => module.LanesPane)) },
  patterns: { Pane: pane(() => import('../patterns-pane.tsx').then((module) => module.PatternsPane)) },
  intervals: { Pane: pane(() => import('../intervals-pane.tsx').then((module) => module.IntervalsPane)) },
  life: { Pane: pane(() => import('../life-pane.tsx').then((module) => module.LifePane)) },
  matches: { Pane: pane(() => import('../matches-pane.tsx').then((module) => module.MatchesPane)) },
  bookmarks: {
    Pane: pane(() => import('./bookmarks-pane.tsx').then((module) => module.BookmarksPane)),
    Count: BookmarkCount,
  },
  sql: { Pane: pane(() => import('../sql-pane.tsx').then((module) => module.SqlPane)) },
  source: { Pane: pane(() => import('./machine-panes.tsx').then((module) => module.SourcePane)) },
  driver: { Pane: pane(() => import('./machine-panes.tsx').then((module) => module.DriverPane)) },
};

function pane(load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> {
  return lazy(async () => ({ default: await load() }));
}

/** Marks of losses in the session, whatever the filter shows. */
function LossCount() {
  const marks = useView((view) => view.sessionRows - view.sessionEntries);
  return marks === 0 ? null : <span className="tab-count bad">{formatShort(marks)}</span>;
}

function BookmarkCount() {
  const marks = useBookmarks((state) => state.marks.size);
  return marks === 0 ? null : <span className="tab-count">{formatShort(marks)}</span>;
}
