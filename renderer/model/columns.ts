/** The table's columns: their order, their widths, and when a column is shown. */
import type { LogRow } from '../../electron/contract/rows.ts';
import type { EventNameField } from '../../native/core/event-names.ts';
import { FIGURE_COLUMNS, FIGURES } from './figures.ts';
import { NO_TIMES_SEEN, noteTimes, type SeenTimes } from './time-columns.ts';

/** The column of a field of typed records, by its name (electron/contract/field-columns.ts). */
export type FieldColumnId = `field:${string}`;

export type ColumnId =
  | FieldColumnId
  | EventNameField
  | 'index'
  | 'time'
  | 'delta'
  | 'cpu'
  | 'level'
  | 'source'
  | 'pid'
  | 'process'
  | 'tid'
  | 'origin'
  | 'type'
  | 'remarks'
  | 'message';

/**
 * `auto`: a column is shown once a row has a value other than zero in it; the source, once there are several; the
 * process and what events are called, once one has a name.
 */
export type ColumnMode = 'auto' | 'show' | 'hide';

export interface Column {
  readonly id: ColumnId;
  readonly label: string;
  /** What stands in the head, where that is shorter. */
  readonly head?: string;
  /** Default and smallest width in characters; the message takes the rest of the row. */
  readonly width: number;
  readonly minWidth: number;
  readonly align: 'start' | 'end';
  readonly mode: ColumnMode;
  /** Whether the person may hide it. */
  readonly optional: boolean;
}

export const COLUMNS: readonly Column[] = [
  { id: 'index', label: '#', width: 9, minWidth: 3, align: 'end', mode: 'show', optional: true },
  { id: 'time', label: 'time', width: 13, minWidth: 6, align: 'end', mode: 'show', optional: true },
  { id: 'delta', label: 'delta', width: 11, minWidth: 4, align: 'end', mode: 'show', optional: true },
  { id: 'cpu', label: 'cpu', width: 4, minWidth: 3, align: 'end', mode: 'show', optional: true },
  { id: 'level', label: 'level', width: 7, minWidth: 4, align: 'start', mode: 'show', optional: true },
  { id: 'source', label: 'source', width: 16, minWidth: 4, align: 'start', mode: 'auto', optional: true },
  { id: 'pid', label: 'pid', width: 6, minWidth: 3, align: 'end', mode: 'hide', optional: true },
  { id: 'process', label: 'process', width: 19, minWidth: 5, align: 'start', mode: 'auto', optional: true },
  { id: 'tid', label: 'tid', width: 6, minWidth: 3, align: 'end', mode: 'hide', optional: true },
  { id: 'provider', label: 'provider', width: 16, minWidth: 5, align: 'start', mode: 'auto', optional: true },
  { id: 'event', label: 'event', width: 16, minWidth: 5, align: 'start', mode: 'hide', optional: true },
  { id: 'function', label: 'function', width: 16, minWidth: 5, align: 'start', mode: 'auto', optional: true },
  { id: 'source_file', label: 'source file', width: 16, minWidth: 5, align: 'start', mode: 'hide', optional: true },
  { id: 'origin', label: 'origin', width: 8, minWidth: 4, align: 'start', mode: 'auto', optional: true },
  { id: 'type', label: 'type', width: 6, minWidth: 3, align: 'end', mode: 'auto', optional: true },
  { id: 'remarks', label: 'remarks', width: 10, minWidth: 4, align: 'end', mode: 'auto', optional: true },
  { id: 'message', label: 'message', width: 0, minWidth: 0, align: 'start', mode: 'show', optional: false },
];

const MAX_WIDTH = 80;
/** A column grows with the values of its field up to so many characters. */
export const WIDEST_FIELD = 40;
/** Characters that a cell has besides its content: one blank before it and one after it. */
export const CELL_GAP = 2;

const FIELD = 'field:';
export const fieldColumnId = (name: string): FieldColumnId => `${FIELD}${name}`;

export const isFieldColumn = (id: ColumnId): id is FieldColumnId => id.startsWith(FIELD);

