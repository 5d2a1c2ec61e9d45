/**
 * Owns the rules on which room may import from which. The rooms are one table, the dangerous interfaces another, and one
 * function checks a source text against both. The test beside this file checks every file of the project.
 */
import { posix } from 'node:path';
import { parseSync } from 'vite';
import { isTestFile } from './test-files.mjs';

interface Room {
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
    rooms: ['electron/contract/filter/known-names.ts'],
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
const LOADED_LATER: readonly string[] = ['renderer/model/decoding.ts'];

/** The app's tests in e2e may use what is only for tests, as tests may. */
const TEST_ROOM = 'e2e';
const TEST_PACKAGES = ['vitest', 'fast-check', 'vite'];
/** Tests of whole programs build these with the set-up. */
const TEST_ROOMS = ['electron/setup'];

interface Owned {
  readonly name: string;
  readonly owners: RegExp;
}

/** Each dangerous interface has a single owner, plus the owner's test; everyone else has to use the owner. */
const OWNED_PACKAGES: readonly Owned[] = [{ name: 'koffi', owners: /^native\/(posix|win32)\// }];
const OWNED_NAMES: readonly Owned[] = [
  // The second one is a test that simulates a Windows machine for the real page.
  { name: 'ipcMain', owners: /^(electron\/transport\/ipc(\.test)?|e2e\/machine\.spec)\.ts$/ },
  { name: 'ipcRenderer', owners: /^electron\/preload\/preload\.ts$/ },
  { name: 'contextBridge', owners: /^electron\/preload\/preload\.ts$/ },
];
const GLOBAL_OBJECTS = ['window', 'globalThis', 'self'];
const OWNED_GLOBALS: readonly Owned[] = [{ name: 'ringview', owners: /^(renderer\/bridge(\.test)?\.ts|e2e\/.*)$/ }];

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

/** All violations in one file, in the order of its lines. `file`: path from the top level, with forward slashes. */
export function importViolations(file: string, text: string): Violation[] {
  const room = roomOf(file);
  if (!room) return [{ file, line: 1, rule: 'belongs to no room of the import table' }];
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) return [{ file, line: 1, rule: `cannot be parsed: ${errors[0]?.message}` }];

  const found: Violation[] = [];
  const report = (offset: number, rule: string | null): void => {
    if (rule !== null) found.push({ file, line: text.slice(0, offset).split('\n').length, rule });
  };
  visit(program, (node) => {
    const specifier = importedSpecifier(node);
    if (specifier !== null) report(node.start, brokenImport(file, room, specifier) ?? tooEarly(file, node, specifier));
    else if (node.type === 'ImportExpression' && !room.computed)
      report(node.start, 'imports a module whose name is computed');
    report(node.start, brokenOwnership(file, node));
  });
  const seen = new Set<string>();
  return found
    .filter(({ line, rule }) => !seen.has(`${line}${rule}`) && seen.add(`${line}${rule}`))
    .sort((a, b) => a.line - b.line);
}

/** The table entry that applies to a file. */
export function roomOf(file: string): Room | null {
  const within = ROOMS.filter((room) => isWithin(file, room.path));
  return within.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

function isWithin(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

/** Says how an import breaks the table, or null. */
function brokenImport(file: string, room: Room, specifier: string): string | null {
  // They always run in Node, whatever their room is made for.
  const test = isTestFile(file);
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier));
    // Modules shared by tests may be imported within the same top-level folder.
    if (test && isTestFile(target) && file.split('/')[0] === target.split('/')[0]) return null;
    // A test in one folder of the session may use the folders built on it.
    if (test && isWithin(file, 'electron/session') && isWithin(target, 'electron/session')) return null;
    const allowed = test ? [...room.rooms, ...(room.tests ?? []), ...TEST_ROOMS] : room.rooms;
    if (!isWithin(target, room.path) && !allowed.some((each) => isWithin(target, each)))
      return `${room.path} may not import ${target}`;
    const forTests = isTestFile(target) && !test && !isWithin(file, TEST_ROOM);
    return forTests ? `the product may not import ${target}: it is only for tests` : null;
  }
  if (specifier.startsWith('node:')) {
    return room.node || test ? null : `${room.path} may not import ${specifier}: it runs without Node`;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (test && TEST_PACKAGES.includes(name)) return null;
  if (!room.packages.includes(name)) return `${room.path} may not import the package ${name}`;
  const owned = OWNED_PACKAGES.find((each) => each.name === name);
  return owned && !owned.owners.test(file) ? ownership(owned) : null;
}

/** Says that an import loads at once what is meant to be loaded later, or null. */
function tooEarly(file: string, node: Node, specifier: string): string | null {
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  const later = node.type === 'ImportExpression' || node.type === 'TSImportType';
  const isType = node.importKind === 'type' || node.exportKind === 'type';
  if (!LOADED_LATER.includes(target) || later || isType || isTestFile(file)) return null;
  return `${target} is loaded when it is needed: by import(), or as a type`;
}

/** Says which owner is bypassed by a node of the syntax tree, or null. */
function brokenOwnership(file: string, node: Node): string | null {
  const owned = ownedName(node);
  return owned && !owned.owners.test(file) ? ownership(owned) : null;
}

function ownedName(node: Node): Owned | undefined {
  if (node.type === 'Identifier') return OWNED_NAMES.find(({ name }) => name === node.name);
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property } = node;
  if (!isNode(object) || !isNode(property) || !GLOBAL_OBJECTS.includes(String(object.name))) return undefined;
  return OWNED_GLOBALS.find(({ name }) => name === (property.name ?? property.value));
}

function ownership({ name, owners }: Owned): string {
  return `${name} may be used only by ${owners.source.replaceAll('\\', '')}`;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** The module a node imports from: static, dynamic, type position, re-export or require. */
function importedSpecifier(node: Node): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node.source);
    case 'TSExternalModuleReference':
      return literal(node.expression);
    case 'CallExpression': {
      const { callee, arguments: args } = node as { callee?: unknown; arguments?: unknown };
      return isNode(callee) && callee.name === 'require' && Array.isArray(args) ? literal(args[0]) : null;
    }
    default:
      return null;
  }
}

function literal(node: unknown): string | null {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, see);
  } else if (typeof value === 'object' && value !== null) {
    if (isNode(value)) see(value);
    for (const each of Object.values(value)) visit(each, see);
  }
}
