/** Losses without a record between them in one line, as the table shows them, for a copy that is for people. */
import { RowKind } from '../../../native/core/entry.ts';
import { cpuWords, MOST_MARKERS } from '../../contract/loss.ts';
import { causesText } from '../text/text.ts';
import { lossBetween } from '../view/loss-walk.ts';
import type { LogView } from '../view/view.ts';
import { type ExportRow, NO_CPU } from './output-row.ts';

/** One above the last of the losses that begin at a position, up to `end`; `position` if a record is there. */
export function endOfLosses(view: LogView, position: number, end: number): number {
  let at = position;
  for (const stop = Math.min(end, position + MOST_MARKERS); at < stop; at++) {
    const [segment, offset] = view.place(at);
    if (segment.kind.get(offset) !== RowKind.Gap) break;
  }
  return at;
}

/** Makes of the first of the losses at positions `first..last`, which `row` holds, a row that stands for all of them. */
export function sumUp(
  view: LogView,
  first: number,
  last: number,
  row: ExportRow,
  time: (row: ExportRow) => string,
): void {
  const { lost, cpus, causes, fromNs, toNs } = lossBetween(view, first, last);
  const text = (timeNs: number): string => time({ ...row, timeNs });
  const when = fromNs === null ? `before ${text(toNs)}` : `between ${text(fromNs)} and ${text(toNs)}`;
  const where = `CPU${cpus.length === 1 ? '' : 's'} ${cpuWords(cpus)}`;
  row.text = `${lost} records lost on ${where} ${when}${causesText(causes)}, ${last - first + 1} losses`;
  row.remarks = lost;
  row.cpu = cpus.length === 1 ? (cpus[0] as number) : NO_CPU;
  row.event = 0;
}
