/**
 * One row of the table: a line of text in which each cell is a span. Blanks put the cells in their places
 * (model/cell-text.ts), and no element has a box or clips its contents, because that is what takes a browser most time
 * for some fifty rows a frame. Elements are reused, and only what differs from the row shown before is changed.
 */
import type { Bookmark } from '../../../electron/contract/bookmarks.ts';
import { COLOUR_NAMES } from '../../../electron/contract/colour-rules.ts';
import { isFieldColumn, nameOfField } from '../../../electron/contract/field-columns.ts';
import type { LogRow } from '../../../electron/contract/rows.ts';
import { shownField } from '../../../electron/contract/shown-text.ts';
import { RowKind } from '../../../native/core/entry.ts';
import type { EventNames } from '../../../native/core/event-names.ts';
import { markName } from '../../model/bookmarks.ts';
import { fitParts, fitText, isNarrow } from '../../model/cell-text.ts';
import { CELL_GAP, cellClass, type FittedColumn } from '../../model/columns.ts';
import { cpuColour } from '../../model/cpu-hue.ts';
import { FIGURES, nameWithNumber } from '../../model/figures.ts';
import { levelName, type Parts } from '../../model/format.ts';
import { type Lacking, states, statesLevel, statesPid } from '../../model/lacking.ts';
import { gapText, lossesText } from '../../model/loss.ts';
import { type LossPlace, samePlace } from '../../model/loss-run.ts';
import { lossWeight, meanwhileOf, shareWords } from '../../model/loss-weight.ts';
import { processHues } from '../../model/process-hue.ts';
import type { TimeColumns } from '../../model/time-columns.ts';
import { tip } from '../../store/commands.ts';
import type { Highlighter } from '../../store/highlights.ts';
import { messageCell, referenceBadge, type WordLook } from './message-cell.ts';
import { make, writer } from './nodes.ts';

/** How all rows are drawn; the same object until something of it changes. */
export interface TableLook {
  readonly columns: readonly FittedColumn[];
  readonly times: TimeColumns;
  /** By how many characters messages are moved to the left, and how many characters fit. */
  readonly shift: number;
  readonly room: number;
  /** Names of the sources by number; null while there is only one. */
  readonly names: ReadonlyMap<number, string> | null;
  /** What the rows of sources do not state. */
  readonly lacking: Lacking;
  /** Last known names of processes, by source and number. */
  readonly processes: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** What events are called, by the numbers of the rows. */
  readonly events: ReadonlyMap<number, EventNames>;
  readonly find: Highlighter | null;
  readonly filter: Highlighter | null;
  /** Words that the person highlights, the first of them before the others. */
  readonly words: readonly WordLook[];
  /** Whether cells that name a process have a colour of it. */
  readonly processColours: boolean;
  /** In which letters rows are written: another text for others. */
  readonly font: string;
}

/** What one row shows. */
export interface RowLook {
  readonly position: number;
  /** Row of the grid: 1 is the header, 2 the oldest row. */
  readonly ariaIndex: number;
  /** Undefined until the row has arrived. */
  readonly row: LogRow | undefined;
  readonly selected: boolean;
  readonly focused: boolean;
  /** 0 for none, else one above its place in the palette. */
  readonly colour: number;
  /** Its bookmark; undefined for none. */
  readonly mark: Bookmark | undefined;
  /** Where a loss stands among those beside it; null for a record. */
  readonly loss: LossPlace | null;
}

const LOST = 'Records that were written on this CPU but never reached the log. The statistics say why.';

export class RowElement {
  readonly element = make('div', 'row');
  private look: RowLook | null = null;
  private table: TableLook | null = null;
  /** The columns for which the cells were made; they are kept when the element shows another row. */
  private columns: readonly FittedColumn[] = [];
  private cells: readonly Cell[] = [];
  private holdsCells = false;
  /** The mark of a bookmark, made with the first. */
  private mark: HTMLElement | null = null;
  private name = '';
  private told = '';

