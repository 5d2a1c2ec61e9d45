/**
 * The tooltip with the whole message if the table shows only a part of it, or with the note of a bookmark. It is set on the table's body rather than
 * on a cell, because elements are rewritten for other rows while the mouse rests, and a tooltip must not describe a
 * row that is gone.
 */
import type { LogRow } from '../../../electron/contract/rows.ts';
import { messageLine, wholeMessage } from '../../model/cell-text.ts';
import { ROW_MARK } from './row-element.ts';

/** Sets the tooltip for what the mouse is over, in a certain row. */
export function showWholeText(body: HTMLElement, target: Element, row: LogRow | undefined): void {
  const cell = target.closest('.cell-message');
  const mark = target.closest(`.${ROW_MARK}`)?.ariaLabel ?? '';
  const title = cell === null || row === undefined || isWhole(cell, row) ? mark : wholeMessage(row);
  if (body.title !== title) body.title = title;
}

/** Whether the whole message is in sight. */
function isWhole(cell: Element, row: LogRow): boolean {
  if (row.textCut || !(cell.textContent ?? '').endsWith(messageLine(row))) return false;
  const box = cell.querySelector('.message-box');
  const text = box?.firstElementChild;
  if (!box || !text) return true;
  return text.getBoundingClientRect().left >= box.getBoundingClientRect().left && box.scrollWidth <= box.clientWidth;
}

/** To be called before rows are moved. */
export function hideWholeText(body: HTMLElement): void {
  if (body.title !== '') body.title = '';
}
