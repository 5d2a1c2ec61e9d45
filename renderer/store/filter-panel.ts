/**
 * The filter of a view as rows that can be switched off. The text of the box is what counts: rows that are on are read from
 * it whenever it changes, and those that are off are kept here, at their places, until they are on again.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Typed } from '../../electron/contract/page-state.ts';
import type { Failure } from '../../native/core/result.ts';
import { type FilterRow, rowsOfBox, textOfRows } from '../model/filter-rows.ts';
import type { Filter } from './filter.ts';

export interface PanelRow extends FilterRow {
  readonly on: boolean;
}

export interface FilterPanelState {
  readonly open: boolean;
  /** Null where the box holds a mistake, or one expression by its switch. */
  readonly rows: readonly PanelRow[] | null;
  /** Why a row is not in force, and which; null for none. */
  readonly fault: { readonly at: number; readonly failure: Failure } | null;
}

export interface FilterPanel {
  readonly store: StoreApi<FilterPanelState>;
  connect(): () => void;
  setOpen(open: boolean): void;
  change(at: number, change: Partial<PanelRow>): void;
  add(): void;
  remove(at: number): void;
}

const NEW_ROW: PanelRow = { column: 'message', relation: 'contains', value: '', hides: false, on: true };

export function createFilterPanel(filter: Pick<Filter, 'store' | 'setPattern' | 'applyNow'>): FilterPanel {
  const store = createStore<FilterPanelState>(() => ({ open: false, rows: [], fault: null }));
  /** The text that the rows were written as last: what comes from here does not change them again. */
  let written: string | null = null;

  function read(box: Typed): void {
    if (box.pattern === written && !box.regex) return;
    written = null;
    const on = rowsOfBox(box);
    const off = (store.getState().rows ?? []).flatMap((row, at) => (row.on ? [] : [{ row, at }]));
    if (on === null) {
      store.setState({ rows: null, fault: null });
      return;
    }
    const rows: PanelRow[] = on.map((row) => ({ ...row, on: true }));
    for (const { row, at } of off) rows.splice(Math.min(at, rows.length), 0, row);
    store.setState({ rows, fault: null });
  }

  /** Shows the rows, and puts them in force if each that is on means something. */
  function become(rows: readonly PanelRow[]): void {
    const places = rows.flatMap(({ on }, at) => (on ? [at] : []));
    const text = textOfRows(places.map((at) => rows[at] as PanelRow));
    if ('failure' in text) {
      store.setState({ rows, fault: { at: places[text.at] as number, failure: text.failure } });
      return;
    }
    store.setState({ rows, fault: null });
    written = text.text;
    if (filter.store.getState().pattern === text.text) return;
    filter.setPattern(text.text);
    filter.applyNow();
  }

  const changed = (change: (rows: readonly PanelRow[]) => readonly PanelRow[]): void => {
    const { rows } = store.getState();
    if (rows !== null) become(change(rows));
  };

  return {
    store,
    connect() {
      read(filter.store.getState());
      return filter.store.subscribe((now, before) => {
        if (now.pattern !== before.pattern || now.regex !== before.regex) read(now);
      });
    },
    setOpen: (open) => store.setState({ open }),
    change: (place, change) => changed((rows) => rows.map((row, at) => (at === place ? { ...row, ...change } : row))),
    // It means nothing yet, and what is in force stays until it does.
    add: () => store.setState(({ rows }) => ({ rows: [...(rows ?? []), NEW_ROW] })),
    remove: (place) => changed((rows) => rows.filter((_, at) => at !== place)),
  };
}
