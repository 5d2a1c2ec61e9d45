/**
 * The program behind a page in plain Node, for tests: real service, sessions, handlers and exports; dialogs and other
 * parts of the environment are injected.
 */

import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as rest } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { openSource } from '../../native/sources/open.ts';
import { chosenOptions } from '../../native/sources/source-kind.ts';
import type { Notice } from '../contract/app.ts';
import { type Answer, REQUEST_CHANNELS, type RequestChannel, type RequestOf } from '../contract/channels.ts';
import type { ColourRule } from '../contract/colour-rules.ts';
import { DEFAULT_LIBRARY, type LibrarySettings } from '../contract/library.ts';
import type { SymbolPlace } from '../contract/merging.ts';
import type { NamedFilter } from '../contract/named-filters.ts';
import { KEEP_ALL } from '../contract/retention.ts';
import { SETTINGS_HERE } from '../contract/test-support.ts';
import { ArrowArchive } from '../files/arrow-archive.ts';
import { startTableThread } from '../query/table-thread.ts';
import { SessionLibrary } from '../recording/library.ts';
import { libraryHere } from '../recording/library-host.ts';
import { type OpenedSession, openSession } from '../recording/opened-session.ts';
import { isRecordedSource, openRecordedSource } from '../recording/recorded-source.ts';
import { Recordings } from '../recording/recordings.ts';
import { createScanThreads } from '../scan/threads.ts';
import type { Session } from '../session/ingest/session.ts';
import { ALL_FIELDS } from '../session/output/output-facts.ts';
import type { Scanner } from '../session/search/scanner.ts';
import { batchOf, entry, FakeSource } from '../session/test-support.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import { symbolsHere } from '../symbols/symbol-thread.ts';
import { InProcessWire } from '../transport/in-process.ts';
import { Addresses } from './addresses.ts';
import type { Calls } from './calls.ts';
import { Colours } from './colours.ts';
import { FilterSets } from './filter-sets.ts';
import { Library } from './library.ts';
import { Machine } from './machine.ts';
import type { QuestionDependencies } from './questions.ts';
import { RecentFiles } from './recent-files.ts';
import { SchemaFiles } from './schema-files.ts';
import { Service } from './service.ts';

const MIB = 1024 ** 2;
export const LARGEST_CAP = 256 * MIB;

/** A call that reached a handler. */
export interface Seen {
  readonly channel: RequestChannel;
  readonly request: unknown;
}

export interface ProgramOptions {
  readonly scanner: Scanner & { close?(): void };
  /** Answers the question where to write an export; the folder is a temporary one of this program. */
  readonly choose?: (folder: string, question: number) => string | null | Promise<string | null>;
  /** Answers the question which files to open. */
  readonly files?: (folder: string, question: number) => readonly string[];
  /** What the person names to explain events. */
  readonly symbols?: (folder: string, from: SymbolPlace) => readonly string[];
  /** Told of what is to be remembered of them. */
  readonly rememberSymbols?: (paths: readonly string[]) => void;
  /** Whether sessions are recorded, in a library of the program's own, by the thread of a program that is built. */
  readonly record?: boolean;
  /** Starts the database of a question in SQL; without it there is none. */
  readonly database?: QuestionDependencies['start'];
  /** The list of modules, and the folder of PDBs, that the person chooses; none if it is left out. */
  readonly chooseSchemas?: (folder: string) => readonly string[];
  readonly chooseModules?: (folder: string) => string;
  readonly chooseSymbols?: (folder: string) => string;
  /** Answers whether sessions are to be deleted. */
  readonly deletes?: boolean;
}

/** A file of the app, which the caller has built: plain Node of every version we support runs it. */
const built = (name: string): URL => pathToFileURL(join(import.meta.dirname, '../../dist/main', name));

/**
 * Starts the program with `sim:demo` as a source of 2,000 rows; every other source name is looked for on this machine.
 */
