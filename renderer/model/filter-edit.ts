/**
 * The box of the filter: what is typed in it as a filter, and what a click adds to it. A click writes a term into the
 * text, so that what it did can be read, changed and undone.
 */

import type { Span } from '../../electron/contract/filter/lex.ts';
import { type FilterFault, filterTree, readFilter } from '../../electron/contract/filter/parse.ts';
import { printFilter } from '../../electron/contract/filter/print.ts';
import { type FilterTerm, type FilterTree, group, mergedRanges, negated } from '../../electron/contract/filter/tree.ts';
import { patternFailure } from '../../electron/contract/limits.ts';
import type { Typed } from '../../electron/contract/page-state.ts';
import type { FilterSpec } from '../../electron/contract/rows.ts';
import { LEVEL_NAMES } from '../../native/core/entry.ts';

/** What of a filter the box says. */
export type BoxPart = Pick<FilterSpec, 'text' | 'terms'>;

/** What is typed, as the part of a filter; or what is wrong with it. With the switch on, all of it is one expression. */
export function readBox(box: Typed): { readonly part: BoxPart } | { readonly fault: FilterFault } {
  const { pattern, regex, caseSensitive } = box;
  if (pattern === '') return { part: { text: null } };
  const failure = patternFailure(pattern);
  if (failure !== null) return { fault: { from: 0, to: 0, failure } };
  const reading = regex ? ({ as: 'text' } as const) : readFilter(pattern);
  switch (reading.as) {
    case 'nothing':
      return { part: { text: null } };
    case 'text':
      return { part: { text: { pattern, regex, caseSensitive } } };
    case 'terms':
      return { part: { text: null, terms: { text: pattern, caseSensitive } } };
    case 'fault':
      return { fault: reading.fault };
  }
}

/**
 * While a term is typed, the beginning of its name is a text that rows are looked for with: `lev` of `level:high`. Where the
 * term turns out to be wrong, nobody meant that text: this is the box without the term; null where something else is in force.
 */
export function beforeBegun(inForce: Typed, box: Typed, { from }: Span): BoxPart | null {
  const { pattern } = box;
  const start = pattern.slice(0, from).search(/\S+$/);
  if (start < 0) return null;
  const [term = ''] = /^\S*/.exec(pattern.slice(start)) ?? [];
  const name = /^[^:<>=]*/.exec(term)?.[0] ?? '';
  const [before, after] = [pattern.slice(0, start), pattern.slice(start + term.length)];
  const begun = inForce.pattern.slice(before.length, inForce.pattern.length - after.length);
  if (begun === '' || !name.startsWith(begun) || inForce.pattern !== before + begun + after) return null;
  const read = readBox({ ...box, pattern: before.trimEnd() + after });
  return 'fault' in read ? null : read.part;
}

/** A filter with another part from the box. */
export function withPart({ terms: _, ...spec }: FilterSpec, { text, terms }: BoxPart): FilterSpec {
  return { ...spec, text, ...(terms === undefined ? {} : { terms }) };
}

