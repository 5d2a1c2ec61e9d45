/**
 * The formats of which every row is a line for itself: what the clipboard, a capture and the terminal need, without the
 * libraries that write the others.
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

/** The formatter of a log of these sources; with `processOf` it also says which process each row is of. */
export function createFormatter(
  format: LineFormat,
  sources: readonly SourceName[] = [],
  processOf: NameOfProcess | null = null,
): RowFormatter {
  return lineFormatter(format, outputFacts({ sources, processOf }));
}

/** Rows `from..to-1` of a batch as one string. `scratch` is filled again for every row. */
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
