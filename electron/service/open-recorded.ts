/** Opens a recorded session where it lies, as a session of its own: every view, filter and export is as of a live one. */
import { basename } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { FOLDER_ENDING } from '../recording/layout.ts';
import { type OpenedSession, openSession } from '../recording/opened-session.ts';
import { PACK_ENDING } from '../recording/pack.ts';
import type { Session, SessionOptions } from '../session/ingest/session.ts';
import type { SessionKeeper } from '../session/ingest/session-keeper.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';

/** Whether a path is that of a recorded session: its folder, or one file made of it. */
export const isRecorded = (path: string): boolean => path.endsWith(PACK_ENDING) || path.endsWith(FOLDER_ENDING);

export interface OpenedRecording {
  readonly view: OpenView;
  /** What is damaged in it, a sentence each; all else can be read. */
  readonly damages: readonly string[];
}

/**
 * Opens it in the place of a session that has nothing yet, if there is one. `now`: monotonic milliseconds. Failures: overloaded, and those of
 * `openSession`.
 */
export function openRecorded(workspace: Workspace, path: string, now: () => number): Result<OpenedRecording> {
  const opened = openSession(path);
  if (!opened.ok) return opened;
  const unused = workspace.openSessions.find(({ session }) => session.isUnused);
  const view = workspace.openSession(optionsOf(opened.value, workspace.memoryCapBytes, now));
  if (!view.ok) {
    opened.value.close();
    return view;
  }
  if (unused !== undefined) workspace.closeSession(unused.id);
  return ok({ view: view.value, damages: opened.value.damages });
}

/** The view alone. */
export const viewOf = (opened: Result<OpenedRecording>): Result<OpenView> =>
  opened.ok ? ok(opened.value.view) : opened;

function optionsOf(opened: OpenedSession, memoryCapBytes: number, now: () => number): SessionOptions {
  const { label, manifest, path } = opened;
  const name = label.name === '' ? basename(path).replace(/\.ringview(\.tar)?$/, '') : label.name;
  return {
    open: () =>
      fail(
        'bad-argument',
        `${name} was recorded before: nothing is captured into it`,
        'Open another session (Ctrl+N), then start the source there',
      ),
    now,
    store: { memoryCapBytes, archive: opened.archive },
    keeper: new Filled(opened, (session) => session.restore(name, manifest)),
  };
}

/** Fills a session from a recording, which is closed with it. */
class Filled implements SessionKeeper {
  readonly status = null;
  private readonly recording: OpenedSession;
  private readonly restore: (session: Session) => void;

  constructor(recording: OpenedSession, restore: (session: Session) => void) {
    this.recording = recording;
    this.restore = restore;
  }

  begin(session: Session): void {
    this.recording.fill(session.store);
    this.restore(session);
  }

  closing(): void {
    this.recording.close();
  }

  opened(): void {}
  tick(): void {}
  clearing(): void {}
  cleared(): void {}
}
