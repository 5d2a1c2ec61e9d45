/**
 * Draws the table once a frame, whatever has moved it. The virtualizer says which rows of the window around the place
 * shown are in sight, and the elements of the pool are rewritten. React renders only what is fixed around the rows,
 * because it is too slow for rows that change sixty times a second.
 */
import { observeElementRect, Virtualizer } from '@tanstack/react-virtual';
import { RowKind } from '../../../native/core/entry.ts';
import { messageRoom } from '../../model/columns.ts';
import { onceAFrame } from '../../model/frames.ts';
import { lossPlace } from '../../model/loss-run.ts';
import { activeDrawn, ROW_PX, rowWindow } from '../../model/scroll.ts';
import { isSelected } from '../../model/selection.ts';
import type { App } from '../../store/app.ts';
import type { Highlighter } from '../../store/highlights.ts';
import { extentOf } from '../../store/view-state.ts';
import { rowId, type TableLook } from './row-element.ts';
import { RowPool } from './row-pool.ts';
import { ScrollBar } from './scroll-bar.ts';
import { Sideways } from './sideways.ts';
import { hideWholeText } from './whole-text.ts';

/** The elements that React makes for the painter, from the outermost to the innermost. */
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

/** How rows are drawn, except for how much of a message fits, which the painter measures, and what the filter matches. */
export type TableAppearance = Omit<TableLook, 'room' | 'filter'>;

/** What the filter matches in messages, and the generation of the view whose rows it is about. */
export interface FilterLook {
  readonly highlighter: Highlighter | null;
  readonly from: number;
}

/** Width of the bar of a row that shows its level; pixels. */
const BAR_PX = 3;
/** Characters that are measured to compute the width of one. */
const PROBE = '0'.repeat(64);

export class TablePainter {
  private readonly app: App;
  private readonly elements: TableElements;
  private readonly bar: ScrollBar;
  private readonly pool: RowPool;
  private readonly sideways: Sideways;
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private report: (offset: number, scrolling: boolean) => void = () => {};
  private look: TableLook;
  /** That of a filter whose rows may not be there yet; null once it is drawn. */
  private nextFilter: FilterLook | null;
  /** Characters a row has room for. */
  private total = 0;
  /** The width for which that was measured, and the zoom. */
  private measuredAt = '';
  private count = 0;
  private readonly ask: () => void;

  constructor(app: App, elements: TableElements, appearance: TableAppearance, filter: FilterLook) {
    this.app = app;
    this.elements = elements;
    this.nextFilter = filter;
    this.look = { ...appearance, filter: null, room: messageRoom(appearance.columns, 0) };
    this.ask = onceAFrame(app.frames.draw, () => this.draw());
    this.bar = new ScrollBar(app, elements.body, elements.spacer);
    this.pool = new RowPool(elements.rows);
    this.sideways = new Sideways(app, elements.rows, () => this.look);
    this.virtualizer = new Virtualizer({
      count: 0,
      getScrollElement: () => elements.body,
      estimateSize: () => ROW_PX,
      // Rows are drawn in the same frame in which they come into sight, so drawing more in advance would only cost
      // time.
      overscan: 0,
      observeElementRect: (instance, report) =>
        observeElementRect(instance, (rect) => {
          app.view.setViewPx(rect.height);
          report(rect);
          // A pane that opens below changes the height alone, and measuring makes the browser lay the page out at once.
          const width = `${rect.width} ${window.devicePixelRatio}`;
          if (width !== this.measuredAt) this.measure();
          this.measuredAt = width;
          this.ask();
        }),
      observeElementOffset: (_, report) => {
        this.report = report;
      },
      // Only the view decides about the place shown.
      scrollToFn: () => {},
    });
  }

