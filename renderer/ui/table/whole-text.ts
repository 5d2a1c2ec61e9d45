/**
 * A tooltip with all of a message of which the table shows a part. It is the body's, not a cell's: under a mouse that
 * rests, elements are written over for other rows, and no tooltip may speak of a row that is gone.
 */
import type { LogRow } from '../../../electron/contract/rows.ts';
import { messageLine, wholeMessage } from '../../model/cell-text.ts';

/** What the mouse is over, in which row. */
export function showWholeText(body: HTMLElement, target: Element, row: LogRow | undefined): void {
  const cell = target.closest('.cell-message');
  const title = cell === null || row === undefined || isWhole(cell, row) ? '' : wholeMessage(row);
  if (body.title !== title) body.title = title;
}

/** Whether all of a message is in sight. */
function isWhole(cell: Element, row: LogRow): boolean {
  if (row.textCut || !(cell.textContent ?? '').endsWith(messageLine(row))) return false;
  const box = cell.querySelector('.message-box');
  const text = box?.firstElementChild;
  if (!box || !text) return true;
  return text.getBoundingClientRect().left >= box.getBoundingClientRect().left && box.scrollWidth <= box.clientWidth;
}

/** To be called before rows change places. */
export function hideWholeText(body: HTMLElement): void {
  if (body.title !== '') body.title = '';
}
