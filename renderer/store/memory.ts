/**
 * Tells main what this page is, whenever that changes, so that the page that takes its place after an end is the same:
 * the boxes as typed, what is selected, where the table stands. What main knows by itself (the filter in force, the pause)
 * is not told.
 */
import type { Bridge } from '../../electron/contract/channels.ts';
import { MAX_TYPED, type PageState, type Typed } from '../../electron/contract/page-state.ts';
import { ROW_PX } from '../model/scroll.ts';
import type { Filter, Later } from './filter.ts';
import type { Find } from './find.ts';
import type { Ui } from './ui.ts';
import type { View } from './view.ts';
import type { ViewState } from './view-state.ts';

/** At most one call in this time, milliseconds; the first goes at once. */
const TELL_MS = 200;

interface Told {
  readonly view: View;
  readonly filter: Filter;
  readonly find: Find;
  readonly ui: Ui;
}

function typed({ pattern, regex, caseSensitive }: Typed): Typed {
  // Longer text cannot be in force, so nothing that counts is lost.
  return { pattern: pattern.slice(0, MAX_TYPED), regex, caseSensitive };
}

function placeOf({ follow, top, cache }: ViewState, before: PageState['place']): PageState['place'] {
  if (follow) return null;
  const position = Math.floor(top / ROW_PX);
  const row = cache.get(position)?.row;
  return row === undefined ? before : { row, hiddenPx: Math.round(top - position * ROW_PX) };
}

function selectionOf({ selection }: ViewState): PageState['selection'] {
  const anchor = selection?.anchor.row ?? null;
  const focus = selection?.focus.row ?? null;
  return focus === null ? null : { anchor: anchor ?? focus, focus };
}

/**
 * Starts telling; returns how to end it. Until rows are shown, selection and place are still those of the page `before`
 * this one: a page that ends before that must not make its successor forget them.
 */
export function rememberPage(
  bridge: Pick<Bridge, 'remember'>,
  later: Later,
  told: Told,
  before: PageState | null,
): () => void {
  const { view, filter, find, ui } = told;
  let last = JSON.stringify(before);
  let place = before?.place ?? null;
  let cancel: (() => void) | null = null;

  function state(): PageState {
    const seen = view.store.getState();
    const shown = seen.generation >= 0;
    if (shown) place = placeOf(seen, place);
    const { open } = find.store.getState();
    return {
      filter: typed(filter.store.getState()),
      find: { ...typed(find.store.getState()), open },
      selection: shown ? selectionOf(seen) : (before?.selection ?? null),
      place,
      shift: Math.round(ui.store.getState().shift),
    };
  }

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
    // It matters only if this page ends; a refusal must not disturb it.
    bridge.remember(now).catch(() => undefined);
  }

  const ends = [view.store, filter.store, find.store, ui.store].map((store) => store.subscribe(tell));
  return () => {
    cancel?.();
    for (const end of ends) end();
  };
}
