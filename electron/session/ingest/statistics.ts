/**
 * Figures for the status bar: rates over a sliding second, and losses of every source used since the last clear. The
 * caller passes the time, in monotonic milliseconds.
 */
import { LOSS_CAUSES, type LossCause } from '../../../native/core/entry.ts';
import type { CpuStats, FileFigures } from '../../../native/sources/source.ts';
import type { CpuRates } from '../../contract/status.ts';

const WINDOW_MS = 1000;
/** A sample replaces the one before if it is closer to it than this; milliseconds. */
const SAMPLE_MS = 50;

interface Sample {
  readonly atMs: number;
  readonly totals: Float64Array;
}

/** Entries a second, in total and per CPU, from totals that only grow. */
export class RateMeter {
  /** Oldest first. The first is the newest sample that is at least a window old, or the very first of all. */
  private samples: Sample[] = [];

  /** Takes the totals by CPU at a moment. To be called several times a second, also while nothing changes. */
  sample(nowMs: number, totalsByCpu: Float64Array): void {
    const { samples } = this;
    const last = samples.at(-1);
    if (last !== undefined && samples.length > 1 && nowMs - last.atMs < SAMPLE_MS) return;
    samples.push({ atMs: nowMs, totals: totalsByCpu.slice() });
    while (samples.length > 2 && nowMs - (samples[1] as Sample).atMs >= WINDOW_MS) samples.shift();
  }

  /** Forgets all samples, because the totals restart. */
  reset(): void {
    this.samples = [];
  }

  /** Entries of the last second, or of a longer time if there was no sample within it. */
  rates(nowMs: number): { readonly perSecond: number; readonly cpus: readonly CpuRates[] } {
    const oldest = this.samples[0];
    const newest = this.samples.at(-1);
    if (oldest === undefined || newest === undefined) return { perSecond: 0, cpus: [] };
    const seconds = Math.max(WINDOW_MS, nowMs - oldest.atMs) / 1000;
    const cpus: CpuRates[] = [];
    let perSecond = 0;
    newest.totals.forEach((total, cpu) => {
      const rate = (total - (oldest.totals[cpu] ?? 0)) / seconds;
      perSecond += rate;
      cpus.push({ cpu, perSecond: rate });
    });
    return { perSecond, cpus };
  }
}

export interface Losses {
  readonly lost: number;
  readonly lostByCause: Readonly<Record<LossCause, number>>;
  readonly late: number;
}

export const NO_LOSSES: Losses = {
  lost: 0,
  lostByCause: {
    full: 0,
    tooBig: 0,
    zeroLength: 0,
    missingData: 0,
    nesting: 0,
    overwritten: 0,
    corrupt: 0,
    unread: 0,
    quota: 0,
  },
  late: 0,
};

/** The losses of all CPUs of one source. */
export function lossesOf(cpus: readonly CpuStats[]): Losses {
  return cpus.reduce((sum, cpu) => combine(sum, cpu, 1), NO_LOSSES);
}

export function addLosses(a: Losses, b: Losses): Losses {
  return combine(a, b, 1);
}

function combine(a: Losses, b: Losses, sign: 1 | -1): Losses {
  const lostByCause = Object.fromEntries(
    LOSS_CAUSES.map((cause) => [cause, a.lostByCause[cause] + sign * b.lostByCause[cause]]),
  ) as Record<LossCause, number>;
  return { lost: a.lost + sign * b.lost, lostByCause, late: a.late + sign * b.late };
}

/** Losses since the last clear, over the source in use and those before it. */
export class LossTally {
  private earlier = NO_LOSSES;
  /** What the source in use had lost before the last clear; subtracted from its totals. */
  private before = NO_LOSSES;

  /** To be called when the source in use is closed; `cpus` are its last figures. */
  finish(cpus: readonly CpuStats[]): void {
    this.earlier = this.total(cpus);
    this.before = NO_LOSSES;
  }

  /** Counts from here on; `cpus` are the figures of the source in use, empty if there is none. */
  clear(cpus: readonly CpuStats[]): void {
    this.earlier = NO_LOSSES;
    this.before = lossesOf(cpus);
  }

  /** `cpus` are the figures of the source in use, empty if there is none. */
  total(cpus: readonly CpuStats[]): Losses {
    return combine(combine(this.earlier, lossesOf(cpus), 1), this.before, -1);
  }
}

/** Highest fill of any ring, 0..1: at present, and at any time as far as the source knows; 0 if there are no rings. */
export function ringFill(cpus: readonly CpuStats[]): { readonly now: number; readonly peak: number } {
  let now = 0;
  let peak = 0;
  for (const { ring } of cpus) {
    if (ring === undefined || ring.ringBytes <= 0) continue;
    const { pendingBytes, peakPendingBytes, ringBytes } = ring;
    now = Math.max(now, pendingBytes / ringBytes);
    peak = Math.max(peak, peakPendingBytes / ringBytes);
  }
  return { now, peak };
}

/** What is wrong with a file, naming the first place: `3 problems, the first at line 7: ...`; null if nothing is. */
export function problemsText({ count, places }: FileFigures['broken']): string | null {
  const [first] = places;
  if (count === 0 || first === undefined) return null;
  const { line, offset, problem } = first;
  const where = line !== undefined ? ` at line ${line}` : offset !== undefined ? ` at offset ${offset}` : '';
  return count === 1
    ? `1 problem${where}: ${problem}`
    : `${count.toLocaleString('en')} problems, the first${where}: ${problem}`;
}
