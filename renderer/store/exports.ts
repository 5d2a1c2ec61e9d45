/** Exports on their way and the last one that ended, until it is dismissed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  Bridge,
  ExportFormat,
  ExportProgress,
  ExportRequest,
  PositionRange,
} from '../../electron/contract/channels.ts';
import type { Failure } from '../../native/core/result.ts';

export interface ExportState {
  /** Newest last. */
  readonly jobs: readonly ExportProgress[];
  /** Why an export could not even start. */
  readonly failure: Failure | null;
}

export interface Exports {
  readonly store: StoreApi<ExportState>;
  connect(): () => void;
  /** `range` is the selection, for that scope. */
  start(scope: ExportRequest['scope'], format: ExportFormat, range?: PositionRange): Promise<void>;
  cancel(id: number): void;
  dismiss(id: number): void;
  dismissFailure(): void;
}

/** The jobs with one brought up to date. Of those that have ended only the newest is kept. */
export function withProgress(jobs: readonly ExportProgress[], progress: ExportProgress): ExportProgress[] {
  const others = jobs.filter((job) => job.id !== progress.id);
  return progress.state === 'running'
    ? [...others, progress].sort((a, b) => a.id - b.id)
    : [...others.filter((job) => job.state === 'running'), progress];
}

export function createExports(bridge: Pick<Bridge, 'startExport' | 'cancelExport' | 'onExportProgress'>): Exports {
  const store = createStore<ExportState>(() => ({ jobs: [], failure: null }));
  return {
    store,
    connect: () =>
      bridge.onExportProgress((progress) => store.setState(({ jobs }) => ({ jobs: withProgress(jobs, progress) }))),
    async start(scope, format, range) {
      store.setState({ failure: null });
      const result = await bridge.startExport({ scope, range: range ?? null, format });
      if (!result.ok) store.setState({ failure: result.failure });
    },
    cancel: (id) => void bridge.cancelExport(id),
    dismiss: (id) => store.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) })),
    dismissFailure: () => store.setState({ failure: null }),
  };
}
