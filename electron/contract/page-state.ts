/**
 * What a new page needs in order to look like the one before it. A page can end at any time, and main then creates it
 * again. For this the page tells main its state whenever it changes; main keeps the last one and hands it to the new
 * page, together with what the service itself knows. Because it comes from a page, it is bounded and checked like every
 * request.
 */
import { type Check, flag, integer, list, MAX, object, reject, text } from './check.ts';
import { MAX_SQL_TEXT, MOST_VIEWS } from './limits.ts';
import { MOST_PARTS } from './output.ts';

/** The longest text of a box that is remembered, UTF-16 units. */
export const MAX_TYPED = 4096;
/** Most patterns of a box that are remembered. */
export const MAX_EARLIER_FILTERS = 20;
/** Most questions in SQL that are remembered. */
export const MAX_EARLIER_QUESTIONS = 50;
/** The farthest that long messages can be moved to the left, in characters. */
const MAX_SHIFT = 1_000_000;
/** How many pixels of the topmost row may lie above the upper edge of the table. */
const MAX_HIDDEN_PX = 1000;

/** A text box with its switches, as typed: the text need not be in force, and need not even compile. */
export interface Typed {
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

/**
 * The state of one view in the page. Rows are identified by their numbers in the session's store, which no filter
 * changes.
 */
export interface ViewState {
  readonly filter: Typed;
  /** Patterns that were in force, the newest first. */
  readonly earlier?: readonly string[];
  readonly find: Typed & { readonly open: boolean };
  readonly selection: {
    readonly anchor: number;
    readonly focus: number;
    /** Ranges of rows that are selected beside those from anchor to focus, in order. */
    readonly others?: readonly { readonly first: number; readonly last: number }[];
    /** The rows from anchor to focus are not selected. */
    readonly aside?: boolean;
  } | null;
  /**
   * The row at the upper edge of the table, and how many of its pixels lie above the edge; null while following the
   * newest rows.
   */
  readonly place: { readonly row: number; readonly hiddenPx: number } | null;
  /** Characters long messages are moved to the left. */
  readonly shift: number;
  /** The row that times are measured from, and whether the column of deltas does so; without it there is none. */
  readonly reference?: {
    readonly row: number;
    readonly epoch: number;
    readonly index: number;
    readonly timeNs: number;
    readonly used: boolean;
  };
}

/** The pane in which questions in SQL are asked. */
export interface SqlState {
  readonly open: boolean;
  /** What stands in its editor, which need not be SQL. */
  readonly text: string;
  /** What was asked, the newest first. */
  readonly earlier: readonly string[];
}

/** Two views that are shown side by side. */
export interface BesideState {
  readonly left: number;
  readonly right: number;
  /** Whether one is scrolled with the other. */
  readonly together: boolean;
  /** How much of the width the left one has, in hundredths. */
  readonly share: number;
}

/** The least and the most that the left one of two views has of the width, in hundredths. */
export const LEAST_SHARE = 20;
export const MOST_SHARE = 80;

/** Sent by the page whenever it changes. */
export interface PageState {
  /** Number of the view that is shown. */
  readonly active: number;
  readonly views: readonly { readonly view: number; readonly state: ViewState }[];
  readonly sql?: SqlState;
  readonly beside?: BesideState;
}

const count = (value: unknown, most: number, name: string): number => integer(value, 0, most, name);

function bounded(value: unknown, most: number, name: string): string {
  const typed = text(value, name);
  return typed.length <= most ? typed : reject(`${name}: at most ${most} characters were expected`);
}

const pattern = (value: unknown): string => bounded(value, MAX_TYPED, 'pattern');
const question = (value: unknown): string => bounded(value, MAX_SQL_TEXT, 'sql');

function typed(value: unknown): Typed {
  const fields = object(value);
  return {
    pattern: pattern(fields.pattern),
    regex: flag(fields.regex, 'regex'),
    caseSensitive: flag(fields.caseSensitive, 'caseSensitive'),
  };
}

function selection(value: unknown): ViewState['selection'] {
  if (value === null) return null;
  const fields = object(value);
  return {
    anchor: count(fields.anchor, MAX, 'anchor'),
    focus: count(fields.focus, MAX, 'focus'),
    ...(fields.others === undefined ? {} : { others: list(fields.others, MOST_PARTS, 'others', rows) }),
    ...(fields.aside === undefined ? {} : { aside: flag(fields.aside, 'aside') }),
  };
}

function rows(value: unknown): { readonly first: number; readonly last: number } {
  const { first, last } = object(value);
  return { first: count(first, MAX, 'first'), last: count(last, MAX, 'last') };
}

function place(value: unknown): ViewState['place'] {
  if (value === null) return null;
  const fields = object(value);
  return { row: count(fields.row, MAX, 'row'), hiddenPx: count(fields.hiddenPx, MAX_HIDDEN_PX, 'hiddenPx') };
}

function reference(value: unknown): NonNullable<ViewState['reference']> {
  const fields = object(value);
  return {
    row: count(fields.row, MAX, 'row'),
    epoch: count(fields.epoch, MAX, 'epoch'),
    index: count(fields.index, MAX, 'index'),
    timeNs: integer(fields.timeNs, -MAX, MAX, 'timeNs'),
    used: flag(fields.used, 'used'),
  };
}

function viewState(value: unknown): ViewState {
  const fields = object(value);
  return {
    filter: typed(fields.filter),
    ...(fields.earlier === undefined ? {} : { earlier: list(fields.earlier, MAX_EARLIER_FILTERS, 'earlier', pattern) }),
    find: { ...typed(fields.find), open: flag(object(fields.find).open, 'open') },
    selection: selection(fields.selection),
    place: place(fields.place),
    shift: count(fields.shift, MAX_SHIFT, 'shift'),
    ...(fields.reference === undefined ? {} : { reference: reference(fields.reference) }),
  };
}

function sqlState(value: unknown): SqlState {
  const fields = object(value);
  return {
    open: flag(fields.open, 'open'),
    text: question(fields.text),
    earlier: list(fields.earlier, MAX_EARLIER_QUESTIONS, 'earlier', question),
  };
}

function besideState(value: unknown): BesideState {
  const { left, right, together, share } = object(value);
  return {
    left: count(left, MAX, 'left'),
    right: count(right, MAX, 'right'),
    together: flag(together, 'together'),
    share: integer(share, LEAST_SHARE, MOST_SHARE, 'share'),
  };
}

/** The state of a page rebuilt from the fields that are known. */
export const pageState: Check<PageState> = (value) => {
  const fields = object(value);
  return {
    active: count(fields.active, MAX, 'active'),
    views: list(fields.views, MOST_VIEWS, 'views', (each) => {
      const { view, state } = object(each);
      return { view: count(view, MAX, 'view'), state: viewState(state) };
    }),
    ...(fields.sql === undefined ? {} : { sql: sqlState(fields.sql) }),
    ...(fields.beside === undefined ? {} : { beside: besideState(fields.beside) }),
  };
};
