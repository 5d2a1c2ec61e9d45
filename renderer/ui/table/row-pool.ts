/**
 * The rows on the screen, as elements that are kept. A row that stays in sight keeps its element; elements of rows that
 * left on one side come in on the other. Their order in the page is the order of the rows, for those who read it.
 */
import { RowElement } from './row-element.ts';

/** Share of the elements that are moved rather than all written over. */
const MOST_MOVED = 0.4;
/**
 * Rows from the origin at which the places of elements begin anew, and where they begin then: no coordinate grows without
 * end, and there is room on both sides, for nothing can stand above the origin.
 */
const FARTHEST = 4096;
const MIDWAY = FARTHEST / 2;

export class RowPool {
  private readonly parent: HTMLElement;
  private rows: RowElement[] = [];
  private from = 0;
  private base = -MIDWAY;

  constructor(parent: HTMLElement) {
    this.parent = parent;
  }

  /** Position of the row that would stand at the upper edge of the parent; never above the first one shown. */
  get origin(): number {
    return this.base;
  }

  /** Elements for the rows `from..from+count-1`, in order; each is still to be written. */
  take(from: number, count: number): readonly RowElement[] {
    const by = from - this.from;
    // Where no element is moved, each stays in its place and only tells of another row.
    if (!this.turn(by)) this.base += by;
    const distance = from - this.base;
    if (distance < 0 || distance > FARTHEST) this.base = from - MIDWAY;
    this.from = from;
    while (this.rows.length > count) this.rows.pop()?.element.remove();
    const added = Array.from({ length: count - this.rows.length }, () => new RowElement());
    this.rows.push(...added);
    this.parent.append(...added.map((row) => row.element));
    return this.rows;
  }

  /** Moves the elements of rows that are out of sight after `by` rows; false where they are too many for that. */
  private turn(by: number): boolean {
    const rows = this.rows;
    // Moving an element in the page costs more than writing it over: past some of them, any element does for any row.
    if (Math.abs(by) > rows.length * MOST_MOVED) return false;
    if (by === 0) return true;
    const moved = by > 0 ? rows.splice(0, by) : rows.splice(by);
    const elements = moved.map((row) => row.element);
    if (by > 0) {
      rows.push(...moved);
      this.parent.append(...elements);
    } else {
      rows.unshift(...moved);
      this.parent.prepend(...elements);
    }
    return true;
  }
}
