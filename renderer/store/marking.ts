/**
 * Bookmarks as one view has them: where it shows them, and what a person does with the rows selected in it. Places are asked
 * for again when they may be others: after a change of the bookmarks or the filter, when old rows were dropped, and, as long
 * as some are not decided, when the view has gone on.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type BookmarkChange, type BookmarkPlace, MOST_BOOKMARKS } from '../../electron/contract/bookmarks.ts';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { PositionRange } from '../../electron/contract/output.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { type Failure, failureMessage } from '../../native/core/result.ts';
import { changeWords, lapWords, noneWords } from '../model/bookmarks.ts';
import { ROW_PX } from '../model/scroll.ts';
import { selectedCount, selectedSpans } from '../model/selection.ts';
import type { Bookmarks } from './bookmarks.ts';
import type { Later } from './filter.ts';
import type { Ui } from './ui.ts';
import { focusInSight, type ViewState } from './view-state.ts';

export interface MarkingState {
  /** By row; null before they were asked for. */
  readonly places: ReadonlyMap<number, BookmarkPlace> | null;
  /** Of the view, in which their positions hold. */
  readonly generation: number;
}

export interface Marking {
  readonly store: StoreApi<MarkingState>;
  connect(): () => void;
  /** Sets or removes a bookmark on the selected rows, or on the row that keys would begin at if none is selected. */
  toggle(): Promise<void>;
  /** Whether each selected row is known to have one. */
  allMarked(row: LogRow): boolean;
  /** Goes to the next or previous one that is shown. */
  go(direction: 'next' | 'previous'): Promise<void>;
  /** Opens the list to write the note of a row, which gets a bookmark if it has none. */
  note(row: number): Promise<void>;
}

export interface MarkingDependencies {
  readonly bridge: Pick<BoundBridge, 'view'>;
  readonly view: StoreApi<ViewState>;
  readonly bookmarks: Bookmarks;
  readonly ui: Ui;
  readonly later: Later;
  /** Resolves once the view shows the result of the current filter. */
  readonly upToDate: () => Promise<void>;
  /** Selects a position, and brings it into sight. */
  readonly show: (position: number) => void;
  /** The selected positions; null if there are none. */
  readonly selected: () => PositionRange | null;
}

const EVERY_MS = 250;

export function createMarking(deps: MarkingDependencies): Marking {
  const { bridge, view, bookmarks, ui, later, upToDate, show, selected } = deps;
  const store = createStore<MarkingState>(() => ({ places: null, generation: -1 }));
  let asked = '';
  let resting = false;

  const fail = (failure: Failure): void =>
    ui.notify({ severity: 'error', message: failureMessage(failure), action: failure.action });
  const say = (message: string): void => ui.notify({ severity: 'info', message, action: '' });

  /** Changes when places may be others. */
  function wanted(): string {
    const { generation, first, end, scan, paused } = view.getState();
    const { places } = store.getState();
    const open = [...(places?.values() ?? [])].some(
      ({ absence }) => absence === 'not-reached' || absence === 'held-back',
    );
    return [generation, first, ...(open ? [end, scan?.done, paused] : [])].join(' ');
  }

  async function fetch(): Promise<void> {
    const { places, generation } = await bridge.view.bookmarkPlaces();
    if (generation < 0) return;
    store.setState({ places: new Map(places.map((place) => [place.row, place])), generation });
  }

  /** One request at a time, with some distance between them. `anew`: the bookmarks themselves are others. */
  function ask(anew: boolean): void {
    if (anew) asked = '';
    if (resting) return;
    const none = bookmarks.store.getState().marks.size === 0;
    if (none && store.getState().places !== null) store.setState({ places: null });
    // A view that is not shown is asked again once it is.
    if (none || view.getState().viewPx === 0 || view.getState().generation < 0) return;
    const now = wanted();
    if (asked === now) return;
    asked = now;
    resting = true;
    fetch().finally(() =>
      later(() => {
        resting = false;
        ask(false);
      }, EVERY_MS),
    );
  }

  /** The selected positions; where none are, the row that keys would begin at. */
  function range(): PositionRange | null {
    const { selection, generation, first, end, follow, top } = view.getState();
    const some = selected();
    if (some !== null) return some;
    if (end <= first) return null;
    const at =
      selection !== null
        ? selection.focus.position
        : follow
          ? end - 1
          : Math.min(end - 1, Math.max(first, Math.ceil(top / ROW_PX)));
    return { generation, first: at, last: at };
  }

  function told(change: BookmarkChange): void {
    ui.notify({ severity: 'info', ...changeWords(change) });
  }

  return {
    store,
    connect() {
      const ends = [
        view.subscribe(() => ask(false)),
        bookmarks.store.subscribe(({ marks }, before) => {
          if (marks !== before.marks) ask(true);
        }),
      ];
      ask(true);
      return () => {
        for (const end of ends) end();
      };
    },
    async toggle() {
      const wanted = range();
      if (wanted === null) {
        say('There is no row to set a bookmark on.');
        return;
      }
      const toggled = await bridge.view.toggleBookmarks({ range: wanted });
      if (toggled.ok) told(toggled.value);
      else fail(toggled.failure);
    },
    allMarked({ row }) {
      const { selection, cache } = view.getState();
      const { marks } = bookmarks.store.getState();
      const count = selectedCount(selection);
      if (selection === null || count <= 1) return marks.has(row);
      if (count > Math.min(marks.size, MOST_BOOKMARKS)) return false;
      return selectedSpans(selection).every(({ first, last }) => {
        for (let position = first; position <= last; position++) {
          const at = cache.get(position)?.row;
          if (at === undefined || !marks.has(at)) return false;
        }
        return true;
      });
    },
    async go(direction) {
      await upToDate();
      const { generation, first, end, top } = view.getState();
      const focus = focusInSight(view.getState());
      const all = bookmarks.store.getState().marks.size;
      const step = direction === 'next' ? 1 : -1;
      const at = focus ?? Math.min(end - 1, Math.max(first, Math.floor(top / ROW_PX)));
      const next = focus === null ? at : at + step;
      const around = next >= end || next < first;
      const from = around ? (direction === 'next' ? first : end - 1) : next;
      const found = all === 0 || end <= first ? null : await bridge.view.findBookmark({ generation, from, direction });
      if (found === null || (found.ok && found.value === null)) say(noneWords(all));
      else if (!found.ok) fail(found.failure);
      else if (found.value !== null) {
        const { position, wrapped } = found.value;
        show(position);
        if (around || wrapped) say(lapWords(direction, focus !== null && position === at));
      }
    },
    async note(row) {
      const has = bookmarks.store.getState().marks.has(row);
      if (has || (await bookmarks.setNote(row, ''))) ui.writeNote(row);
      else fail(bookmarks.store.getState().failure as Failure);
    },
  };
}
