/** The word of a message that the mouse points at. */
import type { MouseEvent } from 'react';
import { wordAt } from '../../model/word-marks.ts';

/** Empty where it points at no word, or at something else than a message. */
export function wordUnder({ target, clientX, clientY }: Pick<MouseEvent, 'target' | 'clientX' | 'clientY'>): string {
  const cell = (target as Element).closest('.cell-message');
  if (cell === null) return '';
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let before = 0;
  for (let node = walker.nextNode() as Text | null; node !== null; node = walker.nextNode() as Text | null) {
    const at = offsetIn(node, range, clientX, clientY);
    if (at >= 0) return wordAt(cell.textContent ?? '', before + at);
    before += node.data.length;
  }
  return '';
}

/**
 * The character of a text under a point; -1 for none. Measured rather than asked for: what cannot be selected has no caret.
 */
function offsetIn(node: Text, range: Range, x: number, y: number): number {
  const holds = (from: number, end: number): boolean => {
    range.setStart(node, from);
    range.setEnd(node, end);
    return [...range.getClientRects()].some(
      ({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom,
    );
  };
  let from = 0;
  let end = node.data.length;
  if (end === 0 || !holds(from, end)) return -1;
  while (end - from > 1) {
    const middle = (from + end) >> 1;
    if (holds(from, middle)) end = middle;
    else from = middle;
  }
  return from;
}
