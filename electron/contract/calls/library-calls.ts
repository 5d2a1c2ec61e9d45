/** Calls about the sessions that were recorded. Each names one by its id; where one is written to, the person is asked. */
import { done, result } from '../call.ts';
import { flag, integer, nothing, object, refuse, text } from '../check.ts';
import {
  LEAST_LIBRARY_BYTES,
  LEAST_LIBRARY_DAYS,
  MAX_SESSION_NAME,
  MOST_LIBRARY_BYTES,
  MOST_LIBRARY_DAYS,
  type RecordedSession,
  type SessionList,
  sessionName,
} from '../library.ts';
import { lengthFailure } from '../limits.ts';

function named(value: unknown): string {
  const name = text(value, 'name');
  refuse(lengthFailure('The name', name, MAX_SESSION_NAME));
  return name;
}

const one = (value: unknown): { readonly id: string } => ({ id: sessionName(object(value).id) });

export const libraryCalls = {
  /** Every session that was recorded on this machine, or is now. */
  'library.list': result<SessionList>()(nothing),
  /** Those that a crash ended and that nobody has heard of yet, newest first; each is offered in one run of the program. */
  'library.offers': result<readonly RecordedSession[]>()(nothing),
  /** Nothing is offered any more in this run. */
  'library.dismiss': done(nothing),
  /** Opens one where it lies, as a session of its own; one that is open already is looked at. */
  'library.open': result<{ readonly session: number; readonly view: number }>()(one),
  'library.rename': result<null>()((value) => ({ ...one(value), name: named(object(value).name) })),
  /** Keeps one whatever the limits, or no longer. */
  'library.pin': result<null>()((value) => ({ ...one(value), pinned: flag(object(value).pinned, 'pinned') })),
  /** Asks the person, and deletes one for good; false if the person would not. */
  'library.delete': result<boolean>()(one),
  /** Asks where to, and makes one file of a session; null if the person dismissed the dialog. Progress arrives as events. */
  'library.pack': result<{ readonly id: number; readonly path: string } | null>()(one),
  /** Changes whether sessions are recorded and how many are kept; false if the person would not have some deleted. */
  'library.setSettings': result<boolean>()((value) => {
    const settings = object(object(value).settings);
    return {
      settings: {
        record: flag(settings.record, 'record'),
        mostBytes: integer(settings.mostBytes, LEAST_LIBRARY_BYTES, MOST_LIBRARY_BYTES, 'mostBytes'),
        mostDays: integer(settings.mostDays, LEAST_LIBRARY_DAYS, MOST_LIBRARY_DAYS, 'mostDays'),
      },
    };
  }),
};
