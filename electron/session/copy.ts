/** Rows as text for a clipboard: the lines a text export would have, without its header. */
import type { SourceName } from '../contract/status.ts';
import { createExportRow, createFormatter, readSegmentRow } from './export.ts';
import type { NameOfProcess } from './process-names.ts';
import type { LogView } from './view.ts';

/** Most rows copied at once: some 15 MB of text, about what other programs still paste. */
export const MAX_COPY_ROWS = 100_000;

/** The rows at positions `first..last` that the view holds. The caller keeps to MAX_COPY_ROWS. */
export function copyText(
  view: LogView,
  first: number,
  last: number,
  sources: readonly SourceName[] = [],
  processOf: NameOfProcess | null = null,
): { readonly text: string; readonly rows: number } {
  const begin = Math.max(first, view.first);
  const end = Math.min(last + 1, view.end);
  const formatter = createFormatter('text', sources, processOf);
  const scratch = createExportRow();
  let text = '';
  for (let position = begin; position < end; position++) {
    const [segment, offset] = view.place(position);
    readSegmentRow(segment, offset, scratch);
    text += formatter.row(scratch);
  }
  return { text, rows: Math.max(0, end - begin) };
}
