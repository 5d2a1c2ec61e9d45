/**
 * A log as Sysinternals DebugView writes it: number, seconds since the begin with eight decimals, `[pid] ` and message,
 * separated by tabs, with a tab at the end, lines ended by CR LF. UTF-8 with a byte order mark, without which DebugView
 * would read it in the code page of the machine. The number is the row's index.
 *
 * As in DebugView, a line break in a message continues it in a line without a number; if that line looks as if it had
 * one, a blank is put before it. An empty message is written as one blank. The format has no place for losses, so they
 * become lines of text.
 */
import type { RowFormatter } from '../formatter.ts';
import { type ExportRow, isLoss } from '../output-row.ts';

/** Readers take a longer number for text, so numbers restart here. */
const NUMBERS = 1e15;
const NS_A_STEP = 10;
/** A continuation line that a reader would take for a record of its own. */
const LIKE_A_RECORD = /^\d{1,15}\t\d/;
const LIKE_A_COMPUTER = /^\[\\\\/;
const LIKE_A_PID = /^\[\d{1,10}\]/;

/** Seconds with eight decimals; times before the begin become 0, because the format has no negative times. */
function seconds(timeNs: number): string {
  const steps = String(Math.round(Math.max(0, timeNs) / NS_A_STEP)).padStart(9, '0');
  return `${steps.slice(0, -8)}.${steps.slice(-8)}`;
}

function lineOf(row: ExportRow): string {
  if (isLoss(row)) return `... ${row.text}`;
  const pid = row.pid !== 0 || LIKE_A_PID.test(row.text) ? `[${row.pid}] ` : '';
  const [first = '', ...more] = row.text.split(/\r\n|\r|\n/);
  // The blank stands for an empty message; a message whose first line is empty does not need it.
  const begin = `${pid}${row.text === '' ? ' ' : first}\t`;
  if (more.length === 0) return begin;
  return [
    begin,
    ...more.map((line) => (LIKE_A_RECORD.test(line) || LIKE_A_COMPUTER.test(line) ? ` ${line}` : line)),
  ].join('\r\n');
}

export const debugViewFormatter = (): RowFormatter => ({
  header: () => '\ufeff',
  row: (row) => `${String(row.index % NUMBERS).padStart(8, '0')}\t${seconds(row.timeNs)}\t${lineOf(row)}\r\n`,
});