  /** Draws in the next frame and whenever the view changes; returns a function that ends this. */
  connect(): () => void {
    const unmount = this.virtualizer._didMount();
    this.virtualizer._willUpdate();
    const { view, reading, bookmarks, rowPaint } = this.app;
    const ends = [
      this.bar.connect(),
      view.store.subscribe(this.ask),
      bookmarks.store.subscribe(this.ask),
      rowPaint.store.subscribe(this.ask),
      reading.limitShift(() => this.sideways.limit()),
      reading.store.subscribe(({ matchAt }, before) => {
        if (matchAt !== null && matchAt !== before.matchAt) this.ask();
      }),
      unmount,
    ];
    // In the frame that shows what React has just made: drawn before, it would be laid out twice.
    this.ask();
    return () => {
      for (const end of ends) end();
      this.pool.take(0, 0);
      setAttribute(this.elements.grid, 'aria-activedescendant', null);
    };
  }

  /** Draws rows with another appearance. */
  setAppearance(appearance: TableAppearance): void {
    const { font, filter } = this.look;
    this.look = { ...appearance, filter, room: messageRoom(appearance.columns, this.total) };
    if (appearance.font !== font) {
      this.sideways.forget();
      this.measure();
    }
    this.ask();
  }

  /**
   * Draws what the filter matches, from the frame on that shows its rows: until then, drawing the rows of the filter before
   * once more would only take time from those that are waited for.
   */
  setFilter(filter: FilterLook): void {
    this.nextFilter = filter;
    this.ask();
  }

  /** Measures how many characters a row has room for; font, zoom or window may have changed. */
  private measure(): void {
    const { rows } = this.elements;
    const probe = rows.appendChild(document.createElement('span'));
    probe.textContent = PROBE;
    // A log in larger letters is drawn larger than it is laid out: both sides are measured as they are drawn.
    const drawn = rows.getBoundingClientRect().width;
    const scale = drawn / rows.clientWidth;
    const total = Math.floor(((drawn - BAR_PX * scale) * PROBE.length) / probe.getBoundingClientRect().width);
    probe.remove();
    if (total === this.total || !Number.isFinite(total)) return;
    this.total = total;
    this.sideways.forget();
    this.look = { ...this.look, room: messageRoom(this.look.columns, total) };
  }

  private draw(): void {
    const state = this.app.view.store.getState();
    const { grid, body, stage, rows } = this.elements;
    const extent = extentOf(state);
    const { base, count } = rowWindow(state.top, extent);
    const focus = state.selection?.focus.position ?? null;
    const { marks } = this.app.bookmarks.store.getState();
    if (this.nextFilter !== null && state.generation >= this.nextFilter.from) {
      this.look = { ...this.look, filter: this.nextFilter.highlighter };
      this.nextFilter = null;
    }

    hideWholeText(body);
    this.bar.show(state);
    setAttribute(grid, 'aria-rowcount', `${extent.end - extent.first + 1}`);
    stage.style.height = `${state.viewPx}px`;

    const items = this.itemsAt(count, state.top - base * ROW_PX);
    const from = base + (items[0]?.index ?? 0);
    const elements = this.pool.take(from, items.length);
    const origin = this.pool.origin;
    rows.style.transform = `translateY(${origin * ROW_PX - state.top}px)`;
    rows.style.paddingTop = `${(from - origin) * ROW_PX}px`;
    const { first, end, generation, cache } = state;
    const held = { first, end, generation, row: (position: number) => cache.get(position) };
    items.forEach((item, at) => {
      const position = base + item.index;
      const row = state.cache.get(position);
      elements[at]?.show(
        {
          position,
          ariaIndex: position - extent.first + 2,
          row,
          colour: row === undefined ? 0 : this.app.rowPaint.of(row.row),
          mark: row && marks.get(row.row),
          loss: row?.kind === RowKind.Gap ? lossPlace(held, position) : null,
          selected: isSelected(state.selection, position),
          focused: position === focus,
        },
        this.look,
      );
    });
    const active = activeDrawn(focus, from, from + items.length);
    setAttribute(grid, 'aria-activedescendant', active === null ? null : rowId(active));
    this.sideways.seek(state);
  }

  private itemsAt(count: number, offset: number) {
    if (count !== this.count) {
      this.count = count;
      this.virtualizer.setOptions({ ...this.virtualizer.options, count });
    }
    this.report(offset, false);
    return this.virtualizer.getVirtualItems();
  }
}

function setAttribute(element: HTMLElement, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
