/**
 * The app's start, top to bottom: what is created, in which order, and who is told of whom. Everything that does
 * something lives in a file of its own.
 */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setImmediate as rest } from 'node:timers/promises';
import { app, type BrowserWindow, clipboard, dialog, Menu, nativeTheme, type OpenDialogOptions } from 'electron';
import { describeFailure } from '../../native/core/result.ts';
import {
  examineDriver,
  examine as examineMachine,
  readDebugFilter,
  writeDebugMask,
} from '../../native/doctor/index.ts';
import { offerSources } from '../../native/sources/offers.ts';
import { openSource } from '../../native/sources/open.ts';
import {
  checkElevation,
  installDriver,
  removeDriver,
  setCaptures,
  startDriver,
  stopDriver,
} from '../../native/win32/driver-service.ts';
import type { ExportRequest } from '../contract/channels.ts';
import { saveFilters } from '../contract/export-formats.ts';
import { largestMemoryCap } from '../contract/history.ts';
import { checkSource } from '../contract/limits.ts';
import type { SourceOffer } from '../contract/machine.ts';
import { pack } from '../contract/packed.ts';
import type { PageState } from '../contract/page-state.ts';
import { ArrowArchive } from '../files/arrow-archive.ts';
import { openSessionFolder } from '../files/session-folder.ts';
import { createScanThreads } from '../scan/threads.ts';
import { Calls } from '../service/calls.ts';
import { CaptureLoop } from '../service/capture-loop.ts';
import { Exports } from '../service/exports.ts';
import { createHandlers } from '../service/handlers.ts';
import { Machine } from '../service/machine.ts';
import { Notices } from '../service/notices.ts';
import { suggestFileName } from '../service/save-name.ts';
import { CaptureEngine } from '../session/ingest/capture.ts';
import { Finder } from '../session/view/finder.ts';
import { send, serve } from '../transport/ipc.ts';
import { parseArguments } from './arguments.ts';
import { DEMO_SOURCE, EmbeddedSimulator } from './demo.ts';
import { emptyStores, hardenPages, restrictEngine } from './hardening.ts';
import { keepPage, type PageWatch, surviveGraphics } from './keep-page.ts';
import { OneInstance } from './one-instance.ts';
import { startSource } from './opener.ts';
import { declareScheme, servePage } from './page.ts';
import { PageLink } from './page-link.ts';
import { describe, report, surviveDefects } from './reporting.ts';
import { SettingsFile, withRecentSource } from './settings.ts';
import { backgroundColor, openWindow, placeOf, showPage } from './window.ts';

const HERE = import.meta.dirname;
const args = parseArguments(process.argv.slice(1));
const now = (): number => performance.now();
let window: BrowserWindow | null = null;
let watch: PageWatch | null = null;
/** What the page last told of itself, for the one that takes its place should it end. */
let remembered: PageState | null = null;

const page = new PageLink((channel, payload) => window && send(window.webContents, channel, payload));
const notices = new Notices((notice) => page.send('notice', notice), now);

surviveDefects((message) =>
  notices.tell({
    severity: 'error',
    message: `RingView met a defect of its own and went on: ${message}`,
    action: 'Please report it with the text on the terminal',
  }),
);
declareScheme();
restrictEngine();
surviveGraphics(report);
// Chromium refuses to be sandboxed as root; whoever passed the switch has been told so by the start script.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

const instance = new OneInstance(app.getPath('userData'), report);
const handedOver = instance.claim() ? Promise.resolve(false) : instance.handOver({ sources: args.sources });

// Not awaited here: Electron is ready only after this module has been evaluated.
void Promise.all([handedOver, app.whenReady()]).then(([elsewhere]) => (elsewhere ? app.exit() : boot()));