/** The name of the field that a column is of. */
export const nameOfField = (id: FieldColumnId): string => id.slice(FIELD.length);

/** The class of the cells of a column. */
export const cellClass = (id: ColumnId): string => (isFieldColumn(id) ? 'cell-field' : `cell-${id}`);

/** What the rows seen so far had in their columns. */
export interface SeenColumns {
  /** Columns in which a value other than zero was seen: `auto` columns among them are shown, and stay. */
  readonly ids: ReadonlySet<ColumnId>;
  /** Length of the longest figure in a column; a narrower column would cut it. */
  readonly characters: Readonly<Partial<Record<ColumnId, number>>>;
  /** Types of the records among them. */
  readonly types: ReadonlySet<number>;
  /** Times and deltas: how long their texts are depends on how they are shown. */
  readonly times: SeenTimes;
  readonly begun: SeenFirst;
}

/** How full `auto` columns are in the records seen first; later ones change nothing, so that no column comes and goes. */
interface SeenFirst {
  readonly records: number;
  readonly filled: Readonly<Partial<Record<ColumnId, number>>>;
  /** Columns that are empty in nearly all of them. */
  readonly sparse: ReadonlySet<ColumnId>;
}

/** So many records are looked at for how full columns are: those of a few screens. */
const FIRST_RECORDS = 200;
/** A column is worth its room in a narrow window where one record in so many has something in it. */
const WORTH_ONE_IN = 4;

export const NOTHING_SEEN: SeenColumns = {
  ids: new Set(),
  characters: {},
  types: new Set(),
  times: NO_TIMES_SEEN,
  begun: { records: 0, filled: {}, sparse: new Set() },
};

const AUTO = ['origin', 'type', 'remarks'] as const satisfies readonly ColumnId[];

/** `begun` extended by those of these rows that are still among the first; the same object if none is. */
function noteFirst(begun: SeenFirst, rows: readonly LogRow[]): SeenFirst {
  if (begun.records >= FIRST_RECORDS) return begun;
  const more = rows.filter(({ kind }) => kind === 0).slice(0, FIRST_RECORDS - begun.records);
  if (more.length === 0) return begun;
  const records = begun.records + more.length;
  const filled = Object.fromEntries(
    AUTO.map((id) => [id, (begun.filled[id] ?? 0) + more.filter((row) => row[id] !== 0).length]),
  );
  const sparse = new Set<ColumnId>(AUTO.filter((id) => (filled[id] ?? 0) * WORTH_ONE_IN < records));
  const same = sparse.size === begun.sparse.size && [...sparse].every((id) => begun.sparse.has(id));
  return { records, filled, sparse: same ? begun.sparse : sparse };
}

/** `seen` extended by these rows; the same object if they add nothing. Gap rows are ignored. */
export function noteColumns(seen: SeenColumns, rows: readonly LogRow[]): SeenColumns {
  const unseen = AUTO.filter((id) => !seen.ids.has(id));
  const found = unseen.filter((id) => rows.some((row) => row.kind === 0 && row[id] !== 0));
  const longer: Partial<Record<ColumnId, number>> = {};
  let { times } = seen;
  const types = new Set<number>();
  for (const row of rows) {
    if (row.kind !== 0) continue;
    times = noteTimes(times, row);
    if (row.type !== 0 && !seen.types.has(row.type)) types.add(row.type);
    for (const [name, { length }] of Object.entries(row.fields ?? {})) {
      const id = fieldColumnId(name);
      if (length <= WIDEST_FIELD && length > (longer[id] ?? seen.characters[id] ?? 0)) longer[id] = length;
    }
    for (const id of FIGURE_COLUMNS) {
      const { length } = FIGURES[id](row);
      if (length > (longer[id] ?? seen.characters[id] ?? 0)) longer[id] = length;
    }
  }
  const grown = Object.keys(longer).length > 0;
  const begun = noteFirst(seen.begun, rows);
  const unchanged = times === seen.times && begun === seen.begun;
  if (found.length === 0 && !grown && types.size === 0 && unchanged) return seen;
  return {
    times,
    begun,
    types: types.size === 0 ? seen.types : new Set([...seen.types, ...types]),
    ids: found.length === 0 ? seen.ids : new Set([...seen.ids, ...found]),
    characters: grown ? { ...seen.characters, ...longer } : seen.characters,
  };
}

