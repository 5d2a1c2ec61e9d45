/** Windows' file times: units of 100 ns since 1601 in UTC, as FILETIME and KeQuerySystemTime count. Pure. */

/** 1970-01-01 as a file time. */
export const FILETIME_UNIX_EPOCH = 116_444_736_000_000_000n;

const TICKS_A_MS = 10_000n;

/** Milliseconds since 1970 of a file time; what is below a millisecond is left out. Before 1970 they are negative. */
export function filetimeToUnixMs(ticks: bigint): number {
  return Number(ticks / TICKS_A_MS - FILETIME_UNIX_EPOCH / TICKS_A_MS);
}

/** The file time of a moment in milliseconds since 1970, whose fraction is left out. */
export function unixMsToFiletime(ms: number): bigint {
  return BigInt(Math.floor(ms)) * TICKS_A_MS + FILETIME_UNIX_EPOCH;
}
