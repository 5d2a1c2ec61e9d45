/** What of the log crosses from the session to whatever shows it. Plain data: survives structured clone and JSON. */
import type { RowKind } from '../../native/core/entry.ts';
import type { EventNames } from '../../native/core/event-names.ts';
import type { Failure } from '../../native/core/result.ts';
import type { DetailRecord } from './schemas.ts';

/** One row as shown. Positions and row numbers are exact integers up to 2^53. */
export interface LogRow {
  /** Number of the row in the session store, from 0, never reused while the session lives. Identity of a row. */
  readonly row: number;
  readonly kind: RowKind;
  /** Global index. For a gap: the index of the entry that follows it on its CPU. */
  readonly index: number;
  /** Nanoseconds since the session began. */
  readonly timeNs: number;
  /** Nanoseconds since the row above it in the same view; null for the first row. */
  readonly deltaNs: number | null;
  /**
   * Nanoseconds since the record above it of the same CPU and source in the same view; null if there is none, or none
   * near enough: see MOST_SHOWN_ROWS_BACK. For a gap: how long its CPU was not heard.
   */
  readonly cpuDeltaNs: number | null;
  readonly cpu: number;
  readonly level: number;
  /** RowFlag bits. */
  readonly flags: number;
  /** 0 is text, anything else the caller's own payload type. For a gap: its causes, bit n is LOSS_CAUSES[n]. */
  readonly type: number;
  readonly origin: number;
  /** Number of what its event is called (`session.eventNames`); 0 for none. */
  readonly event: number;
  readonly pid: number;
  /** 0 also where the source does not say which thread it was, see `tidOf`. */
  readonly tid: number;
  /** The caller's number. For a gap: how many records were lost there. */
  readonly remarks: number;
  /** Number of the row's source in the session, see Status.sourceNames. */
  readonly source: number;
  /** Text of a text record (line breaks kept), of one that its schema fits its line, a hex preview of any other, empty for a gap; cut after MAX_ROW_TEXT characters. */
  readonly text: string;
  /** True if `text` was cut for display; the details have all of it. */
  readonly textCut: boolean;
  /** Payload length in bytes. */
  readonly length: number;
  /** True if the filter would hide it: it is shown because it is near a record that fits. */
  readonly isContext?: true;
  /**
   * Only of a gap: how many records of other CPUs are known to have come since the record above it of its own CPU and source,
   * whatever the view shows; at most MOST_MEANWHILE.
   */
  readonly meanwhile?: number;
  /** Values of the fields that were asked for, by their names (field-columns.ts), as far as the row has any. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** How far above a row the record before of its CPU is looked for: among so many rows shown, */
export const MOST_SHOWN_ROWS_BACK = 1000;
/** and so many rows of the log, which are those of four segments, so that no more than five are read. */
export const MOST_LOG_ROWS_BACK = 262_144;

/** So far up the log the records are counted that came while others were lost. */
export const MOST_MEANWHILE = 4096;

/** Longest `LogRow.text` in UTF-16 units. */
export const MAX_ROW_TEXT = 1024;
/** Most rows one request returns. */
export const MAX_ROWS_A_REQUEST = 1000;

/** Everything about one row. */
export interface RowDetails {
  readonly row: LogRow;
  /** Full text for a text record or one that its schema fits, null for any other. */
  readonly text: string | null;
  readonly bytes: Uint8Array;
  /** What a schema says of its type; null where none does. */
  readonly record: DetailRecord | null;
  /** What its event is called; null for a row that is none of a trace or an event log. */
  readonly event: EventNames | null;
  /** Wall clock of the row, milliseconds since 1970 UTC, with fraction. */
  readonly unixMs: number;
}

/** Text to look for in messages. */
export interface TextQuery {
  /** Never empty: an empty box is `null` where a query is optional. */
  readonly pattern: string;
  /** True: `pattern` is a JavaScript regular expression (unicode flag set). */
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

/** A filter of terms, as it is written (contract/filter/parse.ts). */
export interface FilterTerms {
  readonly text: string;
  /** Of its texts; an expression says it itself. */
  readonly caseSensitive: boolean;
}

/** Levels of 4 and above share one chip. */
export const OTHER_LEVEL = 4;

/**
 * What the view shows: rows that pass every field. A gap row is shown when its CPU, its source and its time are: nothing
 * else hides losses, and of terms only those about these.
 */
export interface FilterSpec {
  readonly hiddenCpus: readonly number[];
  /** 0..3, or OTHER_LEVEL for everything above. */
  readonly hiddenLevels: readonly number[];
  /** Numbers of sources. */
  readonly hiddenSources: readonly number[];
  readonly text: TextQuery | null;
  /** Payload types, processes and origins to show; without the field all are. */
  readonly types?: readonly number[];
  readonly pids?: readonly number[];
  readonly origins?: readonly number[];
  /** `fromNs <= timeNs < toNs`, in the time of the rows. */
  readonly time?: { readonly fromNs: number; readonly toNs: number };
  /** What of the rows is shown that pass everything above. */
  readonly terms?: FilterTerms;
  /**
   * How many rows of the log before and behind each record that passes are shown with it, hidden otherwise or not: 1 to
   * MOST_CONTEXT_ROWS; without the field none. What captures by a filter does not look at it.
   */
  readonly context?: number;
  /** What else a row has to pass: of a view that is linked to another, the filter of that one. A page never sends it. */
  readonly within?: FilterSpec;
}

/** The most rows around each match. */
export const MOST_CONTEXT_ROWS = 1000;

export const SHOW_ALL: FilterSpec = { hiddenCpus: [], hiddenLevels: [], hiddenSources: [], text: null };

/**
 * The state of the view, pushed at most one at a time: the next is sent after `view.ack`. Positions run from `first` to
 * `end - 1`, ordered as shown; they only grow, and hold until `generation` changes (filter changed, session cleared).
 */
export interface ViewUpdate {
  readonly sequence: number;
  readonly generation: number;
  /** Changes when the session is cleared, or its files are read again: row numbers begin at 0 again. */
  readonly epoch: number;
  /** Position of the oldest row still kept. */
  readonly first: number;
  readonly end: number;
  /** Entries among `first..end-1` that the filter shows, gap rows not counted: the number of matches. */
  readonly matchedEntries: number;
  /** Entries among them that are shown because they are near a match. */
  readonly contextEntries: number;
  /** Entries they were chosen from: those the session holds of before a pause. */
  readonly searchedEntries: number;
  /** Entries and gap rows the session holds. */
  readonly sessionRows: number;
  /** Entries alone. */
  readonly sessionEntries: number;
  /** A filter that is still being applied to older rows; null when it covers all. */
  readonly scan: { readonly done: number; readonly total: number } | null;
  /**
   * Why the filter goes no further than `scan` says: rows behind that place are not shown. `cancelled`: somebody asked
   * for it, and `view.resumeScan` goes on; anything else needs another filter.
   */
  readonly stopped: Failure | null;
  readonly paused: boolean;
  /** Entries that would be shown but for the pause. */
  readonly heldBack: number;
  /**
   * Only of a log that one begins to read at its first row: of files or a recording, which nobody writes. A dump is none: its
   * last row says most.
   */
  readonly readsFromStart?: true;
  /** The newest rows of the view, as many as `view.setTail` asked for, ending at `end`. */
  readonly tail: readonly LogRow[];
}

/** What can be looked for in the view: a global index, a time (nanoseconds since the session began), or a store row. */
export type LocateTarget = { readonly index: number } | { readonly timeNs: number } | { readonly row: number };

/** Where a row is in the view: that of an index or a time is the first of the session at or after it, shown or not. */
export interface Located {
  /** In which the positions hold. */
  readonly generation: number;
  /** The row that was looked for, and its global index. */
  readonly row: number;
  readonly index: number;
  /** Its position; null where the view does not show it. */
  readonly position: number | null;
  /**
   * Position of the row nearest to it among those shown, itself if it is; of a time, of the first shown from it on, or the
   * last one shown. Null while the view shows none.
   */
  readonly nearest: number | null;
  /**
   * Why it is not shown: the filter hides it; it came after the view was paused; or the filter has not come to it yet,
   * and may show it later.
   */
  readonly absence: 'hidden' | 'held-back' | 'not-reached' | null;
}

/** Where a view shows ranges of rows. */
export interface LocatedSpans {
  /** In which the positions hold. */
  readonly generation: number;
  /** For each, from the first to the last of its rows that are shown; null where none is. */
  readonly spans: readonly ({ readonly first: RowPlace; readonly last: RowPlace } | null)[];
  /** The filter has not come to all of them yet. */
  readonly open: boolean;
}

export interface RowPlace {
  readonly position: number;
  readonly row: number;
}

export interface RowsReply {
  readonly generation: number;
  /** Position of `rows[0]`. */
  readonly first: number;
  readonly rows: readonly LogRow[];
}
