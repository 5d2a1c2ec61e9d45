/** What can follow what is typed in the filter box: names of terms, and the values that occur in the log. */

import { fieldsCalled, knownNames, termOf } from '../../electron/contract/filter/known-names.ts';
import { tokensOf } from '../../electron/contract/filter/lex.ts';
import { nameText } from '../../electron/contract/filter/print.ts';
import { FIELD_NAMES, type FieldName, ORIGIN_NAMES } from '../../electron/contract/filter/tree.ts';
import { scopeOf } from '../../electron/contract/filter/type-scope.ts';
import type { Status } from '../../electron/contract/status.ts';
import { LEVEL_NAMES } from '../../native/core/entry.ts';
import type { EventNameField, EventNames } from '../../native/core/event-names.ts';

/** What is known of the log. */
export interface Occurring {
  readonly cpus: readonly number[];
  readonly sources: readonly string[];
  readonly processes: readonly string[];
  /** What events are called in one respect. */
  readonly eventNames: (field: EventNameField) => readonly string[];
  /** Names of status codes to go on with from what is typed, at most so many, each with its number. */
  readonly statuses: (typed: string, most: number) => readonly { readonly name: string; readonly number: string }[];
}

/** What a session knows of its log. Gathered when it is asked for: most keys that are pressed ask for nothing of it. */
export function occurringIn(
  status: Status | null,
  processes: readonly ReadonlyMap<number, string>[],
  events: ReadonlyMap<number, EventNames>,
  statuses: Occurring['statuses'],
): Occurring {
  return {
    get cpus() {
      const cpus = new Set((status?.sources ?? []).flatMap((source) => source.cpus.map(({ cpu }) => cpu)));
      return [...cpus].sort((a, b) => a - b);
    },
    get sources() {
      return (status?.sourceNames ?? []).map(({ name }) => name);
    },
    get processes() {
      return [...new Set(processes.flatMap((names) => [...names.values()]))];
    },
    eventNames: (field) => [
      ...new Set([...events.values()].flatMap((names) => (names[field] === null ? [] : [names[field]]))),
    ],
    statuses,
  };
}

export interface Completion {
  /** What takes the place of `from..to-1` of the text. */
  readonly insert: string;
  readonly label: string;
  /** What it is, in a few words; may be empty. */
  readonly note: string;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
}

/** What each term looks at, in a few words. */
const FIELD_NOTES: Readonly<Record<FieldName, string>> = {
  cpu: 'cpu:3,5-7',
  level: 'level>=warning',
  origin: 'driver or dbgprint',
  pid: 'process number',
  tid: 'thread number',
  type: 'type of the payload',
  remarks: "the caller's number",
  index: 'index:100-200',
  time: 'since the start or by the clock: time>12.5s time>14:03:22',
  delta: 'since the row before: delta>1ms',
  source: 'where it comes from',
  process: 'process:nic*',
  provider: 'of a trace or an event log: provider:nic*',
  event: 'what its provider calls it',
  function: 'that wrote it: function:Nic*',
  source_file: 'that it was written in',
  like: 'messages of one template',
  status: 'status:STATUS_TIMEOUT, by name or number',
  hex: 'hex:0xffffc01a2b3c4d50, an address or handle however it is written',
};

const MOST_ITEMS = 50;
/** A single letter is the begin of a word more often than of a name. */
const FEWEST_LETTERS = 2;
/** Two letters are within too many names. */
const LETTERS_WITHIN = 3;
const TERM = /^([a-z_][a-z0-9_.]*)(:|<=?|>=?)/i;
const isOwn = (name: string): name is FieldName => (FIELD_NAMES as readonly string[]).includes(name);

