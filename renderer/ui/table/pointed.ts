/** What of a message the mouse points at. */

interface Pointed {
  readonly target: EventTarget;
  readonly clientX: number;
  readonly clientY: number;
}

/** The character of the message line under the mouse; null elsewhere. `shift`: characters out of sight to the left. */
export function characterAt({ target, clientX, clientY }: Pointed, shift: number): number | null {
  const cell = (target as Element).closest('.cell-message');
  const caret = document.caretPositionFromPoint(clientX, clientY);
  if (cell === null || caret === null) return null;
  // A box has the whole line; else the cell has a blank and what is in sight of it.
  const box = cell.querySelector('.message-text');
  const line = box ?? cell;
  if (!line.contains(caret.offsetNode)) return null;
  const at = caret.offset + lengthBefore(line, caret.offsetNode);
  return box === null ? at - 1 + shift : at;
}

function lengthBefore(line: Element, node: Node): number {
  let length = 0;
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null && text !== node; text = texts.nextNode()) {
    length += text.textContent?.length ?? 0;
  }
  return length;
}
