/** The source box: which source is named, starting and stopping it, and why starting it failed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/channels.ts';
import type { Failure } from '../../native/core/result.ts';

export interface CaptureState {
  /** Text of the source box. */
  readonly source: string;
  /** A start or stop is on its way. */
  readonly busy: boolean;
  readonly failure: Failure | null;
}

export interface Capture {
  readonly store: StoreApi<CaptureState>;
  setSource(source: string): void;
  start(source?: string): Promise<void>;
  stop(): Promise<void>;
  dismiss(): void;
}

export function createCapture(bridge: Pick<Bridge, 'startCapture' | 'stopCapture'>): Capture {
  const store = createStore<CaptureState>(() => ({ source: '', busy: false, failure: null }));
  const get = store.getState;
  return {
    store,
    setSource: (source) => store.setState({ source }),
    async start(source = get().source) {
      const name = source.trim();
      if (get().busy) return;
      if (name === '') {
        store.setState({
          failure: {
            code: 'bad-argument',
            message: 'No source is named.',
            action: 'Type a source such as sim:demo, then start again.',
          },
        });
        return;
      }
      store.setState({ source: name, busy: true, failure: null });
      const result = await bridge.startCapture(name);
      store.setState({ busy: false, failure: result.ok ? null : result.failure });
    },
    async stop() {
      if (get().busy) return;
      store.setState({ busy: true });
      await bridge.stopCapture();
      store.setState({ busy: false, failure: null });
    },
    dismiss: () => store.setState({ failure: null }),
  };
}
