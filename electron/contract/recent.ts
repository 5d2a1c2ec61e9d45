/** Files and recorded sessions that were opened by their paths lately, as a page sees them: by numbers of ours, never by a path that it names. */
import { reject, text } from './check.ts';

export interface RecentFile {
  /** Identifies it among those that were opened lately. */
  readonly id: string;
  /** What it is called in its folder. */
  readonly name: string;
  /** The folder it lies in, for people. */
  readonly place: string;
  /** It is a recorded session. */
  readonly recorded: boolean;
  /** There is nothing under its path now. */
  readonly missing: boolean;
}

/** As many are remembered. */
export const MOST_RECENT_FILES = 12;

const ID = /^[0-9a-f]{16}$/;

export function recentId(value: unknown): string {
  const id = text(value, 'id');
  return ID.test(id) ? id : reject('id: that of a file that was opened lately was expected');
}
