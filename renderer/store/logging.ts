/** Logs that are written to files while rows come, as seen from one view: what its dialog has, start and stop. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { FileLogRequest } from '../../electron/contract/file-log.ts';
import { type Failure, failureMessage } from '../../native/core/result.ts';
import { DEFAULT_LOG, type LogForm, logOutcome } from '../model/log-form.ts';
import type { StatusStore } from './status.ts';
import type { Ui } from './ui.ts';

export interface LoggingState {
  readonly form: LogForm;
  /** The person is asked for a file, or a file is completed. */
  readonly busy: boolean;
  /** Why a log could not begin. */
  readonly failure: Failure | null;
}

export interface Logging {
  readonly store: StoreApi<LoggingState>;
  change(part: Partial<LogForm>): void;
  /** Lets the person choose a file through the program. True if rows go there from now on. */
  start(request: FileLogRequest): Promise<boolean>;
  /** Completes the file; forgets a log that failed. */
  stop(): Promise<void>;
}

export function createLogging(bridge: Pick<BoundBridge, 'session' | 'view'>, say: (message: string) => void): Logging {
  const store = createStore<LoggingState>(() => ({ form: DEFAULT_LOG, busy: false, failure: null }));
  return {
    store,
    change: (part) => store.setState(({ form }) => ({ form: { ...form, ...part }, failure: null })),
    async start(log) {
      store.setState({ busy: true, failure: null });
      const started = await bridge.view.startLog({ log });
      store.setState({ busy: false, failure: started.ok ? null : started.failure });
      return started.ok && started.value !== null;
    },
    async stop() {
      store.setState({ busy: true, failure: null });
      const stopped = await bridge.session.stopLog();
      store.setState({ busy: false, failure: stopped.ok ? null : stopped.failure });
      if (stopped.ok && stopped.value?.state === 'stopped') say(logOutcome(stopped.value));
    },
  };
}

/** Tells the person once that a log has failed; capture goes on. Returns a function that ends it. */
export function tellFailedLog({ store }: StatusStore, notify: Ui['notify']): () => void {
  return store.subscribe(({ status }, { status: before }) => {
    const log = status?.fileLog;
    if (log?.state !== 'failed' || log.failure === null || before?.fileLog?.state === 'failed') return;
    const { failure } = log;
    const message = `${failureMessage(failure)}. Capture goes on, the log to ${log.name} has ended`;
    notify({ severity: 'error', message, action: failure.action });
  });
}
