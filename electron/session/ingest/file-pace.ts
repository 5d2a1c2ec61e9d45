/**
 * Which of several files to read next, so that they are merged in bounded memory: the one that is furthest behind in time,
 * because it holds up all others.
 */

export interface PacedFile {
  /** The largest time that it gave so far, on the common base; -Infinity before the first row. */
  readonly reachNs: number;
  /** The last attempt gave nothing, because more of a stream is still to come. */
  readonly waits: boolean;
}

/** Undefined if there is none to read. Of several that are equally far behind, the first that need not be waited for. */
export function furthestBehind<F extends PacedFile>(files: readonly F[]): F | undefined {
  let [next] = files;
  for (const file of files) {
    if (next === undefined || file.reachNs < next.reachNs) next = file;
    else if (file.reachNs === next.reachNs && next.waits && !file.waits) next = file;
  }
  return next;
}
