/** Opens a recorded session where it lies, as a session of its own: every view, filter and export is as of a live one. */
import { basename } from 'node:path';
import { fail, type Result } from '../../native/core/result.ts';
import type { Notice } from '../contract/app.ts';
import { BOOKMARKS_PART, formatBookmarks, MOST_BOOKMARK_BYTES, parseBookmarks } from '../recording/bookmarks-part.ts';
import { FOLDER_ENDING } from '../recording/layout.ts';
import { type OpenedSession, openSession } from '../recording/opened-session.ts';
import { PACK_ENDING } from '../recording/pack.ts';
import { PartFile } from '../recording/part-file.ts';
import type { Session, SessionOptions } from '../session/ingest/session.ts';
import type { SessionKeeper } from '../session/ingest/session-keeper.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import { damageNotice } from './damage-notice.ts';

/** Whether a path is that of a recorded session: its folder, or one file made of it. */
export const isRecorded = (path: string): boolean => path.endsWith(PACK_ENDING) || path.endsWith(FOLDER_ENDING);

export interface OpenRecordedOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Told of what is still written to the recording after this returns, which the end of the program waits for. */
  readonly writing: (written: Promise<void>) => void;
  /** Told what is damaged in it, all at once; and what is found to be damaged once somebody looks at it. */
  readonly damaged: (damages: readonly string[], notice: Notice) => void;
}

/** Opens it in the place of a session that has nothing yet, if there is one. Failures: overloaded, and those of `openSession`. */
export function openRecorded(workspace: Workspace, path: string, options: OpenRecordedOptions): Result<OpenView> {
  const opened = openSession(path);
  if (!opened.ok) return opened;
  const unused = workspace.openSessions.find(({ session }) => session.isUnused);
  const keeper = new Filled(opened.value, nameOf(opened.value), options.writing);
  const view = workspace.openSession(optionsOf(opened.value, keeper, workspace.memoryCapBytes, options));
  if (!view.ok) {
    opened.value.close();
    return view;
  }
  if (unused !== undefined) workspace.closeSession(unused.id);
  const damages = keeper.damage === '' ? opened.value.damages : [...opened.value.damages, keeper.damage];
  const { path: where, keptRows: kept, missingRows: missing } = opened.value;
  if (damages.length > 0) options.damaged(damages, damageNotice({ path: where, damages, kept, missing }));
  return view;
}

const nameOf = ({ label, path }: OpenedSession): string =>
  label.name === '' ? basename(path).replace(/\.ringview(\.tar)?$/, '') : label.name;

function optionsOf(
  opened: OpenedSession,
  keeper: Filled,
  memoryCapBytes: number,
  { now, damaged }: OpenRecordedOptions,
): SessionOptions {
  return {
    open: () =>
      fail(
        'bad-argument',
        `${keeper.name} was recorded before: nothing is captured into it`,
        'Open another session (Ctrl+N), then start the source there',
      ),
    now,
    store: {
      memoryCapBytes,
      archive: opened.archive,
      onArchiveFailure: ({ message, action }) => damaged([message], { severity: 'warning', message, action }),
    },
    keeper,
  };
}

/** Fills a session from a recording, which is closed with it, and keeps its bookmarks there. */
class Filled implements SessionKeeper {
  readonly status = null;
  readonly name: string;
  /** Why the bookmarks could not be read, a sentence; empty if they could, or if there are none. */
  damage = '';
  private readonly recording: OpenedSession;
  private readonly file: PartFile | null;
  private readonly writing: (written: Promise<void>) => void;
  private session: Session | null = null;
  private savedChange = 0;

  constructor(recording: OpenedSession, name: string, writing: (written: Promise<void>) => void) {
    this.recording = recording;
    this.name = name;
    this.writing = writing;
    this.file = recording.isPacked ? null : new PartFile(recording.path, BOOKMARKS_PART);
  }

  get bookmarkRemark(): string {
    if (this.file === null) return PACKED;
    const { failure } = this.file;
    if (failure === null) return this.damage;
    const why = failure.system === undefined ? '' : ` (${failure.system.text})`;
    return `${failure.message}${why}: the bookmarks end with this tab.`;
  }

  begin(session: Session): void {
    this.session = session;
    this.recording.fill(session.store);
    session.restore(this.name, this.recording.manifest);
    session.eventNames.restore(this.recording.eventNames);
    const { epoch } = this.recording.manifest;
    const part = this.recording.part(BOOKMARKS_PART, (value) => parseBookmarks(value, epoch), MOST_BOOKMARK_BYTES);
    if (part.ok) session.bookmarks.set(part.value ?? []);
    else this.damage = `The bookmarks could not be read: ${part.failure.message}.`;
    this.savedChange = session.bookmarks.changes;
  }

  tick(): void {
    this.save();
  }

  /** The recording keeps its rows whatever happens here, and so its bookmarks. */
  clearing(): void {
    this.save();
    this.session = null;
  }

  cleared(): void {}

  closing(): void {
    this.save();
    this.recording.close();
  }

  opened(): void {}

  private save(): void {
    const { file, session } = this;
    if (file === null || session === null || session.bookmarks.changes === this.savedChange) return;
    this.savedChange = session.bookmarks.changes;
    this.damage = '';
    this.writing(file.write(formatBookmarks(this.recording.manifest.epoch, session.bookmarks.all)));
  }
}

const PACKED = 'This session is one packed file, to which nothing is written: what changes ends with its tab.';
