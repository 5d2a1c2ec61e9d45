/**
 * CSV and JSON Lines that this program wrote: recognised by their columns, and read back to the same rows. Columns for
 * which a row has no field are dropped; in a file of another program they would be appended to the message.
 */
import type { ParsedLine } from './line-format.ts';

/** Only our own files have all of these columns. */
const TELLING = ['index', 'time_us', 'remarks', 'message'] as const;
/** Columns of our files for which a row has no field. */
const NO_PLACE: ReadonlySet<string> = new Set([
  'source',
  'provider',
  'event',
  'function',
  'source_file',
  'kind',
  'lost',
  'late',
  'fields',
]);

export function isOwnFile(names: readonly string[]): boolean {
  return TELLING.every((name) => names.includes(name));
}

/** Whether a column of one of our files is to be dropped. */
export const hasNoPlace = (name: string): boolean => NO_PLACE.has(name);

/**
 * The values that our CSV export prefixes with an apostrophe, so that no spreadsheet takes them for a formula; see
 * csv.ts of the export.
 */
const PROTECTED = /^''*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A value of our CSV without the apostrophe that protects it. */
export function unprotected(value: string): string {
  return PROTECTED.test(value) ? value.slice(1) : value;
}

const HEX = /^0x(?:[0-9a-f]{2})+$/;

/**
 * Our files write payloads that are not text as `0x` and hexadecimal digits. They are converted back to bytes. A
 * payload that was exported as a description in words stays text.
 */
export function restorePayload(line: ParsedLine, message: string): void {
  if (line.type === 0 || line.lost || message === '') return;
  if (HEX.test(message))
    line.text = Uint8Array.from(message.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  else line.type = 0;
}
