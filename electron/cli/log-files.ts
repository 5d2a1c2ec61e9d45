/**
 * The log files of one capture: what each is called, and when the next one begins. Pure; rolling-writer.ts writes them.
 *
 * A path may hold `{date}`, `{time}` (both of the moment a file begins, in local time) and `{n}`, the number of the file.
 * Where several files are wanted and the path does not tell them apart, date and number are put before its ending.
 */
import { basename, extname } from 'node:path';
import { localDay, localTime } from '../contract/local-time.ts';

/** How a log goes on. By itself: in one file, which replaces an earlier one. */
export interface LogFiles {
  /** What the file holds already stays. */
  readonly append: boolean;
  /** Bytes of a file, which only a single part of the log may exceed; null is no limit. */
  readonly limitBytes: number | null;
  /** At the limit the same file begins anew; without it, the next file. */
  readonly wrap: boolean;
  /** Each day has a file of its own. */
  readonly daily: boolean;
  /** How many files are kept; null is all. */
  readonly keep: number | null;
}

export const ONE_FILE: LogFiles = { append: false, limitBytes: null, wrap: false, daily: false, keep: null };

/** Whether anything but one new file is asked for. */
export function isOneFile({ append, limitBytes, daily }: LogFiles): boolean {
  return !append && limitBytes === null && !daily;
}

/** The path of the file with this number, from 1 on, that begins at `unixMs`. */
export function pathOf(pattern: string, files: LogFiles, number: number, unixMs: number): string {
  const numbered = files.limitBytes !== null && !files.wrap;
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
