/** The filter as typed and clicked, and the filter in force. They differ while a pattern does not compile. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { patternFailure } from '../../electron/contract/limits.ts';
import type { Typed } from '../../electron/contract/page-state.ts';
import { type FilterSpec, OTHER_LEVEL, SHOW_ALL, type TextQuery } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import { isolate, toggleHidden } from '../model/hidden.ts';

export interface FilterState {
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly applied: FilterSpec;
  /** Why the pattern in the box is not in force. */
  readonly failure: Failure | null;
}

/** Runs a function after some milliseconds; returns how to call it off. */
export type Later = (run: () => void, ms: number) => () => void;

export interface Filter {
  readonly store: StoreApi<FilterState>;
  /** Takes effect once typing has paused. */
  setPattern(pattern: string): void;
  /** Puts the pattern in force now (Enter). */
  applyNow(): void;
  toggleRegex(): void;
  toggleCase(): void;
  toggleCpu(cpu: number): void;
  isolateCpu(cpu: number, cpuCount: number): void;
  toggleSource(id: number): void;
  /** `ids` are all sources there are. */
  isolateSource(id: number, ids: readonly number[]): void;
  toggleLevel(level: number): void;
  isolateLevel(level: number): void;
  reset(): void;
  /** Leaves the filter as far applied as it is, and lets it go on. */
  stopScan(): void;
  resumeScan(): void;
  /** Takes over the filter that is in force and the box as it was typed; what is not in force yet is put in force. */
  restore(inForce: FilterSpec, box: Typed): void;
  /** Resolves once no filter is on its way, with the generation of the last one accepted; -1 if there was none. */
  settled(): Promise<number>;
}

/** Long enough for a word to be typed through, short enough to feel at once. */
const TYPING_MS = 120;

const ALL_LEVELS = Array.from({ length: OTHER_LEVEL + 1 }, (_, level) => level);

/** What is typed, as a query; null for an empty box, and for a text that is too long to be one. */
export function draftText(state: Pick<FilterState, 'pattern' | 'regex' | 'caseSensitive'>): TextQuery | null {
  const { pattern, regex, caseSensitive } = state;
  return pattern === '' || patternFailure(pattern) !== null ? null : { pattern, regex, caseSensitive };
}

function sameText(a: TextQuery | null, b: TextQuery | null): boolean {
  if (a === null || b === null) return a === b;
  return a.pattern === b.pattern && a.regex === b.regex && a.caseSensitive === b.caseSensitive;
}

/** True if anything is hidden or asked to be. */
export function isFiltering(state: FilterState): boolean {
  const { hiddenCpus, hiddenLevels, hiddenSources, text } = state.applied;
  if (hiddenSources.length > 0) return true;
  return hiddenCpus.length > 0 || hiddenLevels.length > 0 || text !== null || state.pattern !== '';
}

export function createFilter(bridge: Pick<BoundBridge, 'view'>, later: Later): Filter {
  const store = createStore<FilterState>(() => ({
    pattern: '',
    regex: false,
    caseSensitive: false,
    applied: SHOW_ALL,
    failure: null,
  }));
  const get = store.getState;
  let cancelTyping: (() => void) | null = null;
  let latest = 0;
  /** The last request, whether or not another has overtaken it. */
  let last: Promise<void> = Promise.resolve();
  let generation = -1;
  /** What was last asked for: clicks that come before a reply build on it. */
  let asked: FilterSpec = SHOW_ALL;

  function apply(spec: FilterSpec): Promise<void> {
    last = send(spec);
    return last;
  }

  async function send(spec: FilterSpec): Promise<void> {
    const mine = ++latest;
    const before = asked;
    asked = spec;
    const result = await bridge.view.setFilter({ filter: spec });
    if (result.ok) generation = Math.max(generation, result.value.generation);
    if (mine !== latest) return;
    if (result.ok) {
      store.setState({ applied: spec, failure: null });
    } else {
      asked = before;
      store.setState({ failure: result.failure });
    }
  }

  function applyDraft(): void {
    cancelTyping?.();
    cancelTyping = null;
    const failure = patternFailure(get().pattern);
    if (failure) store.setState({ failure });
    else void apply({ ...asked, text: draftText(get()) });
  }

  async function applyChips(change: Partial<FilterSpec>): Promise<void> {
    const { failure } = get();
    await apply({ ...asked, ...change });
    // The pattern in the box is still the one that failed: the chips do not make it right.
    if (failure && get().failure === null && get().pattern !== '') store.setState({ failure });
  }

  return {
    store,
    setPattern(pattern) {
      store.setState({ pattern });
      cancelTyping?.();
      const failure = patternFailure(pattern);
      // Main would refuse it: it is said at once, and the filter in force stays.
      if (failure) store.setState({ failure });
      cancelTyping = failure ? null : later(applyDraft, pattern === '' ? 0 : TYPING_MS);
    },
    applyNow: applyDraft,
    toggleRegex() {
      store.setState(({ regex }) => ({ regex: !regex }));
      applyDraft();
    },
    toggleCase() {
      store.setState(({ caseSensitive }) => ({ caseSensitive: !caseSensitive }));
      applyDraft();
    },
    toggleCpu: (cpu) => void applyChips({ hiddenCpus: toggleHidden(asked.hiddenCpus, cpu) }),
    isolateCpu: (cpu, cpuCount) =>
      void applyChips({
        hiddenCpus: isolate(
          asked.hiddenCpus,
          cpu,
          Array.from({ length: cpuCount }, (_, i) => i),
        ),
      }),
    toggleSource: (id) => void applyChips({ hiddenSources: toggleHidden(asked.hiddenSources, id) }),
    isolateSource: (id, ids) => void applyChips({ hiddenSources: isolate(asked.hiddenSources, id, ids) }),
    toggleLevel: (level) => void applyChips({ hiddenLevels: toggleHidden(asked.hiddenLevels, level) }),
    isolateLevel: (level) => void applyChips({ hiddenLevels: isolate(asked.hiddenLevels, level, ALL_LEVELS) }),
    stopScan: () => void bridge.view.stopScan(),
    resumeScan: () => void bridge.view.resumeScan(),
    async settled() {
      for (let seen: Promise<void> | null = null; seen !== last; ) {
        seen = last;
        await seen;
      }
      return generation;
    },
    restore(inForce, box) {
      const { pattern, regex, caseSensitive } = box;
      asked = inForce;
      store.setState({ applied: inForce, pattern, regex, caseSensitive, failure: null });
      if (!sameText(inForce.text, draftText(box))) applyDraft();
    },
    reset() {
      cancelTyping?.();
      cancelTyping = null;
      // A switch that stays on would read the next text otherwise than the person means it.
      store.setState({ pattern: '', regex: false, caseSensitive: false, failure: null });
      void apply(SHOW_ALL);
    },
  };
}
