/**
 * One row of the table as plain elements. They are made once and written over: only what differs from what the row
 * showed before is touched, because each write costs style, layout and paint, some fifty rows a frame.
 */
import type { LogRow } from '../../../electron/contract/rows.ts';
import { RowFlag, RowKind } from '../../../native/core/entry.ts';
import { eventTypeName } from '../../../native/core/events.ts';
import type { Column, ColumnId } from '../../model/columns.ts';
import { cpuColour } from '../../model/cpu-hue.ts';
import { deltaParts, levelName, oneLine, type Parts, timeParts } from '../../model/format.ts';
import { gapText } from '../../model/loss.ts';
import type { Marker } from '../../store/marks.ts';

/** How all rows look: the same object until something of it changes. */
export interface TableLook {
  readonly columns: readonly Column[];
  /** Names of the sources by number; null while there is only one. */
  readonly names: ReadonlyMap<number, string> | null;
  /** Last known names of processes, by source and number. */
  readonly processes: ReadonlyMap<number, ReadonlyMap<number, string>>;
  readonly find: Marker | null;
  readonly filter: Marker | null;
}

/** What one row shows. */
export interface RowLook {
  readonly position: number;
  /** Row of the grid: 1 is the header, 2 the oldest row. */
  readonly ariaIndex: number;
  /** Pixels from the upper edge of the rows. */
  readonly y: number;
  /** Undefined until it has arrived. */
  readonly row: LogRow | undefined;
  readonly selected: boolean;
  readonly focused: boolean;
}

const LATE =
  'Late: this record was delivered after newer ones, because its CPU stayed inside a write. Its index and time are right; its place is where it arrived.';
const CUT = 'Truncated: the driver cut this message to fit its formatting buffer. The rest was never recorded.';
const LOST = 'Records that were written on this CPU but never reached the log. The statistics say why.';

export class RowElement {
  readonly element = make('div', 'row');
  #look: RowLook | null = null;
  #table: TableLook | null = null;
  /** Of these columns; kept while the row shows something else. */
  #columns: readonly Column[] = [];
  #cells: readonly Cell[] = [];
  #holdsCells = false;

  constructor() {
    this.element.role = 'row';
  }

