/** What can be captured on this machine now, for a person to choose from. Looks, and claims nothing. */
import type { Result } from '../core/result.ts';
import { debugBufferOwned, runningViewers } from '../win32/debug-buffer.ts';
import { isElevated } from '../win32/processes.ts';
import { RINGVIEW_SERVICE } from '../win32/ringview-device.ts';
import { queryService, type ServiceState } from '../win32/services.ts';
import { lookAtRingSession, type RingSessionSummary, ringSessionNames } from './ring/ring-sessions.ts';

export interface SourceOffer {
  /** What openSource takes. */
  readonly spec: string;
  /** What it is, a phrase. */
  readonly what: string;
  /** What stands in the way of capturing it now, a phrase; null if nothing is known to. */
  readonly hindrance: string | null;
}

export function offerSources(): SourceOffer[] {
  return process.platform === 'win32' ? windowsOffers(lookAtWindows()) : sessionOffers(lookAtRingSessions());
}

/** What decides about the sources of Windows; null: the system does not say. */
export interface WindowsSituation {
  readonly elevated: boolean | null;
  readonly driver: ServiceState | null;
  /** Whether a viewer owns the debug output. */
  readonly session: boolean | null;
  readonly global: boolean | null;
  /** Known viewers that run: `dbgview64.exe (pid 12)`. */
  readonly viewers: readonly string[];
}

const NEEDS_RIGHTS = 'needs administrator rights';

/** Pure. */
export function windowsOffers({ elevated, driver, session, global, viewers }: WindowsSituation): SourceOffer[] {
  const rights = elevated === false ? NEEDS_RIGHTS : null;
  const notLoaded = driver === 'not-installed' ? 'not installed' : driver === 'stopped' ? 'not started' : null;
  const owner = viewers.length > 0 ? viewers.join(' or ') : 'another viewer';
  const taken = (owned: boolean | null): string | null => (owned === true ? `taken by ${owner}` : null);
  return [
    { spec: 'driver:', what: 'DbgPrint, and drivers that log by RingView', hindrance: notLoaded ?? rights },
    { spec: 'dbwin:', what: 'debug output of programs', hindrance: taken(session) },
    { spec: 'dbwin:global', what: 'debug output of services', hindrance: taken(global) ?? rights },
  ];
}

/** Pure. What no living producer has is left to the doctor; its records can still be asked for by name. */
export function sessionOffers(sessions: ReadonlyMap<string, Result<RingSessionSummary>>): SourceOffer[] {
  return [...sessions].flatMap(([name, looked]) => {
    if (!looked.ok || !looked.value.alive) return [];
    const { producer, cpuCount } = looked.value;
    const what = `${producer}, ${cpuCount} ${cpuCount === 1 ? 'CPU' : 'CPUs'}`;
    return [{ spec: `sim:${name}`, what, hindrance: null }];
  });
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

function lookAtRingSessions(): Map<string, Result<RingSessionSummary>> {
  return new Map(ringSessionNames().map((name) => [name, lookAtRingSession(name)]));
}
