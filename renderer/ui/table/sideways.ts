/**
 * Measures the rows on the screen for moving messages sideways: how wide they are, and where in a row a match is. The
 * width of an ASCII line is its number of characters. Any other line has to be measured in the page itself, because
 * only the browser knows the fonts. Rows are measured when somebody moves or finds, never while rows are drawn.
 */
import type { LogRow } from '../../../electron/contract/rows.ts';
import { RowKind } from '../../../native/core/entry.ts';
import { isNarrowLine, messageLine, messagePieces } from '../../model/cell-text.ts';
import { visibleRange } from '../../model/scroll.ts';
import { longestShift, type Span, shiftToMatch } from '../../model/sideways.ts';
import type { App } from '../../store/app.ts';
import { extentOf, type ViewState } from '../../store/view-state.ts';
import { badgesOf } from './message-cell.ts';
import type { TableLook } from './row-element.ts';

export class Sideways {
  private readonly app: App;
  private readonly rows: HTMLElement;
  private readonly look: () => TableLook;
  /** Widths of lines that were measured already. */
  private widths = new WeakMap<LogRow, number>();
  /** Widths of badges, by their words. */
  private badgeWidths = new Map<string, number>();

  /** `rows`: the element that contains the rows; `look`: how they are drawn. */
  constructor(app: App, rows: HTMLElement, look: () => TableLook) {
    this.app = app;
    this.rows = rows;
    this.look = look;
  }

  /** Forgets the measured widths, because font or zoom may have changed. */
  forget(): void {
    this.widths = new WeakMap();
    this.badgeWidths = new Map();
  }

  /** How far messages can be moved until the longest row in sight ends. */
  limit(): number {
    const state = this.app.view.store.getState();
    const visible = visibleRange(state.top, extentOf(state));
    const rows: LogRow[] = [];
    for (let position = visible.from; position < visible.end; position++) {
      const row = state.cache.get(position);
      if (row !== undefined && row.kind === RowKind.Entry) rows.push(row);
    }
    this.measureLines(rows);
    return longestShift(rows.map((row) => ({ width: this.widths.get(row) ?? 0, room: this.room(row) })));
  }

  /** Brings a match into sight if one is awaited and its row is there. To be called once rows are drawn. */
  seek(state: ViewState): void {
    const { reading } = this.app;
    const { matchAt, shift } = reading.store.getState();
    if (matchAt === null) return;
    if (state.selection?.focus.position !== matchAt) {
      reading.seekMatch(null);
      return;
    }
    const visible = visibleRange(state.top, extentOf(state));
    const row = state.cache.get(matchAt);
    const { find } = this.look();
    if (row === undefined || find === null || matchAt < visible.from || matchAt >= visible.end) return;
    const pieces = find.split(row.text);
    if (!find.knows(row.text)) return;
    reading.seekMatch(null);
    if (pieces.some(({ match }) => match)) {
      const wanted = shiftToMatch(this.spans(messagePieces(pieces, row.textCut)), shift, this.room(row));
      if (wanted !== shift) reading.setShift(wanted);
    } else if (row.textCut) {
      // The match is beyond the part of the message that a row has; the details show all of it.
      this.app.ui.openPane('details');
    }
  }

  private spans(pieces: readonly { readonly text: string; readonly match: boolean }[]): Span[] {
    const ends: string[] = [];
    let line = '';
    for (const { text } of pieces) {
      line += text;
      ends.push(line);
    }
    const widths = isNarrowLine(line) ? ends.map((end) => end.length) : this.measure(ends.map(textOf));
    return pieces.flatMap(({ match }, at) =>
      match ? [{ start: at === 0 ? 0 : (widths[at - 1] as number), end: widths[at] as number }] : [],
    );
  }

  /** Characters of a message that fit beside its badges. */
  private room(row: LogRow): number {
    const badges = badgesOf(row, this.look().times);
    if (badges.length === 0) return this.look().room;
    const words = badges.map(({ textContent }) => textContent).join(' ');
    let width = this.badgeWidths.get(words);
    if (width === undefined) {
      [width = 0] = this.measure([
        (probe) => {
          probe.append(...badges);
        },
      ]);
      this.badgeWidths.set(words, width);
    }
    return Math.max(1, this.look().room - width);
  }

  private measureLines(rows: readonly LogRow[]): void {
    const wide: { readonly row: LogRow; readonly line: string }[] = [];
    for (const row of rows) {
      if (this.widths.has(row)) continue;
      const line = messageLine(row);
      if (isNarrowLine(line)) this.widths.set(row, line.length);
      else wide.push({ row, line });
    }
    const widths = this.measure(wide.map(({ line }) => textOf(line)));
    for (const [at, { row }] of wide.entries()) this.widths.set(row, widths[at] as number);
  }

  /** The widths of several probes, measured with a single layout. */
  private measure(fills: readonly ((probe: HTMLElement) => void)[]): number[] {
    if (fills.length === 0) return [];
    const box = document.createElement('div');
    box.className = 'probes';
    const fill = [textOf('0'.repeat(UNITS)), ...fills];
    const probes = fill.map((put) => {
      const probe = box.appendChild(document.createElement('div')).appendChild(document.createElement('span'));
      put(probe);
      return probe;
    });
    this.rows.append(box);
    const [unit = 1, ...widths] = probes.map((probe) => probe.getBoundingClientRect().width);
    box.remove();
    return widths.map((width) => (width * UNITS) / unit);
  }
}

/** Number of characters that are measured to compute the width of one. */
const UNITS = 64;

const textOf = (text: string) => (probe: HTMLElement) => {
  probe.textContent = text;
};