  constructor() {
    this.element.role = 'row';
  }

  show(look: RowLook, table: TableLook): void {
    const { element } = this;
    const old = this.look;
    if (old?.position !== look.position) element.dataset.position = `${look.position}`;
    // Only the row that the grid names as active needs an id.
    const id = look.focused ? rowId(look.position) : '';
    if (id !== element.id) element.id = id;
    if (old?.ariaIndex !== look.ariaIndex) element.ariaRowIndex = `${look.ariaIndex}`;
    if (old?.selected !== look.selected) element.ariaSelected = `${look.selected}`;
    const told = description(look, table);
    if (told !== this.told) element.ariaDescription = told === '' ? null : told;
    this.told = told;
    const name = className(look, table);
    if (name !== this.name) element.className = name;
    this.name = name;
    const moved = look.loss !== null && (old?.loss == null || !samePlace(old.loss, look.loss));
    if (old?.row !== look.row || this.table !== table || moved) this.write(look, table);
    this.writeMark(look.mark);
    this.look = look;
    this.table = table;
  }

  /** Before the cells, in the room that the first of them leaves; a cell by itself, so that it is read. */
  private writeMark(bookmark: Bookmark | undefined): void {
    const { element } = this;
    if (bookmark === undefined) {
      if (this.mark?.parentNode === element) this.mark.remove();
      return;
    }
    if (this.mark === null) {
      this.mark = make('span', ROW_MARK);
      this.mark.role = 'gridcell';
    }
    const name = markName(bookmark);
    if (this.mark.ariaLabel !== name) this.mark.ariaLabel = name;
    if (element.firstChild !== this.mark) element.prepend(this.mark);
  }

  private write({ row, loss }: RowLook, table: TableLook): void {
    const { element } = this;
    const gap = row?.kind === RowKind.Gap;
    const testId = gap ? 'gap-row' : 'log-row';
    if (element.dataset.testid !== testId) element.dataset.testid = testId;
    if (row === undefined || gap) {
      element.replaceChildren(...(row ? [gapCell(row, loss, table)] : []));
      this.holdsCells = false;
      return;
    }
    if (this.columns !== table.columns) {
      this.columns = table.columns;
      this.cells = table.columns.map((column) => createCell(column));
      this.holdsCells = false;
    }
    if (!this.holdsCells) element.replaceChildren(...this.cells.map((cell) => cell.element));
    this.holdsCells = true;
    for (const cell of this.cells) cell.write(row, table);
  }
}

/** What stands for the CPU or the level of a source that states none. */
const NOT_STATED = -1;

/** Class of the buttons in the line of a loss. */
export const GAP_STEP = 'gap-step';

/** Class of the mark of a bookmark. */
export const ROW_MARK = 'row-mark';

/** Id of the element of a row, by which the grid names the active row. */
export function rowId(position: number): string {
  return `row-${position}`;
}

/** What is read of a row besides its cells: what a colour or a broken bar says, and its level, where no cell has it. Empty for nothing. */
function description({ row, colour }: RowLook, { columns, lacking }: TableLook): string {
  if (row === undefined || row.kind === RowKind.Gap) return '';
  const highlight = COLOUR_NAMES[colour - 1];
  const said = row.isContext ? 'near a match' : highlight === undefined ? '' : `highlighted, ${highlight}`;
  if (columns.some(({ id }) => id === 'level') || !statesLevel(lacking, row)) return said;
  return said === '' ? levelName(row.level) : `${levelName(row.level)}, ${said}`;
}

/** What colours the bar of a row: nothing, where its level is not known. */
function kindClass(row: LogRow | undefined, lacking: Lacking): string {
  if (row?.kind === RowKind.Gap) return 'gap';
  const known = row !== undefined && statesLevel(lacking, row);
  return known ? `level-${Math.min(row.level, 4)}` : 'level-none';
}

