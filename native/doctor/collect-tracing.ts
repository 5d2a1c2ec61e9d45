/** Asks Windows what the doctor wants to know of tracing. Changes nothing. */
import { sessionsLeftBehind } from '../sources/etw/own-sessions.ts';
import { registeredProviders, registrationsOf } from '../win32/tracing/providers.ts';
import { ownerOf } from '../win32/tracing/session-name.ts';
import { allSessions, type SessionFacts } from '../win32/tracing/sessions.ts';
import type { TracingFacts, WeakProvider } from './facts.ts';

/** TRACE_LEVEL_INFORMATION: below it a driver leaves most of what it has to say out. */
const INFORMATION = 4;

export function collectTracing(): TracingFacts {
  const sessions = allSessions();
  const left = sessionsLeftBehind();
  return {
    sessions,
    leftBehind: left.ok ? left.value.map(({ name }) => name) : [],
    weak: sessions.ok ? weakProviders(sessions.value) : [],
  };
}

/** Providers that were asked for little by a session of this program. */
function weakProviders(sessions: readonly SessionFacts[]): WeakProvider[] {
  const own = new Map(sessions.filter(({ name }) => ownerOf(name) !== null).map((each) => [each.loggerId, each.name]));
  if (own.size === 0) return [];
  const guids = registeredProviders();
  if (!guids.ok) return [];
  const found = new Map<string, WeakProvider>();
  for (const guid of guids.value) {
    const registrations = registrationsOf(guid);
    if (!registrations.ok) continue;
    for (const { loggerId, level } of registrations.value.flatMap(({ enabled }) => enabled)) {
      const session = own.get(loggerId);
      if (session !== undefined && level < INFORMATION) found.set(`${guid} ${session}`, { guid, session, level });
    }
  }
  return [...found.values()];
}
