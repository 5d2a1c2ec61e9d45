/**
 * The selected rows: the range of positions between an anchor and a focus, and other ranges beside it, which Ctrl adds
 * and takes away. Ranges rather than rows, so that any part of millions of rows costs what a few do. Each end also
 * remembers its row, so that it can be found again when a filter gives that row another position.
 */
import { MOST_PARTS } from '../../electron/contract/output.ts';

export interface End {
  readonly position: number;
  /** Number of the row in the session; null until the row has been fetched. */
  readonly row: number | null;
}

/** A range of selected rows. The row of an end where another was taken out need not be shown itself. */
export interface Part {
  readonly first: End;
  readonly last: End;
}

/** Positions `first..last`. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export interface Selection {
  readonly anchor: End;
  /** The end that moves; its row is the one that the details show. */
  readonly focus: End;
  /** What is selected besides the rows from the anchor to the focus: in order, and apart from each other. */
  readonly others?: readonly Part[];
  /** The keys stand at the focus, but the rows from the anchor to it are not selected by that. */
  readonly aside?: boolean;
}

export function selectOne(end: End): Selection {
  return { anchor: end, focus: end };
}

/** Moves the focus and keeps the anchor (a click with Shift). Without a selection, starts one. */
export function extendTo(selection: Selection | null, focus: End): Selection {
  return selection ? { anchor: selection.anchor, focus } : selectOne(focus);
}

/** As `extendTo`, beside what else is selected (a click with Ctrl and Shift). */
export function addTo(selection: Selection | null, focus: End): Selection {
  if (selection === null) return selectOne(focus);
  return { anchor: selection.anchor, focus, ...besides(selection.others ?? []) };
}

/** Adds a row to what is selected, or takes it away (a click with Ctrl). Null if that makes more ranges than there may be. */
export function toggleAt(selection: Selection | null, end: End): Selection | null {
  if (selection === null) return selectOne(end);
  const all = partsOf(selection);
  if (!isSelected(selection, end.position)) {
    return all.length < MOST_PARTS ? { anchor: end, focus: end, ...besides(all) } : null;
  }
  const left = all.flatMap((part) => without(part, end));
  return left.length <= MOST_PARTS ? { anchor: end, focus: end, ...besides(left), aside: true } : null;
}

/** Moves the focus and leaves what is selected as it is (an arrow with Ctrl). Null as for `toggleAt`. */
export function standAt(selection: Selection | null, focus: End): Selection | null {
  if (selection === null) return { anchor: focus, focus, aside: true };
  return { anchor: selection.anchor, focus, ...besides(partsOf(selection)), aside: true };
}

const besides = (others: readonly Part[]): Pick<Selection, 'others'> => (others.length === 0 ? {} : { others });

function own({ anchor, focus, aside }: Selection): Part | null {
  if (aside) return null;
  return anchor.position <= focus.position ? { first: anchor, last: focus } : { first: focus, last: anchor };
}

/** The ranges of selected rows, in order; those that touch are one. */
export function partsOf(selection: Selection): readonly Part[] {
  const { others = [] } = selection;
  const part = own(selection);
  if (part === null) return others;
  if (others.length === 0) return [part];
  return joined([...others, part].sort((a, b) => a.first.position - b.first.position));
}

function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const before = all.at(-1);
    if (before === undefined || part.first.position > before.last.position + 1) all.push(part);
    else if (part.last.position > before.last.position) all[all.length - 1] = { first: before.first, last: part.last };
  }
  return all;
}

/** What is left of a part without one row. Its new ends are directly beside that row, shown or not. */
function without(part: Part, { position, row }: End): Part[] {
  const { first, last } = part;
  if (position < first.position || position > last.position) return [part];
  const beside = (step: 1 | -1): End => ({ position: position + step, row: row === null ? null : row + step });
  return [
    ...(first.position < position ? [{ first, last: beside(-1) }] : []),
    ...(last.position > position ? [{ first: beside(1), last }] : []),
  ];
}

/** First and last selected position; those of anchor and focus where nothing is. */
export function selectedRange(selection: Selection): Span {
  const { anchor, focus, others, aside } = selection;
  if (others === undefined && !aside) {
    return { first: Math.min(anchor.position, focus.position), last: Math.max(anchor.position, focus.position) };
  }
  const parts = partsOf(selection);
  const [first, last] = [parts[0]?.first ?? focus, parts.at(-1)?.last ?? focus];
  return { first: first.position, last: last.position };
}

/** The selected positions as ranges, in order. */
export function selectedSpans(selection: Selection | null): readonly Span[] {
  if (selection === null) return [];
  return partsOf(selection).map(({ first, last }) => ({ first: first.position, last: last.position }));
}

export function isSelected(selection: Selection | null, position: number): boolean {
  if (!selection) return false;
  const part = own(selection);
  if (part !== null && position >= part.first.position && position <= part.last.position) return true;
  const { others = [] } = selection;
  let from = 0;
  let end = others.length;
  while (from < end) {
    const middle = (from + end) >> 1;
    if ((others[middle] as Part).last.position < position) from = middle + 1;
    else end = middle;
  }
  const at = others[from];
  return at !== undefined && at.first.position <= position;
}

export function selectedCount(selection: Selection | null): number {
  return selectedSpans(selection).reduce((rows, { first, last }) => rows + last - first + 1, 0);
}

/** Where moving by `rows` brings the focus; `start` if nothing is selected. Null if there are no rows. */
export function moveFocus(
  selection: Selection | null,
  rows: number,
  view: { readonly first: number; readonly end: number; readonly start: number },
): number | null {
  if (view.end <= view.first) return null;
  const target = selection ? selection.focus.position + rows : view.start;
  return Math.min(Math.max(target, view.first), view.end - 1);
}

/** The selection without rows before `first`, which were dropped. Appended rows never change a selection. */
export function afterEviction(selection: Selection | null, first: number): Selection | null {
  if (!selection) return null;
  const { anchor, focus, others, aside } = selection;
  if (Math.min(anchor.position, focus.position, selectedRange(selection).first) >= first) return selection;
  const clip = (end: End): End => (end.position >= first ? end : { position: first, row: null });
  const left = others
    ?.filter(({ last }) => last.position >= first)
    .map((part) => ({ first: clip(part.first), last: part.last }));
  const beside = besides(left ?? []);
  const goes = Math.max(anchor.position, focus.position) < first;
  if (goes && left?.[0] === undefined) return null;
  if (goes) return { anchor: clip(focus), focus: clip(focus), ...beside, aside: true };
  return { anchor: clip(anchor), focus: clip(focus), ...beside, ...(aside ? { aside } : {}) };
}

/** Fills in row numbers that were unknown when the selection was made. */
export function withRows(selection: Selection, rowAt: (position: number) => number | undefined): Selection {
  const fill = (end: End): End => {
    const row = end.row ?? rowAt(end.position);
    return row === undefined || row === end.row ? end : { position: end.position, row };
  };
  const anchor = fill(selection.anchor);
  const focus = selection.focus === selection.anchor ? anchor : fill(selection.focus);
  const { others } = selection;
  const open = others?.some(({ first, last }) => first.row === null || last.row === null) ?? false;
  const filled = open ? others?.map((part) => ({ first: fill(part.first), last: fill(part.last) })) : others;
  const same = filled?.every(({ first, last }, at) => first === others?.[at]?.first && last === others[at]?.last);
  if (anchor === selection.anchor && focus === selection.focus && (same ?? true)) return selection;
  return { ...selection, anchor, focus, ...(filled === undefined ? {} : { others: filled }) };
}
