/**
 * The matches that the find bar counts, by rank, as a list shows them: fetched a page at a time, those that are looked at.
 * What is here is of one query in one generation of the view, and of the rows that it keeps.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { type FoundRows, MOST_FOUND_ROWS } from '../../electron/contract/find.ts';
import type { FindState } from './find.ts';
import type { ViewState } from './view-state.ts';

export type Match = FoundRows['rows'][number];

export interface Matches {
  /** Increases when more is here, or what was is not valid any more. */
  readonly store: StoreApi<{ readonly version: number }>;
  /** The match of a rank, counted from 0; undefined while it is not here. */
  at(rank: number): Match | undefined;
  /** Fetches what is missing of the matches of ranks `from..end-1`. */
  want(from: number, end: number): void;
  connect(): () => void;
}

const PAGE = MOST_FOUND_ROWS;
/** The most pages kept. */
const MOST_PAGES = 50;

export function createMatches(
  bridge: Pick<BoundBridge, 'view'>,
  find: StoreApi<FindState>,
  view: StoreApi<ViewState>,
): Matches {
  const store = createStore(() => ({ version: 0 }));
  const pages = new Map<number, readonly Match[]>();
  const asked = new Set<number>();
  let key = '';
  let looked = { from: 0, end: 0 };

  const told = (): void => store.setState(({ version }) => ({ version: version + 1 }));

  /** Ranks are of a query in a generation, and counted from the oldest row that is kept. */
  function keyNow(): string {
    const { count } = find.getState();
    return count === null ? '' : JSON.stringify([count.query, count.generation, view.getState().first]);
  }

  function sync(): void {
    const now = keyNow();
    if (now === key) return;
    key = now;
    pages.clear();
    asked.clear();
    told();
  }

  async function fetch(page: number): Promise<void> {
    const { count } = find.getState();
    if (count === null || asked.has(page)) return;
    asked.add(page);
    const mine = key;
    const { generation } = count;
    const reply = await bridge.view.foundRows({ generation, first: page * PAGE, count: PAGE });
    if (mine !== key) return;
    asked.delete(page);
    if (reply.generation !== generation) return;
    if (pages.size >= MOST_PAGES) pages.clear();
    pages.set(page, reply.rows);
    told();
  }

  function fetchMissing(): void {
    const most = find.getState().count?.count ?? 0;
    const end = Math.min(looked.end, most);
    for (let page = Math.floor(looked.from / PAGE); page * PAGE < end; page++) {
      // The last page may have been shorter when it was fetched.
      const here = pages.get(page)?.length ?? 0;
      if (here < Math.min(PAGE, end - page * PAGE)) void fetch(page);
    }
  }

  return {
    store,
    at: (rank) => pages.get(Math.floor(rank / PAGE))?.[rank % PAGE],
    want(from, end) {
      looked = { from, end };
      sync();
      fetchMissing();
    },
    connect() {
      const renew = (): void => {
        sync();
        fetchMissing();
      };
      const ends = [
        find.subscribe((now, before) => {
          if (now.count !== before.count) renew();
        }),
        view.subscribe((now, before) => {
          if (now.first !== before.first) renew();
        }),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