  show(look: RowLook, table: TableLook): void {
    const { element } = this;
    const old = this.#look;
    if (old?.position !== look.position) {
      element.id = `row-${look.position}`;
      element.dataset.position = `${look.position}`;
    }
    if (old?.ariaIndex !== look.ariaIndex) element.ariaRowIndex = `${look.ariaIndex}`;
    if (old?.y !== look.y) element.style.top = `${look.y}px`;
    if (old?.selected !== look.selected) element.ariaSelected = `${look.selected}`;
    const name = className(look);
    if (old === null || className(old) !== name) element.className = name;
    if (old?.row !== look.row || this.#table !== table) this.#write(look.row, table);
    this.#look = look;
    this.#table = table;
  }

  #write(row: LogRow | undefined, table: TableLook): void {
    const { element } = this;
    const gap = row?.kind === RowKind.Gap;
    element.dataset.testid = gap ? 'gap-row' : 'log-row';
    if (row === undefined) delete element.dataset.index;
    else element.dataset.index = `${row.index}`;
    if (row === undefined || gap) {
      element.replaceChildren(...(row ? [gapCell(row, table.names?.get(row.source))] : []));
      this.#holdsCells = false;
      return;
    }
    if (this.#columns !== table.columns) {
      this.#columns = table.columns;
      this.#cells = table.columns.map((column) => createCell(column.id));
      this.#holdsCells = false;
    }
    if (!this.#holdsCells) element.replaceChildren(...this.#cells.map((cell) => cell.element));
    this.#holdsCells = true;
    for (const cell of this.#cells) cell.write(row, table);
  }
}

function className({ row, selected, focused }: RowLook): string {
  const kind = row === undefined ? 'level-none' : row.kind === RowKind.Gap ? 'gap' : `level-${Math.min(row.level, 4)}`;
  return `row ${kind}${selected ? ' selected' : ''}${focused ? ' focused' : ''}`;
}

interface Cell {
  readonly element: HTMLElement;
  readonly write: (row: LogRow, table: TableLook) => void;
}

const ORIGINS = ['driver', 'dbgprint'];

function createCell(id: ColumnId): Cell {
  const element = make('div', `cell cell-${id}`);
  element.role = 'gridcell';
  switch (id) {
    case 'index':
      return plainCell(element, (row) => `${row.index}`);
    case 'time':
      return emphasisedCell(element, (row) => timeParts(row.timeNs, row.deltaNs));
    case 'delta':
      return emphasisedCell(element, (row) => deltaParts(row.deltaNs));
    case 'cpu':
      return cpuCell(element);
    case 'level':
      return levelCell(element);
    case 'source':
      return plainCell(element, (row, table) => table.names?.get(row.source) ?? `${row.source}`);
    case 'pid':
      return plainCell(element, (row) => `${row.pid}`);
    case 'process':
      return processCell(element);
    case 'origin':
      return plainCell(element, (row) => ORIGINS[row.origin] ?? `${row.origin}`);
    case 'type':
      return plainCell(element, (row) => (row.type === 0 ? '' : (eventTypeName(row.type) ?? `${row.type}`)));
    case 'remarks':
      return plainCell(element, (row) => (row.remarks === 0 ? '' : `${row.remarks}`));
    case 'message':
      return messageCell(element);
  }
}

function plainCell(element: HTMLElement, of: (row: LogRow, table: TableLook) => string): Cell {
  const write = writer(element);
  return { element, write: (row, table) => write(of(row, table)) };
}

function emphasisedCell(element: HTMLElement, of: (row: LogRow) => Parts): Cell {
  const quiet = element.appendChild(make('span', 'quiet'));
  const writeQuiet = writer(quiet);
  const writeStrong = writer(element);
  return {
    element,
    write: (row) => {
      const parts = of(row);
      writeQuiet(parts.quiet);
      writeStrong(parts.strong);
    },
  };
}

function levelCell(element: HTMLElement): Cell {
  const write = writer(element);
  let shown = -1;
  return {
    element,
    write: ({ level }) => {
      if (level === shown) return;
      shown = level;
      element.className = `cell cell-level level-${Math.min(level, 4)}`;
      write(levelName(level));
    },
  };
}

function cpuCell(element: HTMLElement): Cell {
  const cpu = element.appendChild(make('span', 'cpu'));
  const write = writer(cpu);
  let shown = -1;
  return {
    element,
    write: (row) => {
      if (row.cpu === shown) return;
      shown = row.cpu;
      cpu.style.setProperty('--cpu', cpuColour(row.cpu));
      write(`${row.cpu}`);
    },
  };
}

/** The name, where it is known, and the number. */
function processCell(element: HTMLElement): Cell {
  const writeName = writer(element);
  const writePid = writer(element.appendChild(make('span', 'quiet')));
  return {
    element,
    write: (row, { processes }) => {
      const name = processes.get(row.source)?.get(row.pid);
      writeName(name === undefined ? '' : `${name} `);
      writePid(`${row.pid}`);
    },
  };
}

const MARKS = RowFlag.Late | RowFlag.Truncated;

/** Small marks, and the text with what was looked for in it. Both are rare: most messages are one piece of text. */
function messageCell(element: HTMLElement): Cell {
  const text = element.appendChild(make('span', 'text'));
  let plain: ((text: string) => void) | null = writer(text);
  let marks = 0;
  return {
    element,
    write: (row, { find, filter }) => {
      const wanted = row.flags & MARKS;
      if (wanted !== marks) {
        marks = wanted;
        const shown: HTMLElement[] = [];
        if ((wanted & RowFlag.Late) !== 0) shown.push(mark('late', LATE));
        if ((wanted & RowFlag.Truncated) !== 0) shown.push(mark('cut', CUT));
        element.replaceChildren(...shown, text);
      }
      const line = oneLine(row.text);
      const pieces = (find ?? filter)?.split(line);
      if (pieces?.some(({ match }) => match)) {
        plain = null;
        text.replaceChildren(...pieces.map((piece) => (piece.match ? hit(piece.text, find !== null) : piece.text)));
        return;
      }
      if (plain === null) {
        text.replaceChildren();
        plain = writer(text);
      }
      plain(line);
    },
  };
}

function mark(word: string, title: string): HTMLElement {
  const element = make('span', 'mark');
  element.title = title;
  element.textContent = word;
  return element;
}

function hit(text: string, found: boolean): HTMLElement {
  const element = make('mark', found ? 'hit' : 'filter-hit');
  element.textContent = text;
  return element;
}

function gapCell(row: LogRow, source: string | undefined): HTMLElement {
  const element = make('div', 'gap-text');
  element.role = 'gridcell';
  element.title = LOST;
  element.append(make('span', 'gap-rule'), gapText(row.remarks, row.cpu, row.type, source), make('span', 'gap-rule'));
  return element;
}

function make(tag: 'div' | 'span' | 'mark', className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

/** Appends a text node and returns what writes it, if the text is another. */
function writer(parent: HTMLElement): (text: string) => void {
  const node = parent.appendChild(document.createTextNode(''));
  let shown = '';
  return (text) => {
    if (text === shown) return;
    shown = text;
    node.data = text;
  };
}
