/**
 * The filter of the box as rows: column, relation, value, include or exclude. The text stays what counts: rows are read from
 * it, and a change of a row is written into it. Pure.
 */
import { tokensOf } from '../../electron/contract/filter/lex.ts';
import { filterTree, readFilter } from '../../electron/contract/filter/parse.ts';
import { printFilter } from '../../electron/contract/filter/print.ts';
import { type FilterTree, group, NAME_FIELDS, NUMBER_FIELDS, negated } from '../../electron/contract/filter/tree.ts';
import type { Typed } from '../../electron/contract/page-state.ts';
import type { Failure } from '../../native/core/result.ts';
import { readBox } from './filter-edit.ts';

/** What a row looks at. `any`: several terms of which one must fit, written as in the box. */
export const ROW_COLUMNS = ['message', ...NUMBER_FIELDS, ...NAME_FIELDS, 'status', 'hex', 'any'] as const;
export type RowColumn = (typeof ROW_COLUMNS)[number];

export const COMPARISONS = ['is', '<', '<=', '>', '>='] as const;
export const OF_MESSAGES = ['contains', 'matches', 'matches, any case', 'is like'] as const;
export type RowRelation = (typeof COMPARISONS)[number] | (typeof OF_MESSAGES)[number];

export interface FilterRow {
  readonly column: RowColumn;
  readonly relation: RowRelation;
  readonly value: string;
  /** Rows of the log that fit are hidden. */
  readonly hides: boolean;
}

/** The relations that a column can have. */
export function relationsOf(column: RowColumn): readonly RowRelation[] {
  if (column === 'message') return OF_MESSAGES;
  return NUMBER_FIELDS.some((field) => field === column) ? COMPARISONS : ['is'];
}

/** What the box says as rows; null where it is not readable as such: a mistake, or one expression by the switch. */
export function rowsOfBox(box: Typed): readonly FilterRow[] | null {
  if (box.regex && box.pattern !== '') return null;
  const read = readBox(box);
  if ('fault' in read) return null;
  const { text, terms } = read.part;
  if (terms === undefined)
    return text === null ? [] : [{ column: 'message', relation: 'contains', value: text.pattern, hides: false }];
  const tree = filterTree(terms.text);
  if (!tree.ok) return null;
  return (tree.value.kind === 'and' ? tree.value.items : [tree.value]).map(rowOf);
}

function rowOf(item: FilterTree): FilterRow {
  const hides = item.kind === 'not';
  const inner = hides ? item.item : item;
  switch (inner.kind) {
    case 'text':
      return { column: 'message', relation: 'contains', value: inner.text, hides };
    case 'regex':
      return {
        ...{ column: 'message', relation: inner.ignoreCase ? 'matches, any case' : 'matches' },
        ...{ value: inner.source, hides },
      };
    case 'like':
      return { column: 'message', relation: 'is like', value: inner.template, hides };
    case 'number':
    case 'clock':
    case 'name':
    case 'status':
    case 'hex': {
      const text = printFilter(inner);
      const [token] = tokensOf(text);
      if (token?.kind !== 'term') throw new Error(`'${text}' is no term`);
      const { name, relation } = token;
      const relationOf = relation === ':' ? 'is' : relation;
      const value = text.slice(name.length + relation.length);
      return { column: name as RowColumn, relation: relationOf, value, hides };
    }
    default:
      return { column: 'any', relation: 'is', value: printFilter(inner), hides };
  }
}

/** What a row means; or why it means nothing. */
export function treeOfRow({
  column,
  relation,
  value,
  hides,
}: FilterRow): { readonly tree: FilterTree } | { readonly failure: Failure } {
  const written =
    column === 'message' ? messageText(relation, value) : column === 'any' ? value : termText(column, relation, value);
  const reading = readFilter(written);
  if (reading.as === 'fault') return { failure: reading.fault.failure };
  if (reading.as === 'nothing' || value.trim() === '') return { failure: MISSING };
  const tree: FilterTree = reading.as === 'text' ? { kind: 'text', text: written } : reading.tree;
  // A value with a blank in it would be read as this term and others behind it.
  if (column !== 'any' && ('items' in tree || tree.kind === 'not')) return { failure: ONE_VALUE };
  return { tree: hides ? negated(tree) : tree };
}

const MISSING: Failure = { code: 'bad-pattern', message: 'A value is missing', action: 'Type it, or remove the row' };
const ONE_VALUE: Failure = {
  ...{ code: 'bad-pattern', message: 'This is more than one value' },
  action: 'Put a name with blanks in quotes',
};

function messageText(relation: RowRelation, value: string): string {
  const quoted = `"${value.replaceAll('"', '""')}"`;
  if (relation === 'is like') return `like:${quoted}`;
  if (relation === 'contains') return quoted;
  const source = value.replace(/\\[\s\S]|\//g, (found) => (found === '/' ? '\\/' : found));
  return `/${source}/${relation === 'matches' ? '' : 'i'}`;
}

const termText = (column: RowColumn, relation: RowRelation, value: string): string =>
  `${column}${relation === 'is' ? ':' : relation}${value.trim()}`;

/** The text that says all of these rows; or why one of them means nothing, and which. */
export function textOfRows(
  rows: readonly FilterRow[],
): { readonly text: string } | { readonly at: number; readonly failure: Failure } {
  const trees: FilterTree[] = [];
  for (const [at, row] of rows.entries()) {
    const read = treeOfRow(row);
    if ('failure' in read) return { at, failure: read.failure };
    trees.push(read.tree);
  }
  return { text: trees.length === 0 ? '' : printFilter(group('and', trees)) };
}
