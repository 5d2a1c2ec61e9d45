/**
 * Work on the rows of segments that is done elsewhere: what is asked, what comes back, and who can be asked. `ScanPool`
 * does it on other threads; nobody here knows which.
 */
import { ok, type Result } from '../../../native/core/result.ts';
import type { FilterSpec, TextQuery } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import { compileFilter } from './filter.ts';
import { ImageTally, type PieceImages } from './image-tally.ts';
import { compileTextQuery } from './match-text.ts';
import type { NameBinding } from './name-binding.ts';
import { type PairQuery, PairTally, type PieceEnds } from './pair-tally.ts';
import { type PieceTemplates, TemplateTally } from './template-tally.ts';

/**
 * What to look for: the rows a filter shows, its names bound; the entries whose message matches; which templates there are;
 * what is said of modules; or where intervals begin and end.
 */
export type ScanQuery =
  | { readonly filter: FilterSpec; readonly bindings?: readonly NameBinding[] }
  | { readonly text: TextQuery }
  | { readonly templates: true }
  | { readonly images: true }
  | PairQuery;

/** What is told of a piece besides offsets, by the query that was asked. */
export interface PieceTold {
  readonly templates?: PieceTemplates;
  readonly images?: PieceImages;
  readonly ends?: PieceEnds;
}

/** Rows of one segment. Whoever submits it keeps the segment from being used again until it is done. */
export interface ScanPiece {
  readonly segment: Segment;
  /** Offsets `from..to-1`. */
  readonly from: number;
  readonly to: number;
  /** Those of them to look at, ascending; null for all. Read at once. */
  readonly offsets: Uint32Array | null;
  /** Time of the row before the segment, for a filter that has to know it; NaN or left out if there is none. */
  readonly beforeNs?: number;
}

/** Why a scan ended before its piece did. */
export interface ScanTrouble {
  /** `slow`: a row took longer than a scan may. `broken`: the engine gave up on a row, or a thread failed. */
  readonly kind: 'slow' | 'broken';
  /** The row, null if the thread itself failed. */
  readonly offset: number | null;
  /** The engine's words; empty for a slow row. */
  readonly text: string;
}

export interface ScanOutcome extends PieceTold {
  /** Matching offsets in order, up to the trouble if there was any. The receiver's own. */
  readonly offsets: Uint32Array;
  readonly trouble: ScanTrouble | null;
}

/** One query put to a scanner, piece by piece. */
export interface Scan {
  /** True while another piece would not wait long behind those submitted. */
  readonly ready: boolean;
  /**
   * Looks at a piece some time after this returns. `done` is called once, also after `cancel` (then with null), when
   * nobody reads the segment any more. Pieces may be done in any order.
   */
  submit(piece: ScanPiece, done: (outcome: ScanOutcome | null) => void): void;
  /** Gives up what is not done. Harmless twice. */
  cancel(): void;
}

export interface Scanner {
  /** `urgent`: somebody waits for the first hit, so its pieces go before those of other scans. */
  open(query: ScanQuery, urgent?: boolean): Scan;
  /** Gives up memory of segments seen before: the log was cleared. */
  forget(): void;
}

/** Keeps, of offsets `from..to-1` or of the first `count` in `out`, those that match, at the begin of `out`. */
export interface CompiledQuery {
  all(segment: Segment, from: number, to: number, out: Uint32Array, beforeNs?: number): number;
  among(segment: Segment, out: Uint32Array, count: number, beforeNs?: number): number;
  /** What is told of the piece besides offsets, and forgotten then. */
  told?(): PieceTold;
}

/** What a thread makes of a query. */
export function compileQuery(query: ScanQuery): Result<CompiledQuery> {
  if ('templates' in query) {
    const tally = new TemplateTally();
    return ok(telling(tally, () => ({ templates: tally.take() })));
  }
  if ('images' in query) {
    const tally = new ImageTally();
    return ok(telling(tally, () => ({ images: tally.take() })));
  }
  if ('pairs' in query) {
    const tally = PairTally.of(query);
    if (!tally.ok) return tally;
    return ok(telling(tally.value, () => ({ ends: tally.value.take() })));
  }
  if ('filter' in query) {
    const filter = compileFilter(query.filter, query.bindings);
    if (!filter.ok) return filter;
    return ok({
      all: filter.value.scan,
      among: filter.value.keep,
    });
  }
  const matcher = compileTextQuery(query.text);
  if (!matcher.ok) return matcher;
  const among: CompiledQuery['among'] = (segment, out, count) => matcher.value.filter(segment, out, count);
  return ok({
    all(segment, from, to, out) {
      for (let offset = from; offset < to; offset++) out[offset - from] = offset;
      return among(segment, out, to - from);
    },
    among,
  });
}

/** A query that finds no rows, but tells of all of them. */
function telling(
  tally: { add(segment: Segment, from: number, to: number, beforeNs?: number): void },
  told: () => PieceTold,
): CompiledQuery {
  return {
    all(segment, from, to, _out, beforeNs) {
      tally.add(segment, from, to, beforeNs);
      return 0;
    },
    among: () => {
      throw new Error('it is about all rows');
    },
    told,
  };
}
