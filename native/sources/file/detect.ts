/** Finds out which format a file has from its first lines. The file's name is not used, because it may be wrong. */

import { TEXT_FORMATS } from '../source.ts';
import { fieldOf } from './columns.ts';
import { csvFormat, csvValues, separatorOf } from './csv.ts';
import { dblogFormat } from './dblog.ts';
import { debugViewFormat } from './debugview.ts';
import { jsonLinesFormat } from './json-lines.ts';
import { createLine, type LineFormat, LineKind } from './line-format.ts';
import { LineSplitter, MOST_LINE_BYTES } from './lines.ts';
import { plainFormat } from './plain.ts';
import { isRingviewText, ringviewTextFormat } from './ringview-text.ts';

export const FORMAT_NAMES = TEXT_FORMATS;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** Names of the formats as they are shown to people. */
export const FORMAT_TITLES: Readonly<Record<FormatName, string>> = {
  debugview: 'DebugView log',
  dblog: 'DebugView++ log',
  csv: 'CSV',
  jsonl: 'JSON Lines',
  ringview: 'RingView text',
  plain: 'plain text',
};

/** The number of lines that are examined. */
const SAMPLE_LINES = 64;

/** Whether a file that begins with `head` is a Parquet file: a table of a log, which has no rows in the order of its bytes. */
export const isParquet = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31;

/** What is to be done with one. */
export const ASK_PARQUET = 'ask it by ringview query';

/** The format with that name. `head` is the beginning of the file as UTF-8, `year` the year it was written in. */
export function formatNamed(name: FormatName, head: Uint8Array, year: number): LineFormat {
  switch (name) {
    case 'debugview':
      return debugViewFormat;
    case 'dblog':
      return dblogFormat;
    case 'csv':
      return csvFormat(firstRecord(head));
    case 'jsonl':
      return jsonLinesFormat;
    case 'ringview':
      return ringviewTextFormat(head);
    case 'plain':
      return plainFormat(year);
  }
}

/** The format of a file that begins with `head`, in UTF-8. An incomplete last line is ignored. */
export function detectFormat(head: Uint8Array, whole: boolean): FormatName {
  const lines = sampleLines(head, whole);
  if (lines.length === 0) return 'plain';
  if (isRingviewText(head)) return 'ringview';
  if (share(lines, dblogFormat) > 0.5 || isHeader(lines, dblogFormat)) return 'dblog';
  if (share(lines, debugViewFormat) > 0.5) return 'debugview';
  const objects = lines.filter((line) => line[0] === 0x7b);
  if (objects.length > 0 && objects.length > lines.length * 0.6 && share(objects, jsonLinesFormat) > 0.6)
    return 'jsonl';
  // In DebugView logs whose messages have line breaks, only few lines begin with a number, so a small share of such
  // lines is enough.
  if (share(lines.slice(0, 2), debugViewFormat) > 0 && share(lines, debugViewFormat) > 0.1) return 'debugview';
  return isCsvHead(firstRecord(head)) ? 'csv' : 'plain';
}

function sampleLines(head: Uint8Array, whole: boolean): Uint8Array[] {
  const lines: Uint8Array[] = [];
  const splitter = new LineSplitter(
    false,
    (bytes, start, end) => {
      if (lines.length < SAMPLE_LINES && end > start) lines.push(bytes.slice(start, end));
    },
    Math.max(MOST_LINE_BYTES, head.length),
  );
  splitter.push(head);
  if (whole || lines.length === 0) splitter.finish();
  return lines;
}

function firstRecord(head: Uint8Array): string {
  let record: string | null = null;
  const splitter = new LineSplitter(
    true,
    (bytes, start, end) => {
      record ??= new TextDecoder().decode(bytes.subarray(start, end));
    },
    Math.max(MOST_LINE_BYTES, head.length),
  );
  splitter.push(head);
  splitter.finish();
  return record ?? '';
}

/** The share of lines that are records of a format. */
function share(lines: readonly Uint8Array[], format: LineFormat): number {
  const line = createLine();
  const records = lines.filter((bytes) => format.parse(bytes, 0, bytes.length, line) === LineKind.Record);
  return lines.length === 0 ? 0 : records.length / lines.length;
}

function isHeader(lines: readonly Uint8Array[], format: LineFormat): boolean {
  const [first] = lines;
  return first !== undefined && format.parse(first, 0, first.length, createLine()) === LineKind.Header;
}

/** True for a line that names at least two columns, one of which is the message or the time. */
function isCsvHead(record: string): boolean {
  const fields = csvValues(record, separatorOf(record)).map(fieldOf);
  const known = fields.filter((field) => field !== null);
  return known.length >= 2 && (known.includes('message') || known.includes('time'));
}
