/**
 * The logging sessions that this program starts: their names, and what becomes of them. Windows keeps a session when the
 * process that started it is gone, so those of processes that were killed are stopped by the next one that starts.
 */
import { basename } from 'node:path';
import { ok, type Result } from '../../core/result.ts';
import { runningProcesses } from '../../win32/processes.ts';
import { isLeftBehind, sessionName } from '../../win32/tracing/session-name.ts';
import {
  allSessions,
  type SessionFacts,
  type StartedSession,
  startSession,
  stopSession,
} from '../../win32/tracing/sessions.ts';

/** Names under which this program runs: by itself, in development, and its command line. */
const OWN_IMAGES = ['ringview.exe', 'electron.exe', 'node.exe'];
/** Numbers that are tried where one is taken, by a session that this process could not stop. */
const MOST_NUMBERS = 100;

let started = 0;

/** Starts a session of this program. Failures: those of startSession. */
export function startOwnSession(kernelFlags: number | null): Result<StartedSession> {
  let last: Result<StartedSession>;
  do last = startSession(sessionName(process.pid, ++started), kernelFlags);
  while (!last.ok && last.failure.code === 'bad-argument' && started < MOST_NUMBERS);
  return last;
}

/** Sessions of this program whose process is gone. Failures: those of allSessions and of listing processes. */
export function sessionsLeftBehind(): Result<SessionFacts[]> {
  const sessions = allSessions();
  if (!sessions.ok) return sessions;
  const processes = runningProcesses();
  if (!processes.ok) return processes;
  const running = new Map(processes.value.map(({ pid, name }) => [pid, name]));
  const own = new Set([...OWN_IMAGES, basename(process.execPath).toLowerCase()]);
  return ok(sessions.value.filter(({ name }) => isLeftBehind(name, running, own)));
}

/** Stops the sessions that were left behind; the value is their names. Failures: as sessionsLeftBehind, and of stopping one. */
export function stopLeftBehind(): Result<string[]> {
  const left = sessionsLeftBehind();
  if (!left.ok) return left;
  for (const { name } of left.value) {
    const stopped = stopSession(name);
    if (!stopped.ok) return stopped;
  }
  return ok(left.value.map(({ name }) => name));
}
