/**
 * The app's start, top to bottom: what is created, in which order, and who is told of whom. Everything that does
 * something lives in a file of its own.
 */
import { access } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setImmediate as rest } from 'node:timers/promises';
import { app, clipboard, Menu, nativeTheme, shell } from 'electron';
import { describeFailure, type Failure, failureMessage, ok } from '../../native/core/result.ts';
import {
  examineDriver,
  examine as examineMachine,
  readDebugFilter,
  writeDebugMask,
} from '../../native/doctor/index.ts';
import { offerSources } from '../../native/sources/offers.ts';
import { openSource } from '../../native/sources/open.ts';
import { chosenOptions } from '../../native/sources/source-kind.ts';
import { changeBoot } from '../../native/win32/driver-boot.ts';
import {
  checkElevation,
  installDriver,
  removeDriver,
  setCaptures,
  setEventFilter,
  setLoggerMask,
  setLoggerStacks,
  startDriver,
  stopDriver,
} from '../../native/win32/driver-service.ts';
import { lookOf } from '../contract/log-look.ts';
import type { SourceOffer } from '../contract/machine.ts';
import { largestMemoryCap } from '../contract/retention.ts';
import { ArrowArchive } from '../files/arrow-archive.ts';
import { openRunFolder } from '../files/run-folder.ts';
import { QueryProcess } from '../query/client.ts';
import { startTableThread } from '../query/table-thread.ts';
import { defaultLibraryFolder, SessionLibrary } from '../recording/library.ts';
import { startLibraryThread } from '../recording/library-thread.ts';
import { isRecordedSource, openRecordedSource } from '../recording/recorded-source.ts';
import { Recordings } from '../recording/recordings.ts';
import { createScanThreads } from '../scan/threads.ts';
import { Addresses } from '../service/addresses.ts';
import { Library } from '../service/library.ts';
import { Machine } from '../service/machine.ts';
import { Notices } from '../service/notices.ts';
import { fileSource, openNamed, pathOpener, remembering } from '../service/open-file.ts';
import { RecentFiles } from '../service/recent-files.ts';
import { Service } from '../service/service.ts';
import { startSymbolThread } from '../symbols/symbol-thread.ts';
import { serve } from '../transport/ipc.ts';
import { parseArguments } from './arguments.ts';
import { DEMO_SOURCE, EmbeddedSimulator } from './demo.ts';
import { Dialogs } from './dialogs.ts';
import { openModules, symbolFolders } from './explaining.ts';
import { FileFields } from './file-fields.ts';
import { emptyStores, hardenPages, restrictEngine } from './hardening.ts';
import { surviveGraphics } from './keep-page.ts';
import { keptInSettings } from './kept.ts';
import { matchEffects } from './match-effects.ts';
import { OneInstance } from './one-instance.ts';
import { startSource } from './opener.ts';
import { declareScheme, servePage } from './page.ts';
import { endBeforeQuit } from './quitting.ts';
import { tellRecording } from './recording-troubles.ts';
import { describe, report, surviveDefects } from './reporting.ts';
import { createElevation } from './restarting.ts';
import { resumeFrom } from './resuming.ts';
import { withQuestions, withRecentSource, withSymbols } from './settings.ts';
import { problemNotice, settingsDesk } from './settings-desk.ts';
import { SettingsFile } from './settings-file.ts';
import { traySwitch } from './tray-switch.ts';
import { type WindowPage, Windows } from './windows.ts';

const HERE = import.meta.dirname;
const args = parseArguments(process.argv.slice(1), undefined, app.getAppPath());
const now = (): number => performance.now();
/** How long one that is restarted waits for the end of the one before, which may wait for the disk; milliseconds. */
const RESTART_PATIENCE_MS = 30_000;
let windows: Windows | null = null;
const notices = new Notices((notice) => windows?.tellOne('app.notice', notice), now);

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
const handedOver = args.resume === null ? instance.settle(args) : instance.settle(null, RESTART_PATIENCE_MS);

// Not awaited here: Electron is ready only after this module has been evaluated.
void Promise.all([handedOver, app.whenReady()]).then(([elsewhere]) => (elsewhere ? app.exit() : boot()));

