/**
 * The rows on the screen, as elements that are kept. A row that stays in sight keeps its element; elements of rows that
 * left on one side come in on the other. Their order in the page is the order of the rows, for those who read it.
 */
import { RowElement } from './row-element.ts';

/** Share of the elements that are moved rather than all written over. */
const MOST_MOVED = 0.4;

export class RowPool {
  readonly #parent: HTMLElement;
  #rows: RowElement[] = [];
  #from = 0;

  constructor(parent: HTMLElement) {
    this.#parent = parent;
  }

  /** Elements for the rows `from..from+count-1`, in order; each is still to be written. */
  take(from: number, count: number): readonly RowElement[] {
    this.#turn(from - this.#from);
    this.#from = from;
    while (this.#rows.length > count) this.#rows.pop()?.element.remove();
    const added = Array.from({ length: count - this.#rows.length }, () => new RowElement());
    this.#rows.push(...added);
    this.#parent.append(...added.map((row) => row.element));
    return this.#rows;
  }

  #turn(by: number): void {
    const rows = this.#rows;
    // Moving an element in the page costs more than writing it over: past some of them, any element does for any row.
    if (by === 0 || Math.abs(by) > rows.length * MOST_MOVED) return;
    const moved = by > 0 ? rows.splice(0, by) : rows.splice(by);
    const elements = moved.map((row) => row.element);
    if (by > 0) {
      rows.push(...moved);
      this.#parent.append(...elements);
    } else {
      rows.unshift(...moved);
      this.#parent.prepend(...elements);
    }
  }
}
