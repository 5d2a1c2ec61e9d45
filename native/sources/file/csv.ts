/**
 * CSV as in RFC 4180 and as spreadsheets write it: separated by commas, semicolons or tabs, with double quotes around
 * values where needed, and line breaks within quotes. The first line names the columns. If it names none of ours, all
 * values together are the message.
 */
import { type Field, fieldOf, setField } from './columns.ts';
import { clearLine, type LineFormat, LineKind, type ParsedLine } from './line-format.ts';
import { MOST_LINE_BYTES } from './lines.ts';
import { hasNoPlace, isOwnFile, restorePayload, unprotected } from './own-file.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();
/**
 * A byte of a message that is no UTF-8 is written as three, and other fields stand beside it. No more, because a quote that is never
 * closed takes so much.
 */
const LONGEST = 4 * MOST_LINE_BYTES;
/** The most columns that are told apart; the rest of a longer line becomes one value. */
const MOST_COLUMNS = 16_384;

/** The values of a record. A quote that is never closed ends where the record ends. */
export function csvValues(record: string, separator: string): string[] {
  const values: string[] = [];
  let at = 0;
  for (;;) {
    if (values.length === MOST_COLUMNS - 1) {
      values.push(record.slice(at));
      return values;
    }
    let value = '';
    if (record[at] === '"') {
      at++;
      for (;;) {
        const quote = record.indexOf('"', at);
        if (quote < 0) {
          value += record.slice(at);
          at = record.length;
          break;
        }
        value += record.slice(at, quote);
        at = quote + 1;
        if (record[at] !== '"') break;
        value += '"';
        at++;
      }
    }
    const next = record.indexOf(separator, at);
    value += record.slice(at, next < 0 ? record.length : next);
    values.push(value);
    if (next < 0) return values;
    at = next + 1;
  }
}

/** The separator that divides the first line into most columns; a comma if none divides it. */
export function separatorOf(head: string): string {
  let best = ',';
  let columns = 1;
  for (const separator of [',', ';', '\t']) {
    const found = csvValues(head, separator).length;
    if (found > columns) {
      best = separator;
      columns = found;
    }
  }
  return best;
}

/** The format of a file whose first record is `head`. */
export function csvFormat(head: string): LineFormat {
  const separator = separatorOf(head);
  const names = csvValues(head, separator);
  const fields: (Field | null)[] = [];
  const taken = new Set<Field>();
  for (const name of names) {
    const field = fieldOf(name);
    fields.push(field !== null && !taken.has(field) ? field : null);
    if (field !== null) taken.add(field);
  }
  const headed = taken.size > 0;
  const own = isOwnFile(names);
  // A file of ours that was written without protection against formulas quotes the last column name to say so.
  const guarded = own && !head.includes('"message"');
  let first = true;
  return {
    quotes: true,
    longest: LONGEST,
    parse(bytes, start, end, line) {
      clearLine(line, start, end);
      if (start === end) return LineKind.Header;
      const record = decoder.decode(bytes.subarray(start, end));
      if (first) {
        first = false;
        if (headed && record === head) return LineKind.Header;
      }
      if (!headed) return LineKind.Record;
      const values = csvValues(record, separator);
      return readRecord(guarded ? values.map(unprotected) : values, fields, names, line, own);
    },
  };
}

function readRecord(
  values: readonly string[],
  fields: readonly (Field | null)[],
  names: readonly string[],
  line: ParsedLine,
  own: boolean,
): LineKind {
  const rest: string[] = [];
  let message: string | null = null;
  for (const [column, value] of values.entries()) {
    const field = fields[column] ?? null;
    if (field === 'message') message = value;
    else if (own && hasNoPlace(names[column] ?? '')) continue;
    else if (value === '' || (field !== null && setField(line, field, value))) continue;
    else rest.push(`${names[column] ?? `column ${column + 1}`}=${value}`);
  }
  const extra = rest.join(' ');
  line.text = encoder.encode(message === null ? extra : extra === '' ? message : `${message} ${extra}`);
  if (own) restorePayload(line, message ?? '');
  if (values.length === fields.length) return LineKind.Record;
  line.problem = `the record has ${values.length} values, the first line names ${fields.length}`;
  return LineKind.Broken;
}
