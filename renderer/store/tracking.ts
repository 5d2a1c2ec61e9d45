/**
 * The action `track` on a match: a view that follows the newest rows goes to each match instead, for as long as it is looked
 * at. Whoever moves on by themselves is left where they are, until they follow again.
 */
import type { Located, LocateTarget } from '../../electron/contract/rows.ts';
import type { WatchedRow } from '../../electron/contract/watches.ts';
import type { Result } from '../../native/core/result.ts';
import type { View } from './view.ts';
import { focusInSight, type ViewState } from './view-state.ts';
import type { Watches } from './watches.ts';

export interface TrackingDependencies {
  readonly view: View;
  readonly locate: (target: LocateTarget) => Promise<Result<Located | null>>;
  /** Selects a position, and brings it into sight. */
  readonly show: (position: number) => void;
  readonly watches: Pick<Watches, 'onTrack'>;
  /** Of the view. */
  readonly session: number;
}

/** Where the view was brought by the last match. */
interface Stand {
  readonly row: number;
  readonly position: number;
  /** Where the table was before it had the rows there. */
  readonly top: number;
}

export function createTracking({ view, locate, show, watches, session }: TrackingDependencies): {
  connect(): () => void;
} {
  const state = view.store.getState;
  let last: Stand | null = null;

  function stillThere(now: ViewState): boolean {
    const focus = now.selection?.focus;
    if (last === null || focus === undefined) return false;
    if (focus.row === null ? focus.position !== last.position : focus.row !== last.row) return false;
    return now.top === last.top || focusInSight(now) !== null;
  }

  /** Whether the place shown is not one that the person has chosen. A view that nobody sees has no height. */
  const mayGo = (now: ViewState): boolean => now.viewPx > 0 && !now.paused && (now.follow || stillThere(now));

  /** The match that the table has not been told of yet. */
  let awaited: WatchedRow | null = null;

  async function go(match: WatchedRow): Promise<void> {
    if (match.session !== session) return;
    awaited = mayGo(state()) ? match : null;
    if (awaited === null) return;
    const located = await locate({ row: match.row });
    if (awaited !== match) return;
    awaited = null;
    if (!located.ok || located.value === null) return;
    const { position, generation, absence } = located.value;
    const now = state();
    if (!mayGo(now)) return;
    if (position !== null && generation === now.generation && position < now.end) {
      show(position);
      last = { row: match.row, position, top: state().top };
    } else if (position !== null || absence === 'not-reached') awaited = match;
    // A match that the filter hides is none of this view.
  }

  return {
    connect() {
      const ends = [
        watches.onTrack((match) => void go(match)),
        view.store.subscribe((now, before) => {
          if (awaited !== null && (now.end !== before.end || now.generation !== before.generation)) void go(awaited);
        }),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
