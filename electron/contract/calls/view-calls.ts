/** Calls about one view of a session. Each carries the view's number. */
import { done, packed, plain, plainOr, result } from '../call.ts';
import { flag, integer, MAX, object, oneOf } from '../check.ts';
import { type Density, MAX_BUCKETS } from '../density.ts';
import type { DoctorFinding } from '../doctor.ts';
import { EXPORT_FORMAT_NAMES } from '../export-formats.ts';
import { type FindSpread, MAX_SPREAD_BUCKETS } from '../find.ts';
import { COPY_FORMATS, type CopyOutcome, type OutputOptions } from '../output.ts';
import { filterSpec, positionRange, textQuery } from '../query.ts';
import { type Located, type LocateTarget, MAX_ROWS_A_REQUEST, type RowDetails, type RowsReply } from '../rows.ts';
import { nothingElse, ofView } from './ids.ts';

/** Of no generation that is shown: the rows stay missing until something changes. */
const NO_ROWS: RowsReply = { generation: -1, first: 0, rows: [] };
const NO_DENSITY: Density = {
  ...{ generation: -1, first: 0, end: 0, start: 0, bucketRows: 1 },
  ...{ errors: [], warnings: [], gaps: [] },
};

function target(value: unknown): LocateTarget {
  const fields = object(value);
  if ('row' in fields) return { row: integer(fields.row, 0, MAX, 'row') };
  if ('timeNs' in fields) return { timeNs: integer(fields.timeNs, -MAX, MAX, 'timeNs') };
  return { index: integer(fields.index, 0, MAX, 'index') };
}

function outputOptions(value: unknown): OutputOptions {
  const { losses, spreadsheetSafe } = object(value);
  return { losses: flag(losses, 'losses'), spreadsheetSafe: flag(spreadsheetSafe, 'spreadsheetSafe') };
}

export const viewCalls = {
  'view.setFilter': result<{ readonly generation: number }>()(ofView(({ filter }) => ({ filter: filterSpec(filter) }))),
  'view.setPaused': done(ofView(({ paused }) => ({ paused: flag(paused, 'paused') }))),
  /**
   * How many of the newest rows each update carries, 0..MAX_ROWS_A_REQUEST: the height of the table while following, else
   * 0. With its first call for a view a page says that it listens: nothing is told of the view, or of its session, before.
   */
  'view.setTail': done(ofView(({ rows }) => ({ rows: integer(rows, 0, MAX_ROWS_A_REQUEST, 'rows') }))),
  /** Confirms an update; the next of this view is sent only then. */
  'view.ack': done(ofView(({ sequence }) => ({ sequence: integer(sequence, 0, MAX, 'sequence') }))),
  /** Rows at positions; empty rows with the current generation if `generation` is an old one. */
  'view.rows': packed<RowsReply>(NO_ROWS)(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      first: integer(fields.first, 0, MAX, 'first'),
      count: integer(fields.count, 0, MAX_ROWS_A_REQUEST, 'count'),
    })),
  ),
  /** The nearest match at or after (before) `from`, going round once; null if there is none. */
  'view.find': result<{ readonly position: number; readonly wrapped: boolean } | null>()(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      query: textQuery(fields.query),
      from: integer(fields.from, 0, MAX, 'from'),
      direction: oneOf(fields.direction, ['next', 'previous'], 'direction'),
    })),
  ),
  /** Counts the matches of a query in the view from now on, told by `view.found`; null ends that and any search. */
  'view.countFinds': result<null>()(ofView(({ query }) => ({ query: query === null ? null : textQuery(query) }))),
  /** How the matches counted so far are spread over the view, in equal parts, at most MAX_SPREAD_BUCKETS. */
  'view.findSpread': result<FindSpread>()(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      buckets: integer(fields.buckets, 1, MAX_SPREAD_BUCKETS, 'buckets'),
    })),
  ),
  /** Leaves the filter as far applied as it is: see ViewUpdate.stopped. */
  'view.stopScan': done(ofView(nothingElse)),
  /** Lets it go on from there. */
  'view.resumeScan': done(ofView(nothingElse)),
  /** Where a row is in the view; null if the session holds none: the row was dropped, or none is of that index or time or later. */
  'view.locate': plain<Located | null>(null)(ofView((fields) => ({ target: target(fields.target) }))),
  'view.details': plain<RowDetails | null>(null)(ofView(({ row }) => ({ row: integer(row, 0, MAX, 'row') }))),
  /** How errors, warnings and losses are spread over the view, in about `buckets` parts of equal length. */
  'view.density': packed<Density>(NO_DENSITY)(
    ofView(({ buckets }) => ({ buckets: integer(buckets, 1, MAX_BUCKETS, 'buckets') })),
  ),
  /** Why capture is silent, or may be: the worst first. Changes nothing. */
  'view.examine': plainOr<readonly DoctorFinding[]>(({ message, action }) => [
    { severity: 'problem', what: message, fix: action },
  ])(ofView(nothingElse), 'costly'),
  /** Puts rows on the clipboard; the answer comes when it is done. A new copy replaces one under way. */
  'view.copy': result<CopyOutcome>()(
    ofView(({ range, format, options }) => ({
      range: positionRange(range),
      format: oneOf(format, COPY_FORMATS, 'format'),
      options: outputOptions(options),
    })),
  ),
  /** Asks where to, and starts an export; null if the person dismissed the dialog. Progress arrives as events. */
  'view.export': result<{ readonly id: number; readonly path: string } | null>()(
    ofView((fields) => ({
      scope: oneOf(fields.scope, ['all', 'filtered', 'selection'], 'scope'),
      range: fields.range === null ? null : positionRange(fields.range),
      format: oneOf(fields.format, EXPORT_FORMAT_NAMES, 'format'),
      options: outputOptions(fields.options),
    })),
  ),
};