/** All of a filter in one line, for lists of them: what the box says, then what the chips hide and what is around matches. */
export function filterLine(filter: FilterSpec): string {
  const { hiddenCpus, hiddenLevels, context = 0 } = filter;
  const levels = hiddenLevels.map((level) => LEVEL_NAMES[level] ?? 'other');
  const parts = [
    lineOf(filter),
    hiddenCpus.length === 0 ? '' : `without CPU ${hiddenCpus.join(', ')}`,
    levels.length === 0 ? '' : `without ${levels.join(', ')}`,
    context === 0 ? '' : `±${context}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** A filter that shows so many rows around each match; 0 for none. */
export function withContext({ context: _, ...spec }: FilterSpec, rows: number): FilterSpec {
  return rows === 0 ? spec : { ...spec, context: rows };
}

export function samePart(a: BoxPart, b: BoxPart): boolean {
  return JSON.stringify([a.text, a.terms]) === JSON.stringify([b.text, b.terms]);
}

/** The box that says a part. */
export function boxOf({ text, terms }: BoxPart): Typed {
  if (terms !== undefined) return { pattern: terms.text, regex: false, caseSensitive: terms.caseSensitive };
  return text ?? { pattern: '', regex: false, caseSensitive: false };
}

/** What a part means; null for nothing. */
export function boxTree({ text, terms }: BoxPart): FilterTree | null {
  if (text?.regex)
    return { kind: 'regex', source: text.pattern.replaceAll('\\/', '/'), ignoreCase: !text.caseSensitive };
  if (terms === undefined) return text === null ? null : { kind: 'text', text: text.pattern };
  const tree = filterTree(terms.text);
  return tree.ok ? tree.value : null;
}

/** A part as one line that says all of it: an expression of the whole box stands between slashes. */
export function lineOf(part: BoxPart): string {
  const tree = part.text?.regex ? boxTree(part) : null;
  return tree === null ? boxOf(part).pattern : printFilter(tree);
}

/** Adds a term to the filter of the box: keep only rows that match it, or with `hides` only the others. */
export function withTerm(part: BoxPart, term: FilterTerm, hides: boolean): Typed {
  const before = boxTree(part);
  const items = before === null ? [] : before.kind === 'and' ? before.items : [before];
  const added = hides ? negated(term) : term;
  const at = items.findIndex((item) => meets(item, added));
  const joined = at < 0 ? [...items, added] : joinedAt(items, at, added);
  const caseSensitive = part.terms?.caseSensitive ?? (part.text?.regex === false && part.text.caseSensitive);
  const meant = group('and', joined);
  const pattern = (at < 0 ? textWith(part, before, added, meant) : null) ?? printFilter(meant);
  return { pattern, regex: false, caseSensitive };
}

/** What is typed, as it is typed, with a term behind it; null where that would mean something else. */
function textWith(part: BoxPart, before: FilterTree | null, added: FilterTree, meant: FilterTree): string | null {
  if (before === null || part.text?.regex) return null;
  const { pattern } = boxOf(part);
  const text = `${before.kind === 'or' ? `(${pattern})` : pattern} ${printFilter(added)}`;
  const read = filterTree(text);
  return read.ok && JSON.stringify(read.value) === JSON.stringify(meant) ? text : null;
}

/**
 * The terms, with another one taken in by the one at a place that is about the same. One that shows rows replaces all that
 * are about the same: of `time>12s time<13s` nothing is left once another time is asked for.
 */
function joinedAt(items: readonly FilterTree[], at: number, added: FilterTree): FilterTree[] {
  const joined = merged(items[at] as FilterTree, added) as FilterTree;
  return items.flatMap((item, place) => {
    if (place === at) return [joined];
    return added.kind !== 'not' && meets(item, added) ? [] : [item];
  });
}

const meets = (item: FilterTree, added: FilterTree): boolean => merged(item, added) !== null;

/** Of two terms about the same: what both hide, or what the later one shows; null where they are about different things. */
function merged(item: FilterTree, added: FilterTree): FilterTree | null {
  if (item.kind === 'not' && added.kind === 'not') {
    const both = together(item.item, added.item);
    return both && negated(both);
  }
  if (item.kind === 'number' && added.kind === 'number' && item.field === added.field) return added;
  // A time by the clock is about the same as one since the log began.
  if (item.kind === 'clock' && added.kind === 'number' && added.field === 'time') return added;
  if (item.kind === 'name' && added.kind === 'name' && item.field === added.field) return added;
  return JSON.stringify(item) === JSON.stringify(added) ? item : null;
}

function together(a: FilterTree, b: FilterTree): FilterTree | null {
  if (a.kind === 'number' && b.kind === 'number' && a.field === b.field) {
    // A range that is open at one end stands alone in its term.
    if ([...a.ranges, ...b.ranges].some(({ from, to }) => !Number.isFinite(to - from))) return null;
    return { ...a, ranges: mergedRanges([...a.ranges, ...b.ranges]) };
  }
  if (a.kind === 'name' && b.kind === 'name' && a.field === b.field) {
    return { ...a, patterns: [...new Set([...a.patterns, ...b.patterns])] };
  }
  if (a.kind === 'hex' && b.kind === 'hex') return { ...a, values: [...new Set([...a.values, ...b.values])] };
  if (a.kind === 'status' && b.kind === 'status') {
    return { ...a, patterns: [...new Set([...a.patterns, ...b.patterns])] };
  }
  return JSON.stringify(a) === JSON.stringify(b) ? a : null;
}
