/** Exports that are running, and the last one that ended, until it is dismissed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge, Bridge } from '../../electron/contract/bridge.ts';
import type { ExportFormat } from '../../electron/contract/export-formats.ts';
import type { ExportProgress, ExportRequest, OutputOptions, PositionRange } from '../../electron/contract/output.ts';
import type { Failure } from '../../native/core/result.ts';

export interface ExportState {
  /** Newest last. */
  readonly jobs: readonly ExportProgress[];
  /** Why an export could not even start. */
  readonly failure: Failure | null;
  /** Of which session an export is, where a view of the page started it. */
  readonly sessions: ReadonlyMap<number, number>;
  /** The export that was done last, whether it is still told or not; null for none. */
  readonly last: number | null;
}

/** All exports, whichever view started them. */
export interface ExportJobs {
  readonly store: StoreApi<ExportState>;
  connect(): () => void;
  start(from: Pick<BoundBridge, 'view'>, session: number, request: ExportRequest): Promise<void>;
  cancel(id: number): void;
  /** Shows the file of one that is done in the file manager. */
  show(id: number): void;
  /** Shows that of the export that was done last. */
  showLast(): void;
  dismiss(id: number): void;
  dismissFailure(): void;
}

/** Exports as seen from one view, from which new ones are started. */
export interface Exports extends Omit<ExportJobs, 'start' | 'connect'> {
  /** `range` is the selection, if that is the scope. */
  start(scope: ExportRequest['scope'], format: ExportFormat, range?: PositionRange): Promise<void>;
}

/** `session`: that of the view. `options`: what the person has chosen for all exports. */
export function exportsFrom(
  bridge: Pick<BoundBridge, 'view'>,
  session: number,
  jobs: ExportJobs,
  options: () => OutputOptions,
): Exports {
  return {
    ...jobs,
    start: (scope, format, range) =>
      jobs.start(bridge, session, { scope, range: range ?? null, format, options: options() }),
  };
}

/** The jobs with one updated. Of those that have ended only the newest is kept, and one that is done until the next begins. */
export function withProgress(jobs: readonly ExportProgress[], progress: ExportProgress): ExportProgress[] {
  const begins = jobs.every((job) => job.id !== progress.id);
  const others = jobs.filter((job) => job.id !== progress.id);
  return progress.state === 'running'
    ? [...others.filter(({ state }) => !begins || state !== 'done'), progress].sort((a, b) => a.id - b.id)
    : [...others.filter((job) => job.state === 'running'), progress];
}

/** `done`: called when one is, before it is told. */
export function createExportJobs(bridge: Pick<Bridge, 'export' | 'on'>, done: () => void): ExportJobs {
  const store = createStore<ExportState>(() => ({ jobs: [], failure: null, sessions: new Map(), last: null }));
  const show = (id: number): void => void bridge.export.show({ id });
  return {
    store,
    connect: () =>
      bridge.on.export.progress((progress) => {
        if (progress.state === 'done') done();
        store.setState(({ jobs, last }) => ({
          jobs: withProgress(jobs, progress),
          last: progress.state === 'done' ? progress.id : last,
        }));
      }),
    async start(from, session, request) {
      store.setState({ failure: null });
      const result = await from.view.export(request);
      if (!result.ok) store.setState({ failure: result.failure });
      else if (result.value !== null) {
        // Those of jobs that are gone are of no use.
        const { id } = result.value;
        store.setState(({ jobs, sessions }) => ({
          sessions: new Map([...[...sessions].filter(([of]) => jobs.some((job) => job.id === of)), [id, session]]),
        }));
      }
    },
    show,
    showLast() {
      const { last } = store.getState();
      if (last !== null) show(last);
    },
    cancel: (id) => void bridge.export.cancel({ id }),
    dismiss: (id) => store.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) })),
    dismissFailure: () => store.setState({ failure: null }),
  };
}
