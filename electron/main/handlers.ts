/** What each call of the contract does. Decisions live in the session; this file only knows whom to ask. */
import { clipboard, nativeTheme } from 'electron';
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { Bootstrap, ExportRequest, Handlers, Theme } from '../contract/channels.ts';
import { type DoctorFinding, worstFirst } from '../contract/doctor.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import type { SourceInfo } from '../contract/status.ts';
import type { CaptureEngine } from '../session/capture.ts';
import { copyText, MAX_COPY_ROWS } from '../session/copy.ts';
import { examineCapture } from '../session/examine.ts';
import type { ExportInfo } from '../session/export.ts';
import { ExportJob } from '../session/export-job.ts';
import type { Finder } from '../session/finder.ts';
import type { Scanner } from '../session/scanner.ts';
import type { CaptureLoop } from './capture-loop.ts';
import type { Exports } from './exports.ts';

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
  readonly themeChanged: (theme: Theme) => void;
  /** Asks where to write; null if the person dismissed the question. */
  readonly askForPath: (request: ExportRequest) => Promise<string | null>;
  readonly now: () => number;
}

function exportInfo(engine: CaptureEngine): ExportInfo | null {
  const info = engine.sourceInfo;
  const names = engine.sourceNames;
  if (info === null) return null;
  const source = names.map(({ name }) => name).join(', ');
  return { source, sessionId: info.sessionId, startUnixMs: engine.startUnixMs };
}

export function createHandlers(means: HandlerMeans): Handlers {
  const { engine, loop, finder } = means;
  const { view, store } = engine;

  return {
    'app.bootstrap': () => {
      loop.pageLoaded();
      return means.bootstrap();
    },
    'app.setTheme': (theme) => {
      nativeTheme.themeSource = theme;
      means.themeChanged(theme);
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
    'doctor.run': () => {
      const { first, end, paused, stopped } = view;
      const facts = { filter: view.filterSpec, paused, stopped, sessionRows: store.rowCount, shownRows: end - first };
      return worstFirst([...examineCapture(engine.status(means.now()), facts), ...means.examineSystem()]);
    },
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
      generation === view.generation
        ? view.rows(first, count)
        : { generation: view.generation, first: view.first, rows: [] },
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
    'view.locate': (target) => {
      const position = 'row' in target ? view.locateRow(target.row) : view.locateIndex(target.index);
      return position === null ? null : { position };
    },
    'view.details': ({ row }) => view.details(row, engine.startUnixMs),
    'view.copy': ({ first, last }) => {
      if (last - first >= MAX_COPY_ROWS) {
        return fail(
          'bad-argument',
          `${(last - first + 1).toLocaleString('en')} rows are too many for the clipboard`,
          `Copy at most ${MAX_COPY_ROWS.toLocaleString('en')} rows, or export them to a file`,
        );
      }
      const copied = copyText(view, first, last, engine.sourceNames);
      clipboard.writeText(copied.text);
      return ok({ rows: copied.rows });
    },
    'export.start': async (request) => {
      const path = request.path ?? (await means.askForPath(request));
      if (path === null) return ok(null);
      const job = ExportJob.create(store, {
        format: request.format,
        filter: request.scope === 'all' ? SHOW_ALL : view.filterSpec,
        endRow: store.endRow,
        info: exportInfo(engine),
        sources: engine.sourceNames,
        scanner: means.scanner,
      });
      return job.ok ? ok({ id: means.exports.start(job.value, path), path }) : job;
    },
    'export.cancel': ({ id }) => {
      means.exports.cancel(id);
      return null;
    },
  };
}
