/** Which fields a log file has: what it does not state is null in what is made of it, and no zero that looks like a fact. */

import { DbwinSource } from '../../native/sources/dbwin/dbwin.ts';
import { TraceSource } from '../../native/sources/etl/etl-source.ts';
import { EventLogSource } from '../../native/sources/evtx/evtx-source.ts';
import { fieldOf } from '../../native/sources/file/columns.ts';
import { csvValues, separatorOf } from '../../native/sources/file/csv.ts';
import { formatNamed } from '../../native/sources/file/detect.ts';
import { FileSource } from '../../native/sources/file/file-source.ts';
import { createLine, LineKind, NO_LEVEL, TimeKind } from '../../native/sources/file/line-format.ts';
import { LineSplitter } from '../../native/sources/file/lines.ts';
import type { Reading } from '../../native/sources/file/record-reader.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { UnpackedSource } from '../../native/sources/zip/unpacked-source.ts';
import { LOG_FIELDS, type LogField } from '../contract/log-fields.ts';
import { ALL_FIELDS, type SourceFields } from '../session/output/output-facts.ts';

/** Without a column of their own in these formats. */
const ONLY_TEXT: readonly LogField[] = ['cpu', 'tid', 'type', 'remarks'];

export function fieldsOfSource(source: LogSource): SourceFields {
  if (source instanceof FileSource) return fileFields(source.reading);
  const format = source instanceof UnpackedSource ? source.format : null;
  if (source instanceof EventLogSource || format === 'events') {
    return {
      lacks: new Set<LogField>(['cpu', 'type', 'process']),
      zeroPidIsNone: true,
    };
  }
  if (source instanceof TraceSource || format === 'trace') {
    return { lacks: new Set<LogField>(['type', 'remarks']), zeroPidIsNone: false };
  }
  // Windows says which process wrote a text, and nothing else of it.
  if (source instanceof DbwinSource)
    return { lacks: new Set<LogField>(['cpu', 'level', 'type', 'remarks']), zeroPidIsNone: true };
  return ALL_FIELDS;
}

function fileFields(reading: Reading | null): SourceFields {
  // Of a stream that has said nothing yet, nothing is known.
  return { lacks: reading === null ? NOTHING : remembered(reading), zeroPidIsNone: true };
}

const NOTHING: ReadonlySet<LogField> = new Set();

/** The first lines of each file say the same whenever they are asked, several times a second. */
const known = new WeakMap<Reading, ReadonlySet<LogField>>();

function remembered(reading: Reading): ReadonlySet<LogField> {
  const lacks = known.get(reading) ?? lackedBy(reading);
  known.set(reading, lacks);
  return lacks;
}

/** Whether a row of our own text says its CPU, in the column before that of the level. */
function ownTextStatesCpu(head: Uint8Array): boolean {
  return recordsOf(head, false).some((line) => {
    const columns = line.split('\t');
    const level = columns.findIndex((column) => /^(error|warning|info|trace|lost|level \d+) *$/.test(column));
    return level > 0 && (columns[level - 1] ?? '').trim() !== '';
  });
}

function lackedBy(reading: Reading): Set<LogField> {
  const { kinds, levels } = timesAndLevels(reading);
  const lacks = new Set<LogField>();
  if (!kinds.has(TimeKind.Local) && !kinds.has(TimeKind.Utc) && !kinds.has(TimeKind.TimeOfDay)) lacks.add('time');
  if (kinds.size === 0) lacks.add('time_us');
  switch (reading.format) {
    case 'debugview':
    case 'dblog':
      for (const field of [...ONLY_TEXT, 'level'] as const) lacks.add(field);
      break;
    case 'ringview':
      lacks.add('process').add('pid').add('tid');
      if (!ownTextStatesCpu(reading.head)) lacks.add('cpu');
      break;
    case 'plain':
      for (const field of [...ONLY_TEXT, 'pid', 'process'] as const) lacks.add(field);
      if (!levels) lacks.add('level');
      break;
    case 'csv':
    case 'jsonl': {
      const stated = reading.format === 'csv' ? csvFields(reading.head) : jsonFields(reading.head);
      for (const field of LOG_FIELDS) {
        if (['cpu', 'level', 'pid', 'process', 'tid', 'type', 'remarks'].includes(field) && !stated.has(field))
          lacks.add(field);
      }
    }
  }
  return lacks;
}

/** Which kinds of times the first lines state, and whether one states a level. */
function timesAndLevels(reading: Reading): { kinds: ReadonlySet<number>; levels: boolean } {
  const format = formatNamed(reading.format, reading.head, reading.year);
  const line = createLine();
  const kinds = new Set<number>();
  let levels = false;
  const splitter = new LineSplitter(
    format.quotes,
    (bytes, start, end, part) => {
      if (part || format.parse(bytes, start, end, line) !== LineKind.Record) return;
      if (line.timeKind !== TimeKind.None) kinds.add(line.timeKind);
      if (line.level !== NO_LEVEL) levels = true;
    },
    format.longest,
  );
  splitter.push(reading.head);
  splitter.finish();
  return { kinds, levels };
}

function recordsOf(head: Uint8Array, quotes: boolean): string[] {
  const decoder = new TextDecoder();
  const records: string[] = [];
  const splitter = new LineSplitter(
    quotes,
    (bytes, start, end) => {
      records.push(decoder.decode(bytes.subarray(start, end)));
    },
    head.length,
  );
  splitter.push(head);
  splitter.finish();
  return records;
}

/** Our fields of which a record at the begin of the file has a value. */
function csvFields(head: Uint8Array): Set<string> {
  const [first = '', ...records] = recordsOf(head, true);
  const separator = separatorOf(first);
  const names = csvValues(first, separator).map(fieldOf);
  const stated = new Set<string>();
  for (const record of records) {
    for (const [at, value] of csvValues(record, separator).entries()) {
      const field = names[at];
      if (field && value !== '') stated.add(field);
    }
  }
  return stated;
}

function jsonFields(head: Uint8Array): Set<string> {
  const stated = new Set<string>();
  for (const record of recordsOf(head, false)) {
    try {
      for (const [key, value] of Object.entries(JSON.parse(record) as object)) {
        const field = fieldOf(key);
        if (field && value !== null) stated.add(field);
      }
    } catch {
      // A line that is cut, or no JSON: others say which fields there are.
    }
  }
  return stated;
}