export function startProgram(options: ProgramOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-program-'));
  const sessions = new SessionLibrary(join(folder, 'sessions'));
  let librarySettings: LibrarySettings = { ...DEFAULT_LIBRARY, record: options.record ?? false };
  const troubles: (string | null)[] = [];
  const lines: string[] = [];
  const notices: Notice[] = [];
  const recordings = new Recordings({
    library: sessions,
    enabled: () => librarySettings.record,
    highlights: () => told.highlights,
    unixMs: Date.now,
    onTrouble: (failure) => troubles.push(failure?.code ?? null),
    onEnded: () => {
      told.recordings++;
    },
    script: built('session-worker.js'),
  });
  const now = (): number => performance.now();
  let source = new FakeSource({ name: 'sim:demo' });
  let rows = 0;
  const feed = (count: number): void => {
    const fresh = Array.from({ length: count }, () =>
      entry(++rows, `IRP ${rows} of a device`, { cpu: rows % 4, level: rows % 5 }),
    );
    source.ready.push(batchOf(fresh));
  };
  const storeAndKeeper = (session: number) => {
    const { archive, keeper } = recordings.keep(new ArrowArchive(join(folder, `history-${session}`)));
    return { keeper, store: { memoryCapBytes: 64 * MIB, archive } };
  };
  const library = new Library({
    library: sessions,
    port: libraryHere(sessions),
    settings: () => librarySettings,
    setSettings: (settings) => {
      librarySettings = settings;
    },
    askToDelete: async (names) => {
      told.deletions.push(names);
      return options.deletes ?? false;
    },
    report: (line) => lines.push(line),
    tell: (notice) => notices.push(notice),
    now,
  });
  const service = new Service({
    now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    workspace: {
      scanner: options.scanner,
      memoryCapBytes: 64 * MIB,
      largestCapBytes: LARGEST_CAP,
      policy: KEEP_ALL,
      sessionOptions: (session) => ({
        open: (spec, encoding, symbols) => {
          if (isRecordedSource(spec)) return openRecordedSource(spec, now);
          if (spec !== 'sim:demo') return openSource(spec, chosenOptions(encoding, symbols));
          source = new FakeSource({ name: 'sim:demo' });
          return ok(source);
        },
        now,
        ...storeAndKeeper(session),
      }),
    },
  });
  let recentPaths: readonly string[] = [];
  const recent = new RecentFiles({
    paths: () => recentPaths,
    change: (change) => {
      recentPaths = change(recentPaths);
    },
    exists: async (path) => existsSync(path),
  });
  let schemaPaths: readonly string[] = [];
  const schemas = new SchemaFiles({
    paths: () => schemaPaths,
    change: (change) => {
      schemaPaths = change(schemaPaths);
    },
    askForFiles: async () => options.chooseSchemas?.(folder) ?? [],
    changed: () => {},
  });
  const unsupported = () => fail('source-unsupported', 'This is a test', 'Use Windows');
  const machine = new Machine({
    examineDriver: () => ({
      state: 'not-installed',
      what: 'none',
      fix: null,
      elevated: null,
      boot: null,
      facts: [],
      captures: [],
      loggers: [],
    }),
    checkRights: unsupported,
    install: unsupported,
    changeBoot: unsupported,
    start: async () => unsupported(),
    stop: async () => unsupported(),
    remove: async () => unsupported(),
    setCaptures: unsupported,
    setEventFilter: unsupported,
    setLoggerMask: unsupported,
    setLoggerStacks: unsupported,
    askForDriver: async () => null,
    readFilter: unsupported,
    writeMask: unsupported,
  });
  const told = {
    settings: SETTINGS_HERE,
    clipboard: '',
    filters: [] as readonly NamedFilter[],
    highlights: [] as readonly ColourRule[],
    theme: 'system',
    questions: 0,
    elevations: 0,
    files: 0,
    recordings: 0,
    windows: [] as number[],
    deletions: [] as (readonly string[])[],
    /** Files that were shown in the file manager. */
    shown: [] as string[],
  };
  const defects: string[] = [];
  let page: InProcessWire | null = null;
  const colours = new Colours({
    load: () => told.highlights,
    keep: (change) => {
      told.highlights = change(told.highlights);
    },
  });
  const served = service.serve((channel, payload) => page?.send(channel, payload), {
    bootstrap: () => ({
      version: '0',
      platform: 'linux',
      theme: 'system',
      source: 'sim:demo',
      recentSources: [],
      earlierQuestions: [],
      schemas: schemas.state,
      restored: null,
    }),
    remember: () => {},
    openSource: async (session, spec, how) => (how === 'alone' ? session.start(spec) : session.add(spec)),
    examineSystem: () => [],
    machine,
    offerSources: () => [],
    elevate: async () => {
      told.elevations++;
      return fail('cancelled', 'The rights were not given', 'Everything goes on as it was');
    },
    openWindow: (view) => told.windows.push(view),
    emptied: () => {},
    setTheme: (theme) => {
      told.theme = theme;
    },
    writeClipboard: (text) => {
      told.clipboard = text;
    },
    showInFolder: (path) => {
      told.shown.push(path);
    },
    retentionChanged: () => {},
    askForPath: async () => {
      const question = told.questions++;
      return options.choose === undefined ? null : options.choose(folder, question);
    },
    askForFiles: async () => options.files?.(folder, told.files++) ?? [],
    askForSymbols: async (from) => options.symbols?.(folder, from) ?? [],
    rememberSymbols: (paths) => options.rememberSymbols?.(paths),
    recent,
    schemas,
    filterSets: new FilterSets({
      load: () => told.filters,
      keep: (change) => {
        told.filters = change(told.filters);
      },
      highlights: () => colours.all,
      addHighlights: (rules) => colours.add(rules),
      askForTarget: async () => null,
      askForFile: async () => null,
    }),
    addresses: new Addresses({
      port: symbolsHere(),
      symbols: [folder],
      askForModules: async () => options.chooseModules?.(folder) ?? null,
      askForSymbols: async () => options.chooseSymbols?.(folder) ?? null,
    }),
    library,
    settings: {
      read: () => told.settings,
      set: (choice) => {
        told.settings = { ...told.settings, ...choice };
        return told.settings;
      },
      openFile: async () => fail('io-error', 'There is no file here', 'Use the app'),
    },
    watchEffects: {
      load: () => [],
      keep: () => {},
      commands: () => [],
      folder: () => null,
      chooseFolder: async () => null,
      sound: () => {},
      notify: () => {},
      run: () => unsupported(),
    },
    colours,
    sql: {
      start: options.database ?? (async () => fail('source-unsupported', 'There is no database here', 'Use the app')),
      startThread: () => startTableThread(built('table-worker.js')),
      folder: join(folder, 'tables'),
    },
    mayEnd: () => recordings.mayEnd,
    fieldsOf: () => ALL_FIELDS,
    rest: () => rest(),
    unixMs: Date.now,
    report: (line) => lines.push(line),
    onRefused: () => {},
    onDefect: (channel, error) => defects.push(`${channel}: ${error instanceof Error ? error.stack : error}`),
  });
  const seen: Seen[] = [];
  const calls = watched(served.calls, seen);
  const first = (): Session => {
    const [open] = service.workspace.openSessions;
    if (open === undefined) throw new Error('no session is open');
    return open.session;
  };
  const started = first().start('sim:demo');
  if (!started.ok) throw new Error(started.failure.message);
  feed(2000);
  service.start();
  return {
    folder,
    calls,
    service,
    exports: served.exports,
    questions: served.questions,
    fileLogs: served.fileLogs,
    told,
    /** The recorded sessions, what was told of recording, and what was reported of them. */
    sessions,
    library,
    recordings,
    troubles,
    lines,
    notices,
    /** Every request that reached a handler, and every exception of a handler. */
    seen,
    defects,
    feed,
    /** The first of the open sessions, and its first view. */
    get session(): Session {
      return first();
    },
    get view(): OpenView {
      return service.workspace.openViews[0] as OpenView;
    },
    /** Number of the newest row that was fed to the source. */
    get newest(): number {
      return rows;
    },
    /** The page's end of an in-process transport, to which this program's events are sent from now on. */
    wire(): InProcessWire {
      page = new InProcessWire(calls);
      return page;
    },
    /** Lets everything run that is due. */
    rest: () => rest(),
    /** Waits until a condition holds; the caller has a time limit of its own. */
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await rest();
    },
    /** Waits until all of a recorded session is opened, which ticks do: nobody else ticks once the program has ended. */
    async whole(opened: Session): Promise<void> {
      while (opened.status(0).opening !== undefined) {
        opened.tick(now());
        await rest();
      }
    },
    /** The program ends as it should: what is recorded is whole on the disk. Call `end` afterwards. */
    async quit(): Promise<void> {
      service.close();
      await Promise.all([recordings.ended(), library.written(), served.questions.close(), served.fileLogs.close()]);
    },
    end(): void {
      service.close();
      void served.fileLogs.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same calls, but every handler also records what it was called with. */
function watched(calls: Calls, seen: Seen[]): Calls {
  const { handlers } = calls;
  for (const channel of REQUEST_CHANNELS) {
    const handle = handlers[channel] as (request: unknown) => unknown;
    (handlers as Record<string, unknown>)[channel] = (request: unknown) => {
      seen.push({ channel, request });
      return handle(request);
    };
  }
  return calls;
}

export type TestProgram = ReturnType<typeof startProgram>;

/** The threads that search, from the script as `build` makes it before the first test: for the tests of one file. */
export function builtThreads(
  threads: number,
  build: (parts: 'main'[]) => Promise<unknown>,
): ReturnType<typeof createScanThreads> {
  const scanner = createScanThreads({ threads, script: built('scan-worker.js') });
  beforeAll(async () => {
    expect(await build(['main'])).toMatchObject({ ok: true });
  }, 300_000);
  afterAll(() => scanner.close());
  return scanner;
}

/** Starts programs for the tests of one file, each of which ends after its test, once all that it writes is on the disk. */
export function endedPrograms(usual: ProgramOptions): (options?: Partial<ProgramOptions>) => TestProgram {
  const programs: TestProgram[] = [];
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      // A thread that still writes would put files into folders that are being removed.
      await program.quit();
      program.end();
    }
  });
  return (options = {}) => {
    const program = startProgram({ ...usual, ...options });
    programs.push(program);
    return program;
  };
}

