/** The doctor's last findings. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { DoctorFinding } from '../../electron/contract/doctor.ts';

export interface DoctorState {
  /** Null before the first examination. */
  readonly findings: readonly DoctorFinding[] | null;
  readonly busy: boolean;
}

export interface Doctor {
  readonly store: StoreApi<DoctorState>;
  run(): Promise<void>;
}

export function createDoctor(bridge: Pick<BoundBridge, 'view'>): Doctor {
  const store = createStore<DoctorState>(() => ({ findings: null, busy: false }));
  return {
    store,
    async run() {
      if (store.getState().busy) return;
      store.setState({ busy: true });
      try {
        store.setState({ findings: await bridge.view.examine() });
      } finally {
        store.setState({ busy: false });
      }
    },
  };
}
