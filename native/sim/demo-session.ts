/**
 * Sessions of embedded simulated drivers: named after a process, so that two programs do not fight over one. A name of a
 * process that crashed comes back only by chance, so what it left is removed by whoever starts next. Whether it lives is
 * said by its lock alone: a process number may be another's by now.
 */
import { getPlatform, type Platform } from '../platform.ts';

const DEMO_SESSION = /^demo-\d+$/;

/** The session of the embedded driver of process `pid`. */
export function demoSessionName(pid: number): string {
  return `demo-${pid}`;
}

/** Removes what dead embedded drivers of this user left, up to 32 MiB each. Returns the names that were removed. */
export function removeDeadDemos(platform?: Platform): string[] {
  const found = platform === undefined ? getPlatform() : { ok: true as const, value: platform };
  if (!found.ok) return [];
  const { value } = found;
  return value.imageNames().filter((name) => DEMO_SESSION.test(name) && value.removeDead(name));
}
