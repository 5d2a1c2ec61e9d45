/** How many CPUs there are chips for. */
import { MAX_CPUS } from '../../electron/contract/limits.ts';
import type { Status } from '../../electron/contract/status.ts';
import { lackingIn, states } from './lacking.ts';

/**
 * CPUs that producers have, or that rows name: of what was recorded before there is no producer any more. A source that states
 * no CPU has zeros there, and counts none.
 */
export function cpuCountOf(status: Status | null): number {
  const lacking = lackingIn(status);
  const stated = ({ id }: { readonly id: number }): boolean => states(lacking, id, 'cpu');
  const counts = (status?.sources ?? [])
    .filter(stated)
    .map(({ info, cpus }) => Math.max(info.cpuCount, (cpus.at(-1)?.cpu ?? -1) + 1));
  const ofRows = status?.sourceNames.some(stated) ? (status.cpuCount ?? 0) : 0;
  return Math.min(MAX_CPUS, Math.max(ofRows, ...counts));
}
