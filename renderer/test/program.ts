/**
 * The program behind a page, in this process: the real service over real sessions. Only its outermost parts are
 * replaced for tests: the clock, which stands still unless a test moves it, the sources, the threads that search, and
 * the machine.
 */
import type { Bootstrap } from '../../electron/contract/app.ts';
import type { ColourRule } from '../../electron/contract/colour-rules.ts';
import type { DriverState } from '../../electron/contract/machine.ts';
import type { NamedFilter } from '../../electron/contract/named-filters.ts';
import type { PageState } from '../../electron/contract/page-state.ts';
import { KEEP_ALL } from '../../electron/contract/retention.ts';
import type { SettingsState } from '../../electron/contract/settings.ts';
import { SETTINGS_HERE } from '../../electron/contract/test-support.ts';
import type { Watch } from '../../electron/contract/watches.ts';
import { Addresses } from '../../electron/service/addresses.ts';
import { Colours } from '../../electron/service/colours.ts';
import { FilterSets } from '../../electron/service/filter-sets.ts';
import { Machine } from '../../electron/service/machine.ts';
import { RecentFiles } from '../../electron/service/recent-files.ts';
import { SchemaFiles } from '../../electron/service/schema-files.ts';
import { Service } from '../../electron/service/service.ts';
import type { WatchEffects } from '../../electron/service/watching.ts';
import type { Session } from '../../electron/session/ingest/session.ts';
import type { Scanner } from '../../electron/session/search/scanner.ts';
import { FakeSource, FakeThreads, FileInPieces, type Pieces } from '../../electron/session/test-support.ts';
import type { OpenView } from '../../electron/session/workspace/open-view.ts';
import { InProcessWire } from '../../electron/transport/in-process.ts';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { FakeLibrary } from './fake-library.ts';
import { batchesOf, CPUS, START_UNIX_MS } from './log.ts';
import { WindowsMachine } from './windows-machine.ts';

const MIB = 1024 ** 2;

/** The sources that exist. */
export const SOURCE_NAMES: readonly string[] = ['sim:demo', 'sim:nicfilter', 'sim:storage', 'sim:usb'];

export interface ProgramOptions {
  /** Rows the first session starts with. */
  readonly rows: number;
  /** Rows a second while time advances. */
  readonly rate: number;
  /** How many of SOURCE_NAMES the first session captures at the start; the first of them delivers the rows. */
  readonly sources: number;
  /** At least so many rows are kept; null: all. */
  readonly keep: number | null;
  /** Rows that are dropped, or searched, at once. */
  readonly segmentRows: number;
  readonly platform: Bootstrap['platform'];
  /** Where the driver stands on Windows. */
  readonly driver: DriverState;
  /** What the page before the first one was. */
  readonly restored: PageState | null;
}

const DEFAULTS: ProgramOptions = {
  ...{ rows: 0, rate: 0, sources: 1, keep: null, segmentRows: 65_536 },
  ...{ platform: 'linux', driver: 'not-installed', restored: null },
};