/** What can follow at the cursor; null where nothing is known. `asked`: somebody wants to see all names. */
export function completionsAt(text: string, at: number, known: Occurring, asked = false): Completions | null {
  // A cursor within a word changes that word.
  if (/^\S/u.test(text.slice(at)) && text[at] !== ')') return null;
  const before = text.slice(0, at);
  // What is in quotes or in an expression is no word of the language.
  const last = tokensOf(before).at(-1);
  if (last !== undefined && last.to === at && (last.kind === 'unclosed' || last.kind === 'regex')) return null;
  const from = at - (/[^\s(]*$/u.exec(before)?.[0].length ?? 0);
  const word = before.slice(from);
  const sign = word.startsWith('-') ? 1 : 0;
  const [whole, name] = TERM.exec(word.slice(sign)) ?? [];
  const typed = name?.toLowerCase() ?? '';
  const small = scopeOf(tokensOf(text)).get(typed) ?? typed;
  const found =
    whole === undefined || !(isOwn(small) || knownNames().fields.has(small))
      ? namesFor(word.slice(sign), from + sign, at, asked)
      : valuesFor(small, word.slice(sign + whole.length), at, known);
  return found.items.length === 0 ? null : found;
}

function namesFor(typed: string, from: number, to: number, asked: boolean): Completions {
  if (typed.length < FEWEST_LETTERS && !(asked && typed === '')) return { from, to, items: [] };
  const items = FIELD_NAMES.filter((name) => name.startsWith(typed.toLowerCase())).map((name) => ({
    insert: `${name}:`,
    label: `${name}:`,
    note: FIELD_NOTES[name],
  }));
  return { from, to, items: [...items, ...recordFields(typed)].slice(0, MOST_ITEMS) };
}

/** Fields of records that a schema describes: those whose names begin with what is typed, then those that have it within. */
function recordFields(typed: string): Completion[] {
  const wanted = typed.toLowerCase();
  const names = knownNames().types.flatMap((type) =>
    type.fields.map((field) => ({ name: termOf(type, field.name), note: field.description, of: type.name })),
  );
  const placeOf = (name: string): number => name.toLowerCase().indexOf(wanted);
  const found =
    wanted === ''
      ? []
      : [
          ...names.filter(({ name }) => placeOf(name) === 0),
          ...names.filter(({ name }) => placeOf(name) > 0 && wanted.length >= LETTERS_WITHIN),
        ];
  return found.map(({ name, note, of }) => ({
    insert: `${name}:`,
    label: `${name}:`,
    note: note === '' ? `of ${of} records` : note,
  }));
}

function valuesFor(name: string, values: string, to: number, known: Occurring): Completions {
  const typed = values.slice(values.lastIndexOf(',') + 1);
  if (name === 'status') {
    const items = known
      .statuses(typed, MOST_ITEMS)
      .map((each) => ({ insert: each.name, label: each.name, note: each.number }));
    return { from: to - typed.length, to, items: items.length === 1 && items[0]?.insert === typed ? [] : items };
  }
  const wanted = typed.toLowerCase();
  const all = valuesOf(name, known);
  // Those that begin with what is typed come first.
  const fitting = [
    ...all.filter(({ label }) => label.toLowerCase().startsWith(wanted)),
    ...all.filter(({ label }) => wanted !== '' && label.toLowerCase().indexOf(wanted) > 0),
  ];
  const whole = fitting.length === 1 && fitting[0]?.insert === typed;
  return { from: to - typed.length, to, items: whole ? [] : fitting.slice(0, MOST_ITEMS) };
}

function valuesOf(name: string, known: Occurring): Completion[] {
  const plain = (values: readonly string[], note = ''): Completion[] =>
    [...new Set(values)].map((value) => ({ insert: nameText(value), label: value, note }));
  switch (name) {
    case 'cpu':
      return plain(known.cpus.map(String));
    case 'level':
      return plain([...LEVEL_NAMES, 'other']);
    case 'origin':
      return plain(ORIGIN_NAMES);
    case 'source':
      return [...plain(known.sources), ...plain(ORIGIN_NAMES, 'origin')];
    case 'process':
      return plain([...known.processes].sort((a, b) => a.localeCompare(b)));
    case 'provider':
    case 'event':
    case 'function':
    case 'source_file':
      return plain([...known.eventNames(name)].sort((a, b) => a.localeCompare(b)));
    case 'type':
      return knownNames().types.map(({ name: called, type }) => ({ insert: called, label: called, note: `${type}` }));
    default:
      return plain(valuesOfField(name));
  }
}

/** Names that the values of a field of records have. */
function valuesOfField(name: string): readonly string[] {
  const { types } = knownNames();
  return fieldsCalled(name).flatMap(({ type, field }) => {
    const fields = types.find((each) => each.type === type)?.fields ?? [];
    return fields.find((each) => each.name === field)?.values ?? [];
  });
}

/** The text with a completion in its place, and where the cursor is then. */
export function completed(
  text: string,
  { from, to }: Pick<Completions, 'from' | 'to'>,
  { insert }: Completion,
): { readonly text: string; readonly at: number } {
  return { text: text.slice(0, from) + insert + text.slice(to), at: from + insert.length };
}
