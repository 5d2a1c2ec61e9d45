/** What the person highlights, as the page has it: the same in all views of all sessions. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/bridge.ts';
import {
  COLOUR_NAMES,
  type ColourName,
  type ColourRule,
  ruleFailure,
  withRules,
} from '../../electron/contract/colour-rules.ts';
import type { Failure } from '../../native/core/result.ts';

/** In the order in which they are given by themselves: blue is last, because selected rows are blue too. */
const BY_ITSELF: readonly ColourName[] = [...COLOUR_NAMES.filter((name) => name !== 'blue'), 'blue'];

export interface ColoursState {
  readonly rules: readonly ColourRule[];
  readonly failure: Failure | null;
}

export interface Colours {
  readonly store: StoreApi<ColoursState>;
  /** Asks which there are. */
  refresh(): Promise<void>;
  /** Puts a rule before the others, so that it is seen; resolves to whether it was done. */
  add(rule: ColourRule): Promise<boolean>;
  /** Puts these behind the others. */
  keep(rules: readonly ColourRule[]): Promise<boolean>;
  /** Replaces the one at a place. */
  change(at: number, rule: ColourRule): Promise<boolean>;
  remove(at: number): Promise<boolean>;
  /** Moves one by so many places. */
  move(at: number, by: number): Promise<boolean>;
  /** The colour that the fewest rules have; blue after all others. */
  nextColour(): ColourName;
}

export function createColours({ colours: calls }: Pick<Bridge, 'colours'>): Colours {
  const store = createStore<ColoursState>(() => ({ rules: [], failure: null }));
  const get = store.getState;

  async function set(rules: readonly ColourRule[], changed?: ColourRule): Promise<boolean> {
    const wrong = changed === undefined ? null : ruleFailure(changed);
    if (wrong !== null) {
      store.setState({ failure: wrong });
      return false;
    }
    const result = await calls.set({ rules });
    store.setState(result.ok ? { rules: result.value, failure: null } : { failure: result.failure });
    return result.ok;
  }

  return {
    store,
    async refresh() {
      store.setState({ rules: await calls.list(), failure: null });
    },
    add: (rule) => set([rule, ...get().rules], rule),
    keep: (rules) => set(withRules(get().rules, rules)),
    change: (at, rule) => set(get().rules.with(at, rule), rule),
    remove: (at) => set(get().rules.toSpliced(at, 1)),
    async move(at, by) {
      const { rules } = get();
      const rule = rules[at];
      const to = at + by;
      if (rule === undefined || to < 0 || to >= rules.length) return false;
      return set(rules.toSpliced(at, 1).toSpliced(to, 0, rule));
    },
    nextColour() {
      const uses = (name: ColourName) => get().rules.filter(({ colour }) => colour === name).length;
      return BY_ITSELF.reduce((best, name) => (uses(name) < uses(best) ? name : best));
    },
  };
}
