/**
 * Rows as files: the one place where a format's name becomes what writes it. The same formatters serve the app's export,
 * the clipboard and the command line; what each writes is told in its own file in formats/.
 *
 * Times are relative to the session's begin. The message of a payload that is not text is `0x` and its bytes. A gap row
 * stands where records were lost: its level is `lost`, its remarks their number, its message names the causes; it has no
 * process. The name of a process is the last one known for its number, which the system gives to another process once
 * this one has ended.
 */
import type { EntryBatch } from '../../../native/core/entry.ts';
import { assertUnreachable } from '../../../native/core/result.ts';
import type { ExportFormat, LineFormat } from '../../contract/export-formats.ts';
import type { SourceName } from '../../contract/status.ts';
import type { NameOfProcess } from '../ingest/process-names.ts';
import { ArrowFormatter } from './formats/arrow.ts';
import { csvFormatter } from './formats/csv.ts';
import { debugViewFormatter } from './formats/debugview.ts';
import { htmlParts } from './formats/html.ts';
import { jsonlFormatter } from './formats/jsonl.ts';
import { markdownFormatter } from './formats/markdown.ts';
import { ParquetFormatter } from './formats/parquet.ts';
import { PcapngFormatter } from './formats/pcapng.ts';
import { perfettoParts } from './formats/perfetto.ts';
import { textFormatter } from './formats/text.ts';
import { lineOutput, type OutputFormatter, type RowFormatter, textOutput, withoutLosses } from './formatter.ts';
import { type OutputFacts, outputFacts } from './output-facts.ts';
import { type ExportRow, isLoss, readBatchRow } from './output-row.ts';

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

/** The formatter of a whole file in any format. */
export function createOutput(format: ExportFormat, facts: OutputFacts): OutputFormatter {
  const output = formatterOf(format, facts);
  return facts.losses ? output : withoutLosses(output, isLoss);
}

function formatterOf(format: ExportFormat, facts: OutputFacts): OutputFormatter {
  switch (format) {
    case 'text':
    case 'debugview':
    case 'csv':
    case 'jsonl':
    case 'markdown':
      return lineOutput(lineFormatter(format, facts), facts.info);
    case 'parquet':
      return new ParquetFormatter(facts);
    case 'arrow':
      return new ArrowFormatter(facts);
    case 'perfetto':
      return textOutput(perfettoParts(facts));
    case 'pcapng':
      return new PcapngFormatter(facts);
    case 'html':
      return textOutput(htmlParts(facts));
    default:
      return assertUnreachable(format);
  }
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
