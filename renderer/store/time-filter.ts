/** Makes a filter of a time that is looked at. */
import type { App } from './app.ts';
import { timesInSight } from './time-range.ts';

/** Leaves only the rows of the time that the lanes are zoomed to, while they are looked at, else of the rows in sight. */
export function filterToTime(app: Pick<App, 'view' | 'filter' | 'lanes' | 'ui'>): void {
  const zoomed = app.ui.store.getState().pane === 'lanes' ? app.lanes.store.getState().range : null;
  const seen = timesInSight(app.view.store.getState());
  const ends = zoomed === null ? seen : { fromNs: zoomed.fromNs, toNs: zoomed.toNs - 1 };
  if (ends === null) return;
  const ranges = [{ from: ends.fromNs, to: ends.toNs }];
  app.filter.addTerm({ kind: 'number', field: 'time', ranges }, false);
}
