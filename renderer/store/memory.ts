/**
 * Tells the program the state of this page whenever it changes, so that a page that replaces it after a crash looks the
 * same: which view is shown, and for each view the texts typed into its boxes, its selection and its scroll position.
 * What the program itself knows (filters in force, pauses) is left out.
 */
import type { Bridge } from '../../electron/contract/bridge.ts';
import { MAX_TYPED, type PageState, type ViewState as Told, type Typed } from '../../electron/contract/page-state.ts';
import { ROW_PX } from '../model/scroll.ts';
import type { Filter, Later } from './filter.ts';
import type { Find } from './find.ts';
import type { Measure, MeasureState } from './measure.ts';
import type { Reading } from './reading.ts';
import type { View } from './view.ts';
import type { ViewState } from './view-state.ts';

/** Calls are at least so far apart, milliseconds, but for those that must not wait; the first is made at once. */
const TELL_MS = 200;

/** The parts of a view that are remembered. */
export interface Remembered {
  readonly view: View;
  readonly filter: Filter;
  readonly find: Find;
  readonly reading: Reading;
  readonly measure: Measure;
}

function typed({ pattern, regex, caseSensitive }: Typed): Typed {
  // A longer text cannot be in force, so nothing that matters is lost by cutting it.
  return { pattern: pattern.slice(0, MAX_TYPED), regex, caseSensitive };
}

function placeOf({ follow, top, cache }: ViewState, before: Told['place']): Told['place'] {
  if (follow) return null;
  const position = Math.floor(top / ROW_PX);
  const row = cache.get(position)?.row;
  return row === undefined ? before : { row, hiddenPx: Math.round(top - position * ROW_PX) };
}

function selectionOf({ selection }: ViewState): Told['selection'] {
  const anchor = selection?.anchor.row ?? null;
  const focus = selection?.focus.row ?? null;
  if (selection === null || focus === null) return null;
  const others = selection.others?.flatMap(({ first, last }) =>
    first.row === null || last.row === null ? [] : [{ first: first.row, last: last.row }],
  );
  const beside = { ...(others?.length ? { others } : {}), ...(selection.aside ? { aside: true } : {}) };
  return { anchor: anchor ?? focus, focus, ...beside };
}

function referenceOf({ reference, fromReference }: MeasureState): Pick<Told, 'reference'> {
  return reference === null ? {} : { reference: { ...reference, used: fromReference } };
}

/**
 * The present state of a view. Until its rows are shown, selection and place are still those of the page `before` this
 * one; otherwise a page that crashes early would make its successor forget them.
 */
export function recollect({ view, filter, find, reading, measure }: Remembered, before: Told | null): () => Told {
  let place = before?.place ?? null;
  return () => {
    const seen = view.store.getState();
    const shown = seen.generation >= 0;
    if (shown) place = placeOf(seen, place);
    const { open } = find.store.getState();
    return {
      filter: typed(filter.store.getState()),
      earlier: filter.store.getState().earlier,
      find: { ...typed(find.store.getState()), open },
      selection: shown ? selectionOf(seen) : (before?.selection ?? null),
      place,
      shift: Math.round(reading.store.getState().shift),
      ...referenceOf(measure.store.getState()),
    };
  };
}

/**
 * Returns a function to call whenever something may have changed, one for a change that a person would miss at once, such
 * as another view that is shown, and one that ends it.
 */
export function tellPage(
  bridge: Pick<Bridge, 'app'>,
  later: Later,
  state: () => PageState,
  before: PageState | null,
): { readonly changed: () => void; readonly changedNow: () => void; readonly end: () => void } {
  let last = JSON.stringify(before);
  let cancel: (() => void) | null = null;

  function tell(): void {
    if (cancel !== null) return;
    const now = state();
    const text = JSON.stringify(now);
    if (text === last) return;
    last = text;
    cancel = later(() => {
      cancel = null;
      tell();
    }, TELL_MS);
    // The answer does not matter, as the state is needed only if this page crashes.
    void bridge.app.remember({ state: now });
  }
  function tellNow(): void {
    cancel?.();
    cancel = null;
    tell();
  }
  return { changed: tell, changedNow: tellNow, end: () => cancel?.() };
}
