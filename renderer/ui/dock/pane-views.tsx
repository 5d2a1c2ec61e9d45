/**
 * What each pane of the dock draws, and the count in its tab. A pane is loaded when it is first opened: the window shows
 * its first rows sooner without them.
 */
import type { ComponentType } from 'react';
import { formatPlural, formatShort } from '../../model/format.ts';
import type { PaneId } from '../../model/panes.ts';
import { useBookmarks, useStatus } from '../app-context.ts';
import { type LoadedPane, loadedPane } from './loaded-pane.tsx';

interface PaneView extends LoadedPane {
  /** Of what there is to see in it; nothing where there is none. */
  readonly Count?: ComponentType;
}

export const PANE_VIEWS: Readonly<Record<PaneId, PaneView>> = {
  details: loadedPane(() => import('../details-pane.tsx').then((module) => module.DetailsPane)),
  statistics: loadedPane(() => import('./statistics-pane.tsx').then((module) => module.StatisticsPane)),
  losses: { ...loadedPane(() => import('./losses-pane.tsx').then((module) => module.LossesPane)), Count: LossCount },
  lanes: loadedPane(() => import('../lanes-pane.tsx').then((module) => module.LanesPane)),
  patterns: loadedPane(() => import('../patterns-pane.tsx').then((module) => module.PatternsPane)),
  intervals: loadedPane(() => import('../intervals-pane.tsx').then((module) => module.IntervalsPane)),
  life: loadedPane(() => import('../life-pane.tsx').then((module) => module.LifePane)),
  matches: loadedPane(() => import('../matches-pane.tsx').then((module) => module.MatchesPane)),
  bookmarks: {
    ...loadedPane(() => import('./bookmarks-pane.tsx').then((module) => module.BookmarksPane)),
    Count: BookmarkCount,
  },
  sql: loadedPane(() => import('../sql-pane.tsx').then((module) => module.SqlPane)),
  source: loadedPane(() => import('./machine-panes.tsx').then((module) => module.SourcePane)),
  driver: loadedPane(() => import('./machine-panes.tsx').then((module) => module.DriverPane)),
};

let begun = false;

/** Loads all of them, one after another, whenever the page has time; once, however often it is called. */
export function loadPanes(whenIdle: (run: () => void) => void): void {
  if (begun) return;
  begun = true;
  const next = ([view, ...others]: readonly PaneView[]): void => {
    if (view === undefined) return;
    // What cannot be loaded says so when it is opened.
    whenIdle(
      () =>
        void view.load().then(
          () => next(others),
          () => next(others),
        ),
    );
  };
  next(Object.values(PANE_VIEWS));
}

/** Records that were lost: the number that the status bar and the head of the pane have, whatever the filter shows. */
function LossCount() {
  const lost = useStatus(({ status }) => status?.lost ?? 0);
  if (lost === 0) return null;
  return (
    <span className="tab-count bad" title={`${formatPlural(lost, 'record')} lost`} data-testid="dock-count-losses">
      {formatShort(lost)}
    </span>
  );
}

function BookmarkCount() {
  const marks = useBookmarks((state) => state.marks.size);
  return marks === 0 ? null : <span className="tab-count">{formatShort(marks)}</span>;
}
