/**
 * Rows as a table shows them, for the clipboard: its columns in its order, without those that it does not show, those of
 * fields among them. As text they are separated by tabs and padded to line up, without a head; as Markdown and as CSV they
 * are a table with one. In text and Markdown, messages and names are in their shown form, as in text.ts; CSV has them as
 * they are.
 */
import { Level, ORIGIN_NAMES } from '../../../../native/core/entry.ts';
import { type FieldColumnId, isFieldColumn, nameOfField } from '../../../contract/field-columns.ts';
import type { CopyFormat, ShownColumn } from '../../../contract/output.ts';
import { shownField, shownText } from '../../../contract/shown-text.ts';
import { FieldValues } from '../../text/field-values.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { type ExportRow, isLoss } from '../output-row.ts';
import { exportLevel, RowValues } from '../row-values.ts';
import { timeTexts } from '../time-texts.ts';
import { csvValue } from './csv.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import { processText } from './text.ts';

/** What is written of one column. */
interface Shown {
  readonly name: string;
  /** `text` may hold any characters. */
  readonly kind: 'number' | 'word' | 'text' | 'message';
  /** Characters that text is padded to: before it, or behind it where below 0. */
  readonly pad: number;
  /** Empty where the row has nothing there. `fields`: the values of the columns of fields, in their order. */
  readonly read: (row: ExportRow, fields: readonly string[]) => string;
}

type Builtin = Exclude<ShownColumn, FieldColumnId>;

function shownColumn(column: Builtin, facts: OutputFacts, values: RowValues): Shown {
  const { processOf } = facts;
  const { time, delta, names } = timeTexts(facts.times);
  const number = (pad: number, read: Shown['read'], name: string = column): Shown => ({
    ...{ name, kind: 'number', pad },
    read,
  });
  const ofRecord = (read: (row: ExportRow) => string | number | null): Shown['read'] => {
    return (row) => (isLoss(row) ? '' : String(read(row) ?? ''));
  };
  switch (column) {
    case 'index':
      return number(10, (row) => String(row.index));
    case 'time':
      return number(16, (row) => time(row), names.time);
    case 'delta':
      return number(12, (row) => delta?.(row) ?? '', names.delta === '' ? column : names.delta);
    case 'cpu':
      return number(3, (row) => String(values.cpu(row) ?? ''));
    case 'level':
      // One that is not stated is that of information, which none of its rows would be told from.
      return {
        ...{ name: column, kind: 'word', pad: -7 },
        read: (row) => (row.level === Level.Info ? (values.level(row) ?? '') : exportLevel(row)),
      };
    case 'source':
      return { name: column, kind: 'text', pad: 0, read: (row) => values.source(row) };
    case 'pid':
    case 'tid':
      return number(6, (row) => String(values[column](row) ?? ''));
    case 'process':
      return { name: column, kind: 'text', pad: 0, read: ofRecord((row) => processOf && processText(row, processOf)) };
    case 'provider':
    case 'event':
    case 'function':
    case 'source_file':
      return { name: column, kind: 'text', pad: 0, read: ofRecord((row) => values.eventNames(row)[column]) };
    case 'origin':
      return { name: column, kind: 'word', pad: -8, read: ofRecord(({ origin }) => ORIGIN_NAMES[origin] ?? origin) };
    case 'type':
      return number(5, ofRecord(values.type.bind(values)));
    case 'remarks':
      return number(10, ofRecord(values.remarks.bind(values)));
    case 'message':
      return { name: column, kind: 'message', pad: 0, read: (row) => values.message(row) };
  }
}

export function shownFormatter(format: CopyFormat, facts: OutputFacts, columns: readonly ShownColumn[]): RowFormatter {
  const values = new RowValues(facts);
  const fields = new FieldValues(columns.filter(isFieldColumn).map(nameOfField));
  const shown = columns.map((column): Shown => {
    if (!isFieldColumn(column)) return shownColumn(column, facts, values);
    const name = nameOfField(column);
    const at = fields.names.indexOf(name);
    return { name, kind: 'text', pad: 0, read: (_, texts) => texts[at] ?? '' };
  });
  const none: readonly string[] = [];
  // Once for all of them: a record is decoded for it.
  const fieldsOf = (row: ExportRow) => (fields.names.length === 0 ? none : fields.texts(row.type, row.payload));
  const written: Readonly<Record<CopyFormat, () => RowFormatter>> = {
    text: () => ({
      header: () => '',
      row: (row) => {
        const texts = fieldsOf(row);
        return `${shown.map((each) => textCell(each, row, texts)).join('\t')}\n`;
      },
    }),
    markdown: () =>
      markdownTable(
        shown.map(({ name, kind }) => ({ name: escapeMarkdown(name), isNumber: kind === 'number' })),
        (row) => {
          const texts = fieldsOf(row);
          return shown.map(({ kind, read }) => escapeMarkdown(oneLine(kind, read(row, texts))));
        },
        facts.notes,
      ),
    csv: () => ({
      // As of a file of this format, whose last name says whether values are protected.
      header: () =>
        `${shown.map(({ name, kind }) => (kind === 'message' && !facts.spreadsheetSafe ? `"${name}"` : csvValue(name, facts.spreadsheetSafe))).join(',')}\r\n`,
      row: (row) => {
        const texts = fieldsOf(row);
        const cells = shown.map(({ kind, read }) => {
          const text = read(row, texts);
          return kind === 'text' || kind === 'message' ? csvValue(text, facts.spreadsheetSafe) : text;
        });
        return `${cells.join(',')}\r\n`;
      },
    }),
  };
  return written[format]();
}

function oneLine(kind: Shown['kind'], text: string): string {
  return kind === 'message' ? shownText(text) : kind === 'text' ? shownField(text) : text;
}

function textCell({ kind, pad, read }: Shown, row: ExportRow, fields: readonly string[]): string {
  const text = oneLine(kind, read(row, fields));
  if (kind === 'message') return `${isLoss(row) ? '... ' : ''}${text}`;
  return pad < 0 ? text.padEnd(-pad) : text.padStart(pad);
}
