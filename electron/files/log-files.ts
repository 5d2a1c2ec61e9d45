/**
 * The log files of one capture: what each is called, and when the next one begins. Pure; rolling-writer.ts writes them.
 *
 * A path may hold `{session}`, `{date}`, `{time}` (both of the moment a file begins, in local time) and `{n}`, the number
 * of the file. Where several files are wanted and the path does not tell them apart, date and number are put before its
 * ending.
 */
import { basename, extname } from 'node:path';
import type { LogFiles } from '../contract/file-log.ts';
import { localDay, localTime } from '../contract/local-time.ts';

export type { LogFiles } from '../contract/file-log.ts';

export const ONE_FILE: LogFiles = {
  ...{ append: false, limitBytes: null, wrap: false, daily: false },
  ...{ perSession: false, keep: null },
};

/** Whether anything but one new file is asked for. */
export function isOneFile({ append, limitBytes, daily, perSession }: LogFiles): boolean {
  return !append && limitBytes === null && !daily && !perSession;
}

/** A name as a part of a file's, as far as a file may be called so on any system; `otherwise` where nothing is left of it. */
export function namePart(name: string, otherwise: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+|[. ]+$/g, '');
  return plain === '' ? otherwise : plain.slice(0, 100);
}

/** A path as a person wrote it, with the name of the session in it. */
export function withSession(pattern: string, session: string): string {
  return pattern.replaceAll('{session}', namePart(session, 'session'));
}

/** The path of the file with this number, from 1 on, that begins at `unixMs`. */
export function pathOf(pattern: string, files: LogFiles, number: number, unixMs: number): string {
  const numbered = (files.limitBytes !== null && !files.wrap) || files.perSession;
  const added =
    (files.daily && !pattern.includes('{date}') ? `-${localDay(unixMs)}` : '') +
    (numbered && number > 1 && !pattern.includes('{n}') ? `-${number}` : '');
  const ending = extname(pattern);
  const whole = added === '' ? pattern : `${pattern.slice(0, pattern.length - ending.length)}${added}${ending}`;
  return whole
    .replaceAll('{date}', localDay(unixMs))
    .replaceAll('{time}', localTime(unixMs, '-'))
    .replaceAll('{n}', String(number).padStart(3, '0'));
}

/**
 * The numbers of the log's files among the names in their folder, ascending. The first ones may be gone: only so many are
 * kept.
 */
export function numbersThere(
  pattern: string,
  files: LogFiles,
  names: readonly string[],
  unixMs: number,
): readonly number[] {
  const isNamed = (name: string) => (number: number) => basename(pathOf(pattern, files, number, unixMs)) === name;
  // 1 first: a path that no number changes is the first file, whatever digits it has.
  const numbers = names.flatMap((name) => [1, ...(name.match(/\d+/g) ?? []).map(Number)].find(isNamed(name)) ?? []);
  return numbers.sort((a, b) => a - b);
}

/** Why another file, or the same anew, has to begin before more is written; null if it need not. */
export function nextBegins(
  files: LogFiles,
  current: { readonly bytes: number; readonly rows: number; readonly beganUnixMs: number },
  more: number,
  unixMs: number,
): 'limit' | 'day' | null {
  if (files.daily && localDay(unixMs) !== localDay(current.beganUnixMs)) return 'day';
  // A part that is larger than the limit goes to a file of its own, not to an endless row of empty ones.
  return files.limitBytes !== null && current.rows > 0 && current.bytes + more > files.limitBytes ? 'limit' : null;
}
