/**
 * Rows as text for the clipboard: the columns of the table, or without one the same lines as an export, without a header as
 * text, with one as a table. It is made in slices, so that capture continues while a large selection, part of which may be on disk, is put together.
 */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import type { LineFormat } from '../../contract/export-formats.ts';
import {
  COPY_FORMATS,
  type PositionRange,
  type PositionSpan,
  partsWithin,
  rowsOfParts,
} from '../../contract/output.ts';
import type { Slice } from '../store/slice.ts';
import { DeltaReader } from '../view/row-deltas.ts';
import type { LogView } from '../view/view.ts';
import { shownFormatter } from './formats/shown.ts';
import type { RowFormatter } from './formatter.ts';
import { lineFormatter } from './line-formats.ts';
import { endOfLosses, sumUp } from './loss-line.ts';
import { type OutputFacts, outputFacts } from './output-facts.ts';
import { createExportRow, type ExportRow, isLoss, readSegmentRow, setDeltas } from './output-row.ts';
import { timeTexts } from './time-texts.ts';

/** The most text that is copied at once, UTF-16 units. Other programs take seconds to paste more, or fail. */
export const MAX_COPY_TEXT = 16 * 1024 * 1024;

/** Approximate length of a line without its message, in characters. */
const LINE_TEXT = 60;
const ROWS_A_STEP = 256;

/** About how much text rows at some positions make. */
export function estimateText(
  view: LogView,
  range: Omit<PositionRange, 'generation'>,
): { readonly rows: number; readonly bytes: number } {
  const parts = partsWithin({ generation: view.generation, ...range }, view);
  let bytes = 0;
  for (const { first, last } of parts) {
    const firstRow = view.rowAt(first);
    const endRow = view.rowAt(last) + 1;
    const average = view.survey.payloadBytes(firstRow, endRow) / (endRow - firstRow);
    bytes += (last - first + 1) * (average + LINE_TEXT);
  }
  return { rows: rowsOfParts(parts), bytes: Math.round(bytes) };
}

export class CopyJob {
  readonly totalRows: number;
  /** Rows copied so far, and rows that were dropped before they could be copied. */
  rows = 0;
  skippedRows = 0;

  private readonly view: LogView;
  private readonly generation: number;
  private readonly epoch: number;
  /** What is left to copy, but for the part at hand, which goes up to `end`. */
  private readonly parts: PositionSpan[];
  private end: number;
  private next: number;
  private readonly formatter: RowFormatter;
  private readonly losses: boolean;
  /** How the times of losses that stand together in one line are written; null where each has its own. */
  private readonly sums: ((row: ExportRow) => string) | null;
  /** Whether lines say how long their rows came after others, and who knows it, from the next row on. */
  private readonly wantsDeltas: boolean;
  private deltas: DeltaReader | null = null;
  private readonly scratch = createExportRow();
  private readonly texts: string[] = [];
  private length = 0;

  constructor(view: LogView, request: PositionRange, facts: Partial<OutputFacts> = {}, format: LineFormat = 'text') {
    this.view = view;
    this.generation = request.generation;
    this.epoch = view.store.epoch;
    this.parts = partsWithin(request, view);
    this.totalRows = rowsOfParts(this.parts);
    this.next = 0;
    this.end = 0;
    this.nextPart();
    const all = outputFacts(facts);
    this.losses = all.losses;
    // As they are shown; what is read by a program has a line for each.
    this.sums = format === 'text' || format === 'markdown' ? timeTexts(all.times).time : null;
    this.wantsDeltas = all.times?.delta === 'row' || all.times?.delta === 'cpu';
    const shown = COPY_FORMATS.find((each) => each === format);
    this.formatter =
      all.columns === null || shown === undefined
        ? lineFormatter(format, all)
        : shownFormatter(shown, all, all.columns);
    // Columns of a table cannot be told apart without their names; lines of text need no header.
    if (format !== 'text') this.texts.push(this.formatter.header(all.info));
  }

  /** Works until the slice is spent. Null: call again; anything else is the result. */
  step(slice: Slice): Result<string> | null {
    // A view of a closed session is told of nothing any more, but the rows are of another epoch.
    if (this.view.generation !== this.generation || this.view.store.epoch !== this.epoch) {
      return fail('cancelled', 'The view changed while its rows were copied', 'Select the rows and copy again');
    }
    this.skipDropped();
    while (this.next < this.end || this.nextPart()) {
      this.copyRows(Math.min(this.end, this.next + ROWS_A_STEP));
      if (this.length > MAX_COPY_TEXT) {
        return fail(
          'bad-argument',
          `The first ${this.rows.toLocaleString('en')} rows alone are too much text for the clipboard`,
          'Select fewer rows, or export the selection to a file',
        );
      }
      if (slice.spent() && (this.next < this.end || this.parts.length > 0)) return null;
    }
    return ok(this.texts.join(''));
  }

  /** Goes on with the next part, as far as its rows are still kept; false after the last. */
  private nextPart(): boolean {
    const part = this.parts.shift();
    if (part === undefined) return false;
    this.next = part.first;
    this.end = part.last + 1;
    this.deltas = null;
    this.skipDropped();
    return this.next < this.end || this.nextPart();
  }

  private skipDropped(): void {
    const { first } = this.view;
    if (this.next >= first) return;
    const skipped = Math.min(first, this.end) - this.next;
    this.skippedRows += skipped;
    this.next += skipped;
    this.deltas = null;
  }

  private copyRows(end: number): void {
    let text = '';
    const from = this.next;
    if (this.wantsDeltas) this.deltas ??= new DeltaReader(this.view, this.next);
    for (; this.next < end; this.next++) {
      // Read before the row, because looking for others may take its segment out of memory.
      const deltas = this.deltas?.next();
      const [segment, offset] = this.view.place(this.next);
      readSegmentRow(segment, offset, this.scratch);
      setDeltas(this.scratch, deltas);
      this.scratch.origin = segment.origin.get(offset);
      if (isLoss(this.scratch)) {
        if (!this.losses) continue;
        const last = this.sums === null ? this.next : endOfLosses(this.view, this.next, this.end) - 1;
        if (this.sums !== null && last > this.next) sumUp(this.view, this.next, last, this.scratch, this.sums);
        // Deltas of the rows below are measured past each of them.
        while (this.next < last) {
          this.next++;
          this.deltas?.next();
        }
      }
      text += this.formatter.row(this.scratch);
    }
    this.rows += this.next - from;
    this.texts.push(text);
    this.length += text.length;
  }
}

/**
 * Runs a copy to its end. `slice` limits each stretch of work, `rest` lets other work run in between, `cancelled` is
 * asked after each rest.
 */
export async function copyRows(
  job: CopyJob,
  steps: { slice(): Slice; rest(): Promise<void>; cancelled(): boolean },
): Promise<Result<string>> {
  for (;;) {
    const result = job.step(steps.slice());
    if (result !== null) return result;
    await steps.rest();
    if (steps.cancelled()) return fail('cancelled', 'Copying was stopped', 'Nothing was put on the clipboard');
  }
}
