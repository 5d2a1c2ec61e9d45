/**
 * The priority of a thread. A drain that comes too late loses records, and most other work only takes longer: where more
 * threads want to run than there are processors, such work gives way.
 */
import { getPriority, setPriority } from 'node:os';
import { describeFailure } from './core/result.ts';
import { putCallingThreadBelowNormal } from './win32/thread-priority.ts';

/**
 * As Linux counts, from -20 to 19: so many steps lower, a thread gets a quarter of a processor that its program's other
 * threads want too (kernel/sched/core.c, sched_prio_to_weight), and never stands still.
 */
const STEPS = 5;
const LOWEST = 19;
/** Of Electron's page, which is that of any program. */
const PAGE = 0;

/** What a thread gives way to: the drain of the rings alone, or the page as well, for whose person it works. */
export type GoesFirst = 'drain' | 'page';

/**
 * Lets the program's other threads go before the calling one, from now on. Electron raises its main process, in which rings
 * are drained, and threads begin with the priority of who starts them: before the page, unless they give way to it too.
 * Does nothing on systems other than Linux and Windows, where Node could only set the priority of the whole program. A
 * refusal is a warning, as the work is done all the same.
 */
export function giveWay(to: GoesFirst): void {
  // Process 0 means the calling thread: on Linux a priority is a thread's own (setpriority(2), BUGS).
  if (process.platform === 'linux') setPriority(0, priorityBehind(to, getPriority(0)));
  if (process.platform !== 'win32') return;
  const lowered = putCallingThreadBelowNormal();
  if (!lowered.ok) process.emitWarning(describeFailure(lowered.failure));
}

/** The priority of a thread that gives way, as Linux counts; `begun`: the one that it began with. */
export function priorityBehind(to: GoesFirst, begun: number): number {
  return Math.min((to === 'page' ? Math.max(begun, PAGE) : begun) + STEPS, LOWEST);
}
