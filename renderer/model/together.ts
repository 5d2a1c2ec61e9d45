/**
 * Two views that are scrolled together: which row of one the other is brought to, and by what the two agree. Rows of one
 * session are the same rows in both of its views. Those of two sessions are compared by the wall clock where both know
 * it, and otherwise by the time since each log began.
 */
import { MAX } from '../../electron/contract/check.ts';
import type { Located, LocateTarget } from '../../electron/contract/rows.ts';
import type { TimeOrigin } from '../../electron/contract/shown-time.ts';
import type { RowCache } from './row-cache.ts';
import { clampTop, type Extent, maxTop, minTop, ROW_PX, visibleRange } from './scroll.ts';
import { type Selection, selectedCount } from './selection.ts';

/** By what two views agree. */
export type Bond = 'rows' | 'clock' | 'elapsed';

/** What is known of the session of a view. */
export interface Timed {
  readonly session: number;
  readonly origin: TimeOrigin;
}

/** The row by which a view is looked at. */
export interface Anchor {
  readonly row: number;
  readonly timeNs: number;
  /** How far its upper edge lies below that of the table, pixels; less than 0 where it is partly hidden. */
  readonly y: number;
  /** Whether it is the only row that is selected. */
  readonly selected: boolean;
}

export function bondOf(one: Timed, other: Timed): Bond {
  if (one.session === other.session) return 'rows';
  return one.origin.startUnixMs !== null && other.origin.startUnixMs !== null ? 'clock' : 'elapsed';
}

export function bondWords(bond: Bond): string {
  switch (bond) {
    case 'rows':
      return 'same log';
    case 'clock':
      return 'by the clock';
    case 'elapsed':
      return 'by the time since each log began';
  }
}

/** What is seen of a view. */
export interface Seen extends Extent {
  readonly top: number;
  readonly selection: Selection | null;
  readonly cache: Pick<RowCache, 'get'>;
}

/** The selected row where it is in sight, else the first one in sight; null while that is not held. */
export function anchorOf(seen: Seen): Anchor | null {
  const { top, selection, cache } = seen;
  const visible = visibleRange(top, seen);
  const focus = selection?.focus.position ?? -1;
  const inSight = focus >= visible.from && focus < visible.end;
  const at = inSight ? focus : visible.from;
  const entry = cache.get(at);
  if (entry === undefined) return null;
  return {
    row: entry.row,
    timeNs: entry.timeNs,
    y: at * ROW_PX - top,
    selected: inSight && selectedCount(selection) === 1,
  };
}

/** What to look for in the other view. */
export function targetOf(anchor: Pick<Anchor, 'row' | 'timeNs'>, from: Timed, to: Timed): LocateTarget {
  const bond = bondOf(from, to);
  if (bond === 'rows') return { row: anchor.row };
  const apartMs = bond === 'clock' ? (from.origin.startUnixMs ?? 0) - (to.origin.startUnixMs ?? 0) : 0;
  return { timeNs: Math.min(Math.max(anchor.timeNs + Math.round(apartMs * 1e6), -MAX), MAX) };
}

/**
 * Where the other view is scrolled to for what was found in it: the row at the height at which its like is. Where there is
 * no such row, a row that was dropped was older than all that are left, and a time that has not come is at the end. Null
 * where no row is shown.
 */
export function topFor(found: Located | null, target: LocateTarget, y: number, extent: Extent): number | null {
  if (found === null) return 'row' in target ? minTop(extent) : maxTop(extent);
  return found.nearest === null ? null : clampTop(found.nearest * ROW_PX - y, extent);
}
