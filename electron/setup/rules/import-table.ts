/** Owns the table of rooms: which may import from which, and with what. import-rules.ts checks source texts against it. */

export interface Room {
  /** Folder or file, from the top level; the longest match decides. */
  readonly path: string;
  /** Rooms it may import from, besides itself. A folder includes what lies below it. */
  readonly rooms: readonly string[];
  /** Whether `node:` modules are available at run time. */
  readonly node: boolean;
  readonly packages: readonly string[];
  /** Rooms that its tests may import from as well. */
  readonly tests?: readonly string[];
  /** Whether it may import a module whose name is computed, which cannot be checked against the table. */
  readonly computed?: boolean;
}

const REACT = ['react', 'react-dom', 'zustand'];
const WIDGETS = ['@fluentui/react-components', '@fluentui/react-icons', '@tanstack/react-virtual', 'uplot'];

/** What every folder of the session may import. */
const SESSION_UPSTREAM = ['native/core', 'native/decode', 'native/sources/source.ts', 'electron/contract'];

/** The folders of the session in steps: each sees those of the steps before its own. */
function sessionFolders(steps: readonly (readonly string[])[]): Room[] {
  const paths = steps.map((names) => names.map((name) => `electron/session/${name}`));
  return paths.flatMap((step, at) =>
    step.map((path) => ({
      path,
      rooms: [...SESSION_UPSTREAM, ...paths.slice(0, at).flat()],
      node: false,
      packages: [],
    })),
  );
}