function className({ row, selected, focused, colour, mark, loss }: RowLook, { times, lacking }: TableLook): string {
  const kind = kindClass(row, lacking);
  const reference = row !== undefined && times.reference?.row === row.row ? ' reference' : '';
  const context = row?.isContext ? ' context' : '';
  const painted = colour === 0 ? '' : ` painted paint-${COLOUR_NAMES[colour - 1]}`;
  const part = row === undefined || loss === null ? '' : lossClass(row, loss);
  return `row ${kind}${part}${painted}${context}${reference}${selected ? ' selected' : ''}${focused ? ' focused' : ''}${mark === undefined ? '' : ' marked'}`;
}

/** What a line says: its losses and those below it that it sums up, and what came meanwhile. */
function lossSize(row: LogRow, { total, meanwhile }: LossPlace): readonly [lost: number, meanwhile: number] {
  return total === null ? [row.remarks, meanwhileOf(row)] : [total.lost, meanwhile];
}

const lossClass = (row: LogRow, loss: LossPlace): string =>
  loss.part === 'rest' ? ' part' : ` loss-${lossWeight(...lossSize(row, loss))}`;

interface Cell {
  readonly element: HTMLElement;
  readonly write: (row: LogRow, table: TableLook) => void;
}

function createCell(column: FittedColumn): Cell {
  const element = make('span', `cell ${cellClass(column.id)}`);
  element.role = 'gridcell';
  const { id } = column;
  if (isFieldColumn(id)) {
    const name = nameOfField(id);
    element.dataset.column = id;
    return namedCell(element, column, ({ fields }) => fields?.[name] ?? '');
  }
  switch (id) {
    case 'index':
      return plainCell(element, column, FIGURES.index);
    case 'time':
      return emphasisedCell(element, column, (row, { times }) => times.time(row));
    case 'delta':
      return emphasisedCell(element, column, (row, { times }) => times.delta(row));
    case 'cpu':
      return cpuCell(element, column);
    case 'level':
      return levelCell(element, column);
    case 'source':
      return namedCell(element, column, (row, table) => table.names?.get(row.source) ?? `${row.source}`);
    case 'pid':
      return processCell(
        plainCell(element, column, (row, { lacking }) => (statesPid(lacking, row) ? FIGURES.pid(row) : '')),
      );
    case 'process':
      return processCell(
        namedCell(element, column, (row, { processes, lacking }) => {
          const { source, pid } = row;
          const name = processes.get(source)?.get(pid);
          if (name !== undefined) return nameWithNumber(name, pid, column.width);
          return statesPid(lacking, row) ? `${pid}` : '';
        }),
      );
    case 'provider':
    case 'event':
    case 'function':
    case 'source_file':
      return namedCell(element, column, (row, { events }) => events.get(row.event)?.[id] ?? '');
    case 'tid':
      return plainCell(element, column, FIGURES.tid);
    case 'origin':
      return plainCell(element, column, FIGURES.origin);
    case 'type':
      return plainCell(element, column, FIGURES.type);
    case 'remarks':
      return plainCell(element, column, FIGURES.remarks);
    case 'message':
      return { element, write: messageCell(element) };
  }
}

function plainCell(
  element: HTMLElement,
  { width, align }: FittedColumn,
  of: (row: LogRow, table: TableLook) => string,
): Cell {
  const write = writer(element);
  return { element, write: (row, table) => write(fitText(of(row, table), width, align)) };
}

/** A name may contain any characters. If their width is uncertain, the cell becomes a box with the column's width. */
function namedCell(
  element: HTMLElement,
  { width, align }: FittedColumn,
  of: (row: LogRow, table: TableLook) => string,
): Cell {
  const write = writer(element);
  let boxed = false;
  return {
    element,
    write: (row, table) => {
      const name = shownField(of(row, table));
      const narrow = isNarrow(name);
      if (boxed === narrow) {
        boxed = !narrow;
        element.classList.toggle('boxed', boxed);
        element.style.width = boxed ? `${width + CELL_GAP}ch` : '';
      }
      write(narrow ? fitText(name, width, align) : ` ${name}`);
    },
  };
}

