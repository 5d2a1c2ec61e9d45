/**
 * The bridge: the only code that sees both Electron and the page, and the only user of contextBridge. It exposes named
 * methods, one a channel; no method takes a channel name, so the page can call nothing that the contract does not list.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { isIndex } from '../contract/address.ts';
import {
  type Answer,
  type EventChannel,
  type Events,
  isResultChannel,
  type PreloadBridge,
  type RequestChannel,
  type Requests,
} from '../contract/channels.ts';

type Reply<C extends RequestChannel> = Requests[C]['reply'];

/** A refused call answers with the failure where its reply is a Result; elsewhere it rejects, and says why. */
async function call<C extends RequestChannel>(channel: C, request: Requests[C]['request']): Promise<Reply<C>> {
  const answer: Answer<C> = await ipcRenderer.invoke(channel, request);
  if (answer.ok) return answer.value;
  if (isResultChannel(channel)) return answer as Reply<C>;
  throw new Error(`${answer.failure.message}. ${answer.failure.action}`);
}

function subscribe<C extends EventChannel>(channel: C, listener: (payload: Events[C]) => void): () => void {
  // The event object stays here: its `sender` would hand the page all of ipcRenderer.
  const forward = (_event: IpcRendererEvent, payload: Events[C]): void => listener(payload);
  ipcRenderer.on(channel, forward);
  return () => {
    ipcRenderer.off(channel, forward);
  };
}

const bridge = {
  bootstrap: () => call('app.bootstrap', null),
  setTheme: (theme) => call('app.setTheme', theme),
  remember: (state) => call('page.remember', state),
  startCapture: (source) => call('capture.start', { source }),
  addSource: (source) => call('capture.add', { source }),
  removeSource: (id) => call('capture.remove', { id }),
  stopCapture: () => call('capture.stop', null),
  examine: () => call('doctor.run', null),
  examineDriver: () => call('driver.examine', null),
  changeDriver: (change) => call('driver.change', { change }),
  setDriverCaptures: (captures) => call('driver.capture', { captures }),
  readDebugFilter: () => call('debugFilter.read', null),
  setDebugMask: (component, mask) => call('debugFilter.set', { component, mask }),
  offerSources: () => call('sources.offer', null),
  setHistory: (settings) => call('history.set', settings),
  clearSession: () => call('session.clear', null),
  setFilter: (filter) => call('view.setFilter', filter),
  setPaused: (paused) => call('view.setPaused', paused),
  setTail: (rows) => call('view.setTail', rows),
  ackView: (sequence) => call('view.ack', sequence),
  rows: (request) => call('view.rows', request),
  find: (request) => call('view.find', request),
  countFinds: (query) => call('view.countFinds', { query }),
  findSpread: (request) => call('view.findSpread', request),
  stopScan: () => call('view.stopScan', null),
  resumeScan: () => call('view.resumeScan', null),
  locate: (request) => call('view.locate', request),
  details: (row) => call('view.details', { row }),
  density: (buckets) => call('view.density', { buckets }),
  copy: (range) => call('view.copy', range),
  cancelCopy: () => call('copy.cancel', null),
  startExport: (request) => call('export.start', request),
  cancelExport: (id) => call('export.cancel', { id }),
  onViewUpdate: (listener) => subscribe('view.update', listener),
  onFindCount: (listener) => subscribe('find.count', listener),
  onStatus: (listener) => subscribe('status', listener),
  onExportProgress: (listener) => subscribe('export.progress', listener),
  onCopyProgress: (listener) => subscribe('copy.progress', listener),
  onNotice: (listener) => subscribe('notice', listener),
  onProcesses: (listener) => subscribe('processes', listener),
} satisfies PreloadBridge;

// A blank page, or another address that got into the window, has this script too, and nothing to call.
if (isIndex(location.href)) contextBridge.exposeInMainWorld('ringview', bridge);
