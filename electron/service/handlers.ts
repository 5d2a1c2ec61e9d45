/** What each call of the contract does. Decisions live in the session; this file only knows whom to ask. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { Bootstrap, CopyProgress, ExportRequest, Handlers, Theme } from '../contract/channels.ts';
import { type DoctorFinding, worstFirst } from '../contract/doctor.ts';
import type { HistorySettings } from '../contract/history.ts';
import type { SourceOffer } from '../contract/machine.ts';
import { pack } from '../contract/packed.ts';
import type { PageState } from '../contract/page-state.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import type { SourceInfo } from '../contract/status.ts';
import type { CaptureEngine } from '../session/ingest/capture.ts';
import { examineCapture } from '../session/ingest/examine.ts';
import type { NameOfProcess } from '../session/ingest/process-names.ts';
import { CopyJob, copyRows, estimateText, MAX_COPY_TEXT } from '../session/output/copy.ts';
import { ExportJob } from '../session/output/export-job.ts';
import type { ExportInfo } from '../session/output/output-facts.ts';
import type { Scanner } from '../session/search/scanner.ts';
import { sliceOf } from '../session/store/slice.ts';
import type { Finder } from '../session/view/finder.ts';
import { locate } from '../session/view/locate.ts';
import type { LogView } from '../session/view/view.ts';
import type { CaptureLoop } from './capture-loop.ts';
import type { Exports } from './exports.ts';
import type { Machine } from './machine.ts';

const COPY_SLICE_MS = 8;
/** A copy that takes longer than this says how far it has got, as often. Milliseconds. */
const COPY_PROGRESS_MS = 200;

export interface HandlerMeans {
  readonly engine: CaptureEngine;
  readonly loop: CaptureLoop;
  readonly finder: Finder;
  readonly scanner: Scanner;
  readonly exports: Exports;
  readonly bootstrap: () => Bootstrap;
  /** Opens a source: alone, or beside those in use. */
  readonly openSource: (source: string, how: 'alone' | 'beside') => Promise<Result<SourceInfo>>;
  /** What this machine itself has to do with it. */
  readonly examineSystem: () => readonly DoctorFinding[];
  readonly machine: Machine;
  readonly offerSources: () => readonly SourceOffer[];
  readonly remember: (state: PageState) => void;
  /** Shows everything in this theme from now on, and remembers it. */
  readonly setTheme: (theme: Theme) => void;
  readonly writeClipboard: (text: string) => void;
  readonly historyChanged: (settings: HistorySettings) => void;
  /** The largest memory cap this machine allows. */
  readonly largestCapBytes: number;
  readonly copyProgress: (progress: CopyProgress) => void;
  /** Asks where to write; null if the person dismissed the question. */
  readonly askForPath: (request: ExportRequest) => Promise<string | null>;
  readonly now: () => number;
  /** Lets everything else that is due run. */
  readonly rest: () => Promise<void>;
}

function exportInfo(engine: CaptureEngine): ExportInfo | null {
  const info = engine.sourceInfo;
  const names = engine.sourceNames;
  if (info === null) return null;
  const source = names.map(({ name }) => name).join(', ');
  return { source, sessionId: info.sessionId, startUnixMs: engine.startUnixMs };
}

/** Names processes in what leaves the program; null while none has a name, so that no column stands empty. */
function processOf({ processes }: CaptureEngine): NameOfProcess | null {
  return processes.known ? processes.nameOf : null;
}

/**
 * The rows a selection lies in, as rows: positions may change while the person chooses a file. Null for any other scope.
 */
function rowsOf(view: LogView, request: ExportRequest): Result<{ firstRow: number; endRow: number } | null> {
  const { scope, range } = request;
  if (scope !== 'selection') return ok(null);
  const first = range === null ? 0 : Math.max(range.first, view.first);
  const last = range === null ? -1 : Math.min(range.last, view.end - 1);
  if (range?.generation !== view.generation || last < first) {
    return fail('bad-argument', 'The selected rows are no longer shown', 'Select them again, then export');
  }
  return ok({ firstRow: view.rowAt(first), endRow: view.rowAt(last) + 1 });
}

