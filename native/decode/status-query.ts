/**
 * What `status:NAME` means in a filter: which codes, by which names, and the expression that finds them in a message, in
 * the forms that status-forms.ts tells.
 */
import { fail, ok, type Result } from '../core/result.ts';
import { patternTest } from '../core/wildcard.ts';
import {
  asWritten,
  DECIMAL_END,
  DECIMAL_START,
  FIRST_DISTINCT,
  hexDigits,
  type Letters,
  negativeDigits,
  statusWord,
  WORD_END,
  WORD_START,
} from './status-forms.ts';
import {
  allStatuses,
  HRESULT_OF_WIN32,
  type NamedStatus,
  NTSTATUS_OF_WIN32,
  STATUS_KINDS,
  statusNames,
} from './status-names.ts';
import { MOST_WIN32 } from './status-value.ts';

/** What a term with status codes looks for. */
export interface StatusQuery {
  /** 32 bits unsigned, ascending, each once. */
  readonly codes: readonly number[];
  /** Names of these codes that count, as they are declared. */
  readonly names: readonly string[];
}

/** The most codes that one term can stand for: each is several texts to look for. */
export const MOST_CODES = 256;

const NUMBER = /^(?:0x[0-9a-f]{1,8}|\d{1,10}|-\d{1,10})$/i;

/** The code that a number stands for, 32 bits unsigned; null where it is none. */
export function codeOf(text: string): number | null {
  if (!NUMBER.test(text)) return null;
  const number = Number(text);
  return number < -(2 ** 31) || number >= 2 ** 32 ? null : number >>> 0;
}

/** `STATUS_` of `STATUS_TIMEOUT`: a name is also found without it. */
const PREFIX = /^(?:STATUS|ERROR|DBG)_/;

/** Statuses whose name, or the name without `STATUS_` or `ERROR_`, fits a pattern. */
export function statusesFitting(pattern: string): readonly NamedStatus[] {
  const fits = patternTest([pattern]);
  return allStatuses().filter(({ name }) => fits(name) || (PREFIX.test(name) && fits(name.replace(PREFIX, ''))));
}

/**
 * What patterns stand for: names, in which `*` is any characters, and numbers. A Win32 name stands for its code and for
 * the HRESULT and the NTSTATUS that hold it. Failure: bad-pattern, for a name of nothing and for too many codes.
 */
export function statusQuery(patterns: readonly string[]): Result<StatusQuery> {
  const codes = new Set<number>();
  const names = new Set<string>();
  const add = (kind: NamedStatus['kind'], code: number): void => {
    codes.add(code);
    for (const name of statusNames(kind, code)) names.add(name);
  };
  for (const pattern of patterns) {
    const code = codeOf(pattern);
    if (code !== null) {
      codes.add(code);
      for (const kind of STATUS_KINDS) if (kind !== 'win32' || code <= MOST_WIN32) add(kind, code);
      continue;
    }
    const fitting = statusesFitting(pattern);
    if (fitting.length === 0) {
      return fail(
        'bad-pattern',
        `No status code is called '${pattern}'`,
        'Write a name such as STATUS_TIMEOUT or *timeout*, or a number such as 0xC00000B5',
      );
    }
    for (const { kind, code: of } of fitting) {
      add(kind, of);
      if (kind !== 'win32' || of > MOST_WIN32 || of === 0) continue;
      add('hresult', (HRESULT_OF_WIN32 + of) >>> 0);
      add('ntstatus', (NTSTATUS_OF_WIN32 + of) >>> 0);
    }
    if (codes.size > MOST_CODES) {
      return fail(
        'bad-pattern',
        `'${pattern}' fits more than the ${MOST_CODES} status codes that a term may stand for`,
        'Write more of the name',
      );
    }
  }
  return ok({ codes: [...codes].sort((a, b) => a - b), names: [...names] });
}

/** Texts in lower case of which every message that is found has one, whatever the case of its letters. */
export function statusTexts({ codes, names }: StatusQuery): readonly string[] {
  const numbers = codes.flatMap((code) => {
    const negative = negativeDigits(code);
    return [hexDigits(code), `${code}`, ...(negative === null ? [] : [negative])];
  });
  return [...new Set([...numbers, ...names.map((name) => name.toLowerCase())])];
}

/** One way in which codes stand in a message: sources of an expression. */
interface Form {
  /** What must stand before it; no part of what is matched. */
  readonly start: string;
  /** What belongs to it before its digits. */
  readonly lead: string;
  /** Its digits, or its name. */
  readonly literal: string;
  /** What must not follow. */
  readonly end: string;
}

function formsOf({ codes, names }: StatusQuery, letters: Letters): Form[] {
  const distinct = codes.filter((code) => code >= FIRST_DISTINCT);
  const small = codes.filter((code) => code < FIRST_DISTINCT);
  const negative = distinct.map(negativeDigits).filter((digits) => digits !== null);
  const hex = (code: number): string => letters(hexDigits(code));
  const [x, f] = [letters('x'), letters('f')];
  const behind = `(?<=${statusWord(letters)})`;
  const wide = `(?:0${x}(?:0{0,8}|${f}{8})|${f}{8})`;
  const forms: readonly (readonly [start: string, lead: string, literals: readonly string[], end: string])[] = [
    [WORD_START, '', names.map(letters), WORD_END],
    [WORD_START, wide, distinct.map(hex), WORD_END],
    [DECIMAL_START, '', distinct.map(String), DECIMAL_END],
    [WORD_START, '-', negative, DECIMAL_END],
    [behind, '', distinct.map(hex), WORD_END],
    [behind, `0${x}0{0,15}`, small.map(hex), WORD_END],
    [behind, '', small.map((code) => letters(hexDigits(code).padStart(8, '0'))), WORD_END],
    [behind, '', small.map(String), DECIMAL_END],
  ];
  return forms.flatMap(([start, lead, literals, end]) =>
    literals.length === 0 ? [] : [{ start, lead, literal: `(?:${literals.join('|')})`, end }],
  );
}

/**
 * The source of an expression that matches each of the codes as it stands in a message. `letters`: `asWritten` for an
 * expression that ignores case. It goes through a text once: nothing in it repeats without a bound.
 */
export function statusExpression(query: StatusQuery, letters: Letters): string {
  return formsOf(query, letters)
    .map(({ start, lead, literal, end }) => `${start}${lead}${literal}${end}`)
    .join('|');
}

/**
 * The source of an expression, to be used without regard to case, that matches in the same messages, but of each code the
 * digits or the name alone. It begins with them, so that an engine passes over a text some six times as fast.
 */
export function statusTest(query: StatusQuery): string {
  return formsOf(query, asWritten)
    .map(({ start, lead, literal, end }) => `${literal}(?<=${start}${lead}${literal})${end}`)
    .join('|');
}
