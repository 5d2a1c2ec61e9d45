/** Names of the processes of the log, as the session reported them: the last known name of each number. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { ProcessName } from '../../electron/contract/machine.ts';

/** By number of the source, then by process number. */
export type ProcessTable = ReadonlyMap<number, ReadonlyMap<number, string>>;

export interface ProcessesState {
  readonly names: ProcessTable;
}

export interface Processes {
  readonly store: StoreApi<ProcessesState>;
  connect(): () => void;
}

/** The table with new names; the maps of sources without new names are reused. */
export function withNames(names: ProcessTable, news: readonly ProcessName[]): ProcessTable {
  const next = new Map<number, Map<number, string>>();
  for (const { source, pid, name } of news) {
    const own = next.get(source) ?? new Map(names.get(source));
    next.set(source, own.set(pid, name));
  }
  return new Map([...names, ...next]);
}

export function createProcesses(bridge: Pick<BoundBridge, 'on'>): Processes {
  const store = createStore<ProcessesState>(() => ({ names: new Map() }));
  return {
    store,
    connect: () =>
      bridge.on.session.processes(({ names: news }) =>
        store.setState(({ names }) => ({ names: withNames(names, news) })),
      ),
  };
}
