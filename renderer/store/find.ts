/** The find bar: what is looked for in the rows shown, and where the last match was. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { FindCount } from '../../electron/contract/find.ts';
import { patternFailure } from '../../electron/contract/limits.ts';
import type { Typed } from '../../electron/contract/page-state.ts';
import type { TextQuery } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import { draftText, type Later } from './filter.ts';
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
  /** Matches of what is in the bar, as far as they are counted; null before that. */
  readonly count: FindCount | null;
}

/** Long enough for a word to be typed through before its matches are counted. */
const TYPING_MS = 150;

/** What finding needs to know of the view, and does to it. */
export interface FindView {
  readonly generation: number;
  readonly first: number;
  readonly end: number;
  /** Position the search starts beside: the selected row, else the first on the screen. */
  readonly at: number;
  /** False if `at` itself may be the match. */
  readonly selected: boolean;
}

export interface Find {
  readonly store: StoreApi<FindState>;
  /** Starts listening; returns how to end it. */
  connect(): () => void;
  open(): void;
  close(): void;
  setPattern(pattern: string): void;
  toggleRegex(): void;
  toggleCase(): void;
  /** The bar as it was typed, and counting again if it was open. */
  restore(bar: Typed & { readonly open: boolean }): void;
  /** Goes to the next (previous) match; opens the bar if there is nothing to look for. */
  go(direction: 'next' | 'previous'): Promise<void>;
}

/** The query rows are highlighted by: only while the bar is open. */
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
  /** What is being counted, and the request that is waiting for typing to pause. */
  let counted: TextQuery | null = null;
  let cancelTyping: () => void = () => {};

  async function count(): Promise<void> {
    const query = findQuery(get());
    if (query === counted || (query && counted && sameQuery(query, counted))) return;
    counted = query;
    const result = await bridge.view.countFinds({ query });
    if (!result.ok && counted === query) store.setState({ failure: result.failure });
  }

  /** What is looked for has changed: what is known of it does not hold any more. */
  function change(state: Partial<FindState>): void {
    latest++;
    // A text that is too long is no query: that is said at once, and nothing is asked.
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
      // The count says which of the matches it is.
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
