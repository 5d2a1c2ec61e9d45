/**
 * Every setting by its name: what it is for, as the file says it, and what is allowed. A value that is not allowed is told
 * with its line, and its default is used.
 */
import { THEMES } from '../contract/app.ts';
import { MOST_COLOUR_RULES, parseColourRules } from '../contract/colour-rules.ts';
import { LEAST_LIBRARY_BYTES, LEAST_LIBRARY_DAYS, MOST_LIBRARY_BYTES, MOST_LIBRARY_DAYS } from '../contract/library.ts';
import { isFontFamily, isFontSize, LEAST_FONT_SIZE, MOST_FONT_SIZE } from '../contract/log-look.ts';
import { MOST_NAMED_FILTERS, parseNamedFilters } from '../contract/named-filters.ts';
import { MAX_EARLIER_QUESTIONS } from '../contract/page-state.ts';
import { MOST_RECENT_FILES } from '../contract/recent.ts';
import { LEAST_BYTES, LEAST_MEMORY_CAP, LEAST_ROWS, parsePolicy } from '../contract/retention.ts';
import { MOST_SCHEMA_FILES } from '../contract/schemas.ts';
import { MOST_PROBLEMS, type SettingsProblem } from '../contract/settings.ts';
import { DELTA_BASES, TIME_DIGITS, TIME_KINDS } from '../contract/shown-time.ts';
import { MOST_WATCHES, parseWatches } from '../contract/watches.ts';
import { MOST_COMMANDS, parseCommands } from './allowed-commands.ts';
import { lineAt, memberOf, type Node, plainValue, readCommented } from './commented-json.ts';
import {
  isQuestion,
  isSourceName,
  isWholePath,
  isWindowSize,
  MAX_RECENT,
  MAX_SYMBOLS,
  type Settings,
} from './settings.ts';

type Rule =
  | { readonly of: 'value'; readonly allowed: string; readonly fits: (value: unknown) => boolean }
  | { readonly of: 'object'; readonly fields: Readonly<Record<string, Rule>> }
  | { readonly of: 'list'; readonly most: number; readonly item: Rule & { readonly of: 'value' } };

type ValueRule = Rule & { readonly of: 'value' };

const value = (allowed: string, fits: (value: unknown) => boolean): ValueRule => ({ of: 'value', allowed, fits });
const oneOf = (names: readonly string[]): ValueRule =>
  value(names.map((name) => `"${name}"`).join(', '), (each) => names.some((name) => name === each));
