/**
 * What a recording brings along of what was highlighted while it was recorded: beside what the person highlights, in the
 * views of its session alone, and until they want it no longer.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { type ColourRule, withRules } from '../../electron/contract/colour-rules.ts';
import type { Colours } from './colours.ts';

export interface CarriedState {
  readonly rules: readonly ColourRule[];
}

export interface Carried {
  readonly store: StoreApi<CarriedState>;
  /** Asks which there are. */
  connect(): () => void;
  /** From now on none of them counts. */
  drop(): Promise<void>;
}

export function createCarried({ session }: Pick<BoundBridge, 'session'>): Carried {
  const store = createStore<CarriedState>(() => ({ rules: [] }));
  let ended = false;
  return {
    store,
    connect() {
      void session.highlights().then((rules) => {
        if (!ended && rules.length > 0) store.setState({ rules });
      });
      return () => {
        ended = true;
      };
    },
    async drop() {
      await session.dropHighlights();
      store.setState({ rules: [] });
    },
  };
}

/** The rules that count in a session: the person's own before those of its recording. The same list until either changes. */
export function rulesOf(colours: Pick<Colours, 'store'>, carried: Pick<Carried, 'store'>): () => readonly ColourRule[] {
  let own: readonly ColourRule[] = [];
  let more: readonly ColourRule[] = [];
  let all: readonly ColourRule[] = [];
  return () => {
    const now = { own: colours.store.getState().rules, more: carried.store.getState().rules };
    if (now.own !== own || now.more !== more) all = now.more.length === 0 ? now.own : withRules(now.own, now.more);
    ({ own, more } = now);
    return all;
  };
}
