/**
 * The filter as typed and clicked, and the filter in force. They differ while what is typed is no filter. What the box says
 * and what the chips hide are two parts of it: shown is what passes both.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { Span } from '../../electron/contract/filter/lex.ts';
import type { FilterTerm } from '../../electron/contract/filter/tree.ts';
import { patternFailure } from '../../electron/contract/limits.ts';
import { newestFirst } from '../../electron/contract/newest-first.ts';
import { MAX_EARLIER_FILTERS, type Typed } from '../../electron/contract/page-state.ts';
import { type FilterSpec, OTHER_LEVEL, SHOW_ALL } from '../../electron/contract/rows.ts';
import type { Failure } from '../../native/core/result.ts';
import {
  type BoxPart,
  beforeBegun,
  boxOf,
  lineOf,
  readBox,
  samePart,
  withContext,
  withPart,
  withTerm,
} from '../model/filter-edit.ts';
import { isolate, toggleHidden } from '../model/hidden.ts';
import { changed, NO_PAST, type Past, redone, undone } from '../model/past.ts';
import { withProviderAlone, withProviderToggled } from '../model/provider-chips.ts';

export interface FilterState {
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly applied: FilterSpec;
  /** The generation of the view from which on its rows are those of `applied`; -1 where that is any. */
  readonly appliedFrom: number;
  /** Why the pattern in the box is not in force. */
  readonly failure: Failure | null;
  /** Where in the pattern that is; null where it is nowhere in particular. */
  readonly faultAt: Span | null;
  /** Patterns that were in force, the newest first. */
  readonly earlier: readonly string[];
  /** Filters before this one, and those that were taken back. */
  readonly past: Past<FilterSpec>;
}

/** Runs a function after some milliseconds; returns how to call it off. */
export type Later = (run: () => void, ms: number) => () => void;

export interface Filter {
  readonly store: StoreApi<FilterState>;
  /** Takes effect at once; keys that come fast after one another are taken together, once typing has paused. */
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
  /** Hides a provider by a term in the box, or shows it again. */
  toggleProvider(name: string): void;
  /** Shows a provider alone, or all where it is alone; `names` are all there are. */
  isolateProvider(name: string, names: readonly string[]): void;
  /** Shows so many rows of the log around each match; 0 for none. */
  setContext(rows: number): void;
  /** Shows everything. How many rows are shown around matches stays as it was chosen. */
  reset(): void;
  /** Puts a saved filter in force; which sources are hidden stays as it is. */
  use(saved: FilterSpec): void;
  /** Adds a term to what the box says: only what passes it, or with `hides` what does not. */
  addTerm(term: FilterTerm, hides: boolean): void;
  /** Puts the filter in force that was before the last change, and the other way round. */
  undo(): void;
  redo(): void;
  /** Patterns that were used before, the newest first. */
  restoreEarlier(earlier: readonly string[]): void;
  /** Leaves the filter as far applied as it is, and lets it go on. */
  stopScan(): void;
  resumeScan(): void;
  /** Takes over the filter that is in force and the box as it was typed; what is not in force yet is put in force. */
  restore(inForce: FilterSpec, box: Typed): void;
  /** Reads the box again: names of fields in it may have become known, or no longer be. */
  readAgain(): void;
  /** Resolves once no filter is on its way, with the generation of the last one accepted; -1 if there was none. */
  settled(): Promise<number>;
}

/** A key that comes so long after the one before is answered at once. Keys that come faster, as of a key that is held, are taken together. */
const TYPING_MS = 40;
/** What is typed may be wrong until its last key: it is said only once a word would have been typed through. */
const FAULT_MS = 120;

type Fault = Pick<FilterState, 'failure' | 'faultAt'>;
const NO_FAULT: Fault = { failure: null, faultAt: null };

const ALL_LEVELS = Array.from({ length: OTHER_LEVEL + 1 }, (_, level) => level);

/** True if anything is hidden or asked to be. */
export function isFiltering(state: FilterState): boolean {
  const { hiddenCpus, hiddenLevels, hiddenSources, text, terms } = state.applied;
  if (hiddenSources.length > 0 || terms !== undefined) return true;
  return hiddenCpus.length > 0 || hiddenLevels.length > 0 || text !== null || state.pattern !== '';
}