export class Program {
  readonly options: ProgramOptions;
  readonly machine: WindowsMachine;
  readonly service: Service;
  readonly threads = new FakeThreads(1);
  /** While true, searches wait until `searchOn`. */
  holdsSearches = false;
  /** While true, the service sends nothing by itself. */
  frozen = false;
  /** Milliseconds by which every reading advances the clock: above 0, work takes time. */
  readingMs = 0;
  /** What work waits for between two of its slices. */
  rest: () => Promise<void> = async () => {};
  /** The recorded sessions of the machine. */
  readonly recorded: FakeLibrary;
  /** The state that the page last asked to remember. */
  remembered: PageState | null;
  /** What was put on the clipboard last. */
  clipboard = '';
  /** The filters that the person has named, and the file that they choose for them; null: none. */
  filters: readonly NamedFilter[] = [];
  /** What they highlight. */
  highlighted: readonly ColourRule[] = [];
  filterPath: string | null = null;
  /** What was done on matches, one line for each, and the folder that they save into. */
  readonly acted: string[] = [];
  saveFolder: string | null = null;
  /** What becomes of a wish for the rights of an administrator, and how often there was one. */
  rights: Result<null> = ok(null);
  elevations = 0;
  /** Paths of files with schemas, and those that the dialog for them gives. */
  schemaPaths: readonly string[] = [];
  choosesSchemas: readonly string[] = [];
  readonly schemas = new SchemaFiles({
    paths: () => this.schemaPaths,
    change: (change) => {
      this.schemaPaths = change(this.schemaPaths);
    },
    askForFiles: async () => this.choosesSchemas,
    changed: () => this.service.tellAll('app.schemas', this.schemas.state),
  });
  /** Commands that the settings allow. */
  commands: readonly string[] = [];
  watches: readonly Watch[] = [];
  /** The settings, and whether the file can be opened. */
  settings: SettingsState = SETTINGS_HERE;
  readonly watchEffects: WatchEffects = {
    load: () => this.watches,
    keep: (watches) => {
      this.watches = watches;
    },
    commands: () => this.commands,
    folder: () => this.saveFolder,
    chooseFolder: async () => this.saveFolder,
    sound: () => this.acted.push('sound'),
    notify: (_, body) => this.acted.push(`notify ${body}`),
    run: (command, { index }) => {
      this.acted.push(`run ${command} ${index}`);
      return ok(undefined);
    },
  };
  readonly colours = new Colours({
    load: () => this.highlighted,
    keep: (change) => {
      this.highlighted = change(this.highlighted);
    },
  });
  /** The log files that exist, by their paths: when their rows were written, and when each began. */
  readonly files = new Map<
    string,
    { readonly pieces: Pieces; readonly startUnixMs: number; readonly fromEnd?: true }
  >();
  /** Paths of the files that the person chooses next. */
  chooses: readonly string[] = [];
  /** Exceptions of handlers. If a test did not cause them on purpose, it has found a defect. */
  readonly defects: unknown[] = [];
  /** The sources that were opened last, by name. */
  private readonly sources = new Map<string, FakeSource>();
  private readonly served: ReturnType<Service['serve']>;
  private timers: { readonly at: number; readonly run: () => void }[] = [];
  private page: InProcessWire | null = null;
  private clock = 1000;
  private fed = 0;
  private owed = 0;

  constructor(options: Partial<ProgramOptions>) {
    this.options = { ...DEFAULTS, ...options };
    const { platform, keep, segmentRows, sources } = this.options;
    this.remembered = this.options.restored;
    this.machine = new WindowsMachine(platform === 'win32', this.options.driver);
    const now = (): number => {
      this.clock += this.readingMs;
      return this.clock;
    };
    this.recorded = new FakeLibrary(now);
    const memoryCapBytes = 512 * MIB;
    this.service = new Service({
      now,
      after: (ms, run) => this.after(ms, run),
      workspace: {
        ...{ scanner: this.scanner(), memoryCapBytes, largestCapBytes: 1024 * MIB },
        policy: keep === null ? KEEP_ALL : { keep: 'rows', rows: keep },
        sessionOptions: () => ({
          open: (spec) => this.open(spec),
          now,
          store: { memoryCapBytes, segmentRows },
        }),
      },
    });
    this.served = this.service.serve((channel, payload) => this.page?.send(channel, payload), {
      bootstrap: () => ({
        ...{ version: '0', platform, theme: 'system', source: 'sim:demo', recentSources: ['sim:demo', 'sim:lab'] },
        earlierQuestions: [],
        schemas: this.schemas.state,
        restored: this.remembered,
      }),
      remember: (state) => {
        this.remembered = state;
      },
      openSource: async (session, spec, how) => (how === 'alone' ? session.start(spec) : session.add(spec)),
      examineSystem: () => [],
      machine: new Machine(this.machine),
      offerSources: this.machine.offers,
      elevate: async () => {
        this.elevations++;
        return this.rights;
      },
      openWindow: () => {},
      emptied: () => {},
      setTheme: () => {},
      writeClipboard: (text) => {
        this.clipboard = text;
      },
      showInFolder: () => {},
      retentionChanged: (retention) => {
        this.settings = { ...this.settings, retention };
      },
      settings: {
        read: () => this.settings,
        set: (choice) => {
          this.settings = { ...this.settings, ...choice };
          return this.settings;
        },
        openFile: async () => fail('io-error', 'The file of settings was not opened', 'Open it in an editor'),
      },
      askForFiles: async () => this.chooses,
      askForSymbols: async () => this.chooses,
      rememberSymbols: () => {},
      colours: this.colours,
      watchEffects: this.watchEffects,
      filterSets: new FilterSets({
        load: () => this.filters,
        keep: (change) => {
          this.filters = change(this.filters);
        },
        highlights: () => this.highlighted,
        addHighlights: (rules) => this.colours.add(rules),
        askForTarget: async () => this.filterPath,
        askForFile: async () => this.filterPath,
      }),
      addresses: new Addresses({
        port: { ask: async ({ places }) => ({ functions: places.map(() => null), remark: '' }) },
        symbols: [],
        askForModules: async () => this.filterPath,
        askForSymbols: async () => null,
      }),
      askForPath: async () => null,
      schemas: this.schemas,
      recent: new RecentFiles({ paths: () => [], change: () => {}, exists: async () => true }),
      library: this.recorded.library,
      sql: {
        start: async () => fail('source-unsupported', 'There is no database here', 'Use the app'),
        startThread: () => ({
          ask: async () => ({ failure: null, unnamed: [] }),
          end: async () => {},
        }),
        folder: '',
      },
      mayEnd: () => true,
      fieldsOf: () => ({ lacks: new Set(), zeroPidIsNone: false, traceFields: null }),
      rest: () => this.rest(),
      onRefused: () => {},
      unixMs: Date.now,
      report: () => {},
      onDefect: (_channel, error) => this.defects.push(error),
    });
    for (const name of SOURCE_NAMES.slice(0, sources)) this.session.add(name);
    this.append(this.options.rows);
    this.service.start();
    // The rows are there before any page.
    this.move();
  }

