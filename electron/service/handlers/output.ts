/** Copies and exports of what a view shows: one copy and one question for a file at a time, whichever view asks. */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import { formatOfPath } from '../../contract/export-formats.ts';
import {
  type CopyFormat,
  type CopyOutcome,
  type ExportRequest,
  type OutputOptions,
  type PositionRange,
  partsWithin,
} from '../../contract/output.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import type { SessionEntry } from '../../recording/library-rules.ts';
import { PackJob } from '../../recording/pack.ts';
import type { Session } from '../../session/ingest/session.ts';
import { CopyJob, copyRows, estimateText, MAX_COPY_TEXT } from '../../session/output/copy.ts';
import { ExportJob } from '../../session/output/export-job.ts';
import { filterWords } from '../../session/output/filter-words.ts';
import type { OutputFacts } from '../../session/output/output-facts.ts';
import { RowColouring } from '../../session/output/row-colouring.ts';
import { sliceOf } from '../../session/store/slice.ts';
import { fieldValues } from '../../session/text/field-values.ts';
import { DeltaReader, type DeltaTracker } from '../../session/view/row-deltas.ts';
import type { LogView } from '../../session/view/view.ts';
import type { WrittenJob } from '../exports.ts';
import { OneQuestion } from '../one-question.ts';
import { sessionFacts } from '../session-facts.ts';
import type { Dependencies, SaveRequest, ViewAndSession } from './dependencies.ts';

const COPY_SLICE_MS = 8;
/** A copy that takes longer than this says how far it has got, as often. Milliseconds. */
const COPY_PROGRESS_MS = 200;

type ExportReply = Result<{ readonly id: number; readonly path: string } | null>;

interface CopyRequest {
  readonly range: PositionRange;
  readonly format: CopyFormat;
  readonly options: OutputOptions;
}

export class Output {
  private readonly dependencies: Dependencies;
  /** Number of the last copy that was asked for or cancelled: an earlier one gives up. */
  private copies = 0;
  private readonly question = new OneQuestion(
    'A file for another export is being chosen',
    'Choose that first, then export again',
  );

  constructor(dependencies: Dependencies) {
    this.dependencies = dependencies;
  }

  cancelCopy(): void {
    this.copies++;
  }

  /** Puts rows on the clipboard; one that is under way is given up. */
  async copy({ view, session }: ViewAndSession, { range, format, options }: CopyRequest): Promise<Result<CopyOutcome>> {
    const { now, rest, copyProgress, writeClipboard } = this.dependencies;
    const copy = ++this.copies;
    const estimate = estimateText(view.log, range);
    if (estimate.bytes > MAX_COPY_TEXT) return ok({ state: 'too-large', ...estimate });
    const facts = this.factsOf(session, view.session, options, selectedRows(view.log, range));
    const job = new CopyJob(view.log, range, { ...facts, columns: options.columns ?? null }, format);
    let toldAt = now();
    let told = false;
    const text = await copyRows(job, {
      slice: () => sliceOf(now, COPY_SLICE_MS),
      rest: () => {
        if (now() - toldAt >= COPY_PROGRESS_MS) {
          toldAt = now();
          told = true;
          copyProgress({ rows: job.rows, totalRows: job.totalRows });
        }
        return rest();
      },
      cancelled: () => copy !== this.copies,
    });
    if (told) copyProgress(null);
    if (!text.ok) return text;
    writeClipboard(text.value);
    return ok({ state: 'copied', rows: job.rows, bytes: text.value.length });
  }

  /** Asks where to, and starts an export; null if the person dismissed the question. */
  async export({ view, session }: ViewAndSession, request: ExportRequest): Promise<ExportReply> {
    const { scanner, colours } = this.dependencies;
    // What is meant is what is shown and selected now, whatever the person does while a file is chosen.
    const rows = rowsOf(view.log, request);
    if (!rows.ok) return rows;
    const filter = exportedBy(view.log, request);
    const { store } = session;
    return this.write(request, (path) => {
      // What the person named the file counts more than what the menu said: nobody means a table by `warnings.txt`.
      const format = formatOfPath(path) ?? request.format;
      return ExportJob.create(store, {
        format,
        filter,
        ...(rows.value ?? { endRow: store.endRow }),
        ...this.factsOf(session, view.session, request.options, rows.value, format === 'text'),
        colouring: format === 'html' ? new RowColouring(colours.with(session.highlights), session.filterNames) : null,
        filterText: filterWords(filter),
        names: session.filterNames,
        scanner,
      });
    });
  }

