/** `ringview sessions`: lists what was recorded, and does with it what a person or a script asks for. */
import { join, resolve } from 'node:path';
import { assertUnreachable, describeFailure, type Failure, fail, ok, type Result } from '../../native/core/result.ts';
import { defaultLibraryFolder, SessionLibrary } from '../recording/library.ts';
import { findSession, type SessionEntry } from '../recording/library-rules.ts';
import { PACK_ENDING, packSession } from '../recording/pack.ts';
import type { SessionsRequest } from './sessions-args.ts';
import { visibleText, widthOf } from './terminal-text.ts';

export interface SessionsIo {
  /** The answer. */
  readonly print: (text: string) => void;
  /** A line for people. */
  readonly report: (line: string) => void;
  readonly unixMs: () => number;
}

/** The library in a folder, or the usual one. */
export function libraryAt(folder: string | null, unixMs: () => number): SessionLibrary {
  return new SessionLibrary(resolve(folder ?? defaultLibraryFolder(process.env, process.platform)), unixMs);
}

/** Does what is asked for. A failure of one session does not keep the others from their turn; the first is the answer. */
export async function sessions(request: SessionsRequest, io: SessionsIo): Promise<Failure | null> {
  const library = libraryAt(request.library, io.unixMs);
  const listed = library.list();
  if (!listed.ok) return listed.failure;
  const { sessions: entries, troubles } = listed.value;
  switch (request.verb) {
    case 'list':
      for (const trouble of troubles) io.report(trouble);
      io.print(request.json ? asJson(entries) : asTable(entries));
      return null;
    case 'rename': {
      const found = findSession(entries, request.name);
      return failureOf(found.ok ? library.rename(found.value.path, request.newName) : found);
    }
    case 'delete':
      return each(entries, request.names, io, ({ path }) => library.delete(path));
    case 'pin':
    case 'unpin':
      return each(entries, request.names, io, ({ path }) => library.pin(path, request.verb === 'pin'));
    case 'pack':
      return each(entries, request.names, io, (entry) => pack(entry, request.out, io));
    case 'prune': {
      const { mostBytes, mostAgeMs } = request;
      const kept = library.keepWithin({
        ...(mostBytes === null ? {} : { mostBytes }),
        ...(mostAgeMs === null ? {} : { mostAgeMs }),
      });
      if (!kept.ok) return kept.failure;
      for (const { name } of kept.value.deleted) io.report(`deleted ${name}`);
      for (const trouble of kept.value.troubles) io.report(trouble);
      return null;
    }
    default:
      return assertUnreachable(request);
  }
}

async function each(
  entries: readonly SessionEntry[],
  names: readonly string[],
  io: SessionsIo,
  run: (entry: SessionEntry) => Result<void> | Promise<Result<void>>,
): Promise<Failure | null> {
  let first: Failure | null = null;
  for (const name of names) {
    const found = findSession(entries, name);
    const failure = failureOf(found.ok ? await run(found.value) : found);
    if (failure !== null && first !== null) io.report(describeFailure(failure));
    first ??= failure;
  }
  return first;
}

async function pack(entry: SessionEntry, out: string | null, io: SessionsIo): Promise<Result<void>> {
  if (entry.ended === null) {
    return fail('source-busy', `${entry.name} is being recorded`, 'Stop recording it first');
  }
  const path = out ?? join(process.cwd(), `${fileNameOf(entry.name)}${PACK_ENDING}`);
  const packed = await packSession(entry.path, path, io.unixMs());
  if (!packed.ok) return packed;
  io.print(`${path}\n`);
  return ok(undefined);
}

/** A name as a file's, on any system. */
function fileNameOf(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+|[. ]+$/g, '');
  return plain === '' ? 'session' : plain.slice(0, 100);
}

function failureOf(result: Result<unknown>): Failure | null {
  return result.ok ? null : result.failure;
}

/** One line of JSON; `ended` is how, or null while a session is recorded. */
function asJson(entries: readonly SessionEntry[]): string {
  const list = entries.map((entry) => ({
    ...{ name: entry.name, path: entry.path, rows: entry.rows, lost: entry.lost },
    startedAt: entry.startedUnixMs === 0 ? null : new Date(entry.startedUnixMs).toISOString(),
    ended: entry.ended,
    ...{ durationMs: entry.durationMs, bytes: entry.bytes, sources: entry.sources, pinned: entry.pinned },
    damages: entry.damages,
  }));
  return `${JSON.stringify(list)}\n`;
}

function asTable(entries: readonly SessionEntry[]): string {
  if (entries.length === 0) return 'No sessions.\n';
  const head = ['NAME', 'STARTED', 'SECONDS', 'ROWS', 'LOST', 'MB', 'ENDED', 'SOURCES'];
  const lines = entries.map((entry) => [
    `${entry.name}${entry.pinned ? ' *' : ''}`,
    entry.startedUnixMs === 0 ? '-' : new Date(entry.startedUnixMs).toISOString().slice(0, 19).replace('T', ' '),
    (entry.durationMs / 1000).toFixed(1),
    entry.rows.toLocaleString('en'),
    entry.lost.toLocaleString('en'),
    (entry.bytes / 1e6).toFixed(1),
    `${entry.ended ?? 'recording'}${entry.damages.length > 0 ? ', damaged' : ''}`,
    entry.sources.join(', '),
  ]);
  const all = [head, ...lines].map((line) => line.map(visibleText));
  const widths = head.map((_, at) => Math.max(...all.map((line) => widthOf(line[at] as string))));
  return all
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell + ' '.repeat((widths[at] as number) - widthOf(cell)))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
