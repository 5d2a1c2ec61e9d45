/**
 * Rows as files. The same formatters serve the app's export, the clipboard and the command line.
 *
 * - csv: a header line, fields quoted as RFC 4180 has it, lines ended by LF, UTF-8 without BOM. A message is written as it
 *   is: a spreadsheet may take one that begins with `=`, `+`, `-` or `@` for a formula, so import the column as text.
 * - jsonl: one object a line, the names of the csv header. A gap row has `lost` as well, an
 *   entry that came out after a later one has `late`: its CPU or its source took longer than the merge waits.
 * - text: for people. A `#` line about the session, then tab-separated columns padded to line up: index, seconds, CPU,
 *   level, type, remarks, message. Messages and names are in their shown form (contract/shown-text.ts): a record is one
 *   line whatever its message holds, and none can drive a terminal. csv and jsonl have the text itself.
 *
 * Times are relative to the session's begin: `time_us` is microseconds with three decimals. The message of a payload
 * that is not text is `0x` and its bytes. The log of several sources names the source of each row: csv has one more column
 * `source` at the end, jsonl one more field, text one more column before the message. Where processes are known by name,
 * csv ends with `process`, jsonl has this field, text a column `process (pid)` before the message; the name is the last
 * one known for that number, which the system gives to another process once this one has ended. A gap row stands where
 * records were lost: its level is `lost`, its remarks their number, its message names the causes; it has no process.
 */
import { type EntryBatch, RowFlag, RowKind } from '../../../native/core/entry.ts';
import type { ExportFormat } from '../../contract/output.ts';
import { shownField, shownText } from '../../contract/shown-text.ts';
import type { SourceName } from '../../contract/status.ts';
import type { NameOfProcess } from '../ingest/process-names.ts';
import type { Segment } from '../store/segment.ts';
import { levelName, lossText, payloadText } from '../text/text.ts';

/** What is written of a row. One object is filled again for every row. */
export interface ExportRow {
  kind: number;
  index: number;
  timeNs: number;
  cpu: number;
  level: number;
  type: number;
  remarks: number;
  pid: number;
  /** Number of the source. */
  source: number;
  text: string;
  late: boolean;
}

/** What a header may say of the session. */
export interface ExportInfo {
  readonly source: string;
  /** Of a ring session; null where nothing of the kind was captured. */
  readonly sessionId: string | null;
  /** Wall clock of time 0, milliseconds since 1970 UTC. */
  readonly startUnixMs: number;
}

export interface RowFormatter {
  /** What stands before the first row, with its line end; may be empty. */
  header(info: ExportInfo | null): string;
  /** One row with its line end. */
  row(row: ExportRow): string;
}

export const CSV_HEADER = 'index,time_us,cpu,pid,level,type,remarks,message';

export function createExportRow(): ExportRow {
  return {
    kind: 0,
    index: 0,
    timeNs: 0,
    cpu: 0,
    level: 0,
    type: 0,
    remarks: 0,
    pid: 0,
    source: 0,
    text: '',
    late: false,
  };
}

export function readBatchRow(batch: EntryBatch, at: number, row: ExportRow): void {
  row.kind = batch.kind[at] as number;
  row.index = batch.index[at] as number;
  row.timeNs = batch.timeNs[at] as number;
  row.cpu = batch.cpu[at] as number;
  row.level = batch.level[at] as number;
  row.remarks = batch.remarks[at] as number;
  row.source = batch.source[at] as number;
  row.pid = batch.pid[at] as number;
  row.late = ((batch.flags[at] as number) & RowFlag.Late) !== 0;
  const start = batch.dataStart[at] as number;
  const payload = batch.bytes.subarray(start, start + (batch.dataLength[at] as number));
  fillText(row, batch.type[at] as number, payload);
}

export function readSegmentRow(segment: Segment, offset: number, row: ExportRow): void {
  row.kind = segment.kind.get(offset);
  row.index = segment.index[offset] as number;
  row.timeNs = segment.timeNs[offset] as number;
  row.cpu = segment.cpu[offset] as number;
  row.level = segment.level[offset] as number;
  row.remarks = segment.remarks.get(offset);
  row.source = segment.source.get(offset);
  row.pid = segment.pid.get(offset);
  row.late = (segment.flags.get(offset) & RowFlag.Late) !== 0;
  fillText(row, segment.type.get(offset), segment.payload(offset));
}

/** A gap row carries its causes where an entry has its type: they become words, and no type. */
function fillText(row: ExportRow, type: number, payload: Uint8Array): void {
  const gap = row.kind === RowKind.Gap;
  row.type = gap ? 0 : type;
  row.text = gap ? lossText(row.remarks, row.cpu, type) : payloadText(type, payload);
}

