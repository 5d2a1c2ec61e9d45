/**
 * Copying the selection: at once if it is small, with progress if it takes some time, and as a file if it is too large.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { CopyFormat, CopyProgress, OutputOptions, PositionRange } from '../../electron/contract/output.ts';
import type { Failure } from '../../native/core/result.ts';

export interface CopyState {
  readonly progress: CopyProgress;
  /** A selection too large for the clipboard, which is offered for export instead. */
  readonly offer: { readonly range: PositionRange; readonly rows: number; readonly bytes: number } | null;
}

export interface Copy {
  readonly store: StoreApi<CopyState>;
  connect(): () => void;
  copy(range: PositionRange, format: CopyFormat, options: OutputOptions): Promise<void>;
  cancel(): void;
  dismissOffer(): void;
}

export function createCopy(
  bridge: Pick<BoundBridge, 'copy' | 'on' | 'view'>,
  tell: { copied(rows: number): void; failed(failure: Failure): void },
): Copy {
  const store = createStore<CopyState>(() => ({ progress: null, offer: null }));
  /** Number of the last copy that was requested or stopped; outcomes of earlier ones are ignored. */
  let latest = 0;
  return {
    store,
    connect: () => bridge.on.copy.progress((progress) => store.setState({ progress })),
    async copy(range, format, options) {
      const mine = ++latest;
      store.setState({ offer: null });
      const result = await bridge.view.copy({ range, format, options });
      if (mine !== latest) return;
      if (!result.ok) {
        tell.failed(result.failure);
      } else if (result.value.state === 'too-large') {
        store.setState({ offer: { range, rows: result.value.rows, bytes: result.value.bytes } });
      } else {
        tell.copied(result.value.rows);
      }
    },
    cancel() {
      latest++;
      void bridge.copy.cancel();
    },
    dismissOffer: () => store.setState({ offer: null }),
  };
}
