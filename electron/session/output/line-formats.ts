/**
 * The formats in which every row is a line of its own. The clipboard, a capture and the terminal need only these, and
 * so do not load the libraries that write the others.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import type { LineFormat } from '../../contract/export-formats.ts';
import type { SourceName } from '../../contract/status.ts';
import type { NameOfProcess } from '../ingest/process-names.ts';
import { csvFormatter } from './formats/csv.ts';
import { debugViewFormatter } from './formats/debugview.ts';
import { jsonlFormatter } from './formats/jsonl.ts';
import { markdownFormatter } from './formats/markdown.ts';
import { textFormatter } from './formats/text.ts';
import type { RowFormatter } from './formatter.ts';
import { type OutputFacts, outputFacts } from './output-facts.ts';
import { type ExportRow, readBatchRow } from './output-row.ts';

const LINE_FORMATS: Readonly<Record<LineFormat, (facts: OutputFacts) => RowFormatter>> = {
  text: textFormatter,
  debugview: debugViewFormatter,
  csv: csvFormatter,
  jsonl: jsonlFormatter,
  markdown: markdownFormatter,
};

/** The formatter of a log in lines. */
export function lineFormatter(format: LineFormat, facts: OutputFacts): RowFormatter {
  return LINE_FORMATS[format](facts);
}

/** The formatter of a log of these sources. With `processOf`, lines also name the process of each row. */
export function createFormatter(
  format: LineFormat,
  sources: readonly SourceName[] = [],
  processOf: NameOfProcess | null = null,
): RowFormatter {
  return lineFormatter(format, outputFacts({ sources, processOf }));
}

/** Rows `from..to-1` of a batch as one string. `scratch` is an object that is reused for every row. */
export function formatBatch(
  formatter: RowFormatter,
  batch: EntryBatch,
  from: number,
  to: number,
  scratch: ExportRow,
): string {
  let text = '';
  for (let at = from; at < to; at++) {
    readBatchRow(batch, at, scratch);
    text += formatter.row(scratch);
  }
  return text;
}
