/** What is known of the rows on the screen. */
import type { ViewUpdate } from '../../electron/contract/rows.ts';
import type { SeenColumns } from '../model/columns.ts';
import type { RowCache } from '../model/row-cache.ts';
import type { Extent } from '../model/scroll.ts';
import type { Selection } from '../model/selection.ts';

/** What of an update is shown as it is. */
export type Pushed = Omit<ViewUpdate, 'sequence' | 'tail'>;

export interface ViewState extends Pushed {
  /** Rows held, of the generation shown. Changes in place: `version` tells when. */
  readonly cache: RowCache;
  readonly version: number;
  /** Pixels from position 0 to the upper edge of the table. */
  readonly top: number;
  readonly viewPx: number;
  readonly follow: boolean;
  readonly selection: Selection | null;
  readonly seen: SeenColumns;
}

export function extentOf(state: Pick<ViewState, 'first' | 'end' | 'viewPx'>): Extent {
  return { first: state.first, end: state.end, viewPx: state.viewPx };
}

/** An update without what is not shown. */
export function pushedOf(update: ViewUpdate): Pushed {
  const { sequence: _sequence, tail: _tail, ...pushed } = update;
  return pushed;
}
