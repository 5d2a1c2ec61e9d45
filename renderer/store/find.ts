/** The find bar: what is searched for among the rows shown, and where the last match was. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { FindCount } from '../../electron/contract/find.ts';
import { patternFailure } from '../../electron/contract/limits.ts';
import type { Typed } from '../../electron/contract/page-state.ts';
import type { TextQuery } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import type { Later } from './filter.ts';
import { sameQuery } from './highlights.ts';

export type FindOutcome = 'none' | 'found' | 'wrapped' | 'nothing';

export interface FindState {
  readonly open: boolean;
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly busy: boolean;
  readonly outcome: FindOutcome;
  readonly failure: Failure | null;
  /** Matches of the text in the bar, as far as they are counted; null before that. */
  readonly count: FindCount | null;
}

/** After this time without typing, matches are counted; long enough for a word to be typed. */
const TYPING_MS = 150;

/** What finding needs to know of the view, and does to it. */
export interface FindView {
  readonly generation: number;
  readonly first: number;
  readonly end: number;
  /** The position from which the search starts: the selected row, else the first on the screen. */
  readonly at: number;
  /** If false, the row at `at` itself may be the match. */
  readonly selected: boolean;
}

export interface Find {
  readonly store: StoreApi<FindState>;
  /** Subscribes to events; returns a function that ends the subscription. */
  connect(): () => void;
  open(): void;
  close(): void;
  setPattern(pattern: string): void;
  toggleRegex(): void;
  toggleCase(): void;
  /** Restores the bar as it was typed, and counts again if it was open. */
  restore(bar: Typed & { readonly open: boolean }): void;
  /** Goes to the next or previous match; opens the bar if there is nothing to search for. */
  go(direction: 'next' | 'previous'): Promise<void>;
}

/** What is typed, as a query; null for an empty bar, and for a text that is too long to be one. */
function draftText({ pattern, regex, caseSensitive }: Typed): TextQuery | null {
  return pattern === '' || patternFailure(pattern) !== null ? null : { pattern, regex, caseSensitive };
}

/** The query by which rows are highlighted; null unless the bar is open. */
export function findQuery(state: FindState): TextQuery | null {
  return state.open ? draftText(state) : null;
}

export function createFind(
  bridge: Pick<BoundBridge, 'on' | 'view'>,
  later: Later,
  view: () => Promise<FindView>,
  show: (position: number) => void,
): Find {
  const store = createStore<FindState>(() => ({
    open: false,
    pattern: '',
    regex: false,
    caseSensitive: false,
    busy: false,
    outcome: 'none',
    failure: null,
    count: null,
  }));
  const get = store.getState;
  let latest = 0;

  const forget = { outcome: 'none', failure: null, busy: false, count: null } as const;
  /** The query that is being counted, and the request that waits for a pause in typing. */
  let counted: TextQuery | null = null;
  let cancelTyping: () => void = () => {};

  async function count(): Promise<void> {
    const query = findQuery(get());
    if (query === counted || (query && counted && sameQuery(query, counted))) return;
    counted = query;
    const result = await bridge.view.countFinds({ query });
    if (!result.ok && counted === query) store.setState({ failure: result.failure });
  }

  /** Changes the query, and drops everything known of the old one. */
  function change(state: Partial<FindState>): void {
    latest++;
    // A text that is too long is not a query: this is reported at once, and nothing is requested.
    store.setState({ ...forget, failure: patternFailure(state.pattern ?? get().pattern), ...state });
    cancelTyping();
    cancelTyping = later(() => void count(), TYPING_MS);
  }

  return {
    store,
    connect: () =>
      bridge.on.view.found(({ found: told }) => {
        const query = findQuery(get());
        if (query === null || !sameQuery(query, told.query)) return;
        store.setState(told.failure === null ? { count: told } : { count: told, failure: told.failure });
      }),
    open() {
      if (!get().open) change({ open: true });
    },
    close: () => change({ open: false }),
    setPattern: (pattern) => change({ pattern }),
    toggleRegex: () => change({ regex: !get().regex }),
    toggleCase: () => change({ caseSensitive: !get().caseSensitive }),
    restore({ pattern, regex, caseSensitive, open }) {
      change({ pattern, regex, caseSensitive, open });
    },
    async go(direction) {
      const query = draftText(get());
      if (!get().open) change({ open: true });
      if (!query) return;
      // The count tells the rank of the match that was found.
      void count();
      const mine = ++latest;
      const { generation, first, end, at, selected } = await view();
      if (mine !== latest) return;
      if (end <= first) {
        store.setState({ outcome: 'nothing', failure: null });
        return;
      }
      const step = direction === 'next' ? 1 : -1;
      const next = selected ? at + step : at;
      const around = next >= end || next < first;
      const from = around ? (direction === 'next' ? first : end - 1) : next;
      store.setState({ busy: true });
      const result = await bridge.view.find({ generation, query, from, direction });
      if (mine !== latest) return;
      if (!result.ok) {
        store.setState({ busy: false, outcome: 'none', failure: result.failure });
      } else if (!result.value) {
        store.setState({ busy: false, outcome: 'nothing', failure: null });
      } else {
        store.setState({ busy: false, outcome: around || result.value.wrapped ? 'wrapped' : 'found', failure: null });
        show(result.value.position);
      }
    },
  };
}
