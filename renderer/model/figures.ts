/**
 * The cells of a row that are figures (numbers, names of levels and types), as text. Times are in time-columns.ts. A figure that is cut says
 * something else than it is. So columns grow to the longest one seen (columns.ts), and both columns and table take
 * their texts from here.
 */
import { typeNameOf } from '../../electron/contract/filter/known-names.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { levelName, ORIGIN_NAMES, tidOf } from '../../native/core/entry.ts';

export const FIGURES = {
  index: (row) => `${row.index}`,
  cpu: (row) => `${row.cpu}`,
  level: (row) => levelName(row.level),
  pid: (row) => `${row.pid}`,
  tid: (row) => `${tidOf(row.tid, row.flags) ?? ''}`,
  origin: (row) => ORIGIN_NAMES[row.origin] ?? `${row.origin}`,
  type: (row) => (row.type === 0 ? '' : (typeNameOf(row.type) ?? `${row.type}`)),
  remarks: (row) => (row.remarks === 0 ? '' : `${row.remarks}`),
} as const satisfies Readonly<Record<string, (row: LogRow) => string>>;

export const FIGURE_COLUMNS = Object.keys(FIGURES) as readonly (keyof typeof FIGURES)[];

/** A name followed by a number in `width` characters. If they are too long, the name is cut and never the number. */
export function nameWithNumber(name: string, number: number, width: number): string {
  const digits = `${number}`;
  // A character that is not known to be narrow may be as wide as two digits.
  const cells = /^[ -~]*$/.test(name) ? 1 : 2;
  const room = Math.floor(Math.max(0, width - digits.length - 1) / cells);
  if (name.length <= room) return `${name} ${digits}`;
  return room < 2 ? digits : `${name.slice(0, room - 1)}\u2026 ${digits}`;
}
