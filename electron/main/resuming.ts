/** The two ends of a restart: what the program that ends marks, and how the one that takes its place goes on. */
import { type Failure, failureMessage, type Result } from '../../native/core/result.ts';
import type { Notice } from '../contract/app.ts';
import type { PageState } from '../contract/page-state.ts';
import type { OpenSource } from '../service/open-file.ts';
import { takeUp } from '../service/take-up.ts';
import { bookmarkOn } from '../session/view/bookmark-places.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import { takeState } from './restart-file.ts';

/** A bookmark on the last row of each live session says that capture went on elsewhere; it is saved with the recording. */
export function markRestart(workspace: Workspace, at: Date): void {
  for (const { session } of workspace.openSessions) {
    if (!session.isLive) continue;
    const note = `RingView was restarted as administrator behind this row, ${at.toISOString()}; what came next is in another session`;
    const mark = bookmarkOn(session.store, session.store.endRow - 1, note);
    // With as many bookmarks as a session may have, this one is missing; the notice of the restart says the same.
    if (mark !== null && !session.bookmarks.setNote(mark.row, note)) session.bookmarks.set([mark]);
  }
}

export interface ResumingDependencies {
  /** The user's folder. */
  readonly folder: string;
  /** Whether the program before this one has ended. */
  readonly isOne: boolean;
  readonly workspace: Workspace;
  readonly open: OpenSource;
  readonly openRecording: (path: string) => Result<OpenView>;
  /** Tells a person, also of what cannot be had again. */
  readonly tell: (notice: Notice) => void;
}

/** Goes on with what was left under a token. The value is what the page was like; null where that is not known. */
export async function resumeFrom(token: string, dependencies: ResumingDependencies): Promise<PageState | null> {
  const { folder, isOne, tell } = dependencies;
  if (!isOne) {
    const message = 'The RingView before this one has not ended: what it had open stays there';
    tell({ severity: 'warning', message, action: 'Close it, then open its recordings: Ctrl+Shift+H' });
    return null;
  }
  const failed = (failure: Failure): void =>
    tell({ severity: 'error', message: failureMessage(failure), action: failure.action });
  const left = takeState(folder, token);
  if (!left.ok) {
    failed(left.failure);
    return null;
  }
  const page = await takeUp(left.value, { ...dependencies, failed });
  const live = left.value.sessions.some(({ recording, sources }) => recording !== null && sources.length > 0);
  tell({
    severity: live ? 'warning' : 'info',
    message: 'RingView runs as administrator now, with what was open',
    action: live
      ? 'What was captured before is in tabs of its own, marked at its end. What came in between is only there where rings kept it'
      : '',
  });
  return page;
}
