/**
 * The bridge as the stores use it: every call has an answer. A call may be refused, and the program behind the window
 * may be busy or have a defect; a rejection would end whatever waited for it, and with it all that comes after. Where the
 * reply is a Result the failure is that; elsewhere the person is told, and the answer is that there is nothing.
 */
import type { Bridge } from '../../electron/contract/channels.ts';
import type { Failure, Result } from '../../native/core/result.ts';

/** What a rejected call says. */
export function callFailure(error: unknown): Failure {
  return {
    code: 'internal',
    message: `The program behind the window did not answer: ${error instanceof Error ? error.message : String(error)}`,
    action: 'Try again; if it happens again, restart RingView and report it',
  };
}

const NO_DENSITY = { generation: -1, first: 0, end: 0, start: 0, bucketRows: 1, errors: [], warnings: [], gaps: [] };

/** `tell` gets what no answer can say. `bootstrap` is left as it is: whoever asks for it says what its failure means. */
export function answering(bridge: Bridge, tell: (failure: Failure) => void): Bridge {
  const result = <T>(call: Promise<Result<T>>): Promise<Result<T>> =>
    call.catch((error: unknown) => ({ ok: false, failure: callFailure(error) }));
  const or = <T>(call: Promise<T>, instead: (failure: Failure) => T): Promise<T> =>
    call.catch((error: unknown) => instead(callFailure(error)));
  const told = <T>(call: Promise<T>, instead: T): Promise<T> =>
    or(call, (failure) => {
      tell(failure);
      return instead;
    });
  const done = (call: Promise<null>): Promise<null> => told(call, null);
  return {
    bootstrap: () => bridge.bootstrap(),
    remember: (state) => done(bridge.remember(state)),
    setTheme: (theme) => done(bridge.setTheme(theme)),
    startCapture: (source) => result(bridge.startCapture(source)),
    addSource: (source) => result(bridge.addSource(source)),
    removeSource: (id) => done(bridge.removeSource(id)),
    stopCapture: () => done(bridge.stopCapture()),
    clearSession: () => done(bridge.clearSession()),
    setHistory: (settings) => result(bridge.setHistory(settings)),
    examine: () => or(bridge.examine(), ({ message, action }) => [{ severity: 'problem', what: message, fix: action }]),
    examineDriver: () =>
      or(bridge.examineDriver(), ({ message, action }) => ({
        ...{ state: 'unknown', what: message, fix: action },
        ...{ elevated: null, facts: [], captures: [] },
      })),
    changeDriver: (change) => result(bridge.changeDriver(change)),
    setDriverCaptures: (captures) => result(bridge.setDriverCaptures(captures)),
    readDebugFilter: () => result(bridge.readDebugFilter()),
    setDebugMask: (component, mask) => result(bridge.setDebugMask(component, mask)),
    offerSources: () => told(bridge.offerSources(), []),
    setFilter: (filter) => result(bridge.setFilter(filter)),
    setPaused: (paused) => done(bridge.setPaused(paused)),
    setTail: (rows) => done(bridge.setTail(rows)),
    ackView: (sequence) => done(bridge.ackView(sequence)),
    // Of no generation that is shown: the rows stay missing until something changes.
    rows: (request) => told(bridge.rows(request), { generation: -1, first: request.first, rows: [] }),
    find: (request) => result(bridge.find(request)),
    countFinds: (query) => result(bridge.countFinds(query)),
    findSpread: (request) => result(bridge.findSpread(request)),
    stopScan: () => done(bridge.stopScan()),
    resumeScan: () => done(bridge.resumeScan()),
    locate: (request) => told(bridge.locate(request), null),
    details: (row) => told(bridge.details(row), null),
    density: (buckets) => told(bridge.density(buckets), NO_DENSITY),
    copy: (range) => result(bridge.copy(range)),
    cancelCopy: () => done(bridge.cancelCopy()),
    startExport: (request) => result(bridge.startExport(request)),
    cancelExport: (id) => done(bridge.cancelExport(id)),
    onViewUpdate: (listener) => bridge.onViewUpdate(listener),
    onFindCount: (listener) => bridge.onFindCount(listener),
    onStatus: (listener) => bridge.onStatus(listener),
    onExportProgress: (listener) => bridge.onExportProgress(listener),
    onCopyProgress: (listener) => bridge.onCopyProgress(listener),
    onNotice: (listener) => bridge.onNotice(listener),
    onProcesses: (listener) => bridge.onProcesses(listener),
  };
}