export function createHandlers(means: HandlerMeans): Handlers {
  const { engine, loop, finder } = means;
  const { view, store } = engine;
  let copies = 0;
  let asking = false;

  /** Where to write, from the person alone. One question at a time; null if it was dismissed. */
  async function askForPath(request: ExportRequest): Promise<Result<string | null>> {
    if (asking) {
      return fail('overloaded', 'A file for another export is being chosen', 'Choose that first, then export again');
    }
    asking = true;
    try {
      return ok(await means.askForPath(request));
    } finally {
      asking = false;
    }
  }

  return {
    'app.bootstrap': () => {
      loop.pageLoaded();
      return means.bootstrap();
    },
    'app.setTheme': (theme) => {
      means.setTheme(theme);
      return null;
    },
    'page.remember': (state) => {
      means.remember(state);
      return null;
    },
    'capture.start': async ({ source }) => {
      const started = await means.openSource(source, 'alone');
      loop.wake();
      return started;
    },
    'capture.add': async ({ source }) => {
      const added = await means.openSource(source, 'beside');
      loop.wake();
      return added;
    },
    'capture.remove': ({ id }) => {
      engine.remove(id);
      loop.wake();
      return null;
    },
    'capture.stop': () => {
      engine.stop();
      loop.wake();
      return null;
    },
    'session.clear': () => {
      engine.clear();
      loop.wake();
      return null;
    },
    'history.set': (settings) => {
      if (settings.memoryCapBytes > means.largestCapBytes) {
        const megabytes = Math.floor(means.largestCapBytes / 1024 ** 2).toLocaleString('en');
        return fail(
          'bad-argument',
          'The history cannot have so much of the memory of this machine',
          `Choose at most ${megabytes} MB; rows beyond it are kept on disk`,
        );
      }
      store.setMemoryCap(settings.memoryCapBytes);
      store.setPolicy(settings.policy);
      means.historyChanged(settings);
      loop.wake();
      return ok(null);
    },
    'doctor.run': () => {
      const { first, end, paused, stopped } = view;
      const facts = { filter: view.filterSpec, paused, stopped, sessionRows: store.rowCount, shownRows: end - first };
      return worstFirst([...examineCapture(engine.status(means.now()), facts), ...means.examineSystem()]);
    },
    'driver.examine': () => means.machine.examineDriver(),
    'driver.change': async ({ change }) => {
      const changed = await means.machine.changeDriver(change);
      // A driver that started or stopped concerns whoever captures from it.
      loop.wake();
      return changed;
    },
    'driver.capture': ({ captures }) => means.machine.setCaptures(captures),
    'debugFilter.read': () => means.machine.readFilter(),
    'debugFilter.set': ({ component, mask }) => means.machine.writeMask(component, mask),
    'sources.offer': () => means.offerSources(),
    'view.setFilter': (filter) => {
      const result = view.setFilter(filter);
      loop.wake();
      return result;
    },
    'view.setPaused': (paused) => {
      view.setPaused(paused);
      loop.wake();
      return null;
    },
    'view.setTail': (rows) => {
      loop.setTail(rows);
      return null;
    },
    'view.ack': (sequence) => {
      loop.confirm(sequence);
      return null;
    },
    'view.rows': ({ generation, first, count }) =>
      pack(
        generation === view.generation
          ? view.rows(first, count)
          : { generation: view.generation, first: view.first, rows: [] },
      ),
    'view.find': (request) => finder.find(request),
    'view.countFinds': ({ query }) => finder.setCounted(query),
    'view.findSpread': ({ generation, buckets }) => finder.spread(generation, buckets),
    'view.stopScan': () => {
      view.stopScan();
      loop.wake();
      return null;
    },
    'view.resumeScan': () => {
      view.resumeScan();
      loop.wake();
      return null;
    },
    'view.locate': (target) => locate(view, target),
    'view.details': ({ row }) => view.details(row, engine.startUnixMs),
    'view.density': ({ buckets }) => pack(view.densityIn(buckets)),
    'view.copy': async (range) => {
      const copy = ++copies;
      const estimate = estimateText(view, range.first, range.last);
      if (estimate.bytes > MAX_COPY_TEXT) return ok({ state: 'too-large', ...estimate });
      const job = new CopyJob(view, range, engine.sourceNames, processOf(engine));
      let toldAt = means.now();
      let told = false;
      const text = await copyRows(job, {
        slice: () => sliceOf(means.now, COPY_SLICE_MS),
        rest: () => {
          if (means.now() - toldAt >= COPY_PROGRESS_MS) {
            toldAt = means.now();
            told = true;
            means.copyProgress({ rows: job.rows, totalRows: job.totalRows });
          }
          return means.rest();
        },
        cancelled: () => copy !== copies,
      });
      if (told) means.copyProgress(null);
      if (!text.ok) return text;
      means.writeClipboard(text.value);
      return ok({ state: 'copied', rows: job.rows, bytes: text.value.length });
    },
    'copy.cancel': () => {
      copies++;
      return null;
    },
    'export.start': async (request) => {
      // What is meant is what is shown and selected now, whatever the person does while a file is chosen.
      const rows = rowsOf(view, request);
      if (!rows.ok) return rows;
      const room = means.exports.room();
      if (!room.ok) return room;
      const filter = request.scope === 'all' ? SHOW_ALL : view.filterSpec;
      const asked = await askForPath(request);
      if (!asked.ok) return asked;
      const path = asked.value;
      if (path === null) return ok(null);
      const job = ExportJob.create(store, {
        format: request.format,
        filter,
        ...(rows.value ?? { endRow: store.endRow }),
        info: exportInfo(engine),
        sources: engine.sourceNames,
        processOf: processOf(engine),
        scanner: means.scanner,
      });
      if (!job.ok) return job;
      const id = means.exports.start(job.value, path);
      return id.ok ? ok({ id: id.value, path }) : id;
    },
    'export.cancel': ({ id }) => {
      means.exports.cancel(id);
      return null;
    },
  };
}
