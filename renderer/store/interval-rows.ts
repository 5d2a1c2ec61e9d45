/** Intervals between two rows that are selected, and all that are like them: one of each kind tells what is to be measured. */
import { shownText } from '../../electron/contract/shown-text.ts';
import { RowKind } from '../../native/core/entry.ts';
import { intervalTexts } from '../model/interval-text.ts';
import { selectedCount, selectedRange } from '../model/selection.ts';
import type { App } from './app.ts';

/** Whether two rows are selected, neither more nor fewer. */
export function twoSelected({ view }: Pick<App, 'view'>): boolean {
  return selectedCount(view.store.getState().selection) === 2;
}

/** Measures from messages like the earlier one to those like the later one; false where not two records are selected. */
export async function measureSelected(app: Pick<App, 'view' | 'measure' | 'intervals'>): Promise<boolean> {
  const { selection } = app.view.store.getState();
  if (selection === null || !twoSelected(app)) return false;
  const { first, last } = selectedRange(selection);
  const [from, to] = [await app.measure.rowAt(first), await app.measure.rowAt(last)];
  if (from?.kind !== RowKind.Entry || to?.kind !== RowKind.Entry) return false;
  const [start, end] = intervalTexts(shownText(from.text), shownText(to.text));
  app.intervals.setStart(start);
  app.intervals.setEnd(end);
  app.intervals.measure();
  return true;
}
