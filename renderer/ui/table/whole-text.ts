/**
 * The tooltip of a message: all of it if the table shows only a part, what the numbers in it mean, and the note of a bookmark; of a
 * field that is a column its value. It is set on the table's body rather than
 * on a cell, because elements are rewritten for other rows while the mouse rests, and a tooltip must not describe a
 * row that is gone.
 */
import type { LogRow } from '../../../electron/contract/rows.ts';
import { shownField } from '../../../electron/contract/shown-text.ts';
import { addressLine } from '../../model/address-text.ts';
import { messageLine, wholeMessage } from '../../model/cell-text.ts';
import type { App } from '../../store/app.ts';
import { ROW_MARK } from './row-element.ts';

/** Lines of a tooltip that say what numbers mean. */
const MOST_LINES = 8;

/** Sets the tooltip for what the mouse is over, in a certain row. */
export function showWholeText(body: HTMLElement, target: Element, row: LogRow | undefined, app: App): void {
  const cell = target.closest('.cell-message');
  const mark = target.closest(`.${ROW_MARK}`)?.ariaLabel ?? '';
  const parts =
    cell === null || row === undefined
      ? []
      : [isWhole(cell, row) ? '' : wholeMessage(row), meanings(row, app), addresses(row, app)];
  const field = target.closest<HTMLElement>('.cell-field')?.dataset.column?.slice('field:'.length);
  const value = field === undefined ? undefined : row?.fields?.[field];
  if (value !== undefined) parts.push(shownField(value));
  const title = mark !== '' ? mark : parts.filter((part) => part !== '').join('\n\n');
  if (body.title !== title) body.title = title;
}

/** What the numbers of each row mean: the mouse moves over the same row many times. */
const known = new WeakMap<LogRow, string>();

/** A line for each number that has a meaning; names say what they are by themselves. */
function meanings(row: LogRow, { decoder }: App): string {
  const before = known.get(row);
  if (before !== undefined) return before;
  const { decoding } = decoder.store.getState();
  if (decoding === null) {
    void decoder.load();
    return '';
  }
  const lines = decoding
    .explain(row.text)
    .filter(({ isName }) => !isName)
    .map(decoding.explanationLine);
  const text = lines.slice(0, MOST_LINES).join('\n');
  known.set(row, text);
  return text;
}

/** A line for each address that is known; it is asked for, and there when the mouse moves again. */
function addresses(row: LogRow, app: App): string {
  const found = app.addresses.of(row)?.found ?? [];
  return found.slice(0, MOST_LINES).map(addressLine).join('\n');
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
