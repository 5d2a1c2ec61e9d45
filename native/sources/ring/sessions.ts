/** The simulated sessions of this machine, as far as they can be listed, and the removal of what dead ones left. */

import { RV } from '../../core/layout.ts';
import { MemoryFault } from '../../core/memory.ts';
import { ok, type Result } from '../../core/result.ts';
import { parseSession } from '../../core/session.ts';
import { getPlatform, SESSION_NAME } from '../../platform.ts';

export interface SessionSummary {
  readonly producer: string;
  /** Whether the producer lives. */
  readonly alive: boolean;
  readonly bytes: number;
  readonly cpuCount: number;
}

/** Names of the sessions, sorted; empty where the system does not list them. */
export function sessionNames(): string[] {
  const platform = getPlatform();
  if (!platform.ok) return [];
  return platform.value
    .imageNames()
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
    image.memory.copyOut(0, page, 0, page.length);
    const header = parseSession(page, image.bytes);
    if (!header.ok) return header;
    const { producer, cpuCount } = header.value;
    return ok({ producer, alive: image.producerAlive(), bytes: image.bytes, cpuCount });
  } catch (error) {
    if (error instanceof MemoryFault) return { ok: false, failure: error.failure };
    throw error;
  } finally {
    image.close();
  }
}
