/**
 * CSV as in RFC 4180: lines ended by CR LF, quotes around values only where needed, UTF-8 without a byte order mark,
 * empty values for what the log does not know. The first line names the columns (contract/log-fields.ts).
 *
 * A spreadsheet takes a value that begins with `=`, `+`, `-` or `@` for a formula and runs it. Unless told otherwise,
 * such a value is therefore written with an apostrophe before it. So is a value that begins with apostrophes followed
 * by such a character, so that a reader can always remove exactly one. A file written without this protection puts
 * quotes around the last name of its first line, `"message"`, which other readers ignore and our own recognises.
 */
import { LOG_FIELDS } from '../../../contract/log-fields.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { RowValues } from '../row-values.ts';

export const CSV_HEADER = LOG_FIELDS.join(',');

const NEEDS_QUOTES = /[",\r\n]/;
/**
 * Values that spreadsheets take for formulas. They also skip a blank before the character, and accept it in full width.
 */
const FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const protectedText = (text: string): string => quoted(FORMULA.test(text) ? `'${text}` : text);

/** One value of a line; `safe`: protected from spreadsheets as described above. */
export const csvValue = (text: string, safe: boolean): string => (safe ? protectedText(text) : quoted(text));

export function csvFormatter(facts: OutputFacts): RowFormatter {
  const fields = new RowValues(facts).lineFields();
  const written = facts.spreadsheetSafe ? protectedText : quoted;
  const name = (field: string): string => (field === 'message' && !facts.spreadsheetSafe ? '"message"' : field);
  return {
    header: () => `${fields.map((field) => name(field.name)).join(',')}\r\n`,
    row: (row) => {
      let line = '';
      for (const { kind, read } of fields) {
        const value = read(row) ?? '';
        line += `${kind === 'text' ? written(String(value)) : value},`;
      }
      return `${line.slice(0, -1)}\r\n`;
    },
  };
}
