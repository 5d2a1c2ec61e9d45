/**
 * JSON Lines: one object a line, whose keys are the names of contract/log-fields.ts, all of them in every line. A row
 * that stands for lost records also has `lost`, their number. An entry released after a later one, because its CPU or
 * its source took longer than the merge waits, also has `late`; a record that its schema fits also has `fields`, an object.
 */
import { TYPE_TEXT } from '../../text/text.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { isLoss } from '../output-row.ts';
import { type LineField, RowValues } from '../row-values.ts';

/** Texts and moments are quoted; numbers are written as they are, with all of their digits. */
const isQuoted = ({ kind }: LineField): boolean => kind === 'text' || kind === 'time';

export function jsonlFormatter(facts: OutputFacts): RowFormatter {
  const values = new RowValues(facts);
  const fields = values
    .lineFields(false)
    .map((field) => ({ read: field.read, key: `,"${field.name}":`, quoted: isQuoted(field) }));
  return {
    header: () => '',
    row: (row) => {
      const more = isLoss(row) ? `,"lost":${row.remarks}` : row.late ? ',"late":true' : '';
      let line = '';
      for (const { read, key, quoted } of fields) {
        const value = read(row);
        line += key + (quoted && value !== null ? JSON.stringify(value) : value);
      }
      const record = row.type === TYPE_TEXT ? null : values.fields(row);
      return `{${line.slice(1)}${more}${record === null ? '' : `,"fields":${record}`}}\n`;
    },
  };
}