async function boot(): Promise<void> {
  const settings = new SettingsFile(app.getPath('userData'), report);
  nativeTheme.themeSource = args.theme ?? settings.value.theme;
  Menu.setApplicationMenu(null);
  hardenPages(report);
  servePage(join(HERE, '..', 'renderer'), () => watch?.reason() ?? '');

  const historyFolder = openSessionFolder(join(app.getPath('userData'), 'history'), report);
  const largestCapBytes = largestMemoryCap(totalmem());
  EmbeddedSimulator.removeDead();
  const simulator = new EmbeddedSimulator(report);
  const scanner = createScanThreads();
  const engine = new CaptureEngine({
    open: (spec) =>
      spec === DEMO_SOURCE ? openSource(simulator.source, { displayName: DEMO_SOURCE }) : openSource(spec),
    now,
    largestCapBytes,
    scanner,
    viewChanged: () => loop.wake(),
    store: {
      // The settings may come from a larger machine.
      memoryCapBytes: Math.min(settings.value.history.memoryCapBytes, largestCapBytes),
      archive: new ArrowArchive(historyFolder.path),
      policy: settings.value.history.policy,
      onArchiveFailure: (failure) => {
        report(describeFailure(failure));
        notices.tell({
          severity: 'warning',
          message: `${failure.message}: capture goes on, and the oldest rows are dropped when memory is full`,
          action: failure.action,
        });
      },
    },
  });
  const finder = new Finder(engine.view, scanner, () => loop.wake());
  const loop = new CaptureLoop(
    { engine, finder },
    {
      sendView: (update) => page.send('view.update', pack(update)),
      sendCount: (count) => page.send('find.count', count),
      sendStatus: (status) => page.send('status', status),
      sendProcesses: (names) => page.send('processes', names),
    },
    {
      now,
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
  );
  const exports = new Exports((progress) => page.send('export.progress', progress), now);

  async function openAndRemember(spec: string, how: 'alone' | 'beside'): ReturnType<typeof startSource> {
    const started = await startSource(spec, simulator, (source) =>
      how === 'alone' ? engine.start(source) : engine.add(source),
    );
    // A file is opened by its path, which a page may not name again.
    if (started.ok && checkSource(spec).ok) settings.update((now) => withRecentSource(now, spec.trim(), how));
    return started;
  }

  /** What cannot be opened is told. */
  async function openAll(sources: readonly string[]): Promise<void> {
    for (const source of sources) {
      const started = await openAndRemember(source, 'beside');
      if (started.ok) continue;
      const { message, action } = started.failure;
      report(message);
      notices.tell({ severity: 'error', message, action });
    }
  }

  /** Nothing can be sent until the next page makes its first call. */
  function pageGone(): void {
    page.pageGone();
    notices.pageGone();
    emptyStores();
  }

  async function askForPath(request: ExportRequest): Promise<string | null> {
    const options = {
      title: 'Export the log',
      defaultPath: suggestFileName(request, new Date()),
      filters: [...saveFilters(request.format)],
    };
    const answer =
      window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
    return answer.canceled || answer.filePath === '' ? null : answer.filePath;
  }

  async function askForDriver(): Promise<string | null> {
    const options: OpenDialogOptions = {
      title: 'The driver to install',
      buttonLabel: 'Install',
      filters: [{ name: 'Drivers', extensions: ['sys'] }],
      properties: ['openFile'],
    };
    const answer =
      window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  }

  const machine = new Machine({
    examineDriver,
    checkRights: checkElevation,
    install: installDriver,
    start: startDriver,
    stop: stopDriver,
    remove: removeDriver,
    setCaptures,
    askForDriver,
    readFilter: readDebugFilter,
    writeMask: writeDebugMask,
  });

  /** The demo is offered by the name that starts it, not by that of its session. */
  function offers(): SourceOffer[] {
    const others = offerSources().filter(({ spec }) => spec !== simulator.source);
    return [...others, { spec: DEMO_SOURCE, what: 'a simulated driver inside this program', hindrance: null }];
  }

  const refused = (channel: string, reason: string): void => report(`refused a call of ${channel}: ${reason}`);
  const calls = new Calls(
    createHandlers({
      engine,
      loop,
      finder,
      scanner,
      exports,
      bootstrap: () => {
        watch?.runs();
        page.pageListens();
        notices.pageListens();
        return {
          version: app.getVersion(),
          platform: process.platform as 'linux' | 'win32' | 'darwin',
          theme: nativeTheme.themeSource,
          source: args.sources[0] ?? settings.value.source,
          recentSources: settings.value.recentSources,
          restored: remembered && { filter: engine.view.filterSpec, page: remembered },
        };
      },
      openSource: openAndRemember,
      examineSystem: () => examineMachine().findings,
      machine,
      offerSources: offers,
      remember: (state) => {
        remembered = state;
      },
      setTheme: (theme) => {
        nativeTheme.themeSource = theme;
        settings.update({ theme });
      },
      writeClipboard: (text) => clipboard.writeText(text),
      historyChanged: (history) => settings.update({ history }),
      largestCapBytes,
      copyProgress: (progress) => page.send('copy.progress', progress),
      askForPath,
      now,
      rest,
    }),
    {
      now,
      rest,
      onRefused: refused,
      onDefect: (channel, error) => report(`defect in ${channel}: ${describe(error)}`),
    },
  );
  serve(calls, { isOurs: (contents) => contents === window?.webContents, onRefused: refused });

  window = openWindow(join(HERE, '..', 'preload', 'preload.cjs'), settings.value.window);
  nativeTheme.on('updated', () => window?.setBackgroundColor(backgroundColor()));
  window.on('close', () => {
    if (window !== null) settings.update({ window: placeOf(window) });
  });
  window.on('closed', () => {
    window = null;
  });
  watch = keepPage(window, now, pageGone, report);
  showPage(window);
  instance.listen(({ sources }) => {
    if (window?.isMinimized()) window.restore();
    window?.show();
    window?.focus();
    void openAll(sources);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => {
    loop.stop();
    engine.stop();
    simulator.stop();
    scanner.close();
    engine.store.clear();
    historyFolder.remove();
    instance.close();
  });

  loop.start();
  scanner.warm();
  await openAll(args.sources);
}
