/**
 * A table in the Markdown of GitHub, for a report or an issue. Cells hold text in its shown form, one line a row, with
 * every character escaped that has a meaning in Markdown or HTML. The CPU is left out if no source states one, the source
 * if there is only one, the process if no name of one is known, the note if no row has a bookmark. Fields that are columns
 * of the table stand before the message.
 */
import { shownField, shownText } from '../../../contract/shown-text.ts';
import type { RowFormatter } from '../formatter.ts';
import type { OutputFacts } from '../output-facts.ts';
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

export function markdownFormatter(facts: OutputFacts): RowFormatter {
  const values = new RowValues(facts);
  const several = facts.sources.length > 1;
  const named = facts.processOf !== null;
  const { notes, fields } = facts;
  const noted = notes.size > 0;
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
    ...(noted ? ['note'] : []),
  ];
  const numbers = new Set(['index', times.names.time, times.names.delta, 'cpu', 'pid']);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const field = (value: string | null): string => escapeMarkdown(shownField(value ?? ''));
  return {
    header: () => line(names) + line(names.map((name) => (numbers.has(name) ? '---:' : '---'))),
    row: (row) =>
      line([
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
        ...(noted ? [noteCell(notes.get(row.row))] : []),
      ]),
  };
}