/** `asking` is told of each request to put a filter in force, and resolves to whether it is. */
export function createFilter(
  bridge: Pick<BoundBridge, 'view'>,
  later: Later,
  asking: (answer: Promise<boolean>) => void = () => {},
): Filter {
  const store = createStore<FilterState>(() => ({
    pattern: '',
    regex: false,
    caseSensitive: false,
    applied: SHOW_ALL,
    appliedFrom: -1,
    failure: null,
    faultAt: null,
    earlier: [],
    past: NO_PAST,
  }));
  const get = store.getState;
  let cancelTyping: (() => void) | null = null;
  /** Ends the time after a key in which another one is taken together with those that follow; null outside of it. */
  let cancelHurry: (() => void) | null = null;
  let latest = 0;
  /** The last request, whether or not another has overtaken it. */
  let last: Promise<void> = Promise.resolve();
  let generation = -1;
  /** What was last asked for: clicks that come before a reply build on it. */
  let asked: FilterSpec = SHOW_ALL;
  /** The last change came from typing that goes on: all of it is one step back. */
  let typing = false;

  /** `fault`: what is wrong with the text in the box, which is not what is put in force. */
  function apply(spec: FilterSpec, fault: Fault = NO_FAULT): Promise<void> {
    last = send(spec, fault);
    return last;
  }

  /** Remembers what is left behind. `isTyped`: by typing, which goes on until something else changes the filter. */
  function noteStep(to: FilterSpec, isTyped = false): void {
    const goesOn = isTyped && typing;
    const from = asked;
    typing = isTyped;
    if (goesOn || JSON.stringify(from) === JSON.stringify(to)) return;
    store.setState(({ past }) => ({ past: changed(past, from) }));
  }

  function noteUsed(): void {
    const pattern = lineOf(asked);
    if (pattern.trim() === '') return;
    store.setState(({ earlier }) => ({
      earlier: newestFirst(earlier, pattern, MAX_EARLIER_FILTERS),
    }));
  }

  async function send(spec: FilterSpec, fault: Fault): Promise<void> {
    const mine = ++latest;
    const before = asked;
    asked = spec;
    const answer = bridge.view.setFilter({ filter: spec });
    asking(
      answer.then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const result = await answer;
    if (result.ok) generation = Math.max(generation, result.value.generation);
    if (mine !== latest) return;
    if (result.ok) {
      store.setState({ applied: spec, appliedFrom: result.value.generation, ...fault });
    } else {
      asked = before;
      store.setState({ failure: result.failure, faultAt: null });
    }
  }

  function stopTyping(): void {
    cancelTyping?.();
    cancelTyping = null;
  }

  function applyDraft(isTyped = false): void {
    stopTyping();
    const read = readBox(get());
    if ('fault' in read) {
      const { from, to, failure } = read.fault;
      const say = () => {
        const before = beforeBegun(boxOf(asked), get(), read.fault);
        const fault = { failure, faultAt: from < to ? { from, to } : null };
        store.setState(fault);
        if (before !== null) void apply(withPart(asked, before), fault);
      };
      if (isTyped) cancelTyping = later(say, FAULT_MS);
      else say();
      return;
    }
    const next = withPart(asked, read.part);
    noteStep(next, isTyped);
    void apply(next);
  }

  /** Shows a filter as the box and the chips say it, and puts it in force. */
  function become(spec: FilterSpec, box: Typed): void {
    stopTyping();
    typing = false;
    store.setState({ ...box, failure: null, faultAt: null });
    void apply(spec);
  }

  const applyChips = (change: Partial<FilterSpec>): Promise<void> => applyWhole({ ...asked, ...change });

  /** Puts a filter in force that says the same of texts. */
  async function applyWhole(next: FilterSpec): Promise<void> {
    const { failure, faultAt } = get();
    noteStep(next);
    await apply(next);
    // The pattern in the box is still the one that failed: the chips do not make it right.
    if (failure && get().failure === null && get().pattern !== '') store.setState({ failure, faultAt });
  }

  /** A click that writes into the box. */
  function rewrite(change: (part: BoxPart) => Typed): void {
    // What is typed and is a filter counts, though typing has not paused yet.
    if (cancelTyping !== null) applyDraft();
    const box = change(asked);
    const read = readBox(box);
    if ('fault' in read) {
      store.setState({ failure: read.fault.failure, faultAt: null });
      return;
    }
    const next = withPart(asked, read.part);
    noteStep(next);
    become(next, box);
    noteUsed();
  }

  function step(go: typeof undone<FilterSpec>): void {
    const found = go(get().past, asked);
    if (found === null) return;
    store.setState({ past: found.past });
    become(found.to, boxOf(found.to));
  }

  return {
    store,
    setPattern(pattern) {
      // Emptied, the box can be filled with it again.
      if (pattern === '') noteUsed();
      store.setState({ pattern });
      cancelTyping?.();
      const failure = patternFailure(pattern);
      // Main would refuse it: it is said at once, and the filter in force stays.
      if (failure) store.setState({ failure, faultAt: null });
      const together = cancelHurry !== null && pattern !== '';
      if (failure) stopTyping();
      else if (together) cancelTyping = later(() => applyDraft(true), TYPING_MS);
      // Before the box is drawn with the key in it: the rows are looked for meanwhile.
      else applyDraft(true);
      cancelHurry?.();
      cancelHurry = later(() => {
        cancelHurry = null;
      }, TYPING_MS);
    },
    applyNow() {
      const read = readBox(get());
      const isInForce = cancelTyping === null && get().failure === null;
      // What is in force already is not looked for once more; it only goes on, if it was stopped.
      if (isInForce && !('fault' in read) && samePart(asked, read.part)) void bridge.view.resumeScan();
      else applyDraft();
      noteUsed();
    },
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
      store.setState({ applied: inForce, pattern, regex, caseSensitive, failure: null, faultAt: null });
      const read = readBox(box);
      if ('fault' in read || !samePart(inForce, read.part)) applyDraft();
    },
    readAgain() {
      const { pattern } = get();
      if (pattern === '' || cancelTyping !== null) return;
      const read = readBox(get());
      if ('fault' in read || !samePart(asked, read.part)) applyDraft();
    },
    addTerm: (term, hides) => rewrite((part) => withTerm(part, term, hides)),
    toggleProvider: (name) => rewrite((part) => withProviderToggled(part, name)),
    isolateProvider: (name, names) => rewrite((part) => withProviderAlone(part, name, names)),
    use(saved) {
      const next = { ...saved, hiddenSources: asked.hiddenSources };
      noteUsed();
      noteStep(next);
      become(next, boxOf(next));
      noteUsed();
    },
    undo: () => step(undone),
    redo: () => step(redone),
    restoreEarlier: (earlier) => store.setState({ earlier }),
    setContext: (rows) => void applyWhole(withContext(asked, rows)),
    reset() {
      const { context = 0 } = asked;
      const next = withContext(SHOW_ALL, context);
      noteUsed();
      noteStep(next);
      // A switch that stays on would read the next text otherwise than the person means it.
      become(next, boxOf(SHOW_ALL));
    },
  };
}