  /** What is written of some rows of a session beside them, null for all, and how each is to be taken; whether it is read again. */
  private factsOf(
    session: Session,
    id: number,
    { losses, spreadsheetSafe, times, fields }: OutputOptions,
    rows: Pick<SelectedRows, 'spans'> | null,
    comesBack = false,
  ): Omit<Partial<OutputFacts>, 'filter'> {
    return {
      ...sessionFacts(session, id, this.dependencies.fieldsOf),
      notes: notesOf(session, rows),
      ...{ losses, spreadsheetSafe },
      // A file that can be opened again must not have lost digits that the table had no room for.
      // Nor may its messages have grown by what stood beside them.
      fields: comesBack ? null : fieldValues(fields),
      times: times === undefined ? null : { ...times, ...(comesBack ? { digits: 'ns' } : {}), origin: session.origin },
    };
  }

  /** Asks where to, and makes one file of a recorded session; null if the person dismissed the question. */
  pack({ path: folder, name, rows }: SessionEntry): Promise<ExportReply> {
    return this.write({ pack: name }, () => PackJob.create(folder, rows, Date.now()));
  }

  /** Asks where to, and starts to write what `create` then gives; null if the person dismissed the question. */
  async write(request: SaveRequest, create: (path: string) => Result<WrittenJob>): Promise<ExportReply> {
    const { exports, askForPath } = this.dependencies;
    const room = exports.room();
    if (!room.ok) return room;
    // Where to write, from the person alone.
    const asked = await this.question.ask(() => askForPath(request));
    if (!asked.ok) return asked;
    const path = asked.value;
    if (path === null) return ok(null);
    const job = create(path);
    if (!job.ok) return job;
    const id = exports.start(job.value, path);
    return id.ok ? ok({ id: id.value, path }) : id;
  }
}

/** What is written of a view: matches alone, unless the rows around them are asked for. */
function exportedBy({ filterSpec }: LogView, { scope, options }: ExportRequest): FilterSpec {
  if (scope === 'all') return SHOW_ALL;
  const { context: _, ...matches } = filterSpec;
  return options.context ? filterSpec : matches;
}

interface RowSpan {
  readonly firstRow: number;
  /** One above the last. */
  readonly endRow: number;
}

interface SelectedRows extends RowSpan {
  /** What is known of the rows above them. */
  readonly deltas: DeltaTracker;
  readonly spans: readonly RowSpan[];
}

/** The notes of the bookmarks among some rows, as they are now. */
function notesOf({ bookmarks }: Session, rows: Pick<SelectedRows, 'spans'> | null): ReadonlyMap<number, string> {
  const among = bookmarks.all.filter(
    ({ row }) => rows === null || rows.spans.some(({ firstRow, endRow }) => row >= firstRow && row < endRow),
  );
  return new Map(among.map(({ row, note }) => [row, note]));
}

/**
 * The rows a selection lies in, as rows: positions may change while the person chooses a file. Null for any other scope.
 */
function rowsOf(view: LogView, { scope, range }: ExportRequest): Result<SelectedRows | null> {
  if (scope !== 'selection') return ok(null);
  const rows = range === null ? null : selectedRows(view, range);
  if (range !== null && rows !== null) {
    const [head = range] = partsWithin(range, view);
    const deltas = new DeltaReader(view, head.first).tracked();
    return ok({ ...rows, deltas });
  }
  return fail('bad-argument', 'The selected rows are no longer shown', 'Select them again, then export');
}

/** The rows at some positions, as far as they are shown; null if none of them is, or if the positions mean others now. */
function selectedRows(view: LogView, range: PositionRange): Omit<SelectedRows, 'deltas'> | null {
  if (range.generation !== view.generation) return null;
  const spans = partsWithin(range, view).map(({ first, last }) => ({
    firstRow: view.rowAt(first),
    endRow: view.rowAt(last) + 1,
  }));
  const [head, tail] = [spans[0], spans.at(-1)];
  return head && tail ? { firstRow: head.firstRow, endRow: tail.endRow, spans } : null;
}
