/** A place where records are missing, as somebody who walks from one to the next is told of it. */

/**
 * Markers of losses that follow each other without a record between them, at positions `first` to `last` of a view. At
 * most MOST_MARKERS: a longer row of them is several.
 */
export interface FoundLoss {
  readonly generation: number;
  readonly first: number;
  readonly last: number;
  /** How many records are missing, on which CPUs in order, and why: bit n is LOSS_CAUSES[n]. */
  readonly lost: number;
  readonly cpus: readonly number[];
  readonly causes: number;
  /** The last record of one of these CPUs before them, nanoseconds since the log began; null if none is near enough. */
  readonly fromNs: number | null;
  /** The first record of the last of these CPUs behind them. */
  readonly toNs: number;
}

/** `5`, `0-3, 7`. */
export function cpuWords(cpus: readonly number[]): string {
  const runs: string[] = [];
  for (let at = 0; at < cpus.length; ) {
    let last = at;
    while (cpus[last + 1] === (cpus[last] as number) + 1) last++;
    runs.push(last === at ? `${cpus[at]}` : `${cpus[at]}-${cpus[last]}`);
    at = last + 1;
  }
  return runs.join(', ');
}

export const MOST_MARKERS = 1000;

/** The most losses that one request may ask for. */
export const MOST_LOSSES = 200;
