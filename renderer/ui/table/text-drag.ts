/**
 * Selecting a part of one message with the mouse. The browser is not left to do it by itself: its drag would go on over
 * other rows, where a drag selects rows. What is selected is what is shown, and it is gone once its row shows something else.
 */

/** Class of what has the text of a message; see message-cell.ts. */
const CELL = '.cell-message';

export interface Caret {
  readonly node: Node;
  readonly offset: number;
}

/** The nearest place in the message of a row to a point; null where the row has no text there. */
export function caretIn(row: Element, x: number, y: number): Caret | null {
  const cell = row.querySelector(CELL);
  if (cell === null) return null;
  const box = cell.querySelector('.message-text');
  const line = box ?? cell;
  const { left, right, top, height } = line.getBoundingClientRect();
  const middle = Math.min(Math.max(y, top + 1), top + height - 1);
  const caret = document.caretPositionFromPoint(Math.min(Math.max(x, left + 1), right - 1), middle);
  const [first, last] = endsOf(line, box === null);
  if (first === null || last === null) return null;
  // A message that runs from right to left begins at the right.
  const begin = line.closest('[dir="rtl"]') === null ? x <= left : x >= right;
  const outside = x <= left || x >= right || caret === null || !line.contains(caret.offsetNode);
  if (outside) return begin ? first : last;
  const found = { node: caret.offsetNode, offset: caret.offset };
  return isBefore(found, first) ? first : found;
}

/** The ends of a line; `blank`: it begins with a blank that is none of the message. */
function endsOf(line: Element, blank: boolean): [Caret, Caret] | [null, null] {
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const first = texts.nextNode() as Text | null;
  let last = first;
  for (let next = first; next !== null; next = texts.nextNode() as Text | null) last = next;
  if (first === null || last === null) return [null, null];
  return [
    { node: first, offset: blank ? 1 : 0 },
    { node: last, offset: last.data.length },
  ];
}

function isBefore(a: Caret, b: Caret): boolean {
  return a.node === b.node && a.offset < b.offset;
}

export function selectText(from: Caret, to: Caret): void {
  window.getSelection()?.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
}

/** The text that is selected in a message of the table, and the row it is of; null for none. */
export function selectedText(body: Element): { readonly text: string; readonly row: Element } | null {
  const selection = window.getSelection();
  const { anchorNode } = selection ?? {};
  const parent = anchorNode instanceof Element ? anchorNode : (anchorNode?.parentElement ?? null);
  const cell = parent?.closest(CELL) ?? null;
  const row = cell?.closest('[data-position]') ?? null;
  const text = selection?.toString() ?? '';
  return row === null || text === '' || !body.contains(row) ? null : { text, row };
}

/** Drops text that is selected in a message; false if none is. */
export function dropText(body: Element): boolean {
  if (selectedText(body) === null) return false;
  window.getSelection()?.removeAllRanges();
  return true;
}

/** A drag that began in a message, for as long as that is what it was. */
export class TextDrag {
  private from: Caret | null = null;
  private position = -1;

  /** The button was pressed on a row; true if on its message. */
  begin(
    row: Element,
    position: number,
    event: { readonly target: EventTarget; clientX: number; clientY: number },
  ): boolean {
    const inside = (event.target as Element).closest(CELL) !== null;
    this.from = inside ? caretIn(row, event.clientX, event.clientY) : null;
    this.position = position;
    return this.from !== null;
  }

  /** The button was pressed somewhere else. */
  end(): void {
    this.from = null;
  }

  /** The mouse is over a row: selects text if it is the row that the drag began in, else drops it. */
  move(body: Element, row: Element, position: number, event: { clientX: number; clientY: number }): void {
    const { from } = this;
    if (from === null) return;
    if (position !== this.position) dropText(body);
    else if (from.node.isConnected) {
      const to = caretIn(row, event.clientX, event.clientY);
      if (to !== null) selectText(from, to);
    }
  }
}
