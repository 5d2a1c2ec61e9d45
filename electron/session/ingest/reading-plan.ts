/**
 * What a session reads when it puts its rows into another order: files are read again, all of them, and merged anew. Rows
 * that were captured live cannot be had again, so a session that has some stays as it is. Pure.
 */
import { type Failure, fail, ok, type Result } from '../../../native/core/result.ts';
import type { SourceInfo } from '../../../native/sources/source.ts';
import { isReadable } from '../../contract/merging.ts';

/** One file to read. */
export interface Reading {
  /** The name it is opened by. */
  readonly spec: string;
  /** The encoding that a person chose; left out: as its bytes suggest. */
  readonly encoding?: string;
  /** Files that explain its events, which a person chose. */
  readonly symbols?: readonly string[];
  /** What a person says its times are to be moved by, nanoseconds. */
  readonly statedNs: number;
}

/** A source that the session has rows of, or that is in use. */
export interface KnownReading extends Reading {
  readonly id: number;
  readonly info: SourceInfo;
}

/** Why the rows of these sources cannot be merged anew; null if they can. */
export function whyNotAnew(known: readonly Pick<KnownReading, 'info'>[]): Failure | null {
  const live = known.find(({ info }) => !isReadable(info));
  if (live === undefined) return null;
  return {
    code: 'bad-argument',
    message: `The rows of ${live.info.name} were captured live, and cannot be put into another order`,
    action: 'Close or clear this session, open its recording (Ctrl+Shift+H) and merge that; or export it (Ctrl+S)',
  };
}

/** With more files. Failure: bad-argument for rows that cannot be read again, a file that is there already, too many. */
export function withFiles(
  known: readonly KnownReading[],
  specs: readonly string[],
  most: number,
): Result<readonly Reading[]> {
  const hindrance = whyNotAnew(known);
  if (hindrance !== null) return { ok: false, failure: hindrance };
  const fresh = [...new Set(specs)].filter((spec) => !known.some((each) => each.spec === spec));
  if (fresh.length === 0) return fail('bad-argument', 'The session has that file already', 'Choose another one');
  if (known.length + fresh.length > most)
    return fail('bad-argument', `A session may have at most ${most} files`, 'Choose fewer, or open another session');
  return ok([...known.map(readingOf), ...fresh.map((spec) => ({ spec, statedNs: 0 }))]);
}

/** With one of them moved in time. Failure: bad-argument. */
export function withOffset(known: readonly KnownReading[], id: number, statedNs: number): Result<readonly Reading[]> {
  return changed(known, id, (reading) => ({ ...reading, statedNs }));
}

/** With one of them read in another encoding. Failure: bad-argument. */
export function withEncoding(known: readonly KnownReading[], id: number, encoding: string): Result<readonly Reading[]> {
  return changed(known, id, (reading) => ({ ...reading, encoding }));
}

/** With files that explain the events of one of them, besides those it has. Failure: bad-argument. */
export function withSymbols(
  known: readonly KnownReading[],
  id: number,
  symbols: readonly string[],
): Result<readonly Reading[]> {
  return changed(known, id, (reading) => ({
    ...reading,
    symbols: [...new Set([...(reading.symbols ?? []), ...symbols])],
  }));
}

function changed(
  known: readonly KnownReading[],
  id: number,
  change: (reading: Reading) => Reading,
): Result<readonly Reading[]> {
  if (!known.some((each) => each.id === id))
    return fail('bad-argument', 'The session has no such source any more', 'Choose another one');
  const hindrance = whyNotAnew(known);
  if (hindrance !== null) return { ok: false, failure: hindrance };
  return ok(known.map((each) => (each.id === id ? change(readingOf(each)) : readingOf(each))));
}

function readingOf({ spec, encoding, symbols, statedNs }: KnownReading): Reading {
  return {
    spec,
    statedNs,
    ...(encoding === undefined ? {} : { encoding }),
    ...(symbols === undefined ? {} : { symbols }),
  };
}