function emphasisedCell(
  element: HTMLElement,
  { width }: FittedColumn,
  of: (row: LogRow, table: TableLook) => Parts,
): Cell {
  const writeQuiet = writer(element.appendChild(make('span', 'quiet')));
  const writeStrong = writer(element);
  return {
    element,
    write: (row, table) => {
      const parts = fitParts(of(row, table), width);
      writeQuiet(parts.quiet);
      writeStrong(parts.strong);
    },
  };
}

/** A cell that has a colour of the process it names, where that is wanted. */
function processCell({ element, write }: Cell): Cell {
  let shown: number | null = null;
  return {
    element,
    write: (row, table) => {
      write(row, table);
      const hue = table.processColours ? processHue(row, table) : null;
      if (hue === shown) return;
      shown = hue;
      element.classList.toggle('tinted', hue !== null);
      if (hue !== null) element.style.setProperty('--hue', `${hue}`);
    },
  };
}

/** Null where a row names none. */
function processHue({ source, pid }: LogRow, { processes }: TableLook): number | null {
  const name = processes.get(source)?.get(pid);
  return name === undefined && pid === 0 ? null : processHues.of(name ?? `${pid}`);
}

function levelCell(element: HTMLElement, { width, align }: FittedColumn): Cell {
  const write = writer(element);
  let shown = Number.NaN;
  return {
    element,
    write: (row, { lacking }) => {
      const level = statesLevel(lacking, row) ? row.level : NOT_STATED;
      if (level === shown) return;
      shown = level;
      element.className = level === NOT_STATED ? 'cell cell-level' : `cell cell-level level-${Math.min(level, 4)}`;
      write(fitText(level === NOT_STATED ? '' : levelName(level), width, align));
    },
  };
}

function cpuCell(element: HTMLElement, { width, align }: FittedColumn): Cell {
  const write = writer(element);
  let shown = Number.NaN;
  return {
    element,
    write: ({ cpu: stated, source }, { lacking }) => {
      const cpu = states(lacking, source, 'cpu') ? stated : NOT_STATED;
      if (cpu === shown) return;
      shown = cpu;
      element.style.setProperty('--cpu', cpuColour(Math.max(0, cpu)));
      write(fitText(cpu === NOT_STATED ? '' : `${cpu}`, width, align));
    },
  };
}

/** The first of several losses says what all of them lost; those below it say what each CPU did. */
function gapCell(row: LogRow, loss: LossPlace | null, { names, lacking, times, events }: TableLook): HTMLElement {
  const element = make('div', 'gap-text');
  element.role = 'gridcell';
  const marks = times.reference?.row === row.row ? [referenceBadge()] : [];
  const total = loss?.total ?? null;
  const statesCpu = states(lacking, row.source, 'cpu');
  const own = gapText(row, times.text, names?.get(row.source), events.get(row.event), statesCpu);
  const share = loss === null ? '' : shareWords(...lossSize(row, loss));
  element.title = [
    ...(total === null ? [] : [`Here ${own}.`]),
    LOST,
    ...(share === '' ? [] : [`That is ${share}.`]),
  ].join(' ');
  const text = total === null ? own : `${lossesText(total, times.text)}, ${total.last - total.first + 1} losses`;
  const words = make('span', 'gap-words');
  words.append(text);
  const steps = loss?.part === 'rest' ? [] : [step('previous'), step('next')];
  element.append(make('span', 'gap-rule'), ...marks, words, make('span', 'gap-rule'), ...steps);
  return element;
}

/** Goes from a loss to the one before or behind it; the keys that do so are in its tip. The table hears the click. */
function step(direction: 'previous' | 'next'): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = GAP_STEP;
  button.tabIndex = -1;
  button.dataset.direction = direction;
  button.title = tip(direction === 'next' ? 'nextLoss' : 'previousLoss');
  button.textContent = direction;
  return button;
}