async function boot(): Promise<void> {
  const settings = new SettingsFile(app.getPath('userData'), report);
  nativeTheme.themeSource = args.theme ?? settings.value.theme;
  const problem = problemNotice(settings);
  if (problem !== null) notices.tell(problem);
  Menu.setApplicationMenu(null);
  // Once the window is there, files may be dropped onto it.
  hardenPages(report, (path) => void openAll([fileSource(path)]));
  servePage(join(HERE, '..', 'renderer'), () => windows?.trouble ?? '');

  const dialogs = new Dialogs(() => windows?.front ?? null);
  const files = new FileFields();
  const historyFolder = openRunFolder(join(app.getPath('userData'), 'history'), report);
  const largestCapBytes = largestMemoryCap(totalmem());
  EmbeddedSimulator.removeDead();
  const simulator = new EmbeddedSimulator(report);
  const scanner = createScanThreads();
  // The settings may come from a larger machine.
  const memoryCapBytes = Math.min(settings.value.retention.memoryCapBytes, largestCapBytes);
  const sessions = new SessionLibrary(defaultLibraryFolder(process.env, process.platform));
  const recordings = new Recordings({
    library: sessions,
    enabled: () => settings.value.library.record,
    highlights: () => settings.value.highlights,
    unixMs: Date.now,
    onTrouble: (failure, name) => tellRecording(failure, name, report, (notice) => notices.tell(notice)),
    onEnded: () => library.forget(),
  });
  const library = new Library({
    library: sessions,
    port: startLibraryThread(sessions.folder),
    settings: () => settings.value.library,
    setSettings: (library) => settings.update({ library }),
    askToDelete: dialogs.askToDelete,
    report,
    tell: (notice) => notices.tell(notice),
    now,
  });
  // What the person chose for other traces, and what addresses are explained by.
  const symbolsBesides = () => [...settings.value.symbols, ...symbolFolders(args.symbols)];
  const service = new Service({
    now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    workspace: {
      scanner,
      memoryCapBytes,
      largestCapBytes,
      policy: settings.value.retention.policy,
      sessionOptions: (session) => {
        const { archive, keeper } = recordings.keep(new ArrowArchive(join(historyFolder.path, `session-${session}`)));
        return {
          open: (spec, encoding, symbols) =>
            spec === DEMO_SOURCE
              ? openSource(simulator.source, { displayName: DEMO_SOURCE })
              : isRecordedSource(spec)
                ? openRecordedSource(spec, now)
                : files.note(
                    session,
                    spec,
                    openSource(spec, {
                      ...{ ...chosenOptions(encoding, symbols), symbolsBesides: symbolsBesides() },
                      scratch: () => ok(join(historyFolder.path, 'unpacked')),
                    }),
                  ),
          now,
          keeper,
          store: {
            memoryCapBytes,
            archive,
            onArchiveFailure: (failure) => {
              report(describeFailure(failure));
              notices.tell({
                severity: 'warning',
                message: `${failureMessage(failure)}: capture goes on, and the oldest rows are dropped when memory is full`,
                action: failure.action,
              });
            },
          },
        };
      },
    },
  });

  const openAndRemember = remembering(
    (session, spec, how) =>
      startSource(spec, simulator, (source) => (how === 'alone' ? session.start(source) : session.add(source))),
    (spec, how) => settings.update((now) => withRecentSource(now, spec, how)),
  );

  const recent = new RecentFiles({
    paths: () => settings.value.recentFiles,
    change: (change) => settings.update((now) => ({ recentFiles: change(now.recentFiles) })),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
  });
  const openPath = pathOpener(service.workspace, {
    open: (session, source) => openAndRemember(session, source, 'alone'),
    openRecording: (path) => library.openPath(service.workspace, path),
    opened: (path) => recent.note(path),
  });

  /** What cannot be opened is told. */
  async function openAll(sources: readonly string[]): Promise<void> {
    for (const source of sources) {
      const started = await openNamed(service.workspace, source, openAndRemember, openPath);
      service.loop.wake();
      if (!started.ok) tellFailure(started.failure);
    }
  }

  function tellFailure(failure: Failure): void {
    report(describeFailure(failure));
    notices.tell({ severity: 'error', message: failureMessage(failure), action: failure.action });
  }

  const machine = new Machine({
    examineDriver,
    checkRights: checkElevation,
    install: installDriver,
    changeBoot,
    start: startDriver,
    stop: stopDriver,
    remove: removeDriver,
    setCaptures,
    setEventFilter,
    setLoggerMask,
    setLoggerStacks,
    askForDriver: dialogs.askForDriver,
    readFilter: readDebugFilter,
    writeMask: writeDebugMask,
  });

  const { colours, filterSets, schemas } = keptInSettings(settings, dialogs, () => {
    service.loop.wake();
    service.tellAll('app.schemas', schemas.state);
  });
  function takeSchemas(paths: readonly string[]): void {
    for (const { name, problem } of schemas.use(paths).files)
      if (problem !== null) report(`schema ${name}: ${problem}`);
  }
  takeSchemas(args.schemas);

  const addresses = new Addresses({
    port: startSymbolThread(),
    symbols: symbolFolders(args.symbols),
    askForModules: dialogs.askForModules,
    askForSymbols: dialogs.askForSymbolFolder,
  });

  /** The demo is offered by the name that starts it, not by that of its session. */
  function offers(): SourceOffer[] {
    const others = offerSources().filter(({ spec }) => spec !== simulator.source);
    return [...others, { spec: DEMO_SOURCE, what: 'a simulated driver inside this program', hindrance: null }];
  }

  const { elevation, unkept } = createElevation({
    ...{ args, schemas: () => schemas.untilTheEnd, workspace: service.workspace },
    ...{ askToClose: dialogs.askToClose, now },
    page: () => windows?.remembered ?? null,
  });
  const tray = traySwitch({
    settings: () => settings.value,
    sessions: () => service.workspace.openSessions.map(({ session }) => session),
    show: () => shown.show(),
    start: (session, source, how) => openAndRemember(session, source, how).then(() => service.loop.wake()),
    ...{ askToClose: dialogs.askToClose, now },
  });
  const refused = (channel: string, reason: string): void => report(`refused a call of ${channel}: ${reason}`);
  const servePageOf = (page: WindowPage) =>
    service.serve(page.send, {
      bootstrap: () => {
        page.begins();
        return {
          version: app.getVersion(),
          platform: process.platform as 'linux' | 'win32' | 'darwin',
          theme: nativeTheme.themeSource,
          ...(settings.value.times === null ? {} : { times: settings.value.times }),
          look: lookOf(settings.value),
          source: args.sources[0] ?? settings.value.source,
          recentSources: settings.value.recentSources,
          earlierQuestions: settings.value.questions,
          schemas: schemas.state,
          restored: page.restored(),
        };
      },
      ...{ openSource: openAndRemember, schemas },
      examineSystem: () => examineMachine().findings,
      machine,
      offerSources: offers,
      elevate: () => elevation.restart(),
      remember: (state) => {
        page.remember(state);
        const questions = withQuestions(settings.value, state.sql?.earlier ?? []);
        if (questions !== null) settings.update(questions);
      },
      openWindow: (view) => service.places.put(view, shown.open(shown.stateOf(view))),
      emptied: page.emptied,
      setTheme: (theme) => {
        nativeTheme.themeSource = theme;
        settings.update({ theme });
      },
      ...{ writeClipboard: (text) => clipboard.writeText(text), showInFolder: (path) => shell.showItemInFolder(path) },
      retentionChanged: (retention) => settings.update({ retention }),
      askForPath: dialogs.askForPath,
      askForFiles: dialogs.askForFiles,
      askForSymbols: dialogs.askForSymbols,
      rememberSymbols: (paths) => settings.update((now) => withSymbols(now, paths)),
      recent,
      ...{ filterSets, colours, addresses },
      // The settings may be written by programs without these rights.
      watchEffects: matchEffects(settings, dialogs.askForSaveFolder, report, args.resume === null),
      library,
      settings: settingsDesk(settings, largestCapBytes, () => shown.all, tray),
      sql: {
        start: (table) => QueryProcess.start(join(HERE, 'query-process.js'), table),
        startThread: () => startTableThread(),
        folder: join(historyFolder.path, 'tables'),
      },
      mayEnd: () => recordings.mayEnd,
      fieldsOf: (id, source) => {
        files.keep(service.workspace.openSessions);
        const session = service.workspace.session(id);
        return files.of(id, session.ok ? session.value.specOf(source) : null);
      },
      rest,
      unixMs: Date.now,
      report,
      onRefused: refused,
      onDefect: (channel, error) => report(`defect in ${channel}: ${describe(error)}`),
    });
  const shown = new Windows({
    preload: join(HERE, '..', 'preload', 'preload.cjs'),
    serve: servePageOf,
    settings: () => settings.value,
    keep: (change) => settings.update(change),
    unkept: () => (settings.value.askBeforeClosing && !elevation.isRestarting ? unkept() : 0),
    askToClose: tray.askToClose,
    hides: tray.hides,
    used: (page) => service.places.use(page),
    listens: () => notices.pageListens(),
    // Nothing can be sent until the next page makes its first call.
    gone: (others) => {
      if (!others) notices.pageGone();
      emptyStores();
    },
    ...{ now, report },
  });
  windows = shown;
  serve({ callsOf: (contents) => shown.callsOf(contents), onRefused: refused });
  const resumed =
    args.resume === null
      ? null
      : await resumeFrom(args.resume, {
          ...{ folder: app.getPath('userData'), isOne: instance.isOne, workspace: service.workspace },
          open: openAndRemember,
          openRecording: (path) => library.openPath(service.workspace, path),
          tell: (notice) => notices.tell(notice),
        });
  shown.open(resumed);
  void tray.begin();
  instance.listen((given) => {
    shown.show();
    takeSchemas(given.schemas);
    void openAll(given.sources);
  });
  app.on('window-all-closed', () => app.quit());
  endBeforeQuit(
    () => {
      // Whoever starts from here on has the folder to himself; one that goes on with what is open waits for the disk.
      if (elevation.isRestarting) elevation.leave();
      else instance.close();
      library.end();
      service.close();
      return Promise.all([recordings.ended(), library.written(), shown.ended()]).then(() => {});
    },
    () => {
      simulator.stop();
      scanner.close();
      historyFolder.remove();
      instance.close();
    },
    report,
  );

  service.start();
  scanner.warm();
  await openAll(args.sources);
  openModules(args.modules, service.workspace, tellFailure);
}
