/**
 * How a new file takes over the owner and the mode of the one that it replaces. The steps are written once; who carries
 * them out, waiting for the disk or not, is the caller's affair.
 */

/** Of a file's facts, who may do what with it. */
export interface Rights {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** An owner that is to be set; whether that was allowed is the answer. */
export type OwnerWanted = Pick<Rights, 'uid' | 'gid'>;

/** Asks for owners to be set, and returns the permissions that the new file must then get; null if it has them. */
export function* takeOverRights(old: Rights, mine: Rights): Generator<OwnerWanted, number | null, boolean> {
  // Only root may change the owner of a file. Others can still set the group, if they are members of it.
  const owned = (mine.uid === old.uid && mine.gid === old.gid) || (yield { uid: old.uid, gid: old.gid });
  const grouped = owned || mine.gid === old.gid || (yield { uid: mine.uid, gid: old.gid });
  const mode = old.mode & 0o777;
  // If the group could not be kept, the old group's permissions are not given to the new group; it gets those of
  // everybody.
  const kept = grouped ? mode : (mode & 0o707) | ((mode & 0o007) << 3);
  return (mine.mode & 0o777) === kept ? null : kept;
}
