/**
 * A tooltip with all of a message of which the table shows a part. It is the body's, not a cell's: under a mouse that
 * rests, elements are written over for other rows, and no tooltip may speak of a row that is gone.
 */
import type { LogRow } from '../../../electron/contract/rows.ts';
import { wholeIfCut } from '../../model/cell-text.ts';

/** What the mouse is over, in which row. */
export function showWholeText(body: HTMLElement, target: Element, row: LogRow | undefined): void {
  const cell = target.closest('.cell-message');
  const title = cell === null || row === undefined ? '' : wholeIfCut(row.text, cell.textContent ?? '');
  if (body.title !== title) body.title = title;
}

/** To be called before rows change places. */
export function hideWholeText(body: HTMLElement): void {
  if (body.title !== '') body.title = '';
}
