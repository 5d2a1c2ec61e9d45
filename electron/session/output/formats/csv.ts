/**
 * CSV as RFC 4180 has it: lines ended by CR LF, values quoted where they have to be, UTF-8 without a mark; what a log has
 * not is empty. The first line names the columns (contract/log-fields.ts).
 *
 * A spreadsheet takes a value that begins with `=`, `+`, `-` or `@` for a formula and runs it. Unless told otherwise such
 * a value is written with an apostrophe before it, as is one that begins with apostrophes and then such a character, so
 * that a reader can take exactly one off. A file that was written without this protection quotes the last name of its
 * first line, `"message"`, which means nothing to other readers and tells ours.
 */
import type { EventNames } from '../../../../native/core/event-names.ts';
import { LOG_FIELDS, TRACE_FIELDS } from '../../../contract/log-fields.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { RowValues } from '../row-values.ts';

export const CSV_HEADER = LOG_FIELDS.join(',');

const NEEDS_QUOTES = /[",\r\n]/;
/** What spreadsheets take for the begin of a formula, also behind a blank that they skip, and in full width. */
const FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const protectedText = (text: string): string => quoted(FORMULA.test(text) ? `'${text}` : text);

/** One value of a line; `safe`: protected from spreadsheets, as told above. */
export const csvValue = (text: string, safe: boolean): string => (safe ? protectedText(text) : quoted(text));

export function csvFormatter(facts: OutputFacts): RowFormatter {
  const values = new RowValues(facts);
  const field = facts.spreadsheetSafe ? protectedText : quoted;
  const text = (value: string | null): string => (value ? field(value) : '');
  const header = facts.spreadsheetSafe ? CSV_HEADER : CSV_HEADER.replace(/message$/, '"message"');
  return {
    header: () => `${header}${values.hasTraces ? `,${TRACE_FIELDS.join(',')}` : ''}\r\n`,
    row: (row) => {
      const extras = values.hasTraces ? eventText(values.eventNames(row), text) : '';
      return (
        `${row.index},${values.timeUs(row) ?? ''},${values.time(row) ?? ''},${values.cpu(row) ?? ''},` +
        `${values.level(row) ?? ''},${text(values.source(row))},${values.pid(row) ?? ''},${text(values.process(row))},` +
        `${values.tid(row) ?? ''},${values.type(row) ?? ''},${values.remarks(row) ?? ''},${text(row.text)}${extras}\r\n`
      );
    },
  };
}

function eventText(names: EventNames, text: (value: string | null) => string): string {
  return TRACE_FIELDS.map((name) => `,${text(names[name])}`).join('');
}
