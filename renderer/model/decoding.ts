/**
 * What codes mean, as the page tells it: under a message, on hover, in the filter. The only module of the page that has
 * the tables of names, some 200 KB: it is loaded when something first asks for it (store/decoder.ts).
 */
import type { HexTerm, StatusTerm } from '../../electron/contract/filter/tree.ts';
import { shownField } from '../../electron/contract/shown-text.ts';
import { findValues } from '../../native/decode/find.ts';
import { meaningOf } from '../../native/decode/found.ts';
import { hexValues, isTelling, valueSource, valueText } from '../../native/decode/modules/addresses.ts';
import { hexText, type Reading } from '../../native/decode/reading.ts';
import { bothCases } from '../../native/decode/status-forms.ts';
import { statusExpression, statusesFitting, statusQuery } from '../../native/decode/status-query.ts';

/** A value of a message, and what it means. */
export interface Explained {
  /** As it stands in the message, in the shown form. */
  readonly value: string;
  readonly readings: readonly Reading[];
  /** Whether it needs no word that says as what it is read. */
  readonly certain: boolean;
  /** All of that on one line: `STATUS_IO_TIMEOUT - severity error, facility 0, code 181`. */
  readonly meaning: string;
  /** Whether it is a name, whose number is told. */
  readonly isName: boolean;
  /** What a filter term `status:` looks for to find it; null where it is no status code. */
  readonly status: string | null;
}

/** The values of a message, each once. A name whose number stands there too is told by the number. */
export function explain(message: string): readonly Explained[] {
  const found = findValues(message);
  const byNumber = new Set(found.flatMap(({ isName, status }) => (isName || status === null ? [] : [status])));
  const told = new Map<string, Explained>();
  for (const each of found) {
    const { from, to, readings, certain, isName, status } = each;
    if (isName && status !== null && byNumber.has(status)) continue;
    const value = shownField(message.slice(from, to));
    const meaning = meaningOf(each);
    told.set(`${value} ${meaning}`, { value, readings, certain, meaning, isName, status });
  }
  return [...told.values()];
}

/** A line that says what a value means, for a tooltip and the clipboard. */
export const explanationLine = ({ value, meaning }: Explained): string => `${value}  ${meaning}`;

/** Names of status codes of a message to filter by, each once, at most so many. */
export function statusesOf(message: string, most: number): readonly string[] {
  return [...new Set(explain(message).flatMap(({ status }) => status ?? []))].slice(0, most);
}

/** Numbers of a message that a person would follow, as a filter term `hex:` has them, each once, at most so many. */
export function hexValuesOf(message: string, most: number): readonly string[] {
  const telling = hexValues(message).flatMap(({ value }) => (isTelling(value) ? valueText(value) : []));
  return [...new Set(telling)].slice(0, most);
}

/** The number that lies at a place of a message, likewise; null where there is none. */
export function hexValueAt(message: string, at: number): string | null {
  const found = hexValues(message).find(({ from, to }) => from <= at && at <= to);
  return found === undefined ? null : valueText(found.value);
}

/** The source of an expression that finds codes or numbers in messages as the filter does; null where a name is none. */
export function codeSource(term: StatusTerm | HexTerm): string | null {
  if (term.kind === 'hex') return term.values.map((value) => valueSource(BigInt(value))).join('|');
  const query = statusQuery(term.patterns);
  return query.ok ? statusExpression(query.value, bothCases) : null;
}

export interface StatusName {
  readonly name: string;
  /** Its number as it is usually written. */
  readonly number: string;
}

/** Names of status codes that begin with a text, or do without `STATUS_` or `ERROR_`; then those that hold it. */
export function statusNames(typed: string, most: number): readonly StatusName[] {
  if (!/^\w*$/.test(typed)) return [];
  const found = new Map<string, StatusName>();
  for (const pattern of [`${typed}*`, `*${typed}*`]) {
    for (const { kind, code, name } of statusesFitting(pattern)) {
      if (found.size >= most) return [...found.values()];
      const number = kind === 'win32' ? `${code}` : hexText(code, 8);
      if (!found.has(name)) found.set(name, { name, number });
    }
  }
  return [...found.values()];
}
