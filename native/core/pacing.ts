/**
 * How long to wait before the next poll. Entries move only when a source is polled: waiting too long fills the rings,
 * waiting too little keeps a core busy on an idle machine.
 */

/**
 * Wait after a poll that found something, after one whose source is far from full, and after one that found much;
 * milliseconds. What a poll costs hardly depends on how much it finds, so twice as many of them take the processor from the
 * page; a screen shows neither.
 */
export const SLOW_POLL_MS = 2;
export const CALM_POLL_MS = 4;
export const FAST_POLL_MS = 1;
/**
 * The longest wait of an idle source, and so the longest time until an entry of a quiet system is seen. Each wake-up of
 * Electron's main process costs far more than the poll itself: 20 a second took 1 % of a core, 10 take half of that. A
 * sudden burst must fit into the ring for this long: the default ring of 4 MiB holds a burst of some 300,000 entries a
 * second on one CPU.
 */
export const IDLE_POLL_MS = 100;
/** Bytes from which a poll counts as busy. */
const BUSY_BYTES = 65536;
/** A source of whose buffers less was read between two polls than this share is far from full. */
const CALM_FILL = 1 / 128;
const GROWTH = 1.5;

export interface PollLoad {
  readonly rows: number;
  readonly bytes: number;
  /** The share of its fullest buffer that was read; left out where that is not known. */
  readonly fill?: number;
  readonly more: boolean;
}

/** Milliseconds until the next poll, 0..IDLE_POLL_MS. `previous` is the last result of this function, or 0 at first. */
export function nextPollDelay(previous: number, load: PollLoad): number {
  if (load.more) return 0;
  if (load.bytes >= BUSY_BYTES) return FAST_POLL_MS;
  if (load.rows > 0 || load.bytes > 0) return (load.fill ?? 1) < CALM_FILL ? CALM_POLL_MS : SLOW_POLL_MS;
  return Math.min(IDLE_POLL_MS, Math.max(SLOW_POLL_MS, previous * GROWTH));
}
