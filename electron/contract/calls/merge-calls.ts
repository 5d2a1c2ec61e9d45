/**
 * Calls that put the files of a session into one order. All of its files are read again for that: row numbers change, and
 * bookmarks go with their records. `stands` are rows that the answer says the new numbers of; it comes when they and all
 * bookmarks were found, or everything was read.
 */
import { result } from '../call.ts';
import { integer, list, MAX, oneOf } from '../check.ts';
import { ENCODING_NAMES } from '../encodings.ts';
import { sessionName } from '../library.ts';
import { MAX_SOURCE } from '../limits.ts';
import { type EventsExplained, type FilesAdded, MOST_STANDS, type ReadAgain, SYMBOL_PLACES } from '../merging.ts';
import { ofSession } from './ids.ts';

const standsOf = (stands: unknown): number[] =>
  list(stands, MOST_STANDS, 'stands', (row) => integer(row, 0, MAX, 'stands'));

export const mergeCalls = {
  /**
   * Opens a recorded session, by its id in the library, beside the files of a session, or, with what a recorded session has, in
   * a new one. `recorded` null: log files and packed sessions, which the person is asked for; the reply is null if they
   * dismissed the dialog. Failures: bad-argument for rows that were captured live and for files that are there already;
   * overloaded; source-busy, source-not-found; those of opening a file. Nothing changes then.
   */
  'session.openBeside': result<FilesAdded | null>()(
    ofSession(({ recorded, stands }) => ({
      recorded: recorded === null ? null : sessionName(recorded),
      stands: standsOf(stands),
    })),
  ),
  /**
   * Moves the times of a source by so many nanoseconds, 0 for none. Failures: bad-argument, where rows were captured live or
   * there is no source of that number; those of opening the files again. Nothing changes then.
   */
  'session.setOffset': result<ReadAgain>()(
    ofSession(({ id, ns, stands }) => ({
      id: integer(id, 0, MAX_SOURCE, 'id'),
      ns: integer(ns, -MAX, MAX, 'ns'),
      stands: standsOf(stands),
    })),
  ),
  /** Reads a file in another encoding; otherwise as above. */
  'session.readAs': result<ReadAgain>()(
    ofSession(({ id, encoding, stands }) => ({
      id: integer(id, 0, MAX_SOURCE, 'id'),
      encoding: oneOf(encoding, ENCODING_NAMES, 'encoding'),
      stands: standsOf(stands),
    })),
  ),
  /**
   * Reads a trace or an event log by files that explain its events, or by a folder of them, which the person is asked for,
   * besides those it is read by; they are remembered for the next one; null if they dismissed the dialog. Failures: overloaded; those of the files; otherwise as above.
   */
  'session.explainEvents': result<EventsExplained | null>()(
    ofSession(({ id, from, stands }) => ({
      id: integer(id, 0, MAX_SOURCE, 'id'),
      from: oneOf(from, SYMBOL_PLACES, 'from'),
      stands: standsOf(stands),
    })),
  ),
};