const flag = value('true or false', (each) => typeof each === 'boolean');
const whole = (least: number, most: number): ValueRule =>
  value(
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`,
    (each) => Number.isSafeInteger(each) && (each as number) >= least && (each as number) <= most,
  );
const object = (fields: Readonly<Record<string, Rule>>): Rule => ({ of: 'object', fields });
const list = (most: number, allowed: string, fits: (value: unknown) => boolean): Rule => ({
  ...{ of: 'list', most },
  item: value(allowed, fits),
});

const anywhere = whole(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const pixels = value('a number from 200 to 20000', isWindowSize);

interface Setting {
  /** What is written above it. */
  readonly note: string;
  readonly rule: Rule;
}

/** In the order in which the file has them: first what a person sets, then what the program remembers. */
export const SETTINGS: Readonly<Record<keyof Settings, Setting>> = {
  theme: { note: 'Colours: "system", "light" or "dark".', rule: oneOf(THEMES) },
  times: {
    note: 'Times of rows: kind "elapsed", "clock" or "boot"; digits "ms", "us" or "100ns"; delta to the "row" above or of the same "cpu".',
    rule: object({ kind: oneOf(TIME_KINDS), digits: oneOf(TIME_DIGITS), delta: oneOf(DELTA_BASES) }),
  },
  alwaysOnTop: { note: 'Whether the window stays above all others.', rule: flag },
  askBeforeClosing: { note: 'Whether closing asks while there are live rows that nothing keeps.', rule: flag },
  tray: { note: 'Whether there is an icon in the tray,', rule: flag },
  closeToTray: { note: 'and whether closing the last window leaves the program there.', rule: flag },
  fontSize: {
    note: 'Rows of the log: the size of their letters in pixels,',
    rule: value(`a number from ${LEAST_FONT_SIZE} to ${MOST_FONT_SIZE} in halves`, isFontSize),
  },
  fontFamily: {
    note: 'their family, "" for the usual one,',
    rule: value('the name of one font family, or ""', isFontFamily),
  },
  processColours: { note: 'and whether cells that name a process have a colour of it.', rule: flag },
  retention: {
    note: 'Memory for rows in bytes, and what is kept: {"keep": "all"}, {"keep": "rows", "rows": N} or {"keep": "bytes", "bytes": N}.',
    rule: object({
      memoryCapBytes: whole(LEAST_MEMORY_CAP, Number.MAX_SAFE_INTEGER),
      policy: value(
        `{"keep": "all"}, {"keep": "rows", "rows": from ${LEAST_ROWS}} or {"keep": "bytes", "bytes": from ${LEAST_BYTES}}`,
        (each) => parsePolicy(each) !== null,
      ),
    }),
  },
  library: {
    note: 'Recorded sessions: whether live ones are recorded, most bytes of all together, and for how many days each is kept.',
    rule: object({
      record: flag,
      mostBytes: whole(LEAST_LIBRARY_BYTES, MOST_LIBRARY_BYTES),
      mostDays: whole(LEAST_LIBRARY_DAYS, MOST_LIBRARY_DAYS),
    }),
  },
  commands: {
    note: 'Commands that a match may run, off until "allowed" is true: {"name": ..., "program": a whole path, "arguments": [...]}.',
    rule: object({
      allowed: flag,
      list: list(
        MOST_COMMANDS,
        '{"name": "...", "program": a whole path, "arguments": ["..."]}',
        (each) => parseCommands({ list: [each] }).list.length === 1,
      ),
    }),
  },
  highlights: {
    note: 'What is highlighted (Ctrl+J).',
    rule: list(MOST_COLOUR_RULES, 'a highlight as the app writes it', (each) => parseColourRules([each]).length === 1),
  },
  watches: {
    note: 'Actions on a match (Ctrl+Shift+A).',
    rule: list(MOST_WATCHES, 'an action as the app writes it', (each) => parseWatches([each]).length === 1),
  },
  filters: {
    note: 'Saved filters (Ctrl+Shift+L).',
    rule: list(MOST_NAMED_FILTERS, 'a filter as the app writes it', (each) => parseNamedFilters([each]).length === 1),
  },
  schemas: {
    note: 'Schemas of typed records, each by its whole path (Settings add them).',
    rule: list(MOST_SCHEMA_FILES, 'a whole path', isWholePath),
  },
  saveFolder: {
    note: 'Where matches save the last minutes: a whole path, or null for nowhere.',
    rule: value('a whole path, or null', (each) => each === null || isWholePath(each)),
  },
  window: {
    note: 'What the program remembers by itself begins here: the place of the window,',
    rule: object({ width: pixels, height: pixels, maximized: flag, x: anywhere, y: anywhere }),
  },
  secondWindow: {
    note: 'that of a second one, null while there was none,',
    rule: value(
      'null, or a place as the app writes it',
      (each) => each === null || (typeof each === 'object' && !Array.isArray(each)),
    ),
  },
  source: { note: 'the source that is offered at the start,', rule: value('the name of a source', isSourceName) },
  recentSources: { note: 'sources used lately,', rule: list(MAX_RECENT, 'the name of a source', isSourceName) },
  recentFiles: { note: 'files opened lately,', rule: list(MOST_RECENT_FILES, 'a whole path', isWholePath) },
  symbols: { note: 'what explained events of traces,', rule: list(MAX_SYMBOLS, 'a whole path', isWholePath) },
  questions: { note: 'and questions asked in SQL.', rule: list(MAX_EARLIER_QUESTIONS, 'a question', isQuestion) },
};

const MOST_SHOWN = 60;

function quoted(text: string, { start, end }: Node): string {
  const all = text.slice(start, end).replace(/\s+/g, ' ');
  return all.length <= MOST_SHOWN ? all : `${all.slice(0, MOST_SHOWN)}…`;
}

function problemsOf(text: string, node: Node, rule: Rule, name: string): SettingsProblem[] {
  const wrong = (at: Node, allowed: string): SettingsProblem[] => [
    { name, line: lineAt(text, at.start), what: `is ${quoted(text, at)}; allowed: ${allowed}` },
  ];
  if (rule.of === 'value') return rule.fits(plainValue(node)) ? [] : wrong(node, rule.allowed);
  if (rule.of === 'object') {
    if (node.kind !== 'object') return wrong(node, 'an object in braces');
    return Object.entries(rule.fields).flatMap(([field, each]) => {
      const member = memberOf(node, field);
      return member === undefined ? [] : problemsOf(text, member.value, each, `${name}.${field}`);
    });
  }
  if (node.kind !== 'array') return wrong(node, 'a list in brackets');
  const items = node.items
    .slice(0, rule.most)
    .flatMap((item, at) => problemsOf(text, item.value, rule.item, `${name}[${at}]`));
  const first = node.items[rule.most];
  if (first === undefined) return items;
  const many = `has ${node.items.length} entries, of which ${rule.most} are used`;
  return [...items, { name, line: lineAt(text, first.value.start), what: many }];
}

/** What is wrong in a file of settings, in the order of its lines; at most MOST_PROBLEMS. */
export function settingsProblems(text: string): readonly SettingsProblem[] {
  const { root, broken } = readCommented(text);
  const found: SettingsProblem[] = [];
  if (root !== null && root.kind !== 'object')
    found.push({ name: '', line: lineAt(text, root.start), what: 'the settings are not an object in braces' });
  for (const [name, { rule }] of Object.entries(SETTINGS)) {
    const member = memberOf(root, name);
    // Null says of times that nothing was chosen.
    if (member === undefined || (name === 'times' && plainValue(member.value) === null)) continue;
    found.push(...problemsOf(text, member.value, rule, name));
  }
  if (broken !== null)
    found.push({
      name: '',
      line: lineAt(text, broken.at),
      what: `${broken.expected} was expected; what is below is not used, and nothing is saved until that is corrected`,
    });
  return found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, MOST_PROBLEMS);
}

/** The entries of a list in the file that are not used: whoever writes the list keeps them. */
export function unusedEntries(name: string, there: unknown): readonly unknown[] {
  const rule = (SETTINGS as Readonly<Record<string, Setting>>)[name]?.rule;
  if (rule?.of !== 'list' || !Array.isArray(there)) return [];
  return there.filter((each, at) => at >= rule.most || !rule.item.fits(each));
}

const HEADER = `// The settings of RingView, as JSON in which comments stay. What is wrong is told in the app (Ctrl+,) with its line, and
// the default is used instead. Several instances may share this file.
`;

/** A new file, with a comment for each setting. */
export function newFile(values: Settings): string {
  const members = Object.entries(SETTINGS).map(([name, { note }], at, { length }) => {
    const text = JSON.stringify(values[name as keyof Settings], null, 2).replaceAll('\n', '\n  ');
    return `  // ${note}\n  ${JSON.stringify(name)}: ${text}${at + 1 < length ? ',' : ''}\n`;
  });
  return `${HEADER}{\n${members.join('\n')}}\n`;
}
