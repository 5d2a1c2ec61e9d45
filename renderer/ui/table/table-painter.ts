/**
 * Draws the table once a frame, whatever moved it: the virtualizer says which rows of the window around the place shown
 * are in sight, and the pool's elements are written over. React makes what stands still around the rows; rows that
 * change sixty times a second are not its business.
 */
import { observeElementRect, Virtualizer } from '@tanstack/react-virtual';
import { onceAFrame } from '../../model/frames.ts';
import { ROW_PX, rowWindow } from '../../model/scroll.ts';
import { isSelected } from '../../model/selection.ts';
import type { App } from '../../store/app.ts';
import { extentOf } from '../../store/view-state.ts';
import type { TableLook } from './row-element.ts';
import { RowPool } from './row-pool.ts';
import { ScrollBar } from './scroll-bar.ts';

/** What React made for the painter, from the outermost to the innermost. */
export interface TableElements {
  readonly grid: HTMLElement;
  /** Scrolls. */
  readonly body: HTMLElement;
  /** Gives the scroll bar its range. */
  readonly spacer: HTMLElement;
  /** As high as the body, and always in sight. */
  readonly stage: HTMLElement;
  readonly rows: HTMLElement;
}

export class TablePainter {
  readonly #app: App;
  readonly #elements: TableElements;
  readonly #bar: ScrollBar;
  readonly #pool: RowPool;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #report: (offset: number, scrolling: boolean) => void = () => {};
  #look: TableLook;
  #count = 0;
  readonly #ask: () => void;

  constructor(app: App, elements: TableElements, look: TableLook) {
    this.#app = app;
    this.#elements = elements;
    this.#look = look;
    this.#ask = onceAFrame(app.frames.draw, () => this.#draw());
    this.#bar = new ScrollBar(app, elements.body, elements.spacer);
    this.#pool = new RowPool(elements.rows);
    this.#virtualizer = new Virtualizer({
      count: 0,
      getScrollElement: () => elements.body,
      estimateSize: () => ROW_PX,
      // Rows are drawn in the frame they come into sight in: drawing more of them ahead would only cost.
      overscan: 0,
      observeElementRect: (instance, report) =>
        observeElementRect(instance, (rect) => {
          app.view.setViewPx(rect.height);
          report(rect);
          this.#ask();
        }),
      observeElementOffset: (_, report) => {
        this.#report = report;
      },
      // The place shown is the view's alone.
      scrollToFn: () => {},
    });
  }

  /** Draws, and from then on whenever the view changes; returns how to end it. */
  connect(): () => void {
    const unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    const ends = [this.#bar.connect(), this.#app.view.store.subscribe(this.#ask), unmount];
    this.#draw();
    return () => {
      for (const end of ends) end();
      this.#pool.take(0, 0);
    };
  }

  /** Draws rows that look otherwise. */
  wear(look: TableLook): void {
    if (look === this.#look) return;
    this.#look = look;
    this.#ask();
  }

  #draw(): void {
    const state = this.#app.view.store.getState();
    const { grid, stage, rows } = this.#elements;
    const extent = extentOf(state);
    const { base, count } = rowWindow(state.top, extent);
    const focus = state.selection?.focus.position ?? null;

    this.#bar.show(state);
    setAttribute(grid, 'aria-rowcount', `${extent.end - extent.first + 1}`);
    setAttribute(grid, 'aria-activedescendant', focus === null ? null : `row-${focus}`);
    stage.style.height = `${state.viewPx}px`;
    rows.style.transform = `translateY(${base * ROW_PX - state.top}px)`;

    const items = this.#itemsAt(count, state.top - base * ROW_PX);
    const from = base + (items[0]?.index ?? 0);
    const elements = this.#pool.take(from, items.length);
    items.forEach((item, at) => {
      const position = base + item.index;
      elements[at]?.show(
        {
          position,
          ariaIndex: position - extent.first + 2,
          y: item.start,
          row: state.cache.get(position),
          selected: isSelected(state.selection, position),
          focused: position === focus,
        },
        this.#look,
      );
    });
  }

  #itemsAt(count: number, offset: number) {
    if (count !== this.#count) {
      this.#count = count;
      this.#virtualizer.setOptions({ ...this.#virtualizer.options, count });
    }
    this.#report(offset, false);
    return this.#virtualizer.getVirtualItems();
  }
}

function setAttribute(element: HTMLElement, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
