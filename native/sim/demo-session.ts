/**
 * Ring sessions of embedded simulated drivers. Each is named after its process, so that two programs do not compete for
 * one name. A new process gets the same name as a crashed one only by chance, so the next program that starts removes
 * what crashed ones left. Only the lock tells whether the owner is alive: its process number may belong to another
 * process by now.
 */
import type { Platform } from '../core/platform.ts';
import { getPlatform } from '../platform.ts';

const DEMO_SESSION = /^demo-\d+$/;

/** The ring session of the embedded driver of process `pid`. */
export function demoSessionName(pid: number): string {
  return `demo-${pid}`;
}

/** Removes the memory of this user's dead embedded drivers, up to 32 MiB each. Returns the names that were removed. */
export function removeDeadDemos(platform?: Platform): string[] {
  const found = platform === undefined ? getPlatform() : { ok: true as const, value: platform };
  if (!found.ok) return [];
  const { value } = found;
  return value.imageNames().filter((name) => DEMO_SESSION.test(name) && value.removeDead(name));
}
