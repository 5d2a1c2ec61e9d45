/**
 * Finds out what decides which sources can be captured on this machine now. It only looks and opens nothing for
 * capture.
 */
import type { Result } from '../core/result.ts';
import { debugBufferOwned, runningViewers } from '../win32/debug-buffer.ts';
import { isElevated } from '../win32/processes.ts';
import { RINGVIEW_SERVICE } from '../win32/ringview-device.ts';
import { queryService, type ServiceState } from '../win32/services.ts';
import { lookAtRingSession, type RingSessionSummary, ringSessionNames } from './ring/ring-sessions.ts';

export interface MachineSituation {
  /** Null on systems other than Windows. */
  readonly windows: WindowsSituation | null;
  /** Ring sessions in shared memory by name, each with its summary or why it cannot be read. */
  readonly ringSessions: ReadonlyMap<string, Result<RingSessionSummary>>;
}

/** What decides about the sources of Windows. A field is null if the system does not say. */
export interface WindowsSituation {
  readonly elevated: boolean | null;
  readonly driver: ServiceState | null;
  /** Whether a viewer already owns the debug output of this logon session. */
  readonly session: boolean | null;
  readonly global: boolean | null;
  /** Known viewers that are running: `dbgview64.exe (pid 12)`. */
  readonly viewers: readonly string[];
}

/** The hindrance of a source that needs the rights of an administrator. */
export const NEEDS_RIGHTS = 'needs administrator rights';

export function lookAtMachine(): MachineSituation {
  if (process.platform === 'win32') return { windows: lookAtWindows(), ringSessions: new Map() };
  const ringSessions = new Map(ringSessionNames().map((name) => [name, lookAtRingSession(name)]));
  return { windows: null, ringSessions };
}

function lookAtWindows(): WindowsSituation {
  const orNull = <T>(result: Result<T>): T | null => (result.ok ? result.value : null);
  return {
    elevated: orNull(isElevated()),
    driver: orNull(queryService(RINGVIEW_SERVICE))?.state ?? null,
    session: orNull(debugBufferOwned('session')),
    global: orNull(debugBufferOwned('global')),
    viewers: runningViewers(),
  };
}
