/**
 * The cells of a row that are figures, as text. A figure that is cut says something else than it is: the columns grow to
 * the longest one seen (columns.ts), and the table writes them from here, so that both mean the same text.
 */
import type { LogRow } from '../../electron/contract/rows.ts';
import { eventTypeName } from '../../native/core/events.ts';
import { deltaParts, formatTime, levelName } from './format.ts';

const ORIGINS = ['driver', 'dbgprint'];

export const FIGURES = {
  index: (row) => `${row.index}`,
  time: (row) => formatTime(row.timeNs),
  delta: (row) => {
    const { quiet, strong } = deltaParts(row.deltaNs);
    return quiet + strong;
  },
  cpu: (row) => `${row.cpu}`,
  level: (row) => levelName(row.level),
  pid: (row) => `${row.pid}`,
  origin: (row) => ORIGINS[row.origin] ?? `${row.origin}`,
  type: (row) => (row.type === 0 ? '' : (eventTypeName(row.type) ?? `${row.type}`)),
  remarks: (row) => (row.remarks === 0 ? '' : `${row.remarks}`),
} as const satisfies Readonly<Record<string, (row: LogRow) => string>>;

export const FIGURE_COLUMNS = Object.keys(FIGURES) as readonly (keyof typeof FIGURES)[];

/** A name and a number after it in `width` characters: the name is cut where they are too long, never the number. */
export function nameWithNumber(name: string, number: number, width: number): string {
  const digits = `${number}`;
  // A character may be as wide as two digits where it is not sure to be as wide as one.
  const cells = /^[ -~]*$/.test(name) ? 1 : 2;
  const room = Math.floor(Math.max(0, width - digits.length - 1) / cells);
  if (name.length <= room) return `${name} ${digits}`;
  return room < 2 ? digits : `${name.slice(0, room - 1)}\u2026 ${digits}`;
}
