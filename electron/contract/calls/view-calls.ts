/** Calls about one view of a session. Each carries the view's number. */
import { done, packed, plain, plainOr, result } from '../call.ts';
import { flag, integer, list, MAX, object, oneOf } from '../check.ts';
import { type Density, MAX_BUCKETS } from '../density.ts';
import type { DoctorFinding } from '../doctor.ts';
import { EXPORT_FORMAT_NAMES } from '../export-formats.ts';
import {
  fieldColumnId,
  fieldNames,
  fieldsOf,
  isFieldColumn,
  MOST_FIELD_COLUMNS,
  nameOfField,
} from '../field-columns.ts';
import { type FindSpread, type FoundRows, MAX_SPREAD_BUCKETS, MOST_FOUND_ROWS } from '../find.ts';
import { type FoundLoss, MOST_LOSSES } from '../loss.ts';
import {
  COPY_FORMATS,
  type CopyOutcome,
  MOST_PARTS,
  type OutputOptions,
  SHOWN_COLUMNS,
  type ShownColumn,
  type ShownTimes,
} from '../output.ts';
import { filterSpec, positionRange, textQuery } from '../query.ts';
import {
  type Located,
  type LocatedSpans,
  type LocateTarget,
  MAX_ROWS_A_REQUEST,
  type RowDetails,
  type RowsReply,
} from '../rows.ts';
import { DELTA_BASES, type DeltaBase, TIME_DIGITS, TIME_KINDS } from '../shown-time.ts';
import { nothingElse, ofView } from './ids.ts';

/** A reply of no generation that is ever shown, so that the rows stay missing until something changes. */
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

function shownDelta(value: unknown): ShownTimes['delta'] {
  if (value === null) return null;
  if (typeof value === 'string') return oneOf<DeltaBase>(value, DELTA_BASES, 'delta');
  return { fromNs: integer(object(value).fromNs, -MAX, MAX, 'fromNs') };
}

function shownTimes(value: unknown): ShownTimes {
  const { kind, digits, delta } = object(value);
  return {
    kind: oneOf(kind, TIME_KINDS, 'kind'),
    digits: oneOf(digits, TIME_DIGITS, 'digits'),
    delta: shownDelta(delta),
  };
}

const MOST_SHOWN = SHOWN_COLUMNS.length + MOST_FIELD_COLUMNS;

function shownColumn(value: unknown): ShownColumn {
  if (typeof value !== 'string' || !isFieldColumn(value)) return oneOf(value, SHOWN_COLUMNS, 'columns');
  const [name = ''] = fieldNames([nameOfField(value)]);
  return fieldColumnId(name);
}

function outputOptions(value: unknown): OutputOptions {
  const { losses, spreadsheetSafe, context, times, columns, fields } = object(value);
  return {
    losses: flag(losses, 'losses'),
    spreadsheetSafe: flag(spreadsheetSafe, 'spreadsheetSafe'),
    ...(context === undefined ? {} : { context: flag(context, 'context') }),
    ...(times === undefined ? {} : { times: shownTimes(times) }),
    ...(columns === undefined ? {} : { columns: list(columns, MOST_SHOWN, 'columns', shownColumn) }),
    ...fieldsOf(fields),
  };
}

