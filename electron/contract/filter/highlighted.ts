/** What of a filter is highlighted in the messages it shows. */
import type { FilterSpec, TextQuery } from '../rows.ts';
import { escaped } from '../text-pattern.ts';
import { filterTree } from './parse.ts';
import { type HexTerm, queryOf, type StatusTerm, termsOf } from './tree.ts';

/**
 * The source of an expression that matches the codes or numbers of a term, with and without regard to case; null while it
 * is not known what its names stand for.
 */
export type CodeSource = (term: StatusTerm | HexTerm) => string | null;

/** One query for all texts, expressions, status codes and numbers that a filter looks for; null where it looks for none. */
export function highlightedBy(
  { text, terms }: Pick<FilterSpec, 'text' | 'terms'>,
  codeSource: CodeSource = () => null,
): TextQuery | null {
  if (terms === undefined) return text;
  const tree = filterTree(terms.text);
  if (!tree.ok) return text;
  const shown = [...termsOf(tree.value)].flatMap(({ term, hides }) => (hides ? [] : [term]));
  const sought = shown.flatMap((term) =>
    term.kind === 'text' || term.kind === 'regex' ? [queryOf(term, terms.caseSensitive)] : [],
  );
  const codes = shown.flatMap((term) =>
    term.kind === 'status' || term.kind === 'hex' ? (codeSource(term) ?? []) : [],
  );
  const [first] = sought;
  if (codes.length === 0 && sought.length === 1) return first ?? text;
  // One expression has one rule of case: that of the first. Codes are found by either.
  const caseSensitive = first?.caseSensitive ?? true;
  const alike = sought.filter((query) => query.caseSensitive === caseSensitive);
  const patterns = [
    ...alike.map((query) => (query.regex ? `(?:${query.pattern})` : escaped(query.pattern))),
    ...codes.map((source) => `(?:${source})`),
  ];
  return patterns.length === 0 ? text : { pattern: patterns.join('|'), regex: true, caseSensitive };
}
