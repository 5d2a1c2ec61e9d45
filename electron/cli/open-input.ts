/** Opens the input of commands: log files of every kind, recorded sessions, and standard input. Either all are opened or none. */
import { existsSync } from 'node:fs';
import { ok, type Result } from '../../native/core/result.ts';
import { openStreamSource } from '../../native/sources/file/file-source.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { logsAt } from '../../native/sources/zip/zip-source.ts';
import { isRecording } from '../recording/is-recording.ts';
import { defaultLibraryFolder, SessionLibrary } from '../recording/library.ts';
import { findSession } from '../recording/library-rules.ts';
import { openRecordedSource, recordedSpecs } from '../recording/recorded-source.ts';
import type { InputRequest } from './input-args.ts';
import { scratch } from './scratch.ts';

/** The name of `-` within a log. */
const STANDARD_INPUT = 'standard input';

/** One of what is read, and what its times are to be moved by, nanoseconds. */
export interface OpenedInput {
  readonly source: LogSource;
  readonly statedNs: number;
}

/** A recorded session is as many as it was captured from, a zip file as many as the log files in it. Failures: those of opening one; the others are closed again. */
export function openInputs(request: InputRequest): Result<readonly OpenedInput[]> {
  const inputs: OpenedInput[] = [];
  for (const path of request.inputs) {
    const statedNs = request.offsets?.get(path) ?? 0;
    const failure = openInput(path, request, (source) => inputs.push({ source, statedNs }));
    if (failure.ok) continue;
    for (const { source } of inputs) source.close(() => {});
    return failure;
  }
  return ok(inputs);
}

function openInput(path: string, request: InputRequest, take: (source: LogSource) => void): Result<void> {
  if (path !== '-') {
    const recorded = isRecording(path) ? path : sessionCalled(path);
    if (recorded !== null) return openRecorded(recorded, take);
  }
  const logs = path === '-' ? ok([path]) : logsAt(path);
  if (!logs.ok) return logs;
  for (const log of logs.value) {
    const opened = openLog(log, request);
    if (!opened.ok) return opened;
    take(opened.value);
  }
  return ok(undefined);
}

function openLog(path: string, { encoding, symbols }: InputRequest): Result<LogSource> {
  const wish = encoding === 'auto' ? {} : { encoding };
  if (path === '-') return ok(openStreamSource(process.stdin, STANDARD_INPUT, wish));
  return openFileSource(path, { ...wish, scratch, ...(symbols.length > 0 ? { symbols } : {}) });
}

function openRecorded(path: string, take: (source: LogSource) => void): Result<void> {
  const specs = recordedSpecs(path);
  if (!specs.ok) return specs;
  for (const spec of specs.value) {
    const opened = openRecordedSource(spec, () => performance.now());
    if (!opened.ok) return opened;
    take(opened.value);
  }
  return ok(undefined);
}

/** Where the session of that name lies among those of this user; null if there is none, or a file of that name. */
function sessionCalled(name: string): string | null {
  if (existsSync(name)) return null;
  const listed = new SessionLibrary(defaultLibraryFolder(process.env, process.platform)).list();
  const found = listed.ok ? findSession(listed.value.sessions, name) : listed;
  return found.ok ? found.value.path : null;
}
