/**
 * Lists the ring sessions that simulated drivers have in shared memory, where the system can list them, with a summary
 * of each.
 */

import { RV } from '../../core/layout.ts';
import { MemoryFault } from '../../core/memory.ts';
import { RING_SESSION_NAME } from '../../core/platform.ts';
import { ok, type Result } from '../../core/result.ts';
import { parseRingSession } from '../../core/ring-session.ts';
import { getPlatform } from '../../platform.ts';

export interface RingSessionSummary {
  readonly producer: string;
  /** Whether the producer lives. */
  readonly alive: boolean;
  readonly bytes: number;
  readonly cpuCount: number;
}

/** Names of the ring sessions, sorted; empty where the system does not list them. */
export function ringSessionNames(): string[] {
  const platform = getPlatform();
  if (!platform.ok) return [];
  return platform.value
    .imageNames()
    .filter((name) => RING_SESSION_NAME.test(name))
    .sort();
}

/**
 * Reads the summary of a ring session without becoming its reader. Failures: those of openRingSource, without
 * source-busy.
 */
export function lookAtRingSession(name: string): Result<RingSessionSummary> {
  const platform = getPlatform();
  if (!platform.ok) return platform;
  const opened = platform.value.openImage(name);
  if (!opened.ok) return opened;
  const image = opened.value;
  try {
    const page = new Uint8Array(Math.min(RV.PAGE, image.bytes));
    image.memory.copyOut(0, page, 0, page.length);
    const header = parseRingSession(page, image.bytes);
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
