/**
 * CSV and JSON Lines that this program wrote: told by their columns, and read back as they were. A column that a row has no
 * place for is left out there, where in the file of another program it stays in the message.
 */
import type { ParsedLine } from './line-format.ts';

/** Columns that only our files have all of. */
const TELLING = ['index', 'time_us', 'remarks', 'message'] as const;
/** Columns of ours that say nothing a row has a place for. */
const NO_PLACE: ReadonlySet<string> = new Set([
  'source',
  'tid',
  'provider',
  'event',
  'function',
  'source_file',
  'kind',
  'lost',
  'late',
]);

export function isOwnFile(names: readonly string[]): boolean {
  return TELLING.every((name) => names.includes(name));
}

/** Whether a column of one of our files is left out. */
export const hasNoPlace = (name: string): boolean => NO_PLACE.has(name);

/** What csv writes an apostrophe before, so that no spreadsheet takes it for a formula; see csv.ts of the export. */
const PROTECTED = /^''*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A value of our csv without the apostrophe that protects it. */
export function unprotected(value: string): string {
  return PROTECTED.test(value) ? value.slice(1) : value;
}

const HEX = /^0x(?:[0-9a-f]{2})+$/;

/**
 * Payloads that are not text are written as `0x` and their bytes, which they become again. What was told in words instead
 * stays text.
 */
export function restorePayload(line: ParsedLine, message: string): void {
  if (line.type === 0 || line.lost || message === '') return;
  if (HEX.test(message))
    line.text = Uint8Array.from(message.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  else line.type = 0;
}
