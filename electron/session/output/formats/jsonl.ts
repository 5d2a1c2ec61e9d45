/**
 * JSON Lines: one object a line, whose keys are the names of contract/log-fields.ts, all of them in every line. A row
 * that stands for lost records also has `lost`, their number. An entry released after a later one, because its CPU or
 * its source took longer than the merge waits, also has `late`.
 */
import type { EventNames } from '../../../../native/core/event-names.ts';
import { TRACE_FIELDS } from '../../../contract/log-fields.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
import { isLoss } from '../output-row.ts';
import { RowValues } from '../row-values.ts';

const text = (value: string | null): string => (value === null ? 'null' : JSON.stringify(value));

function eventText(names: EventNames): string {
  return TRACE_FIELDS.map((name) => `,"${name}":${text(names[name])}`).join('');
}

export function jsonlFormatter(facts: OutputFacts): RowFormatter {
  const values = new RowValues(facts);
  return {
    header: () => '',
    row: (row) => {
      const more = isLoss(row) ? `,"lost":${row.remarks}` : row.late ? ',"late":true' : '';
      const extras = values.hasTraces ? eventText(values.eventNames(row)) : '';
      return (
        `{"index":${row.index},"time_us":${values.timeUs(row)},"time":${text(values.time(row))},` +
        `"cpu":${values.cpu(row)},"level":${text(values.level(row))},"source":${text(values.source(row))},` +
        `"pid":${values.pid(row)},"process":${text(values.process(row))},"tid":${values.tid(row)},` +
        `"type":${values.type(row)},"remarks":${values.remarks(row)},"message":${text(row.text)}${extras}${more}}\n`
      );
    },
  };
}
