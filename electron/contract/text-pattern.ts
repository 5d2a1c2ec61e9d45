/**
 * What a query for text means: the one function that compiles it, for filter, search and export in the session and for
 * the marks in the page. It works on the text of a message as it is; a stand-in (shown-text.ts) matches what it stands
 * for and itself.
 *
 * Without regard to case, a letter of a plain text stands for its other case: ASCII letters for ASCII letters alone, other
 * letters for what Unicode has as their single-character case variants outside ASCII. An expression follows JavaScript
 * with the flags `u` and `i`, for which `k` is also U+212A.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { TextQuery } from './rows.ts';
import { standInsBetween, standsFor } from './shown-text.ts';

const REGEX_ACTION =
  'Correct the regular expression, or switch regular expressions off to look for the characters themselves';

/**
 * The expression for a query. It is not run here, so this returns at once whatever the pattern is. Failure:
 * bad-pattern, with the engine's words about what was typed. `all`: with the flag `g`, to go from match to match.
 */
export function textExpression({ pattern, regex, caseSensitive }: TextQuery, all = false): Result<RegExp> {
  if (pattern === '') return fail('bad-pattern', 'The text to look for is empty', 'Type what to look for');
  const flags = all ? 'gu' : 'u';
  if (!regex) return ok(new RegExp([...pattern].map((each) => literalSource(each, caseSensitive)).join(''), flags));
  const regexFlags = caseSensitive ? flags : `i${flags}`;
  try {
    const typed = new RegExp(pattern, regexFlags);
    return ok(holdsStandIn(pattern) ? new RegExp(withMeanings(pattern), regexFlags) : typed);
  } catch (error) {
    return fail('bad-pattern', error instanceof Error ? error.message : String(error), REGEX_ACTION);
  }
}

/** Whether a text contains a stand-in, or half a surrogate pair, which is shown as one. */
export function holdsStandIn(text: string): boolean {
  for (const character of text) if (standsFor(wellFormed(character)) !== null) return true;
  return false;
}

/**
 * The characters that mean something else than themselves. The flag `u` allows no backslash before others, and a hyphen
 * means itself outside of a class.
 */
const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;

function literalSource(typed: string, caseSensitive: boolean): string {
  const character = wellFormed(typed);
  const meanings = standsFor(character);
  if (meanings !== null) return `[${character}${meanings}]`;
  const cases = caseSensitive ? [character] : caseVariants(character);
  if (cases.length > 1) return `[${cases.join('')}]`;
  return escaped(character);
}

/** The source of an expression for a text as it is. */
export function escaped(text: string): string {
  return text.replace(SYNTAX, '\\$&');
}

const wellFormed = (character: string): string => (/[\ud800-\udfff]/u.test(character) ? '\ufffd' : character);

/** Rewrites an expression so that each stand-in written in it matches what it stands for as well. */
function withMeanings(pattern: string): string {
  let source = '';
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] as string;
    if (character === '[') {
      const end = classEnd(pattern, at);
      source += classWithMeanings(pattern.slice(at, end));
      at = end;
      continue;
    }
    const meanings = standsFor(character);
    source += meanings === null ? pattern.slice(at, at + (character === '\\' ? 2 : 1)) : `[${character}${meanings}]`;
    at += character === '\\' ? 2 : 1;
  }
  return source;
}

/** The place behind the bracket that closes a class. There is one, because the pattern compiles. */
function classEnd(pattern: string, begin: number): number {
  let at = begin + 1;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Extends a class by everything that its stand-ins stand for, including stand-ins within a range of characters. */
function classWithMeanings(whole: string): string {
  const body = whole.slice(0, -1);
  const found = new Set<string>();
  let last = '';
  for (const [member, from = '', to = ''] of body.slice(1).matchAll(CLASS_MEMBER)) {
    last = member;
    if (from.length > 1 || to.length > 1) continue;
    for (const standIn of standInsBetween(from, to || from)) found.add(standIn);
  }
  const meanings = [...found].map((standIn) => standsFor(standIn)).join('');
  // A hyphen at the end of a class means itself; it has to stay last, or it would form a range with what is added.
  return last === '-' ? `${body.slice(0, -1)}${meanings}-]` : `${body}${meanings}]`;
}

/** A member of a class, or the ends of a range of them. */
const CLASS_MEMBER = /(\\u\{[^}]*\}|\\.|[^\\])(?:-(\\u\{[^}]*\}|\\.|[^\\]))?/gsu;

/** Where Unicode has letters with two cases outside ASCII, in the planes that have any. */
export const CASED_RANGES = [
  [0x80, 0x24ff],
  [0x2c00, 0x2dff],
  [0xa640, 0xabff],
  [0xff21, 0xff5a],
  [0x10400, 0x105ff],
  [0x10c80, 0x10cff],
  [0x118a0, 0x118df],
  [0x16e40, 0x16e7f],
  [0x1e900, 0x1e943],
] as const;

let casesByFold: ReadonlyMap<string, readonly string[]> | null = null;

/** A character and all others that equal it without regard to case; ASCII letters and others are kept apart. */
function caseVariants(character: string): readonly string[] {
  if (character <= '\x7f') {
    const lower = character.toLowerCase();
    return lower === character.toUpperCase() ? [character] : [lower, character.toUpperCase()];
  }
  casesByFold ??= foldTable();
  return casesByFold.get(foldOf(character)) ?? [character];
}

/** A value that is equal for all case variants of a character outside ASCII; the character itself if it has none. */
function foldOf(character: string): string {
  const upper = single(character.toUpperCase(), character);
  return single(upper.toLowerCase(), character);
}

/**
 * `mapped` if it is a single character outside ASCII; other mappings would change the length of the text or lead to an
 * ASCII letter.
 */
function single(mapped: string, otherwise: string): string {
  return mapped > '\x7f' && [...mapped].length === 1 ? mapped : otherwise;
}

function foldTable(): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, string[]>();
  for (const [from, to] of CASED_RANGES) {
    for (let code = from; code <= to; code++) {
      const character = String.fromCodePoint(code);
      const fold = foldOf(character);
      const same = table.get(fold);
      if (same === undefined) table.set(fold, [character]);
      else same.push(character);
    }
  }
  return table;
}
