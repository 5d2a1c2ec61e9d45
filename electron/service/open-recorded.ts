/** Opens a recorded session where it lies, as a session of its own: every view, filter and export is as of a live one. */
import { fail, failureMessage, type Result } from '../../native/core/result.ts';
import type { Notice } from '../contract/app.ts';
import type { OpeningStatus } from '../contract/status.ts';
import { BOOKMARKS_PART, formatBookmarks, MOST_BOOKMARK_BYTES, parseBookmarks } from '../recording/bookmarks-part.ts';
import { HIGHLIGHTS_PART, MOST_HIGHLIGHT_BYTES, parseHighlights } from '../recording/highlights-part.ts';
import { beginSession, type OpenedSession, titleOf } from '../recording/opened-session.ts';
import { PartFile } from '../recording/part-file.ts';
import type { SessionOptions } from '../session/ingest/session.ts';
import type { KeptSession, SessionKeeper } from '../session/ingest/session-keeper.ts';
import { sliceOf } from '../session/store/slice.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import type { Workspace } from '../session/workspace/workspace.ts';
import { damageNotice } from './damage-notice.ts';

export interface OpenRecordedOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Told of what is still written to the recording after this returns, which the end of the program waits for. */
  readonly writing: (written: Promise<void>) => void;
  /** Told what is damaged in it, all at once; and what is found to be damaged once somebody looks at it. */
  readonly damaged: (damages: readonly string[], notice: Notice) => void;
}

/** Opens it in the place of a session that has nothing yet, if there is one. Failures: overloaded, and those of `beginSession`. */
export function openRecorded(workspace: Workspace, path: string, options: OpenRecordedOptions): Result<OpenView> {
  const opened = beginSession(path);
  if (!opened.ok) return opened;
  const unused = workspace.openSessions.find(({ session }) => session.isUnused);
  const keeper = new Filled(opened.value, titleOf(opened.value), options);
  const view = workspace.openSession(optionsOf(opened.value, keeper, workspace.memoryCapBytes, options));
  if (!view.ok) {
    opened.value.close();
    return view;
  }
  if (unused !== undefined) workspace.closeSession(unused.id);
  return view;
}

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
    recordedAt: opened.path,
    store: {
      memoryCapBytes,
      archive: opened.archive,
      onArchiveFailure: (failure) => {
        const message = failureMessage(failure);
        damaged([message], { severity: 'warning', message, action: failure.action });
      },
    },
    keeper,
  };
}

/** Of a tick, milliseconds: what else is captured is drained in between. */
const OPEN_MS = 8;

/**
 * Fills a session from a recording, a little in each tick, and keeps its bookmarks there. The recording is closed with the
 * session.
 */
class Filled implements SessionKeeper {
  readonly status = null;
  readonly name: string;
  /** Why the bookmarks could not be read, a sentence; empty if they could, or if there are none. */
  damage = '';
  /** Why what was highlighted could not be read, likewise. */
  private unlit = '';
  private readonly recording: OpenedSession;
  private readonly file: PartFile | null;
  private readonly options: OpenRecordedOptions;
  private session: KeptSession | null = null;
  private savedChange = 0;
  private named = false;
  private told = false;

  constructor(recording: OpenedSession, name: string, options: OpenRecordedOptions) {
    this.recording = recording;
    this.name = name;
    this.options = options;
    this.file = recording.isPacked ? null : new PartFile(recording.path, BOOKMARKS_PART);
  }

  get bookmarkRemark(): string {
    if (this.file === null) return PACKED;
    const { failure } = this.file;
    if (failure === null) return this.damage;
    return `${failureMessage(failure)}: the bookmarks end with this tab.`;
  }

  begin(session: KeptSession): void {
    this.session = session;
    session.restore(this.name, this.recording.manifest);
    const { epoch } = this.recording.manifest;
    const part = this.recording.part(BOOKMARKS_PART, (value) => parseBookmarks(value, epoch), MOST_BOOKMARK_BYTES);
    if (part.ok) session.bookmarks.set(part.value ?? []);
    else this.damage = `The bookmarks could not be read: ${failureMessage(part.failure)}.`;
    this.savedChange = session.bookmarks.changes;
    const highlights = this.recording.part(HIGHLIGHTS_PART, parseHighlights, MOST_HIGHLIGHT_BYTES);
    if (highlights.ok) session.highlights = highlights.value ?? [];
    else this.unlit = `What was highlighted could not be read: ${failureMessage(highlights.failure)}.`;
    this.advance();
  }

  advance(): boolean {
    const { recording, session } = this;
    if (session === null || this.told) return false;
    const more = recording.proceed(sliceOf(this.options.now, OPEN_MS));
    this.give(session);
    if (!more) this.tell();
    return more;
  }

  get opening(): OpeningStatus | null {
    const { state, done: doneBytes, total: totalBytes } = this.recording.progress;
    return state === 'whole' || this.session === null ? null : { doneBytes, totalBytes, stopped: state === 'stopped' };
  }

  stopped(): void {
    this.recording.stop();
  }

  tick(): void {
    this.save();
  }

  /** The recording keeps its rows whatever happens here, and so its bookmarks. */
  clearing(): void {
    this.save();
    this.recording.stop();
    this.session = null;
  }

  cleared(): void {}

  closing(): void {
    this.save();
    this.session = null;
    this.recording.close();
  }

  opened(): void {}

  /** The rows that were found since the last time, and before the first what their events are called. */
  private give({ store, eventNames }: KeptSession): void {
    const names = this.recording.eventNames;
    if (names !== null && !this.named) {
      this.named = true;
      eventNames.restore(names);
    }
    this.recording.fill(store);
  }

  /** Once: everything that is wrong with it is known. */
  private tell(): void {
    this.told = true;
    const { damages: found, path, keptRows: kept, missingRows: missing } = this.recording;
    const damages = [...found, ...[this.damage, this.unlit].filter((each) => each !== '')];
    if (damages.length > 0) this.options.damaged(damages, damageNotice({ path, damages, kept, missing }));
  }

  private save(): void {
    const { file, session } = this;
    if (file === null || session === null || session.bookmarks.changes === this.savedChange) return;
    this.savedChange = session.bookmarks.changes;
    this.damage = '';
    this.options.writing(file.write(formatBookmarks(this.recording.manifest.epoch, session.bookmarks.all)));
  }
}

const PACKED = 'This session is one packed file, to which nothing is written: what changes ends with its tab.';
