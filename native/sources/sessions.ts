/** The simulated sessions of this machine, as far as they can be listed: on Linux they are files below /dev/shm. */
import { readdirSync } from 'node:fs';
import { RV } from '../core/layout.ts';
import { ok, type Result } from '../core/result.ts';
import { parseSession } from '../core/session.ts';
import { getPlatform, SESSION_NAME } from '../platform.ts';

export const SHARED_MEMORY = '/dev/shm';
export const SESSION_PREFIX = 'ringview.';

export interface SessionSummary {
  readonly producer: string;
  /** Whether the producer lives. */
  readonly alive: boolean;
  readonly bytes: number;
  readonly cpuCount: number;
}

/** Names of the sessions, sorted; empty where there is no such folder. */
export function sessionNames(): string[] {
  let names: string[];
  try {
    names = readdirSync(SHARED_MEMORY);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.startsWith(SESSION_PREFIX))
    .map((name) => name.slice(SESSION_PREFIX.length))
    .filter((name) => SESSION_NAME.test(name))
    .sort();
}

/** Looks at a session without claiming it. Failures: those of openRingSource, without source-busy. */
export function lookAtSession(name: string): Result<SessionSummary> {
  const platform = getPlatform();
  if (!platform.ok) return platform;
  const opened = platform.value.openImage(name);
  if (!opened.ok) return opened;
  const image = opened.value;
  try {
    const page = new Uint8Array(Math.min(RV.PAGE, image.bytes));
    platform.value.copyOut(image.address, page, 0, page.length);
    const header = parseSession(page, image.bytes);
    if (!header.ok) return header;
    const { producer, cpuCount } = header.value;
    return ok({ producer, alive: image.producerAlive(), bytes: image.bytes, cpuCount });
  } finally {
    image.close();
  }
}
