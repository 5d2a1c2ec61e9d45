/** What is decided about sessions on disk: which one a name means, which ones go to stay within limits. Pure. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { cleanName } from './label.ts';
import type { Ending } from './manifest.ts';

/** One session of the library. */
export interface SessionEntry {
  readonly name: string;
  readonly path: string;
  readonly pinned: boolean;
  /** A person chose its name. */
  readonly named: boolean;
  /** A crash ended it, and it was offered to a person since. */
  readonly offered: boolean;
  /** When recording began, milliseconds since 1970 UTC; 0 if that is not known. */
  readonly startedUnixMs: number;
  readonly durationMs: number;
  /** Rows it has, loss markers included. */
  readonly rows: number;
  /** Records known to be missing. */
  readonly lost: number;
  readonly bytes: number;
  /** Names of its sources. */
  readonly sources: readonly string[];
  /** Null while it is recorded. */
  readonly ended: Ending | null;
  /** What is damaged in it, one sentence each. */
  readonly damages: readonly string[];
}

/** Limits of the library; one that is left out does not apply. */
export interface LibraryLimits {
  readonly mostBytes?: number;
  readonly mostAgeMs?: number;
}

/** Those that are to be deleted, oldest first. Never one that is pinned or recorded, nor one that `spared` names. */
export function sessionsBeyond(
  entries: readonly SessionEntry[],
  { mostBytes = Number.POSITIVE_INFINITY, mostAgeMs = Number.POSITIVE_INFINITY }: LibraryLimits,
  nowUnixMs: number,
  spared: (entry: SessionEntry) => boolean = () => false,
): SessionEntry[] {
  const oldestFirst = [...entries].sort((a, b) => a.startedUnixMs - b.startedUnixMs);
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return oldestFirst.filter((entry) => {
    if (entry.pinned || entry.ended === null || spared(entry)) return false;
    // An age that is not known is no reason to delete anything.
    const tooOld = entry.startedUnixMs > 0 && nowUnixMs - entry.startedUnixMs > mostAgeMs;
    if (!tooOld && bytes <= mostBytes) return false;
    bytes -= entry.bytes;
    return true;
  });
}

/** The session a person means: by its name, or by the path of its folder. Failures: source-not-found, bad-argument. */
export function findSession(entries: readonly SessionEntry[], name: string): Result<SessionEntry> {
  const found = entries.filter((entry) => entry.path === name || sameName(entry.name, name));
  const [first, second] = found;
  if (first === undefined) {
    return fail('source-not-found', `There is no session ${name}`, "'ringview sessions' lists those there are");
  }
  if (second === undefined) return ok(first);
  return fail('bad-argument', `${found.length} sessions are called ${name}`, 'Name one by its path');
}

/** A name for a new session, or a new name: one no other has. `but`: the path of the one that is renamed. */
export function freeName(entries: readonly SessionEntry[], name: string, but: string | null = null): Result<string> {
  const clean = cleanName(name);
  if (clean === null)
    return fail('bad-argument', 'A session needs a name of 1 to 200 characters', 'Choose another name');
  if (!entries.some((entry) => entry.path !== but && sameName(entry.name, clean))) return ok(clean);
  return fail('bad-argument', `There is a session ${clean} already`, 'Choose another name, or delete that one first');
}

const DAY_MS = 86_400_000;

/**
 * Which sessions a program deletes by itself to keep its library within the limits: never one that a person named, that
 * is less than a day old, or that a crash left and nobody was told of yet. Sessions without rows are deleted as well.
 */
export function sessionsToForget(
  entries: readonly SessionEntry[],
  limits: LibraryLimits,
  nowUnixMs: number,
  inUse: (entry: SessionEntry) => boolean,
): SessionEntry[] {
  const waits = ({ ended, offered, rows }: SessionEntry): boolean => ended === 'crashed' && !offered && rows > 0;
  const young = ({ startedUnixMs, durationMs }: SessionEntry): boolean =>
    startedUnixMs + durationMs > nowUnixMs - DAY_MS;
  const spared = (entry: SessionEntry): boolean => entry.named || waits(entry) || young(entry) || inUse(entry);
  const beyond = sessionsBeyond(entries, limits, nowUnixMs, spared);
  const empty = entries.filter(
    (entry) => entry.ended !== null && entry.rows === 0 && entry.damages.length === 0 && !entry.pinned && !entry.named,
  );
  return [...new Set([...empty.filter((entry) => !inUse(entry)), ...beyond])];
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
