/**
 * Rows that are handed over in pieces of limited size. A question may build a text of any length, and whoever takes the
 * rows over has other work than to hold it: a cell that is too long is cut, and a piece ends when it has enough text.
 */
import type { QueryCell } from './cells.ts';

/** Text after which a piece ends, UTF-16 units. A single row may have more, but no cell more than its limit. */
const PIECE_TEXT = 1024 * 1024;
/** What a cell takes besides its text. */
const CELL_TEXT = 8;
const CUT = '…';

export class BoundedRows {
  private readonly cellText: number;
  private held: readonly (readonly QueryCell[])[] = [];
  private at = 0;

  /** `cellText`: most text of a cell, UTF-16 units. */
  constructor(cellText: number) {
    this.cellText = cellText;
  }

  get isEmpty(): boolean {
    return this.at >= this.held.length;
  }

  /** Takes rows in place of those that were handed over. */
  hold(rows: readonly (readonly QueryCell[])[]): void {
    this.held = rows;
    this.at = 0;
  }

  /** The next rows; at least one, unless it is empty. */
  take(): (readonly QueryCell[])[] {
    const rows: (readonly QueryCell[])[] = [];
    for (let text = 0; !this.isEmpty && text < PIECE_TEXT; this.at++) {
      const row = (this.held[this.at] as readonly QueryCell[]).map((cell) => this.bounded(cell));
      for (const cell of row) text += CELL_TEXT + (typeof cell === 'string' ? cell.length : 0);
      rows.push(row);
    }
    return rows;
  }

  private bounded(cell: QueryCell): QueryCell {
    const text = typeof cell === 'object' && cell !== null ? cellJson(cell) : cell;
    return typeof text === 'string' && text.length > this.cellText ? text.slice(0, this.cellText) + CUT : text;
  }
}

/** JSON of a cell: whole numbers of any size as digits, what is no number in JSON as null. */
export function cellJson(cell: QueryCell): string {
  if (typeof cell === 'bigint') return String(cell);
  if (cell === null || typeof cell !== 'object') return JSON.stringify(cell);
  if (Array.isArray(cell)) return `[${cell.map(cellJson).join(',')}]`;
  const fields = Object.entries(cell as Readonly<Record<string, QueryCell>>);
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${cellJson(each)}`).join(',')}}`;
}
