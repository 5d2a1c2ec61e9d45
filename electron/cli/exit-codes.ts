/** What the exit code of a command says, and which one a capture ends with. Pure. */
import type { Failure } from '../../native/core/result.ts';
import type { WatchArguments } from './capture-args.ts';
import type { WatchFindings } from './message-watch.ts';
import type { CaptureSummary } from './summary.ts';

export const EXIT = {
  done: 0,
  failed: 1,
  badArguments: 2,
  /** With --strict: the sources had no record. */
  nothing: 3,
  /** With --strict: records were lost, or read and not written. */
  lost: 4,
  /** A message that --fail-on names was there. */
  found: 5,
  /** No message that --wait-for names came. */
  notCome: 6,
} as const;

/** What a capture came to: of its accounts only these. */
export interface CaptureEnding {
  readonly failure: Failure | null;
  readonly summary: Pick<CaptureSummary, 'read' | 'lost' | 'notWritten'>;
  readonly watch: WatchFindings;
}

/** The most important of what is to be said: a text that must not be there says more than that others were lost. */
export function captureExit(
  { failure, summary: { read, lost, notWritten }, watch }: CaptureEnding,
  asked: WatchArguments,
): number {
  if (failure !== null) return failure.code === 'bad-argument' ? EXIT.badArguments : EXIT.failed;
  if (watch.failing > 0) return EXIT.found;
  if (asked.waitFor !== null && !watch.came) return EXIT.notCome;
  if (asked.strict && read === 0) return EXIT.nothing;
  if (asked.strict && (lost > 0 || notWritten > 0)) return EXIT.lost;
  return EXIT.done;
}