  /** The first of the open sessions, and its first view. */
  get session(): Session {
    return this.service.workspace.openSessions[0]?.session as Session;
  }

  get view(): OpenView {
    return this.service.workspace.openViews[0] as OpenView;
  }

  /** Rows the source has delivered. */
  get total(): number {
    return this.fed;
  }

  /** The source of that name that was opened last. */
  source(name = 'sim:demo'): FakeSource {
    return this.sources.get(name) as FakeSource;
  }

  /** Rows arrive. */
  append(rows: number): void {
    if (rows === 0) return;
    this.source().ready.push(...batchesOf(this.fed, this.fed + rows));
    this.fed += rows;
    this.service.loop.wake();
  }

  /** Time passes; no rows arrive. */
  passTime(ms: number): void {
    this.clock += ms;
  }

  /** Time passes, and rows arrive at their rate. */
  advance(ms: number): void {
    this.passTime(ms);
    this.owed += (this.options.rate * ms) / 1000;
    const arrived = Math.floor(this.owed);
    this.owed -= arrived;
    this.append(arrived);
  }

  /** Does what is due at the present time. True if there was anything. */
  move(): boolean {
    if (this.frozen) return false;
    let moved = false;
    for (let left = 10_000; ; left--) {
      const due = this.timers.find(({ at }) => at <= this.clock);
      if (due === undefined) return moved;
      if (left === 0) throw new Error('the service never comes to rest');
      this.timers = this.timers.filter((timer) => timer !== due);
      due.run();
      moved = true;
    }
  }

  /** Searches until the first view has covered the rows below `row`, in whole pieces. */
  searchOn(row = Number.POSITIVE_INFINITY): void {
    while (this.view.log.reachedRow < row && this.threads.work());
  }

  /** A wire for a page, which replaces the previous page. */
  connect(): InProcessWire {
    // Messages are cloned, like over the wire of the product.
    this.page = new InProcessWire(this.served.calls, structuredClone);
    return this.page;
  }

  private open(spec: string) {
    const file = this.files.get(spec.replace(/^file:/, ''));
    if (file !== undefined) {
      const { pieces, startUnixMs, ...facts } = file;
      return ok(new FileInPieces(spec.slice('file:'.length), pieces, startUnixMs, facts));
    }
    if (!SOURCE_NAMES.includes(spec)) return fail('source-not-found', `There is no ${spec}`, 'Start it first');
    const at = SOURCE_NAMES.indexOf(spec);
    const source = new FakeSource({
      ...{ name: spec, cpuCount: CPUS, startUnixMs: START_UNIX_MS, sessionId: `000000000000000${at}` },
    });
    this.sources.set(spec, source);
    return ok(source);
  }

  /** The same searching code as in the threads; it works at once unless searches are held. */
  private scanner(): Scanner {
    const { pool } = this.threads;
    const workOff = (): void => {
      if (!this.holdsSearches) this.threads.settle();
    };
    return {
      forget: () => pool.forget(),
      open: (query, urgent) => {
        const scan = pool.open(query, urgent);
        return {
          get ready() {
            return scan.ready;
          },
          submit(piece, done) {
            scan.submit(piece, done);
            queueMicrotask(workOff);
          },
          cancel: () => scan.cancel(),
        };
      },
    };
  }

  private after(ms: number, run: () => void): () => void {
    const timer = { at: this.clock + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }
}
