/**
 * Rows as files: the one place where the name of a format leads to its formatter. The app's export, the clipboard and
 * the command line use the same formatters; each is described in its own file in formats/.
 *
 * Times are relative to the session's begin. A payload that is not text becomes a message of `0x` and its bytes. A gap
 * row stands where records were lost: its level is `lost`, its remarks are their number, its message names the causes,
 * and it has no process. The name of a process is the last one known for its number, which Windows gives to another
 * process once this one has ended.
 */
import { assertUnreachable } from '../../../native/core/result.ts';
import type { ExportFormat } from '../../contract/export-formats.ts';
import { ArrowFormatter } from './formats/arrow.ts';
import { htmlParts } from './formats/html.ts';
import { ParquetFormatter } from './formats/parquet.ts';
import { PcapngFormatter } from './formats/pcapng.ts';
import { perfettoParts } from './formats/perfetto.ts';
import { lineOutput, type OutputFormatter, textOutput, withoutLosses } from './formatter.ts';
import { lineFormatter } from './line-formats.ts';
import type { OutputFacts } from './output-facts.ts';
import { isLoss } from './output-row.ts';

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
