/**
 * Rows as a table shows them, for the clipboard: its columns in its order, separated by tabs and padded to line up, without
 * those that it does not show. Messages and names are in their shown form, as in text.ts.
 */
import { Level, ORIGIN_NAMES } from '../../../../native/core/entry.ts';
import { isFieldColumn, nameOfField } from '../../../contract/field-columns.ts';
import type { ShownColumn } from '../../../contract/output.ts';
import { shownField, shownText } from '../../../contract/shown-text.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { type ExportRow, isLoss } from '../output-row.ts';
import { exportLevel, RowValues } from '../row-values.ts';
import { timeTexts } from '../time-texts.ts';
import { processText } from './text.ts';

export function shownFormatter(facts: OutputFacts, columns: readonly ShownColumn[]): RowFormatter {
  const values = new RowValues(facts);
  const { processOf, fields } = facts;
  const { time, delta } = timeTexts(facts.times);
  /** The values of the fields of a row, which are read once for all of its columns. */
  let texts: readonly string[] = [];
  const readers = columns.map((column) => readerOf(column));

  function readerOf(column: ShownColumn): (row: ExportRow) => string {
    const name = (value: string | null): string => shownField(value ?? '');
    if (isFieldColumn(column)) {
      const at = fields?.names.indexOf(nameOfField(column)) ?? -1;
      return () => shownField(texts[at] ?? '');
    }
    switch (column) {
      case 'index':
        return (row) => String(row.index).padStart(10);
      case 'time':
        return (row) => time(row).padStart(16);
      case 'delta':
        return (row) => (delta?.(row) ?? '').padStart(12);
      case 'cpu':
        return (row) => String(values.cpu(row) ?? '').padStart(3);
      case 'level':
        // One that is not stated is that of information, which none of its rows would be told from.
        return (row) => (row.level === Level.Info ? (values.level(row) ?? '') : exportLevel(row)).padEnd(7);
      case 'source':
        return (row) => name(values.source(row));
      case 'pid':
      case 'tid':
        return (row) => String(values[column](row) ?? '').padStart(6);
      case 'process':
        return (row) => (isLoss(row) || processOf === null ? '' : processText(row, processOf));
      case 'provider':
      case 'event':
      case 'function':
      case 'source_file':
        return (row) => (isLoss(row) ? '' : name(values.eventNames(row)[column]));
      case 'origin':
        return (row) => (isLoss(row) ? '' : (ORIGIN_NAMES[row.origin] ?? String(row.origin)).padEnd(8));
      case 'type':
        return (row) => (isLoss(row) ? '' : String(values.type(row) ?? '')).padStart(5);
      case 'remarks':
        return (row) => (isLoss(row) ? '' : String(values.remarks(row) ?? '')).padStart(10);
      case 'message':
        return (row) => `${isLoss(row) ? '... ' : ''}${shownText(values.message(row))}`;
    }
  }

  return {
    header: () => '',
    row(row) {
      texts = fields === null || isLoss(row) ? [] : fields.texts(row.type, row.payload);
      return `${readers.map((read) => read(row)).join('\t')}\n`;
    },
  };
}
