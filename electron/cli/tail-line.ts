/** A row as one line of a terminal: spans of text, each with a meaning. Meanings are turned into colours last. */
import { levelName, RowKind } from '../../native/core/entry.ts';
import type { NameOfProcess } from '../session/ingest/process-names.ts';
import type { ExportRow } from '../session/output/output-row.ts';
import { fitColumns, visibleText, widthOf } from './terminal-text.ts';

export type Meaning = 'plain' | 'quiet' | 'error' | 'warning' | 'trace' | 'lost' | 'late' | 'note' | 'status';

export interface Span {
  readonly text: string;
  readonly meaning: Meaning;
}

export type Line = readonly Span[];

/** What lines contain in addition to the fields of every row. */
export interface LineExtras {
  /** Names a row's source; null if the log has only one source. */
  readonly sourceName: ((source: number) => string) | null;
  readonly processOf: NameOfProcess | null;
}

const MEANING_OF_LEVEL: readonly Meaning[] = ['error', 'warning', 'plain', 'trace'];
const NS_A_MICROSECOND = 1000;

/** Seconds with six decimals; further ones are cut off. Fewer decimals would hide the order of rows. */
function seconds(timeNs: number): string {
  const us = Math.floor(Math.abs(timeNs) / NS_A_MICROSECOND);
  const sign = timeNs < 0 ? '-' : '';
  return `${sign}${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, '0')}`;
}

/**
 * Index, seconds, CPU, level, then source and process if they are known, then the message. All text is made safe for a
 * terminal.
 */
export function lineOf(row: ExportRow, { sourceName, processOf }: LineExtras): Line {
  const gap = row.kind === RowKind.Gap;
  const place = `${String(row.index).padStart(10)} ${seconds(row.timeNs).padStart(14)} ${String(row.cpu).padStart(3)} `;
  let origin = sourceName === null ? '' : `${visibleText(sourceName(row.source))} `;
  if (processOf !== null && !gap) origin += `${processText(row, processOf)} `;
  if (gap) {
    return [
      { text: place, meaning: 'quiet' },
      { text: `${'lost'.padEnd(7)} ${origin}... ${visibleText(row.text)}`, meaning: 'lost' },
    ];
  }
  const meaning = MEANING_OF_LEVEL[row.level] ?? 'plain';
  const head: Span[] = [
    { text: place, meaning: 'quiet' },
    { text: `${levelName(row.level).padEnd(7)} ${origin}`, meaning },
  ];
  if (row.late) head.push({ text: 'late ', meaning: 'late' });
  return [...head, { text: visibleText(row.text), meaning }];
}

function processText({ source, pid }: ExportRow, processOf: NameOfProcess): string {
  const name = processOf(source, pid);
  return name === undefined ? `(${pid})` : `${visibleText(name)} (${pid})`;
}

export const lineText = (line: Line): string => line.map(({ text }) => text).join('');

/** The beginning of a line that fits the width. */
export function fitLine(line: Line, columns: number): Line {
  let left = columns;
  const fitted: Span[] = [];
  for (const { text, meaning } of line) {
    if (left <= 0) break;
    const part = fitColumns(text, left);
    fitted.push({ text: part, meaning });
    if (part !== text) break;
    left -= widthOf(part);
  }
  return fitted;
}

/** The Select Graphic Rendition code of each meaning. */
const RENDITION: Readonly<Record<Meaning, string>> = {
  plain: '',
  quiet: '2',
  error: '31',
  warning: '33',
  trace: '2',
  lost: '1;31',
  late: '35',
  note: '36',
  status: '7',
};

/** The text that draws a line; without colour only the plain text. */
export function drawLine(line: Line, colour: boolean): string {
  if (!colour) return lineText(line);
  return line
    .map(({ text, meaning }) => (RENDITION[meaning] === '' ? text : `\u001b[${RENDITION[meaning]}m${text}\u001b[0m`))
    .join('');
}
