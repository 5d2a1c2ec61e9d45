/**
 * Two views side by side, on demand: which they are, and one scrolled together with the other. Of the two, the one that a
 * person acted on last leads, and the other is brought to where it is; nothing that happens to the other by itself moves
 * the one that leads, so that they cannot drive each other.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { LEAST_SHARE, MOST_SHARE, type BesideState as Told } from '../../electron/contract/page-state.ts';
import type { Located, LocateTarget } from '../../electron/contract/rows.ts';
import { NO_ORIGIN } from '../../electron/contract/shown-time.ts';
import type { Result } from '../../native/core/result.ts';
import { selectedCount, selectOne } from '../model/selection.ts';
import { anchorOf, type Bond, bondOf, type Timed, targetOf, topFor } from '../model/together.ts';
import type { App } from './app.ts';
import { extentOf } from './view-state.ts';

export interface BesideState {
  /** Numbers of the views on the left and on the right; null while one is shown alone. */
  readonly pair: readonly [number, number] | null;
  /** Whether one is scrolled with the other. */
  readonly together: boolean;
  /** How much of the width the left one has, in hundredths. */
  readonly share: number;
}

export interface BesideDependencies {
  readonly appOf: (view: number) => Pick<App, 'look' | 'view' | 'status'> | null;
  readonly locate: (view: number, target: LocateTarget) => Promise<Result<Located | null>>;
}

export interface Beside {
  readonly store: StoreApi<BesideState>;
  /** The view beside this one; null if there is none. */
  other(view: number): number | null;
  /** Shows two views, the second to the right of the first. */
  show(left: number, right: number): void;
  /** Shows `view` in the place of `gone`. */
  replace(gone: number, view: number): void;
  close(): void;
  /** Closes it if one of the two views is not open any more. */
  keep(open: ReadonlySet<number>): void;
  /** A person acts on a view: the other one is brought to where it is. */
  lead(view: number): void;
  setTogether(together: boolean): void;
  setShare(share: number): void;
  told(): Told | null;
  restore(told: Told, open: ReadonlySet<number>): void;
  /** Releases what it follows. */
  end(): void;
}

const EVEN_SHARE = 50;

export function createBeside({ appOf, locate }: BesideDependencies): Beside {
  const store = createStore<BesideState>(() => ({ pair: null, together: true, share: EVEN_SHARE }));
  const get = store.getState;
  let leading: number | null = null;
  let ends: readonly (() => void)[] = [];
  /** Where the view that leads was when the other was brought there; what has not changed is not done again. */
  let done = '';
  let underWay = false;

  const other = (view: number): number | null => {
    const { pair } = get();
    if (pair === null || !pair.includes(view)) return null;
    return pair[0] === view ? pair[1] : pair[0];
  };

  /** Brings the other view to where the one that leads is. */
  function follow(): void {
    const last = leading === null ? null : other(leading);
    const from = leading === null ? null : appOf(leading);
    const to = last === null ? null : appOf(last);
    if (!get().together || from === null || to === null || underWay) return;
    const here = from.view.store.getState();
    const there = to.view.store.getState();
    // One of them is not drawn yet.
    if (here.viewPx === 0 || there.viewPx === 0 || here.generation < 0 || there.generation < 0) return;
    if (here.follow) {
      done = '';
      if (!there.follow) to.view.setFollow(true);
      return;
    }
    const anchor = anchorOf(here);
    if (anchor === null) return;
    // What the filter of the other has not come to may be found when it is done.
    const key = JSON.stringify([anchor, there.generation, there.scan === null, there.viewPx]);
    if (key === done) return;
    done = key;
    const target = targetOf(anchor, timed(from), timed(to));
    underWay = true;
    void locate(to.look.view, target).then((found) => {
      underWay = false;
      const now = to.view.store.getState();
      if (get().together && other(from.look.view) === to.look.view && leading === from.look.view && found.ok) {
        // Positions of another generation would be those of other rows.
        if (found.value === null || found.value.generation === now.generation) bring(to, found.value, target, anchor);
        else done = '';
      }
      follow();
    });
  }

  function bring(
    to: Pick<App, 'view'>,
    found: Located | null,
    target: LocateTarget,
    { y, selected }: { readonly y: number; readonly selected: boolean },
  ): void {
    const state = to.view.store.getState();
    const top = topFor(found, target, y, extentOf(state));
    if (top === null) return;
    const position = found?.nearest ?? null;
    // A range that somebody selected is theirs.
    if (!selected || position === null || selectedCount(state.selection) > 1) to.view.standAt(top);
    else to.view.selectAt(selectOne({ position, row: state.cache.get(position)?.row ?? null }), top);
  }

  function listen(): void {
    for (const end of ends) end();
    done = '';
    const { pair, together } = get();
    const apps = pair === null || !together ? [] : pair.flatMap((view) => appOf(view) ?? []);
    ends = apps.map(({ view }) => view.store.subscribe(follow));
    follow();
  }

  const endListening = store.subscribe((now, before) => {
    if (now.pair !== before.pair || now.together !== before.together) listen();
  });

  function show(left: number, right: number): void {
    if (left === right) return;
    leading ??= left;
    if (leading !== left && leading !== right) leading = left;
    store.setState({ pair: [left, right] });
  }

  function keep(open: ReadonlySet<number>): void {
    if (get().pair?.some((view) => !open.has(view))) store.setState({ pair: null });
  }

  return {
    store,
    other,
    show,
    replace(gone, view) {
      const { pair } = get();
      if (pair?.includes(view) !== false || !pair.includes(gone)) return;
      leading = view;
      store.setState({ pair: [pair[0] === gone ? view : pair[0], pair[1] === gone ? view : pair[1]] });
    },
    close: () => store.setState({ pair: null }),
    keep,
    lead(view) {
      if (view === leading || other(view) === null) return;
      leading = view;
      done = '';
    },
    setTogether: (together) => store.setState({ together }),
    setShare: (share) => store.setState({ share: Math.min(Math.max(Math.round(share), LEAST_SHARE), MOST_SHARE) }),
    told() {
      const { pair, ...rest } = get();
      return pair && { left: pair[0], right: pair[1], ...rest };
    },
    restore({ left, right, together, share }, open) {
      store.setState({ together, share });
      show(left, right);
      keep(open);
    },
    end() {
      endListening();
      for (const end of ends) end();
    },
  };
}

const timed = ({ look, status }: Pick<App, 'look' | 'status'>): Timed => ({
  session: look.session,
  origin: status.store.getState().status?.origin ?? NO_ORIGIN,
});

/** By what two views agree, as far as it is known. */
export const bondBetween = (one: Pick<App, 'look' | 'status'>, other: Pick<App, 'look' | 'status'>): Bond =>
  bondOf(timed(one), timed(other));
