/**
 * The names of this program's own logging sessions: they say which process they belong to, so that one that a crash left
 * behind is known. Pure.
 */

const NAME = /^RingView-(\d{1,10})-(\d{1,6})$/;

/** The name of the `number`th session of a process. */
export function sessionName(pid: number, number: number): string {
  return `RingView-${pid}-${number}`;
}

/** The process that a logging session of this program belongs to; null for one that is not of this program. */
export function ownerOf(name: string): number | null {
  const found = NAME.exec(name);
  return found === null ? null : Number(found[1]);
}

/**
 * Whether a logging session is one of this program that nobody reads any more: its process is gone, or its number was given
 * to a program of another name since. `running`: names of images by process; `own`: names that this program runs under.
 */
export function isLeftBehind(name: string, running: ReadonlyMap<number, string>, own: ReadonlySet<string>): boolean {
  const pid = ownerOf(name);
  if (pid === null) return false;
  const image = running.get(pid)?.toLowerCase();
  return image === undefined || !own.has(image);
}
