/** What the pane for SQL says by itself: the columns of the table, examples to begin with, and answers in words. */
import {
  type FieldKind,
  fieldType,
  LOG_FIELDS,
  RECORD_FIELDS,
  TRACE_FIELDS,
} from '../../electron/contract/log-fields.ts';
import { type AnswerCell, columnKind, type QueryColumn, type QueryProgress } from '../../electron/contract/sql.ts';
import { formatCount, formatPlural } from './format.ts';

export interface Example {
  readonly title: string;
  readonly sql: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    title: 'Who writes most',
    sql: `select coalesce(process, 'pid ' || pid) as process, count(*) as messages
from log
where level <> 'lost'
group by all
order by messages desc
limit 20`,
  },
  {
    title: 'Messages a second, by level',
    sql: `select floor(time_us / 1e6) as second, level, count(*) as messages
from log
group by all
order by second`,
  },
  {
    title: 'The longest gaps on a CPU',
    sql: `select index, cpu, time_us - lag(time_us) over (partition by cpu order by index) as gap_us, message
from log
order by gap_us desc nulls last
limit 20`,
  },
  {
    title: 'What was lost, and where',
    sql: `select cpu, count(*) as losses, sum(remarks) as records_lost
from log
where level = 'lost'
group by cpu
order by records_lost desc`,
  },
];

const KIND_WORDS: Readonly<Record<FieldKind, string>> = {
  int64: 'whole number',
  uint16: 'whole number',
  uint32: 'whole number',
  double: 'number',
  time: 'moment in UTC',
  text: 'text',
};

const MEANINGS: Readonly<Record<string, string>> = {
  time_us: 'microseconds since the log began',
  time: 'wall clock in UTC',
  level: "text: error, warning, info, trace, 'level N'; lost where records are missing",
  remarks: 'whole number; of a loss how many records are missing',
};

export interface TableColumnFacts {
  readonly name: string;
  readonly tip: string;
}

/** The columns of the table `log`, those of traces and event logs last. */
export const TABLE_COLUMNS: readonly TableColumnFacts[] = [
  ...LOG_FIELDS.map((name) => ({ name, tip: MEANINGS[name] ?? KIND_WORDS[fieldType(name).kind] })),
  ...TRACE_FIELDS.map((name) => ({ name, tip: 'text; only of traces and event logs' })),
  { name: RECORD_FIELDS, tip: "fields of a record by its schema, as JSON: fields->>'port'" },
];

/** A question on one line, for a list. */
export const oneLine = (sql: string): string => sql.replace(/\s+/g, ' ').trim();

/** A cell as it is shown; null where there is no value, which is shown apart from every text. */
export function cellText(cell: AnswerCell): string | null {
  return cell === null ? null : String(cell);
}

export const isNumeric = (column: QueryColumn): boolean => columnKind(column) === 'number';

export function progressWords(progress: QueryProgress | null): string {
  if (progress === null) return 'Preparing';
  if (progress.step === 'running') return 'Running';
  return `Reading row ${formatCount(progress.rows)} of ${formatCount(progress.totalRows)}`;
}

export interface AnswerFacts {
  readonly rows: number;
  readonly cut: boolean;
  readonly tookMs: number;
  readonly readMs: number;
  readonly tableRows: number;
}

/** What is shown, and of which rows of the log; `sessionRows` are those that there are by now. */
export function answerWords({ rows, cut, tookMs, readMs, tableRows }: AnswerFacts, sessionRows: number): string {
  const took = `${tookWords(tookMs)}${readMs < LEAST_READ_MS ? '' : ` after reading the log for ${tookWords(readMs)}`}`;
  const shown = cut
    ? `Only the first ${formatPlural(rows, 'row')} are shown, export writes all. ${took}`
    : `${formatPlural(rows, 'row')} in ${took}`;
  const newer = sessionRows - tableRows;
  const since = newer > 0 ? ` ${formatCount(newer)} came since: run again to include them.` : '';
  return `${shown}, from the ${formatPlural(tableRows, 'row')} that the log had.${since}`;
}

/** Reading that nobody waits for is not told. */
const LEAST_READ_MS = 100;

function tookWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Narrowest and widest column, in characters. */
const LEAST_WIDTH = 4;
const MOST_WIDTH = 80;
/** Rows by which the widths are chosen. */
const SAMPLE_ROWS = 200;
const NULL_WIDTH = 4;

/** How many characters wide each column is shown. */
export function columnWidths(columns: readonly QueryColumn[], rows: readonly (readonly AnswerCell[])[]): number[] {
  return columns.map(({ name }, at) => {
    let width = Math.max(LEAST_WIDTH, name.length);
    for (const row of rows.slice(0, SAMPLE_ROWS))
      width = Math.max(width, cellText(row[at] ?? null)?.length ?? NULL_WIDTH);
    return Math.min(MOST_WIDTH, width);
  });
}

/** Where an answer has the numbers of rows of the log, by which one can go to them; -1 without. */
export const indexColumn = (columns: readonly QueryColumn[]): number =>
  columns.findIndex((column) => column.name === 'index' && isNumeric(column));
