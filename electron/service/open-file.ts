/** Opens files, each in a session of its own, because each is a separate log with its own clock. */
import type { Result } from '../../native/core/result.ts';
import type { SourceInfo } from '../contract/status.ts';
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
