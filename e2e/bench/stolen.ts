/** What a host took from this machine's CPUs: figures of times like those say little about the program. Linux knows it. */
import { readOrEmpty } from './environment.ts';
import type { BenchResult } from './results.ts';

/** Below this the host has let the machine alone. */
const STOLEN_PERCENT = 0.5;

/** Ticks of all CPUs since the machine started. */
export interface CpuTicks {
  readonly all: number;
  /** Ticks in which a program wanted a CPU that the host had given to somebody else. */
  readonly stolen: number;
}

/** The ticks in a text like /proc/stat (proc_stat(5)); null where it does not tell. */
export function parseTicks(stat: string): CpuTicks | null {
  const ticks = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  // The last two, time given to guests, are part of the first two.
  const own = ticks?.slice(0, 8);
  if (own?.length !== 8 || !own.every(Number.isFinite)) return null;
  return { all: own.reduce((sum, each) => sum + each, 0), stolen: own[7] as number };
}

export const readTicks = (): CpuTicks | null => parseTicks(readOrEmpty('/proc/stat'));

/** Percent of the CPUs' time that was stolen between two looks; null where nobody knows. */
export function stolenPercent(before: CpuTicks | null, after: CpuTicks | null): number | null {
  if (before === null || after === null || after.all <= before.all) return null;
  return (100 * (after.stolen - before.stolen)) / (after.all - before.all);
}

/** Results with what the host took while they were measured, where that is enough to spoil them. */
export function withStolen(results: readonly BenchResult[], percent: number | null): BenchResult[] {
  if (percent === null || percent < STOLEN_PERCENT) return [...results];
  const told = `the host took ${percent.toFixed(1)} % of the CPUs meanwhile`;
  return results.map((each) => ({ ...each, note: each.note === '' ? told : `${each.note}; ${told}` }));
}
