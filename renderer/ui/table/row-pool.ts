/**
 * The elements of the rows on the screen, which are reused. A row that stays in sight keeps its element; elements of
 * rows that left on one side are moved to the other. For screen readers, the order of elements in the page is the order
 * of the rows.
 */
import { RowElement } from './row-element.ts';

/** If a larger share of the elements would have to be moved, all are rewritten instead. */
const MOST_MOVED = 0.4;
/**
 * When the first row is more than so many rows from the origin, coordinates are set anew, so that they do not grow
 * without end. The new origin leaves room on both sides, because nothing can be placed above the origin.
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

  /** Position of the row that would be at the upper edge of the parent; never after that of the first one shown. */
  get origin(): number {
    return this.base;
  }

  /** Elements for the rows `from..from+count-1`, in order; each still has to be written. */
  take(from: number, count: number): readonly RowElement[] {
    const by = from - this.from;
    // If no element is moved, each stays in place and will show another row.
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

  /**
   * Moves the elements of rows that are out of sight after scrolling by `by` rows; false if there are too many of them.
   */
  private turn(by: number): boolean {
    const rows = this.rows;
    // Moving an element costs more than rewriting it, so beyond a certain number all are rewritten in place.
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
