/**
 * Owns the rules on which room may import from which. The rooms are a table in import-table.ts, the dangerous interfaces
 * another one here, and one function checks a source text against both. The test beside this file checks every file of the
 * project.
 */
import { posix } from 'node:path';
import { parseSync } from 'vite';
import { LOADED_LATER, ROOMS, type Room } from './import-table.ts';
import { isTestFile } from './test-files.mjs';

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
