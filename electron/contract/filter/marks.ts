/** What of a filter is marked in the messages it shows. */
import type { FilterSpec, TextQuery } from '../rows.ts';
import { escaped } from '../text-pattern.ts';
import { filterTree } from './parse.ts';
import { queryOf, termsOf } from './tree.ts';

/** One query for all texts and expressions that a filter looks for; null where it looks for none. */
export function marksOf({ text, terms }: Pick<FilterSpec, 'text' | 'terms'>): TextQuery | null {
  if (terms === undefined) return text;
  const tree = filterTree(terms.text);
  if (!tree.ok) return text;
  const sought = [...termsOf(tree.value)].flatMap(({ term, hides }) =>
    !hides && (term.kind === 'text' || term.kind === 'regex') ? [term] : [],
  );
  const [first, ...others] = sought.map((term) => queryOf(term, terms.caseSensitive));
  if (first === undefined) return text;
  if (others.length === 0) return first;
  // One expression has one rule of case: that of the first.
  const alike = [first, ...others].filter(({ caseSensitive }) => caseSensitive === first.caseSensitive);
  const pattern = alike.map((query) => (query.regex ? `(?:${query.pattern})` : escaped(query.pattern))).join('|');
  return { pattern, regex: true, caseSensitive: first.caseSensitive };
}
