/**
 * Where what a person names is opened: files each in a session of its own, because each is a separate log with its own
 * clock, other sources beside those of the first session; and which of them may be offered again.
 */
import { ok, type Result } from '../../native/core/result.ts';
import { logsAt } from '../../native/sources/zip/zip-source.ts';
import { checkSource } from '../contract/limits.ts';
import type { SourceInfo } from '../contract/status.ts';
import { isRecording } from '../recording/is-recording.ts';
import { recordedSpecs } from '../recording/recorded-source.ts';
import type { Session } from '../session/ingest/session.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';

/** Opens a source in a session instead of those in use. */
export type OpenAlone = (session: Session, source: string) => Promise<Result<SourceInfo>>;

/** The name of the source for a path. */
export const fileSource = (path: string): string => `file:${path}`;

export const isFileSource = (source: string): boolean => source.startsWith('file:');

/**
 * Opens a file source in a session of its own: in one that has nothing yet, or else in a new one, which is closed again
 * if the file cannot be opened. The value is the view to show. Failure: overloaded, and whatever the source fails with.
 */
export async function openFile(workspace: Workspace, source: string, open: OpenAlone): Promise<Result<OpenView>> {
  const unused = workspace.openSessions.find(({ session }) => session.isUnused);
  const opened =
    unused === undefined ? workspace.openSession() : workspace.view(workspace.viewsOf(unused.id)[0]?.id ?? -1);
  if (!opened.ok) return opened;
  const session = workspace.session(opened.value.session);
  if (!session.ok) return session;
  const started = await open(session.value, source);
  if (started.ok) return opened;
  if (unused === undefined) workspace.closeSession(opened.value.session);
  return started;
}

/**
 * The names by which a file is opened beside others: a recorded session is as many sources as it was captured from, a zip file
 * as many as there are log files in it.
 */
export function specsOf(path: string): Result<readonly string[]> {
  if (isRecording(path)) return recordedSpecs(path);
  const logs = logsAt(path);
  return logs.ok ? ok(logs.value.map(fileSource)) : logs;
}

/** Opens a source in a session: instead of those in use, or beside them. */
export type OpenSource = (session: Session, source: string, how: 'alone' | 'beside') => Promise<Result<SourceInfo>>;

/** Opens sources by `open`, and hands each that a page may name again to `remember`. A file has a path, which it may not. */
export function remembering(open: OpenSource, remember: (source: string, how: 'alone' | 'beside') => void): OpenSource {
  return async (session, source, how) => {
    const started = await open(session, source, how);
    if (started.ok && checkSource(source).ok) remember(source.trim(), how);
    return started;
  };
}

/** Opens a log file or a recording by its path, in a session of its own. */
export type OpenPath = (path: string) => Promise<Result<OpenView>>;

export interface PathOpenerDependencies {
  readonly open: OpenAlone;
  /** Opens a recording by its path. */
  readonly openRecording: (path: string) => Result<OpenView>;
  /** Told what was opened. */
  readonly opened: (path: string) => void;
}

/**
 * The one way of what a person names by its path, whichever way it was named. The log files of a zip file are opened as if each
 * had been named; the last is shown. Failures: overloaded, and those of opening one; the others are open all the same.
 */
export function pathOpener(workspace: Workspace, { open, openRecording, opened }: PathOpenerDependencies): OpenPath {
  const openLogs = async (path: string): Promise<Result<OpenView>> => {
    const logs = logsAt(path);
    if (!logs.ok) return logs;
    const views: Result<OpenView>[] = [];
    for (const log of logs.value) views.push(await openFile(workspace, fileSource(log), open));
    return views.find((view) => !view.ok) ?? (views.at(-1) as Result<OpenView>);
  };
  return async (path) => {
    const view = isRecording(path) ? openRecording(path) : await openLogs(path);
    if (view.ok) opened(path);
    return view;
  };
}

/**
 * Opens what a command line or the system names: a recording and a file have a session of their own, other sources are
 * opened beside those in use of the session that was opened first. Failures: overloaded, and those of opening it.
 */
export async function openNamed(
  workspace: Workspace,
  source: string,
  open: OpenSource,
  openPath: OpenPath,
): Promise<Result<unknown>> {
  if (isFileSource(source)) return openPath(source.slice(fileSource('').length));
  const [first] = workspace.openSessions;
  return first === undefined ? ok(null) : open(first.session, source, 'beside');
}
