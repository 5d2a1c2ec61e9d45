/**
 * What a person highlights: rows that pass a filter, or a text wherever it stands in a message, each in a colour of the
 * palette. The rules are in an order, and of several that fit the first wins. A file of them may come from anybody, so every
 * part is checked like a request.
 */
import type { Failure } from '../../native/core/result.ts';
import { type Check, checked, flag, list, object, oneOf, refuse, text } from './check.ts';
import { readFilter } from './filter/parse.ts';
import { lengthFailure } from './limits.ts';
import { type FilterSpec, SHOW_ALL, type TextQuery } from './rows.ts';
import { textExpression } from './text-pattern.ts';

/**
 * The palette; the first are offered first, and are none that errors or warnings have. What each looks like is in the page's style
 * sheets, where a test holds all of them to their contrast.
 */
export const COLOUR_NAMES = ['teal', 'blue', 'purple', 'pink', 'green', 'yellow', 'orange', 'red'] as const;
export type ColourName = (typeof COLOUR_NAMES)[number];

interface Rule {
  readonly text: string;
  /** Of texts; an expression in a filter says it itself. */
  readonly caseSensitive: boolean;
  readonly colour: ColourName;
  readonly on: boolean;
}

/** Rows that pass a filter, which is written like that in the filter box. */
export interface RowRule extends Rule {
  readonly of: 'rows';
}

/** A text, or with `regex` an expression, wherever it matches in a message. */
export interface WordRule extends Rule {
  readonly of: 'words';
  readonly regex: boolean;
}

export type ColourRule = RowRule | WordRule;

/** The most rules: each that is on is looked at for every row that comes into sight. */
export const MOST_COLOUR_RULES = 200;
/** The longest text of one, UTF-16 units. */
export const MAX_RULE_TEXT = 1024;
/** The most rows that are judged by one request: more than the tallest screen shows. */
export const MOST_COLOURED_ROWS = 256;

/** The colours of rows from a position on: 0 for none, else one above the place of the colour in the palette. */
export interface RowColours {
  readonly generation: number;
  readonly first: number;
  readonly colours: readonly number[];
  /** Texts of the rules by which rows are not judged, because an expression in them takes too long or fails. */
  readonly given: readonly string[];
}

/** Why a rule cannot be used; null if it can. */
export function ruleFailure(rule: ColourRule): Failure | null {
  const long = lengthFailure('The text of a highlight', rule.text, MAX_RULE_TEXT);
  if (long !== null) return long;
  if (rule.text.trim() === '') {
    return { code: 'bad-argument', message: 'The text of a highlight is empty', action: 'Type what to highlight' };
  }
  if (rule.of === 'words') {
    const expression = textExpression(wordQuery(rule));
    return expression.ok ? null : expression.failure;
  }
  const reading = readFilter(rule.text);
  if (reading.as === 'fault') return reading.fault.failure;
  return null;
}

export const wordQuery = ({
  text: pattern,
  regex,
  caseSensitive,
}: Pick<WordRule, 'text' | 'regex' | 'caseSensitive'>): TextQuery => ({ pattern, regex, caseSensitive });

/** The rows that a text shows, which is read as the filter box reads it. It must be no fault. */
export function specOfText({ text: typed, caseSensitive }: Pick<ColourRule, 'text' | 'caseSensitive'>): FilterSpec {
  return readFilter(typed).as === 'terms'
    ? { ...SHOW_ALL, terms: { text: typed, caseSensitive } }
    : { ...SHOW_ALL, text: { pattern: typed, regex: false, caseSensitive } };
}

export const colourRule: Check<ColourRule> = (value) => {
  const fields = object(value);
  const of = oneOf(fields.of, ['rows', 'words'], 'of');
  const shared: Rule = {
    text: text(fields.text, 'text'),
    caseSensitive: flag(fields.caseSensitive, 'caseSensitive'),
    colour: oneOf(fields.colour, COLOUR_NAMES, 'colour'),
    on: flag(fields.on, 'on'),
  };
  const rule: ColourRule = of === 'rows' ? { of, ...shared } : { of, ...shared, regex: flag(fields.regex, 'regex') };
  refuse(ruleFailure(rule));
  return rule;
};

export const colourRules: Check<readonly ColourRule[]> = (value) =>
  list(value, MOST_COLOUR_RULES, 'highlights', colourRule);

/** Rules as they were remembered; what makes no sense is left out. */
export function parseColourRules(value: unknown): ColourRule[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_COLOUR_RULES).flatMap((each) => {
    const one = checked(colourRule, each);
    return one.ok ? [one.value] : [];
  });
}

const sameRule = (a: ColourRule, b: ColourRule): boolean =>
  a.of === b.of &&
  a.text === b.text &&
  a.caseSensitive === b.caseSensitive &&
  (a.of === 'rows' || b.of === 'rows' || a.regex === b.regex);

/** These rules and, behind them, those of others that say something new; of more than there may be, the first. */
export function withRules(before: readonly ColourRule[], more: readonly ColourRule[]): readonly ColourRule[] {
  const all = [...before];
  for (const rule of more) if (!all.some((each) => sameRule(each, rule))) all.push(rule);
  return all.slice(0, MOST_COLOUR_RULES);
}
