/** The find bar: what is looked for in the rows shown, and where the last match was. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/channels.ts';
import type { TextQuery } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import { draftText } from './filter.ts';

export type FindOutcome = 'none' | 'found' | 'wrapped' | 'nothing';

export interface FindState {
  readonly open: boolean;
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly busy: boolean;
  readonly outcome: FindOutcome;
  readonly failure: Failure | null;
}

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
  open(): void;
  close(): void;
  setPattern(pattern: string): void;
  toggleRegex(): void;
  toggleCase(): void;
  /** Goes to the next (previous) match; opens the bar if there is nothing to look for. */
  go(direction: 'next' | 'previous'): Promise<void>;
}

/** The query rows are highlighted by: only while the bar is open. */
export function findQuery(state: FindState): TextQuery | null {
  return state.open ? draftText(state) : null;
}

export function createFind(
  bridge: Pick<Bridge, 'find'>,
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
  }));
  const get = store.getState;
  let latest = 0;

  const forget = { outcome: 'none', failure: null, busy: false } as const;

  return {
    store,
    open: () => store.setState({ open: true }),
    close() {
      latest++;
      store.setState({ open: false, ...forget });
    },
    setPattern: (pattern) => store.setState({ pattern, ...forget }),
    toggleRegex: () => store.setState(({ regex }) => ({ regex: !regex, ...forget })),
    toggleCase: () => store.setState(({ caseSensitive }) => ({ caseSensitive: !caseSensitive, ...forget })),
    async go(direction) {
      const query = draftText(get());
      store.setState({ open: true });
      if (!query) return;
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
      const result = await bridge.find({ generation, query, from, direction });
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