export const viewCalls = {
  'view.setFilter': result<{ readonly generation: number }>()(ofView(({ filter }) => ({ filter: filterSpec(filter) }))),
  'view.setPaused': done(ofView(({ paused }) => ({ paused: flag(paused, 'paused') }))),
  /**
   * How many of the newest rows each update carries, 0..MAX_ROWS_A_REQUEST: the height of the table while it follows
   * the newest rows, else 0. The first such call for a view also says that the page is ready for events; before it, no
   * event about the view or its session is sent. The rows have the values of `fields`.
   */
  'view.setTail': done(
    ofView(({ rows, fields }) => ({ rows: integer(rows, 0, MAX_ROWS_A_REQUEST, 'rows'), ...fieldsOf(fields) })),
  ),
  /** Confirms an update. The next update of this view is sent only afterwards. */
  'view.ack': done(ofView(({ sequence }) => ({ sequence: integer(sequence, 0, MAX, 'sequence') }))),
  /**
   * The rows at some positions, with the values of `fields`. If `generation` is outdated, the reply has no rows and the
   * current generation.
   */
  'view.rows': packed<RowsReply>(NO_ROWS)(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      first: integer(fields.first, 0, MAX, 'first'),
      count: integer(fields.count, 0, MAX_ROWS_A_REQUEST, 'count'),
      ...fieldsOf(fields.fields),
    })),
  ),
  /** The nearest match at or after (or before) `from`, wrapping around once; null if there is none. */
  'view.find': result<{ readonly position: number; readonly wrapped: boolean } | null>()(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      query: textQuery(fields.query),
      from: integer(fields.from, 0, MAX, 'from'),
      direction: oneOf(fields.direction, ['next', 'previous'], 'direction'),
    })),
  ),
  /**
   * From now on counts the matches of a query in the view, reported by `view.found`; null ends the count and any
   * search.
   */
  'view.countFinds': result<null>()(ofView(({ query }) => ({ query: query === null ? null : textQuery(query) }))),
  /** How the matches counted so far are distributed over the view, in equal parts, at most MAX_SPREAD_BUCKETS. */
  'view.findSpread': result<FindSpread>()(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      buckets: integer(fields.buckets, 1, MAX_SPREAD_BUCKETS, 'buckets'),
    })),
  ),
  /** Some of the matches counted so far, by rank; none, and the current generation, if `generation` is outdated. */
  'view.foundRows': packed<FoundRows>({ generation: -1, first: 0, rows: [] })(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      first: integer(fields.first, 0, MAX, 'first'),
      count: integer(fields.count, 0, MOST_FOUND_ROWS, 'count'),
    })),
  ),
  /**
   * The first loss behind the one at or before position `from`, or the last one before `from`; null if there is none in the
   * view. -1: from its begin. Failure: cancelled, if the view has changed.
   */
  'view.findLoss': result<FoundLoss | null>()(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      from: integer(fields.from, -1, MAX, 'from'),
      direction: oneOf(fields.direction, ['next', 'previous'], 'direction'),
    })),
  ),
  /**
   * The losses behind the one at or before position `from`, in order, at most `most` (1..MOST_LOSSES); fewer only where
   * there are no more in the view. -1: from its begin. Failure: cancelled, if the view has changed.
   */
  'view.losses': result<readonly FoundLoss[]>()(
    ofView((fields) => ({
      generation: integer(fields.generation, 0, MAX, 'generation'),
      from: integer(fields.from, -1, MAX, 'from'),
      most: integer(fields.most, 1, MOST_LOSSES, 'most'),
    })),
  ),
  /** Stops the filter where it is: see ViewUpdate.stopped. */
  'view.stopScan': done(ofView(nothingElse)),
  /** Continues a filter that was stopped. */
  'view.resumeScan': done(ofView(nothingElse)),
  /**
   * Where the view shows a row; null if the session has no such row: it was dropped, or no row has that index or time
   * or a later one.
   */
  'view.locate': plain<Located | null>(null)(ofView((fields) => ({ target: target(fields.target) }))),
  /** Where the view shows ranges of rows `first..last`, which need not be shown themselves. */
  'view.locateSpans': plain<LocatedSpans>({ generation: -1, spans: [], open: false })(
    ofView((fields) => ({
      spans: list(fields.spans, MOST_PARTS, 'spans', (each) => {
        const { first, last } = object(each);
        return { first: integer(first, 0, MAX, 'first'), last: integer(last, 0, MAX, 'last') };
      }),
    })),
  ),
  'view.details': plain<RowDetails | null>(null)(ofView(({ row }) => ({ row: integer(row, 0, MAX, 'row') }))),
  /** How errors, warnings and losses are distributed over the view, in about `buckets` parts of equal length. */
  'view.density': packed<Density>(NO_DENSITY)(
    ofView(({ buckets }) => ({ buckets: integer(buckets, 1, MAX_BUCKETS, 'buckets') })),
  ),
  /** Why nothing is captured, or possibly so: the worst finding first. Changes nothing. */
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
