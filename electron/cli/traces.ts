/** `ringview traces`: the logging sessions of Windows tracing, and the providers that there are. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { sessionsLeftBehind, stopLeftBehind } from '../../native/sources/etw/own-sessions.ts';
import { providersByName } from '../../native/win32/tracing/providers.ts';
import { ownerOf } from '../../native/win32/tracing/session-name.ts';
import { allSessions, type SessionFacts, stopSession } from '../../native/win32/tracing/sessions.ts';
import { LOG_MODE } from '../../native/win32/tracing/structures.ts';
import type { TracesRequest } from './traces-args.ts';

/** Carries out the request; the value is what to print. */
export function traces(request: TracesRequest): Result<string> {
  if (process.platform !== 'win32') {
    const action = 'On other systems traces in .etl files open: ringview convert trace.etl --out -';
    return fail('source-unsupported', 'Logging sessions exist on Windows only', action);
  }
  switch (request.verb) {
    case 'list':
      return list(request.json);
    case 'stop':
      return stop(request.session);
    case 'clean': {
      const stopped = stopLeftBehind();
      if (!stopped.ok) return stopped;
      return ok(stopped.value.length === 0 ? 'Nothing was left behind\n' : `Stopped ${stopped.value.join(', ')}\n`);
    }
    case 'providers':
      return providers(request.like, request.json);
  }
}

function list(json: boolean): Result<string> {
  const sessions = allSessions();
  if (!sessions.ok) return sessions;
  const left = sessionsLeftBehind();
  const abandoned = new Set(left.ok ? left.value.map(({ name }) => name) : []);
  if (json) return ok(`${JSON.stringify(sessions.value)}\n`);
  return ok(sessions.value.map((session) => sessionLine(session, abandoned.has(session.name))).join(''));
}

/** A session in a line, for people. */
export function sessionLine(session: SessionFacts, leftBehind: boolean): string {
  const { name, mode, logFile, eventsLost, readBuffersLost, fileBuffersLost } = session;
  const live = (mode & LOG_MODE.REAL_TIME) !== 0 ? 'live' : '';
  const where = [live, logFile === '' ? '' : `into ${logFile}`].filter((part) => part !== '').join(', ');
  const lost = [
    [eventsLost, 'events lost'],
    [readBuffersLost, 'buffers lost that nobody read in time'],
    [fileBuffersLost, 'buffers lost that could not be written'],
  ] as const;
  const losses = lost.filter(([count]) => count > 0).map(([count, what]) => `, ${count} ${what}`);
  const whose = leftBehind ? ', left behind by RingView: ringview traces clean' : '';
  return `${name}: ${where === '' ? 'in memory' : where}${losses.join('')}${whose}\n`;
}

/** Stops a session of this program alone: those of others belong to whoever started them. */
function stop(session: string): Result<string> {
  if (ownerOf(session) === null) {
    const action = `If it is yours, stop it where it was started, or by logman stop "${session}" -ets`;
    return fail('bad-argument', `The logging session '${session}' was not started by RingView`, action);
  }
  const stopped = stopSession(session);
  return stopped.ok ? ok(`Stopped ${stopped.value.name}\n`) : stopped;
}

function providers(like: string, json: boolean): Result<string> {
  const known = providersByName();
  if (!known.ok) return known;
  const part = like.toLowerCase();
  const found = [...known.value].filter(([name]) => name.includes(part)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (json) return ok(`${JSON.stringify(found.map(([name, guid]) => ({ name, guid })))}\n`);
  return ok(found.map(([name, guid]) => `{${guid}} ${name}\n`).join(''));
}
