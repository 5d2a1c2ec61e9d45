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

/**
 * Lets the program's other threads go before the calling one, from now on. Does nothing on systems other than Linux and
 * Windows, where Node could only set the priority of the whole program. A refusal is a warning, as the work is done all the same.
 */
export function giveWay(): void {
  // Process 0 means the calling thread: on Linux a priority is a thread's own (setpriority(2), BUGS).
  if (process.platform === 'linux') setPriority(0, Math.min(getPriority(0) + STEPS, LOWEST));
  if (process.platform !== 'win32') return;
  const lowered = putCallingThreadBelowNormal();
  if (!lowered.ok) process.emitWarning(describeFailure(lowered.failure));
}
