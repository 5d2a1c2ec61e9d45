/**
 * The columns of a session's files: declared in its manifest, so that a session written before a column was known, or by a
 * later version that knows more of them, opens all the same. A column that is not there is all zeros.
 */
import { COLUMN_NAMES, COLUMNS, type ColumnName } from '../../native/core/columns.ts';

const TYPES = { float64: 8, uint32: 4, uint16: 2, uint8: 1 } as const;
type TypeName = keyof typeof TYPES;

export interface FileColumn {
  /** Its name in the file. */
  readonly name: string;
  readonly type: TypeName;
}

/** What this version writes, without the payloads, which come last. */
export const FILE_COLUMNS: readonly FileColumn[] = COLUMN_NAMES.map((name) => ({
  name: COLUMNS[name].fileName,
  type: typeOf(name),
}));

function typeOf(name: ColumnName): TypeName {
  const bytes = COLUMNS[name].array.BYTES_PER_ELEMENT;
  const type = (Object.keys(TYPES) as TypeName[]).find((each) => TYPES[each] === bytes);
  if (type === undefined) throw new Error(`column ${name} has no type in a file`);
  return type;
}

/** The columns of a file as this program reads them. */
export interface ColumnPlan {
  /** Bytes of a value, by place in the file. */
  readonly widths: readonly number[];
  /** Place in the file of each column there is; -1 if the file does not have it. */
  readonly places: Readonly<Record<ColumnName, number>>;
}

const MOST_COLUMNS = 200;

/** From what a manifest says; null if that cannot be, or if a column has another type than it is known by. */
export function planColumns(value: unknown): ColumnPlan | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_COLUMNS) return null;
  const widths: number[] = [];
  const names: string[] = [];
  for (const each of value) {
    const { name, type } = (typeof each === 'object' && each !== null ? each : {}) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof type !== 'string' || !Object.hasOwn(TYPES, type)) return null;
    if (names.includes(name)) return null;
    names.push(name);
    widths.push(TYPES[type as TypeName]);
  }
  const places = {} as Record<ColumnName, number>;
  for (const column of COLUMN_NAMES) {
    const place = names.indexOf(COLUMNS[column].fileName);
    if (place >= 0 && widths[place] !== COLUMNS[column].array.BYTES_PER_ELEMENT) return null;
    places[column] = place;
  }
  return { widths, places };
}
