/** Figures from repeated measurements: the median, because one disturbed repetition must not decide, and the spread. */

/** The median; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value that so large a share of all do not exceed: 0.95 of 20 is the second largest. NaN of nothing, or if one is NaN. */
export function percentile(values: readonly number[], share: number): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Half the distance between the quartiles over the median: 0.02 says that half of all lay within 2 %. */
export function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return (quantile(0.75) - quantile(0.25)) / 2 / median(values);
}

/**
 * From the third quarter of samples to the last, by their medians, as a share: a single sample of a program's memory tells
 * mostly whether its engine has just collected garbage. Null for too few.
 */
export function growth(samples: readonly number[]): number | null {
  const half = samples.slice(samples.length >> 1);
  if (half.length < 4) return null;
  return median(half.slice(half.length >> 1)) / median(half.slice(0, half.length >> 1)) - 1;
}

/** The share of intervals longer than `limitMs`, in percent, and the longest; of nothing, 0. */
export function framesOver(intervalsMs: readonly number[], limitMs: number): { percent: number; longestMs: number } {
  const over = intervalsMs.filter((interval) => interval > limitMs).length;
  return {
    percent: intervalsMs.length === 0 ? 0 : (over / intervalsMs.length) * 100,
    longestMs: Math.max(0, ...intervalsMs),
  };
}

/** Four significant digits, as much as any measurement here deserves. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}