export interface ColumnChoice {
  /** Widths, in characters. */
  readonly characters: Readonly<Partial<Record<ColumnId, number>>>;
  readonly modes: Readonly<Partial<Record<ColumnId, ColumnMode>>>;
  /** Fields of typed records that are columns, in the order in which they were chosen; without it none. */
  readonly fields?: readonly string[];
}

/**
 * Columns that a narrow window leaves to the message, unless the person wants them, besides those that are nearly empty: the
 * details what an event is called, and the delta, which the times say too.
 */
const WIDE_ONLY: ReadonlySet<ColumnId> = new Set<ColumnId>(['delta', 'provider', 'function']);

/** A window of 900 pixels has room for so many characters of the usual size. */
const NARROW_ROOM = 125;

/** The level goes last, where the message would have less than half of a narrow window: the bar of a row tells it too. */
function withoutLevel(columns: readonly Column[], choice: ColumnChoice): Column[] {
  const room = messageRoom(fitColumns(columns, choice), NARROW_ROOM);
  const goes = choice.modes.level === undefined && room < NARROW_ROOM / 2;
  return columns.filter(({ id }) => !goes || id !== 'level');
}

/** The columns to show; `unstated`: those in which no source has anything. None is narrower than its longest figure, because figures are never cut. */
export function visibleColumns(
  choice: ColumnChoice,
  seen: Pick<SeenColumns, 'ids' | 'characters'> & { readonly begun?: Pick<SeenFirst, 'sparse'> },
  narrow = false,
  unstated: ReadonlySet<ColumnId> = new Set(),
): Column[] {
  const sparse = seen.begun?.sparse;
  const columns = COLUMNS.filter((column) => {
    const hides = (narrow && (WIDE_ONLY.has(column.id) || sparse?.has(column.id))) || unstated.has(column.id);
    const mode = choice.modes[column.id] ?? (hides ? 'hide' : column.mode);
    return mode === 'show' || (mode === 'auto' && seen.ids.has(column.id));
  }).map((column) => {
    const needed = seen.characters[column.id] ?? 0;
    if (needed <= column.minWidth) return column;
    return { ...column, width: Math.max(column.width, needed), minWidth: needed };
  });
  return narrow ? withoutLevel(columns, choice) : columns;
}

export function columnWidth(column: Column, choice: ColumnChoice): number {
  return clampWidth(column, choice.characters[column.id] ?? column.width);
}

export function clampWidth(column: Column, width: number): number {
  return Math.round(Math.min(Math.max(width, column.minWidth), MAX_WIDTH));
}

/** A column with the width in which rows are written. */
export interface FittedColumn {
  readonly id: ColumnId;
  /** Characters of its content. */
  readonly width: number;
  readonly align: 'start' | 'end';
}

/** The columns with their widths. The message has width 0, because it takes what is left. */
export function fitColumns(columns: readonly Column[], choice: ColumnChoice): FittedColumn[] {
  return columns.map((column) => ({
    id: column.id,
    width: column.id === 'message' ? 0 : columnWidth(column, choice),
    align: column.align,
  }));
}

/** The CSS `grid-template-columns` of the header. Its unit `ch` is that of the rows' font. */
export function gridTemplate(columns: readonly FittedColumn[]): string {
  return columns.map(({ id, width }) => (id === 'message' ? 'minmax(0, 1fr)' : `${width + CELL_GAP}ch`)).join(' ');
}

/** Characters of the message that fit behind the other columns if a row has room for `total`. */
export function messageRoom(columns: readonly FittedColumn[], total: number): number {
  const others = columns.reduce((sum, { id, width }) => (id === 'message' ? sum : sum + width + CELL_GAP), 0);
  return Math.max(1, total - others - 1);
}
