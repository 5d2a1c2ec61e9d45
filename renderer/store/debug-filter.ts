/** The debug print filter of Windows, a person's changes to it, and writing these. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { DebugFilter } from '../../electron/contract/machine.ts';
import type { Failure } from '../../native/core/result.ts';
import { changedMasks, type MaskDraft } from '../model/debug-mask.ts';

export interface DebugFilterState {
  /** Null until it was read. */
  readonly filter: DebugFilter | null;
  /** Masks that the person has changed, by component. */
  readonly draft: MaskDraft;
  readonly saving: boolean;
  readonly failure: Failure | null;
}

export interface DebugFilterEditor {
  readonly store: StoreApi<DebugFilterState>;
  refresh(): Promise<void>;
  /** Changes a mask in the draft; nothing is written yet. */
  edit(component: string, mask: number): void;
  discard(): void;
  /** Writes the changes of the draft. Changes that fail stay in the draft. */
  save(): Promise<void>;
}

export function createDebugFilter(bridge: Pick<BoundBridge, 'debugFilter'>, changed: () => void): DebugFilterEditor {
  const store = createStore<DebugFilterState>(() => ({ filter: null, draft: {}, saving: false, failure: null }));
  const get = store.getState;

  async function write(filter: DebugFilter): Promise<void> {
    for (const { component, mask } of changedMasks(filter, get().draft)) {
      const result = await bridge.debugFilter.set({ component, mask });
      if (!result.ok) {
        store.setState({ failure: result.failure });
        return;
      }
      const { [component]: _, ...draft } = get().draft;
      store.setState({ filter: result.value, draft });
    }
    store.setState({ draft: {} });
  }

  return {
    store,
    async refresh() {
      const result = await bridge.debugFilter.read();
      store.setState(result.ok ? { filter: result.value, failure: null } : { failure: result.failure });
    },
    edit: (component, mask) => store.setState(({ draft }) => ({ draft: { ...draft, [component]: mask } })),
    discard: () => store.setState({ draft: {}, failure: null }),
    async save() {
      const { filter, saving } = get();
      if (filter === null || saving) return;
      store.setState({ saving: true, failure: null });
      try {
        await write(filter);
      } finally {
        store.setState({ saving: false });
      }
      changed();
    },
  };
}
