/**
 * The colours of the rows in sight, by row. The service judges them, and is asked once they are here: one request at a time,
 * and none while no rule colours rows. What was judged is kept until something changes that a rule may look at.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { MOST_COLOURED_ROWS } from '../../electron/contract/colour-rules.ts';
import { RowKind } from '../../native/core/entry.ts';
import { visibleRange } from '../model/scroll.ts';
import { type Carried, rulesOf } from './carried.ts';
import type { Colours } from './colours.ts';
import { extentOf, type ViewState } from './view-state.ts';

export interface RowPaintState {
  /** Increases when more is known, or something is not known any more. */
  readonly version: number;
  /** Texts of rules by which rows are not judged: an expression in them takes too long. */
  readonly given: readonly string[];
}

export interface RowPaint {
  readonly store: StoreApi<RowPaintState>;
  /** The colour of a row: 0 for none, or if it is not known yet; else one above its place in the palette. */
  of(row: number): number;
  connect(): () => void;
}

/** The most rows whose colours are kept. */
const REMEMBERED = 16_384;

export interface RowPaintDependencies {
  readonly bridge: Pick<BoundBridge, 'view'>;
  readonly view: StoreApi<ViewState>;
  readonly colours: Pick<Colours, 'store'>;
  readonly carried: Pick<Carried, 'store'>;
  /** Stores of names: once one is learnt, a rule may fit other rows. */
  readonly names: readonly { readonly store: { subscribe(listener: () => void): () => void } }[];
}

export function createRowPaint({ bridge, view, colours, carried, names }: RowPaintDependencies): RowPaint {
  const store = createStore<RowPaintState>(() => ({ version: 0, given: [] }));
  const known = new Map<number, number>();
  let asking = false;
  /** Counts what makes answers under way worthless. */
  let era = 0;

  const rules = rulesOf(colours, carried);
  const paints = (): boolean => rules().some(({ of, on }) => of === 'rows' && on);

  function told(given = store.getState().given): void {
    store.setState(({ version }) => ({ version: version + 1, given }));
  }

  function forget(): void {
    era++;
    if (known.size > 0) {
      known.clear();
      told();
    }
    void ask();
  }

  /** Positions in sight from the first to the last whose colour is not known. */
  function wanted(): { readonly first: number; readonly count: number } | null {
    const state = view.getState();
    const { from, end } = visibleRange(state.top, extentOf(state));
    let first = -1;
    let last = -1;
    for (let position = from; position < end; position++) {
      const row = state.cache.get(position);
      if (row === undefined || row.kind !== RowKind.Entry || known.has(row.row)) continue;
      if (first < 0) first = position;
      last = position;
    }
    return first < 0 ? null : { first, count: Math.min(last - first + 1, MOST_COLOURED_ROWS) };
  }

  async function ask(): Promise<void> {
    if (asking || !paints()) return;
    const range = wanted();
    if (range === null) return;
    asking = true;
    const mine = era;
    const { cache, generation } = view.getState();
    const reply = await bridge.view.colours({ generation, ...range }).finally(() => {
      asking = false;
    });
    // An update with the new generation is on its way, or the rows are gone: that asks again.
    if (mine === era && reply.generation === generation && reply.colours.length > 0) {
      if (known.size > REMEMBERED) known.clear();
      reply.colours.forEach((colour, at) => {
        const row = cache.get(reply.first + at);
        if (row !== undefined) known.set(row.row, colour);
      });
      told(reply.given);
    } else if (mine === era) return;
    void ask();
  }

  return {
    store,
    of: (row) => known.get(row) ?? 0,
    connect() {
      const ends = [
        view.subscribe((now, before) => {
          // Row numbers begin anew.
          if (now.epoch !== before.epoch) forget();
          else void ask();
        }),
        colours.store.subscribe((now, before) => {
          if (now.rules !== before.rules) forget();
        }),
        carried.store.subscribe(forget),
        ...names.map((each) => each.store.subscribe(forget)),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