export type ReplyOf<C extends RequestChannel> =
  Extract<Answer<C>, { readonly ok: true }> extends { readonly value: infer V } ? V : never;

/** The reply of a call that must not fail. */
export async function reply<C extends RequestChannel>(
  program: TestProgram,
  channel: C,
  request: RequestOf<C>,
): Promise<ReplyOf<C>> {
  const answer = (await program.calls.answer(channel, request)) as Result<ReplyOf<C>>;
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

/** A session of the program by its number. */
export function sessionOf(program: TestProgram, number: number): Session {
  const session = program.service.workspace.session(number);
  if (!session.ok) throw new Error(session.failure.message);
  return session.value;
}

/** Folders of the recordings in the program's library. */
export const recordingsOf = ({ sessions }: TestProgram): string[] =>
  readdirSync(sessions.folder)
    .filter((name) => name.endsWith('.ringview'))
    .map((name) => join(sessions.folder, name));

/**
 * A copy of the program's first recording as a kill would leave it, once `written` holds of what is on the disk: it has no
 * end, and nobody holds its lock.
 */
export async function killedCopy(program: TestProgram, written: (opened: OpenedSession) => boolean): Promise<string> {
  const [live] = recordingsOf(program) as [string];
  const holds = (): boolean => {
    const opened = openSession(live);
    if (!opened.ok) return false;
    const is = written(opened.value);
    opened.value.close();
    return is;
  };
  // Looked at with each change of a file in it: looking all the time would take the time of the thread that writes.
  const watcher = watch(live);
  try {
    for (;;) {
      const change = once(watcher, 'change');
      if (holds()) break;
      await change;
    }
  } finally {
    watcher.close();
  }
  const copy = live.replace('.ringview', '-killed.ringview');
  // What is just being written has another name until it is whole, and may be gone before it is copied.
  cpSync(live, copy, { recursive: true, filter: (path) => !path.endsWith('.tmp') });
  return copy;
}
