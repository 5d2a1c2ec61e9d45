/**
 * Text for people. A `#` line about the session, then tab-separated columns padded to line up: index, time, CPU, level,
 * type, remarks, message; fields that are columns of the table stand before the source. Times are seconds, or as the table shows them that the rows come from, then with its deltas. Messages and names are in their shown form (contract/shown-text.ts): a record is one line
 * whatever its message holds, and none can drive a terminal. The CPU is blank where a source states none. The log of several sources names the source of each row in
 * one more column before the message; where processes are known by name, so does a column `process (pid)`.
 */
import { shownField, shownText } from '../../../contract/shown-text.ts';
import type { NameOfProcess } from '../../ingest/process-names.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { type ExportRow, isLoss } from '../output-row.ts';
import { exportLevel, RowValues } from '../row-values.ts';
import { timeTexts } from '../time-texts.ts';

export function textFormatter(facts: OutputFacts): RowFormatter {
  const { processOf, fields } = facts;
  const values = new RowValues(facts);
  const several = facts.sources.length > 1;
  const { words, time, delta } = timeTexts(facts.times);
  return {
    header: (info) => {
      if (info === null) return '# RingView log\n';
      const started = values.hasWallClock ? `, time 0 is ${new Date(info.startUnixMs).toISOString()}` : '';
      const session = info.sessionId === null ? '' : `, ring session ${info.sessionId}`;
      return `# RingView log of ${shownField(info.source)}${session}${started}${words}\n`;
    },
    row: (row) => {
      const columns = [
        String(row.index).padStart(10),
        time(row).padStart(16),
        ...(delta === null ? [] : [delta(row).padStart(12)]),
        String(values.cpu(row) ?? '').padStart(3),
        exportLevel(row).padEnd(7),
        String(row.type).padStart(5),
        String(row.remarks).padStart(10),
        ...(fields === null ? [] : fields.texts(row.type, row.payload).map(shownField)),
        ...(several ? [shownField(values.source(row))] : []),
        ...(processOf === null ? [] : [isLoss(row) ? '' : processText(row, processOf)]),
      ].join('\t');
      return `${columns}\t${isLoss(row) ? '... ' : ''}${shownText(values.message(row))}\n`;
    },
  };
}

/** `name (pid)`; the number alone where no name is known. */
export function processText({ source, pid }: ExportRow, processOf: NameOfProcess): string {
  const name = processOf(source, pid);
  return name === undefined ? `(${pid})` : `${shownField(name)} (${pid})`;
}
