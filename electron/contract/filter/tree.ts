/**
 * What a filter of terms is, as data: what the text in the filter box means once it is read (parse.ts), and what can be
 * written as such a text again (print.ts). The page, the service and the command line share it.
 */

import { EVENT_NAME_FIELDS } from '../../../native/core/event-names.ts';
import type { TextQuery } from '../rows.ts';

/** How a term compares: `:` is one of its values. */
export type Relation = ':' | '<' | '<=' | '>' | '>=';

/** Numbers of a row that a term can look at. Times and deltas are nanoseconds, levels and origins have names as well. */
export const NUMBER_FIELDS = [
  'cpu',
  'level',
  'origin',
  'pid',
  'tid',
  'type',
  'remarks',
  'index',
  'time',
  'delta',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

/** Names of a row: of a source also that of its origin, `source:dbgprint`; of an event what traces and event logs say. */
export const NAME_FIELDS = ['source', 'process', ...EVENT_NAME_FIELDS] as const;
export type NameField = (typeof NAME_FIELDS)[number];

/**
 * Every name that makes a term. `like`: messages of one template. `status`: messages with one of these status codes. `hex`:
 * messages that name one of these numbers, however it is written.
 */
export const FIELD_NAMES = [...NUMBER_FIELDS, ...NAME_FIELDS, 'like', 'status', 'hex'] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

export { ORIGIN_NAMES } from '../../../native/core/entry.ts';

/** The largest number of each field: that of its column. */
export const MOST: Readonly<Record<NumberField, number>> = {
  ...{
    cpu: 0xffff,
    level: 0xff,
    origin: 0xffff,
    pid: 0xffff_ffff,
    tid: 0xffff_ffff,
    type: 0xffff,
    remarks: 0xffff_ffff,
  },
  ...{ index: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER, delta: Number.MAX_SAFE_INTEGER },
};

/** `from` to `to`, both within. An open end is an infinity. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Shows rows whose number lies in one of the ranges, which are in order and do not touch. */
export interface NumberTerm {
  readonly kind: 'number';
  readonly field: NumberField;
  readonly ranges: readonly NumberRange[];
}

/** Shows rows of times by the clock, as they are written (clock.ts). Which these are is known where a log is. */
export interface ClockTerm {
  readonly kind: 'clock';
  readonly relation: Relation;
  readonly values: readonly string[];
}

/** Shows rows whose name fits one of the patterns: `*` stands for any characters, the case of letters for nothing. */
export interface NameTerm {
  readonly kind: 'name';
  readonly field: NameField;
  readonly patterns: readonly string[];
}

/** Shows messages that hold a text, whatever their case unless the filter says otherwise. */
export interface TextTerm {
  readonly kind: 'text';
  readonly text: string;
}

/** Shows messages that match an expression. */
export interface RegexTerm {
  readonly kind: 'regex';
  readonly source: string;
  readonly ignoreCase: boolean;
}

/** Shows messages of a template (contract/message-template.ts), which is in the shown form. */
export interface LikeTerm {
  readonly kind: 'like';
  readonly template: string;
}

/**
 * Shows messages that have one of some status codes, by name or by number: see native/decode/status-query.ts. A name in
 * which `*` stands for any characters, or a number. Which names there are is known only where the filter is compiled.
 */
export interface StatusTerm {
  readonly kind: 'status';
  readonly patterns: readonly string[];
}

/** What can be a value of a term with status codes. */
export const STATUS_PATTERN = /^(?:[a-z_*][\w*]*|0x[0-9a-f]{1,8}|-?\d{1,10})$/i;

/** Shows messages that name one of some numbers: addresses, handles. Each as `0x` and its digits, in small letters. */
export interface HexTerm {
  readonly kind: 'hex';
  readonly values: readonly string[];
}

/** What can be a value of a term with such numbers: with or without `0x`, and a debugger's backtick. */
const HEX_VALUE = /^(?:0x)?(?:([0-9a-f]{1,8})`)?([0-9a-f]{1,16})$/i;

/** Such a value as a term has it; null for what is none. */
export function hexValue(text: string): string | null {
  const [, high = '', low = ''] = HEX_VALUE.exec(text) ?? [];
  if (low === '' || (high !== '' && low.length !== 8)) return null;
  return `0x${`${high}${low}`.toLowerCase().replace(/^0+(?=.)/, '')}`;
}

/**
 * Shows records with a value in a field that a schema describes: `tcp.port:443`, `size>4096`. Which types have such a field,
 * and what the values mean in each, is known where the filter is compiled.
 */
export interface FieldTerm {
  readonly kind: 'field';
  /** In small letters. */
  readonly name: string;
  readonly relation: Relation;
  /** One, but for `:`. */
  readonly values: readonly string[];
}

export type FilterTerm =
  | NumberTerm
  | ClockTerm
  | NameTerm
  | TextTerm
  | RegexTerm
  | LikeTerm
  | StatusTerm
  | HexTerm
  | FieldTerm;

/** At least two items, none of the same kind as the whole. */
export interface FilterGroup {
  readonly kind: 'and' | 'or';
  readonly items: readonly FilterTree[];
}

/** What is within is neither a `not` itself. */
export interface FilterNot {
  readonly kind: 'not';
  readonly item: FilterTree;
}

export type FilterTree = FilterTerm | FilterGroup | FilterNot;

/** `items` as one: itself if it is alone, with those of the same kind taken in. `items` is not empty. */
export function group(kind: FilterGroup['kind'], items: readonly FilterTree[]): FilterTree {
  const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]));
  return flat.length === 1 ? (flat[0] as FilterTree) : { kind, items: flat };
}

/** The contrary; that of a contrary is the thing itself. */
export const negated = (item: FilterTree): FilterTree => (item.kind === 'not' ? item.item : { kind: 'not', item });

/** Every term of a tree, from the left to the right; `hides`: it stands under an odd number of `not`s. */
export function* termsOf(
  tree: FilterTree,
  hides = false,
): Generator<{ readonly term: FilterTerm; readonly hides: boolean }> {
  if (tree.kind === 'not') yield* termsOf(tree.item, !hides);
  else if ('items' in tree) for (const item of tree.items) yield* termsOf(item, hides);
  else yield { term: tree, hides };
}

/** What a text or an expression looks for. `caseSensitive`: of texts; an expression says it itself. */
export const queryOf = (term: TextTerm | RegexTerm, caseSensitive: boolean): TextQuery =>
  term.kind === 'text'
    ? { pattern: term.text, regex: false, caseSensitive }
    : { pattern: term.source, regex: true, caseSensitive: !term.ignoreCase };

/** Ranges in order, those that overlap or touch made one. Whole numbers. */
export function mergedRanges(ranges: readonly NumberRange[]): NumberRange[] {
  const merged: NumberRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else merged.push(range);
  }
  return merged;
}
