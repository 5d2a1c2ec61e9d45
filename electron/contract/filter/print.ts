/** A filter as the text that is read as it: what a click writes into the box. `filterTree(printFilter(tree))` is the tree. */
import { LEVEL_NAMES } from '../../../native/core/entry.ts';
import { OTHER_LEVEL } from '../rows.ts';
import { holdTerms, tokensBeside, tokensOf } from './lex.ts';
import { type FilterTree, MOST, type NumberField, type NumberRange, type NumberTerm, ORIGIN_NAMES } from './tree.ts';
import { isLength, lengthText, lengthWithStep, valueText } from './values.ts';

/** The text of a filter. */
export function printFilter(tree: FilterTree): string {
  const isFilter = (text: string): boolean => holdTerms(tokensOf(text), text);
  // One text alone is looked for as it stands.
  if (tree.kind === 'text') return isFilter(tree.text) ? quoted(tree.text) : tree.text;
  const text = printed(tree, 'top', false);
  // Nothing but words would be one text; in quotes they are terms.
  return isFilter(text) ? text : printed(tree, 'top', true);
}

/** What a part stands in: which groups need brackets, and which words quotes, follows from that. */
type Place = 'top' | 'or' | 'and' | 'not';

function printed(tree: FilterTree, place: Place, quotes: boolean): string {
  switch (tree.kind) {
    case 'number':
      return numberText(tree);
    case 'clock':
      return `time${tree.relation}${tree.values.map(nameText).join(',')}`;
    case 'name':
      return `${tree.field}:${tree.patterns.map(nameText).join(',')}`;
    case 'field':
      return `${tree.name}${tree.relation}${tree.values.map(nameText).join(',')}`;
    case 'status':
      return `status:${tree.patterns.join(',')}`;
    case 'hex':
      return `hex:${tree.values.join(',')}`;
    case 'text':
      return !quotes && isPlain(tree.text, place) ? tree.text : quoted(tree.text);
    case 'regex':
      return `/${slashesEscaped(tree.source)}/${tree.ignoreCase ? 'i' : ''}`;
    case 'like':
      return `like:${quoted(tree.template)}`;
    case 'not':
      return `-${printed(tree.item, 'not', quotes)}`;
    case 'or':
    case 'and': {
      const { kind, items } = tree;
      const parts = items.map((item, at) => {
        // Words behind words would be read as more of them.
        const follows = kind === 'and' && items[at - 1]?.kind === 'text';
        return printed(item, kind, quotes || (item.kind === 'text' && follows));
      });
      const text = parts.join(kind === 'or' ? ' or ' : ' ');
      return place === 'top' || (place === 'or' && kind === 'and') ? text : `(${text})`;
    }
  }
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Whether words are read as themselves wherever they stand; behind a `-` that is one word. */
function isPlain(text: string, place: Place): boolean {
  // A word that begins with a slash could be one end of an expression, with a slash further on as the other.
  if (/["()]|(?:^|\s)\//u.test(text) || text.trim() !== text || text === '') return false;
  if (place === 'not' && !/^[\p{L}\p{N}_]\S*$/u.test(text)) return false;
  return tokensBeside(text).every(({ kind }) => kind === 'word');
}

/** An expression with a backslash before each slash. */
const slashesEscaped = (source: string): string =>
  source.replace(/\\[\s\S]|\//g, (found) => (found === '/' ? '\\/' : found));

/** A name as it is written in a term. */
export const nameText = (pattern: string): string => (/^:|[\s,"()]/u.test(pattern) ? quoted(pattern) : pattern);

function numberText({ field, ranges }: NumberTerm): string {
  const [first] = ranges as readonly [NumberRange, ...NumberRange[]];
  const [more, less] = field === 'level' ? ['<', '>'] : ['>', '<'];
  if (first.to === Number.POSITIVE_INFINITY) return `${field}${boundText(field, more as string, first.from, -1)}`;
  if (first.from === Number.NEGATIVE_INFINITY) return `${field}${boundText(field, less as string, first.to, 1)}`;
  return `${field}:${ranges.map((range) => rangeText(field, range)).join(',')}`;
}

/** With the bound itself, or with the number beside it where that is shorter, or where the bound is none that can be read. */
function boundText(field: NumberField, relation: string, bound: number, step: number): string {
  const inclusive = `${relation}=${valueText(field, bound)}`;
  const exclusive = `${relation}${valueText(field, bound + step)}`;
  if (isLength(field)) {
    return exclusive.length < inclusive.length || Math.abs(bound) > MOST[field] ? exclusive : inclusive;
  }
  return bound < 0 || bound > MOST[field] ? exclusive : inclusive;
}

function rangeText(field: NumberField, { from, to }: NumberRange): string {
  if (isLength(field))
    return lengthWithStep(from, to) ?? `${lengthText(from)}${from < 0 ? '..' : '-'}${lengthText(to)}`;
  const names = field === 'level' ? LEVEL_NAMES : field === 'origin' ? ORIGIN_NAMES : [];
  const named = names.filter((_, number) => number >= from && number <= to);
  const rest = Math.max(from, names.length);
  if (rest > to) return named.join(',');
  const others =
    field === 'level' && rest === OTHER_LEVEL && to === MOST.level ? 'other' : rest === to ? `${to}` : `${rest}-${to}`;
  return [...named, others].join(',');
}
