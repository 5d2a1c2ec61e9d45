/** The table's columns: order, widths and when a column is worth its room. */
import type { LogRow } from '../../electron/contract/rows.ts';

export type ColumnId =
  | 'index'
  | 'time'
  | 'delta'
  | 'cpu'
  | 'level'
  | 'source'
  | 'pid'
  | 'process'
  | 'origin'
  | 'type'
  | 'remarks'
  | 'message';

/** `auto`: shown once a row has something other than zero in it; the source, once there are several; the process, once one has a name. */
export type ColumnMode = 'auto' | 'show' | 'hide';

export interface Column {
  readonly id: ColumnId;
  readonly label: string;
  /** Default and least width in pixels; the message takes what is left. */
  readonly width: number;
  readonly minWidth: number;
  readonly align: 'start' | 'end';
  readonly mode: ColumnMode;
  /** Whether the person may hide it. */
  readonly optional: boolean;
}

export const COLUMNS: readonly Column[] = [
  { id: 'index', label: '#', width: 80, minWidth: 40, align: 'end', mode: 'show', optional: true },
  { id: 'time', label: 'time', width: 106, minWidth: 60, align: 'end', mode: 'show', optional: true },
  { id: 'delta', label: 'delta', width: 92, minWidth: 50, align: 'end', mode: 'show', optional: true },
  { id: 'cpu', label: 'cpu', width: 44, minWidth: 32, align: 'end', mode: 'show', optional: true },
  { id: 'level', label: 'level', width: 68, minWidth: 40, align: 'start', mode: 'show', optional: true },
  { id: 'source', label: 'source', width: 96, minWidth: 40, align: 'start', mode: 'auto', optional: true },
  { id: 'pid', label: 'pid', width: 60, minWidth: 36, align: 'end', mode: 'hide', optional: true },
  { id: 'process', label: 'process', width: 156, minWidth: 50, align: 'start', mode: 'auto', optional: true },
  { id: 'origin', label: 'origin', width: 76, minWidth: 40, align: 'start', mode: 'auto', optional: true },
  { id: 'type', label: 'type', width: 54, minWidth: 36, align: 'end', mode: 'auto', optional: true },
  { id: 'remarks', label: 'remarks', width: 90, minWidth: 40, align: 'end', mode: 'auto', optional: true },
  { id: 'message', label: 'message', width: 0, minWidth: 0, align: 'start', mode: 'show', optional: false },
];

const MAX_WIDTH = 600;

/** Columns that have held something other than zero, so that `auto` ones appear and stay; `hours` once a time has them. */
export type SeenColumns = ReadonlySet<ColumnId | 'hours'>;

/** Room for `1:00:` before the minutes and seconds. */
const HOURS_PX = 26;
const HOUR_NS = 3_600_000_000_000;

const AUTO = ['origin', 'type', 'remarks'] as const satisfies readonly ColumnId[];

/** `seen` with what these rows add; the same set if they add nothing. Gap rows say nothing about columns. */
export function noteColumns(seen: SeenColumns, rows: readonly LogRow[]): SeenColumns {
  const unseen = AUTO.filter((id) => !seen.has(id));
  const found: (ColumnId | 'hours')[] = unseen.filter((id) => rows.some((row) => row.kind === 0 && row[id] !== 0));
  if (!seen.has('hours') && rows.some((row) => row.timeNs >= HOUR_NS)) found.push('hours');
  return found.length === 0 ? seen : new Set([...seen, ...found]);
}

export interface ColumnChoice {
  readonly widths: Readonly<Partial<Record<ColumnId, number>>>;
  readonly modes: Readonly<Partial<Record<ColumnId, ColumnMode>>>;
}

export function visibleColumns(choice: ColumnChoice, seen: SeenColumns): Column[] {
  return COLUMNS.filter((column) => {
    const mode = choice.modes[column.id] ?? column.mode;
    return mode === 'show' || (mode === 'auto' && seen.has(column.id));
  }).map((column) =>
    column.id === 'time' && seen.has('hours') ? { ...column, width: column.width + HOURS_PX } : column,
  );
}

export function columnWidth(column: Column, choice: ColumnChoice): number {
  return clampWidth(column, choice.widths[column.id] ?? column.width);
}

export function clampWidth(column: Column, width: number): number {
  return Math.round(Math.min(Math.max(width, column.minWidth), MAX_WIDTH));
}

/** The CSS `grid-template-columns` all rows and the header share. */
export function gridTemplate(columns: readonly Column[], choice: ColumnChoice): string {
  return columns
    .map((column) => (column.id === 'message' ? 'minmax(0, 1fr)' : `${columnWidth(column, choice)}px`))
    .join(' ');
}
