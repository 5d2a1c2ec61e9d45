/**
 * What is asked of the library by a program that must not wait: looking at every session and deleting large ones takes its
 * time, so both are done in a thread (library-thread.ts). This is what the thread does, without the thread.
 */
import { assertUnreachable, ok, type Result } from '../../native/core/result.ts';
import type { SessionLibrary } from './library.ts';
import { type LibraryLimits, type SessionEntry, type sessionsBeyond, sessionsToForget } from './library-rules.ts';

export interface Listed {
  readonly sessions: readonly SessionEntry[];
  readonly troubles: readonly string[];
}

/** `inUse`: paths of sessions that are open somewhere in the program or were just offered; limits do not delete these. */
export type LibraryQuestion =
  | { readonly do: 'list' }
  /** Lists the crashed sessions not offered before, and marks them as offered. */
  | { readonly do: 'offer' }
  | { readonly do: 'rename'; readonly path: string; readonly name: string }
  | { readonly do: 'pin'; readonly path: string; readonly pinned: boolean }
  | { readonly do: 'delete'; readonly path: string }
  /** Lists what these limits would delete. */
  | { readonly do: 'beyond'; readonly limits: LibraryLimits; readonly inUse: readonly string[] }
  /** Deletes what is beyond the limits or empty, and lists it. */
  | { readonly do: 'forget'; readonly limits: LibraryLimits; readonly inUse: readonly string[] };

/** Whoever answers: the thread, or this program itself in tests. */
export interface LibraryPort {
  ask(question: LibraryQuestion): Promise<Result<Listed>>;
}

const NOTHING: Listed = { sessions: [], troubles: [] };

/** Answers a question. Where only a change was asked for, the answer lists no sessions. */
export function answerOf(library: SessionLibrary, question: LibraryQuestion, unixMs: () => number): Result<Listed> {
  switch (question.do) {
    case 'list':
      return library.list();
    case 'offer':
      return offer(library);
    case 'rename':
      return done(library.rename(question.path, question.name));
    case 'pin':
      return done(library.pin(question.path, question.pinned));
    case 'delete':
      return done(library.delete(question.path));
    case 'beyond': {
      const listed = library.list();
      if (!listed.ok) return listed;
      const going = rule(question.inUse)(listed.value.sessions, question.limits, unixMs());
      return ok({ sessions: going.filter(({ rows }) => rows > 0), troubles: [] });
    }
    case 'forget': {
      const kept = library.keepWithin(question.limits, rule(question.inUse));
      return kept.ok ? ok({ sessions: kept.value.deleted, troubles: kept.value.troubles }) : kept;
    }
    default:
      return assertUnreachable(question);
  }
}

function rule(inUse: readonly string[]): typeof sessionsBeyond {
  return (entries, limits, nowUnixMs) =>
    sessionsToForget(entries, limits, nowUnixMs, ({ path }) => inUse.includes(path));
}

function offer(library: SessionLibrary): Result<Listed> {
  const listed = library.list();
  if (!listed.ok) return listed;
  const { sessions } = listed.value;
  const offers = sessions.filter(({ ended, offered, rows }) => ended === 'crashed' && !offered && rows > 0);
  // If this cannot be noted for a session, the next start offers it again.
  for (const { path } of offers) library.noteOffered(path);
  return ok({ sessions: offers, troubles: [] });
}

const done = (result: Result<void>): Result<Listed> => (result.ok ? ok(NOTHING) : result);

/** Answers in this thread. */
export function libraryHere(library: SessionLibrary, unixMs: () => number = Date.now): LibraryPort {
  return { ask: async (question) => answerOf(library, question, unixMs) };
}