/** Nanoseconds with the decimal point moved left by `digits`. */
function decimal(ns: number, digits: number): string {
  const text = String(Math.round(Math.abs(ns))).padStart(digits + 1, '0');
  const at = text.length - digits;
  return `${ns < 0 ? '-' : ''}${text.slice(0, at)}.${text.slice(at)}`;
}

const exportLevel = (row: ExportRow): string => (row.kind === RowKind.Gap ? 'lost' : levelName(row.level));

const NEEDS_QUOTES = /[",\r\n]/;

function csvField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a log says of rows beyond the columns that every log has. */
interface Extras {
  /** Names a row's source; null in the log of one source. */
  readonly nameOf: ((source: number) => string) | null;
  /** Names a row's process; null where no process has a name. */
  readonly processOf: NameOfProcess | null;
}

const isEntry = (row: ExportRow): boolean => row.kind !== RowKind.Gap;

const csvFormatter = ({ nameOf, processOf }: Extras): RowFormatter => ({
  header: () => `${CSV_HEADER}${nameOf === null ? '' : ',source'}${processOf === null ? '' : ',process'}\n`,
  row: (row) => {
    let extras = nameOf === null ? '' : `,${csvField(nameOf(row.source))}`;
    if (processOf !== null) {
      extras += `,${csvField((isEntry(row) ? processOf(row.source, row.pid) : undefined) ?? '')}`;
    }
    return (
      `${row.index},${decimal(row.timeNs, 3)},${row.cpu},${isEntry(row) ? row.pid : ''},${exportLevel(row)},` +
      `${row.type},${row.remarks},${csvField(row.text)}${extras}\n`
    );
  },
});

const jsonlFormatter = ({ nameOf, processOf }: Extras): RowFormatter => ({
  header: () => '',
  row: (row) => {
    const lost = row.kind === RowKind.Gap ? `"lost":${row.remarks},` : row.late ? '"late":true,' : '';
    const pid = isEntry(row) ? `"pid":${row.pid},` : '';
    let extras = nameOf === null ? '' : `,"source":${JSON.stringify(nameOf(row.source))}`;
    if (processOf !== null && isEntry(row)) {
      const process = processOf(row.source, row.pid);
      if (process !== undefined) extras += `,"process":${JSON.stringify(process)}`;
    }
    return (
      `{${lost}"index":${row.index},"time_us":${decimal(row.timeNs, 3)},"cpu":${row.cpu},${pid}` +
      `"level":"${exportLevel(row)}","type":${row.type},"remarks":${row.remarks},"message":${JSON.stringify(row.text)}${extras}}\n`
    );
  },
});

const textFormatter = ({ nameOf, processOf }: Extras): RowFormatter => ({
  header: (info) => {
    if (info === null) return '# RingView log\n';
    const started = new Date(info.startUnixMs).toISOString();
    const session = info.sessionId === null ? '' : `, session ${info.sessionId}`;
    return `# RingView log of ${shownField(info.source)}${session}, time 0 is ${started}\n`;
  },
  row: (row) => {
    const columns = [
      String(row.index).padStart(10),
      decimal(row.timeNs, 9).padStart(16),
      String(row.cpu).padStart(3),
      exportLevel(row).padEnd(7),
      String(row.type).padStart(5),
      String(row.remarks).padStart(10),
      ...(nameOf === null ? [] : [shownField(nameOf(row.source))]),
      ...(processOf === null ? [] : [isEntry(row) ? processText(row, processOf) : '']),
    ].join('\t');
    return `${columns}\t${row.kind === RowKind.Gap ? '... ' : ''}${shownText(row.text)}\n`;
  },
});

function processText({ source, pid }: ExportRow, processOf: NameOfProcess): string {
  const name = processOf(source, pid);
  return name === undefined ? `(${pid})` : `${shownField(name)} (${pid})`;
}

const FORMATTERS = { text: textFormatter, csv: csvFormatter, jsonl: jsonlFormatter } as const;

/** The formatter of a log of these sources; with `processOf` it also says which process each row is of. */
export function createFormatter(
  format: ExportFormat,
  sources: readonly SourceName[] = [],
  processOf: NameOfProcess | null = null,
): RowFormatter {
  if (sources.length < 2) return FORMATTERS[format]({ nameOf: null, processOf });
  const names = new Map(sources.map(({ id, name }) => [id, name]));
  return FORMATTERS[format]({ nameOf: (source) => names.get(source) ?? String(source), processOf });
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
