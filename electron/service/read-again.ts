/** Has the files of a session read again, and says what became of its bookmarks and of the rows that a person is about. */
import { ok, type Result } from '../../native/core/result.ts';
import type { Bookmark } from '../contract/bookmarks.ts';
import type { ReadAgain } from '../contract/merging.ts';
import type { CarriedMark, Carrying } from '../session/ingest/carried-marks.ts';
import type { Session } from '../session/ingest/session.ts';
import { bookmarkOn } from '../session/view/bookmark-places.ts';
import { cleared, lookAtRows, type Pace } from './row-slices.ts';

/** Which record of which source a row is; null for one that cannot be found again: it is not kept, or its source is not in use. */
function carriedOf(session: Session, row: number, what: CarriedMark['what']): CarriedMark | null {
  const segment = session.store.segmentOf(row);
  if (segment === null) return null;
  const at = row - segment.firstRow;
  const source = segment.source.get(at);
  const offsetNs = session.offsetOf(source);
  if (offsetNs === null) return null;
  const ownNs = (segment.timeNs[at] as number) - offsetNs;
  return { row: { source, index: segment.index[at] as number, kind: segment.kind.get(at), ownNs }, what };
}

/** A bookmark on a row that came back, with what that row says now. */
export const renewedIn =
  ({ store }: Session): Carrying['renew'] =>
  (mark) =>
    bookmarkOn(store, mark.row, mark.note) ?? mark;

/**
 * Reads the files again by `read`, which decides how, and resolves once what is carried was found, or is not to be.
 * `stands`: the rows that the person is about. Failures: those of `read`; cancelled by a clear.
 */
export async function readAgain(
  session: Session,
  stands: readonly number[],
  read: (carrying: Carrying) => Result<null>,
  pace: Pace,
): Promise<Result<ReadAgain>> {
  const { bookmarks, store } = session;
  const { epoch } = store;
  const before = bookmarks.all;
  const marked = new Map(before.map((mark) => [mark.row, mark]));
  const looked = await lookAtRows(
    store,
    before.map(({ row }) => row),
    (row) => carriedOf(session, row, marked.get(row) as Bookmark),
    pace,
  );
  if (!looked.ok) return looked;
  // Also of a session that was closed: nobody would read its files.
  if (store.epoch !== epoch) return cleared();
  const own = stands.flatMap((row, at) => carriedOf(session, row, at) ?? []);
  const unknown = before.length - looked.value.length;
  return new Promise((resolve) => {
    const told: Carrying['told'] = ({ rows, lost }) =>
      resolve(ok({ rows: stands.map((_, at) => rows.get(at) ?? null), bookmarksLost: lost + unknown }));
    const done = read({ marks: [...looked.value, ...own], renew: renewedIn(session), told });
    if (!done.ok) resolve(done);
  });
}