/** Data flows driver -> native -> electron -> renderer; a room may import only from rooms upstream of it. */
export const ROOMS: readonly Room[] = [
  { path: 'driver/assure', rooms: [], node: true, packages: [] },
  { path: 'native/core', rooms: [], node: false, packages: [] },
  { path: 'native', rooms: [], node: true, packages: ['koffi'] },
  // What codes mean is the same for readers of traces, the search and the page.
  { path: 'native/decode', rooms: ['native/core'], node: false, packages: [] },
  // Our own types are described by files, as those of any driver are.
  {
    path: 'native/decode/schema/ours.ts',
    rooms: ['native/core', 'native/decode', 'driver/schema'],
    node: false,
    packages: [],
  },
  { path: 'native/decode/generate', rooms: [], node: true, packages: [] },
  // The interface of a source is types and the names of formats, like the core it is made of.
  { path: 'native/sources/source.ts', rooms: ['native/core'], node: false, packages: [] },
  { path: 'electron/contract', rooms: ['native/core', 'native/sources/source.ts'], node: false, packages: [] },
  // A row passes through the folders of the session in this order, and no folder imports from a later one.
  // A session knows nothing of the views that look at it, nor they of how its rows come.
  ...sessionFolders([['text'], ['store'], ['search'], ['view', 'ingest'], ['workspace'], ['output']]),
  // Columnar files are written by libraries that do not need Node.
  {
    path: 'electron/session/output/formats',
    rooms: [...SESSION_UPSTREAM, 'electron/session'],
    node: false,
    packages: ['apache-arrow', 'hyparquet-writer'],
  },
  { path: 'electron/session', rooms: SESSION_UPSTREAM, node: false, packages: [] },
  {
    path: 'electron/files',
    rooms: ['native/core', 'native/file-lock.ts', 'electron/contract', 'electron/session'],
    tests: ['native'],
    node: true,
    packages: ['apache-arrow'],
  },
  // Which fields a file that was read states, for whatever writes its rows: the app and the command line alike.
  {
    path: 'electron/files/source-fields.ts',
    rooms: ['native', 'electron/contract', 'electron/session'],
    node: true,
    packages: [],
  },
  // Sessions on disk: the thread that writes them, and opening them. Used by any program, so it must not import
  // Electron.
  {
    path: 'electron/recording',
    rooms: [
      'native/core',
      'native/file-lock.ts',
      'native/thread-priority.ts',
      'native/sources/source.ts',
      // What is counted of a file is counted of a recording that is read like one.
      'native/sources/file/file-facts.ts',
      'electron/contract',
      'electron/session',
      'electron/files',
    ],
    tests: ['native'],
    node: true,
    packages: ['apache-arrow'],
  },
  // Reads PDBs in a thread of any program, so it must not import Electron.
  {
    path: 'electron/symbols',
    rooms: ['native/core', 'native/decode', 'native/sources/etl/pdb', 'electron/contract'],
    tests: ['native', 'electron/files'],
    node: true,
    packages: [],
  },
  // Runs in threads of any program, so it must not import Electron.
  {
    path: 'electron/scan',
    rooms: ['native/core', 'native/thread-priority.ts', 'electron/contract', 'electron/session'],
    node: true,
    packages: [],
  },
  // Runs SQL in a separate process, for the command line and the app alike.
  {
    path: 'electron/query',
    rooms: ['native/core', 'native/thread-priority.ts', 'electron/contract', 'electron/session', 'electron/files'],
    node: true,
    packages: ['@duckdb/node-api'],
  },
  // Carries out each call for any caller, so it knows neither Electron nor a transport. Its tests use real sources.
  {
    path: 'electron/service',
    rooms: [
      'native/core',
      'native/decode',
      'native/sources/source.ts',
      // Which logs a zip file holds; what opens them is handed in, as for every other file.
      'native/sources/zip/zip-source.ts',
      'electron/contract',
      'electron/session',
      'electron/files',
      'electron/query',
      'electron/recording',
      'electron/symbols',
    ],
    tests: ['native', 'electron/scan', 'electron/transport'],
    node: true,
    packages: [],
  },
  {
    path: 'electron/transport',
    rooms: ['native/core', 'electron/contract', 'electron/service'],
    node: false,
    packages: ['electron'],
  },
  { path: 'electron/preload', rooms: ['electron/contract'], node: false, packages: ['electron'] },
  {
    path: 'electron/main',
    rooms: [
      'native',
      'electron/contract',
      'electron/session',
      'electron/files',
      'electron/query',
      'electron/recording',
      'electron/scan',
      'electron/service',
      'electron/symbols',
      'electron/transport',
      'package.json',
    ],
    node: true,
    packages: ['electron'],
  },
  // Runs in plain Node, where importing `electron` gives the path of its binary rather than its API.
  {
    path: 'electron/cli',
    rooms: [
      'native',
      'electron/contract',
      'electron/session',
      'electron/files',
      'electron/query',
      'electron/recording',
      'package.json',
    ],
    node: true,
    packages: [],
  },
  { path: 'electron/cli/bin.mjs', rooms: ['electron/setup'], node: true, packages: [], computed: true },
  // It puts back what modules keep from one file of tests to the next.
  {
    path: 'electron/setup/test-support.ts',
    rooms: ['electron/contract/filter/known-names.ts', 'electron/session/text/schemas.ts'],
    node: true,
    packages: [],
  },
  { path: 'electron/setup', rooms: [], node: true, packages: ['vite', 'vitest', '@stryker-mutator/core'] },
  { path: 'renderer/model', rooms: ['native/core', 'electron/contract'], node: false, packages: [] },
  // The tables are a file of their own, which is loaded when something asks what a code means.
  {
    path: 'renderer/model/decoding.ts',
    rooms: ['native/core', 'native/decode', 'electron/contract'],
    node: false,
    packages: [],
  },
  {
    path: 'renderer/store',
    rooms: ['native/core', 'electron/contract', 'renderer/model', 'renderer/bridge.ts'],
    tests: ['native', 'electron/service', 'electron/transport', 'electron/session', 'electron/scan', 'renderer/test'],
    node: false,
    packages: ['zustand'],
  },
  {
    path: 'renderer',
    rooms: ['native/core', 'electron/contract'],
    // They run over the real service, in one process.
    tests: ['native', 'electron/service', 'electron/transport', 'electron/session', 'electron/scan'],
    node: false,
    packages: [...REACT, ...WIDGETS],
  },
  {
    path: 'e2e',
    // What was recorded is judged by what judges it for the command line, and a file of settings by what reads it; what one
    // program leaves to another is left by what leaves it.
    rooms: [
      ...['native', 'electron/contract', 'electron/setup', 'electron/recording'],
      ...['electron/main/settings.ts', 'electron/main/restart-file.ts'],
    ],
    node: true,
    packages: ['@playwright/test'],
  },
  // Measures the session without a window. It is a program of its own, so it must not import the set-up.
  {
    path: 'e2e/bench',
    rooms: [
      ...['native', 'electron/contract', 'electron/session', 'electron/files', 'electron/recording', 'electron/scan'],
      'electron/service',
    ],
    node: true,
    packages: ['@playwright/test'],
  },
  { path: 'vite.config.ts', rooms: [], node: true, packages: ['vite', 'vitest', '@vitejs/plugin-react'] },
];

/** Modules with much in them that a program loads when it needs them: others name them by `import()` or as types alone. */
export const LOADED_LATER: readonly string[] = ['renderer/model/decoding.ts'];
