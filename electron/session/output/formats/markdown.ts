/**
 * A table in the Markdown of GitHub, for a report or an issue. Cells hold text in its shown form, one line a row, with
 * every character escaped that has a meaning in Markdown or HTML. The CPU is left out if no source states one, the source
 * if there is only one, the process if no name of one is known, the note if no row has a bookmark. Fields that are columns
 * of the table stand before the message.
 */
import { shownField, shownText } from '../../../contract/shown-text.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import type { ExportRow } from '../output-row.ts';
import { RowValues } from '../row-values.ts';
import { timeTexts } from '../time-texts.ts';

const SPECIAL = /[\\`*_{}[\]()#+\-.!|~$^=:@]/g;

/** Escapes text so that Markdown shows it unchanged. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(SPECIAL, '\\$&')
    .replaceAll('\t', '&emsp;');
}

/** A mark, and the note if there is one; nothing for a row without a bookmark. */
const noteCell = (note: string | undefined): string =>
  note === undefined ? '' : `\u2691 ${escapeMarkdown(shownField(note))}`.trimEnd();

interface Column {
  /** Escaped. */
  readonly name: string;
  readonly isNumber: boolean;
}

/** A table of these columns, behind them the notes of bookmarks, if there are any. `cells`: of a row, escaped. */
export function markdownTable(
  columns: readonly Column[],
  cells: (row: ExportRow) => readonly string[],
  notes: OutputFacts['notes'],
): RowFormatter {
  const all = notes.size > 0 ? [...columns, { name: 'note', isNumber: false }] : columns;
  const line = (some: readonly string[]): string => `| ${some.join(' | ')} |\n`;
  return {
    header: () => line(all.map(({ name }) => name)) + line(all.map(({ isNumber }) => (isNumber ? '---:' : '---'))),
    row: (row) => line([...cells(row), ...(notes.size > 0 ? [noteCell(notes.get(row.row))] : [])]),
  };
}

export function markdownFormatter(facts: OutputFacts): RowFormatter {
  const values = new RowValues(facts);
  const several = facts.sources.length > 1;
  const named = facts.processOf !== null;
  const { notes, fields } = facts;
  const times = timeTexts(facts.times);
  const names = [
    'index',
    times.names.time,
    ...(times.delta === null ? [] : [times.names.delta]),
    ...(values.hasCpus ? ['cpu'] : []),
    'level',
    ...(several ? ['source'] : []),
    'pid',
    ...(named ? ['process'] : []),
    ...(fields?.names ?? []).map(escapeMarkdown),
    'message',
  ];
  const numbers = new Set(['index', times.names.time, times.names.delta, 'cpu', 'pid']);
  const field = (value: string | null): string => escapeMarkdown(shownField(value ?? ''));
  return markdownTable(
    names.map((name) => ({ name, isNumber: numbers.has(name) })),
    (row) => [
      String(row.index),
      values.timeUs(row) === null ? '' : times.time(row),
      ...(times.delta === null ? [] : [values.timeUs(row) === null ? '' : times.delta(row)]),
      ...(values.hasCpus ? [String(values.cpu(row) ?? '')] : []),
      values.level(row) ?? '',
      ...(several ? [field(values.source(row))] : []),
      String(values.pid(row) ?? ''),
      ...(named ? [field(values.process(row))] : []),
      ...(fields === null ? [] : fields.texts(row.type, row.payload).map(field)),
      escapeMarkdown(shownText(values.message(row))),
    ],
    notes,
  );
}
