/**
 * The recordings of a program that has sessions open: each session of live sources is recorded from its first row on, for
 * as long as it is open. A log that a person clears has ended, and what comes next is another recording; what a logging
 * program itself asks to be forgotten is forgotten in the recording too. Rows of a file are on the disk already: a session
 * that began with a file is not recorded while it has more of them than fit into memory.
 *
 * Only `ended` waits for a disk.
 */
import type { Failure } from '../../native/core/result.ts';
import type { SourceInfo } from '../../native/sources/source.ts';
import type { ColourRule } from '../contract/colour-rules.ts';
import type { RecordingStatus } from '../contract/retention.ts';
import {
  type CaptureEnding,
  type ClearedBy,
  type KeptSession,
  NOT_RECORDED,
  type SessionKeeper,
} from '../session/ingest/session-keeper.ts';
import type { SegmentArchive } from '../session/store/archive.ts';
import { BOOKMARKS_PART, formatBookmarks } from './bookmarks-part.ts';
import { formatHighlights, HIGHLIGHTS_PART } from './highlights-part.ts';
import type { SessionLibrary } from './library.ts';
import { type Recording, startRecording } from './start-recording.ts';
import { SwitchedArchive } from './switched-archive.ts';

export interface RecordingsOptions {
  readonly library: SessionLibrary;
  /** Whether sessions are recorded that begin now. */
  readonly enabled: () => boolean;
  /** What is highlighted now, the same list until that changes; without it, nothing is. */
  readonly highlights?: () => readonly ColourRule[];
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly unixMs: () => number;
  /** Told when rows cannot be recorded, with the recording's name, and with null when they can again. */
  readonly onTrouble: (failure: Failure | null, name: string | null) => void;
  /** A recording has ended, and what it holds is in the library; not told of one that has no row and is not kept. */
  readonly onEnded?: () => void;
  /** Where the worker lies that writes, if not beside the program. */
  readonly script?: URL;
}

/** Recordings that may be ending at one time: each has a thread, and rows in memory that are not written yet. */
export const MOST_ENDING = 8;

/** The texts of many bookmarks are long, and a person may set them one after another: they are handed over so often, milliseconds. */
const BOOKMARKS_MS = 250;

const NOT_WRITTEN = 'The recording is not written at the moment: bookmarks are saved once it is again.';

/** What a session's store and the session itself are made with. */
export interface Kept {
  readonly archive: SegmentArchive;
  readonly keeper: SessionKeeper;
}

export class Recordings {
  private readonly options: RecordingsOptions;
  private readonly endings = new Set<Promise<void>>();

  constructor(options: RecordingsOptions) {
    this.options = options;
  }

  /** For a new session; `otherwise` is where rows go that memory has no room for while they are not recorded. */
  keep(otherwise: SegmentArchive): Kept {
    const archive = new SwitchedArchive(otherwise);
    return { archive, keeper: new RecordingKeeper(this.options, archive, otherwise, (ending) => this.note(ending)) };
  }

  /** Whether one more recording may end now: a disk that stands still must not gather them. */
  get mayEnd(): boolean {
    return this.endings.size < MOST_ENDING;
  }

  /** Resolves once every recording that was ended is whole on the disk. */
  async ended(): Promise<void> {
    while (this.endings.size > 0) await Promise.all(this.endings);
  }

  private note(ending: Promise<void>): void {
    const noted = ending.finally(() => this.endings.delete(noted));
    this.endings.add(noted);
  }
}

class RecordingKeeper implements SessionKeeper {
  private readonly options: RecordingsOptions;
  private readonly archive: SwitchedArchive;
  private readonly otherwise: SegmentArchive;
  private readonly ending: (ended: Promise<void>) => void;
  private session: KeptSession | null = null;
  private recording: Recording | null = null;
  private nowMs = 0;
  /** The change of the bookmarks that the recording has, and when the next is handed over. */
  private savedChange = 0;
  private bookmarksDueMs = 0;
  /** The highlights that the recording has. */
  private savedHighlights: readonly ColourRule[] = [];
  /** A source other than a file is in use. */
  private live = false;

  constructor(
    options: RecordingsOptions,
    archive: SwitchedArchive,
    otherwise: SegmentArchive,
    ending: (ended: Promise<void>) => void,
  ) {
    this.options = options;
    this.archive = archive;
    this.otherwise = otherwise;
    this.ending = ending;
  }

  get status(): RecordingStatus | null {
    if (this.recording === null) return null;
    const { goneRows, failure } = this.recording.recorder.status;
    return { name: this.recording.session.name, goneRows, failure };
  }

  get place(): string | null {
    return this.recording?.session.folder ?? null;
  }

  get bookmarkRemark(): string {
    if (this.recording === null) return NOT_RECORDED;
    return this.recording.recorder.status.failure === null ? '' : NOT_WRITTEN;
  }

  begin(session: KeptSession): void {
    this.session = session;
  }

  opened({ file }: SourceInfo): void {
    this.live = file === undefined;
    // What is recorded already has rows of another source from now on.
    this.recording?.recorder.sourcesChanged();
    if (this.live) this.record();
  }

  tick(nowMs: number): void {
    this.nowMs = nowMs;
    this.recording?.recorder.tick(nowMs);
    if (nowMs >= this.bookmarksDueMs) this.saveBookmarks();
    this.saveHighlights();
  }

  clearing(by: ClearedBy): void {
    // A clear that a source asks for is carried out by the recorder itself. A log without rows is not worth keeping.
    if (by === 'person' && this.session?.store.endRow !== 0) this.end('stopped');
  }

  cleared(): void {
    if (this.live && this.session?.isCapturing) this.record();
  }

  closing(how: CaptureEnding): void {
    this.end(how);
  }

  /** Records from the first row on. Rows that are in another archive already cannot be recorded any more. */
  private record(): void {
    const { session, options } = this;
    if (session === null || this.recording !== null || !options.enabled()) return;
    const { store } = session;
    if (store.firstRow > 0 || store.retention.diskRows > 0) return;
    const { library, unixMs, script } = options;
    let name: string | null = null;
    const begun = startRecording(library, {
      ...{ name, unixMs },
      facts: () => session.facts(),
      eventNames: session.eventNames,
      onTrouble: (failure) => options.onTrouble(failure, name),
      ...(script === undefined ? {} : { script }),
    });
    if (!begun.ok) {
      options.onTrouble(begun.failure, null);
      return;
    }
    name = begun.value.session.name;
    this.recording = begun.value;
    // Of bookmarks that are there already it knows nothing.
    this.savedChange = session.bookmarks.count === 0 ? session.bookmarks.changes : -1;
    this.savedHighlights = [];
    this.archive.use(begun.value.recorder.archive);
    begun.value.recorder.attach(store);
    begun.value.recorder.tick(this.nowMs);
  }

  private saveBookmarks(): void {
    if (this.recording === null || this.session === null) return;
    const { bookmarks } = this.session;
    if (bookmarks.changes === this.savedChange) return;
    const { recorder } = this.recording;
    recorder.keepPart(BOOKMARKS_PART, formatBookmarks(recorder.rowsEpoch, bookmarks.all));
    this.savedChange = bookmarks.changes;
    this.bookmarksDueMs = this.nowMs + BOOKMARKS_MS;
  }

  private saveHighlights(): void {
    const rules = this.options.highlights?.() ?? this.savedHighlights;
    if (this.recording === null || rules === this.savedHighlights) return;
    // That there are none is what a recording says by itself.
    if (rules.length > 0 || this.savedHighlights.length > 0)
      this.recording.recorder.keepPart(HIGHLIGHTS_PART, formatHighlights(rules));
    this.savedHighlights = rules;
  }

  /** Ends the recording. All rows and bookmarks have been handed over when this returns, so the store may be cleared then. */
  private end(how: CaptureEnding): void {
    const { recording, session, options } = this;
    if (recording === null || session === null) return;
    this.saveBookmarks();
    this.saveHighlights();
    this.recording = null;
    const empty = session.store.endRow === 0;
    const finished = recording.finish(how);
    this.ending(
      finished.then((failure) => {
        if (failure !== null) options.onTrouble(failure, recording.session.name);
        // A log without rows is not worth keeping.
        if (empty) options.library.delete(recording.session.folder);
        else options.onEnded?.();
      }),
    );
    // Safe here, because the store is cleared or closed before it looks for any of its rows again.
    this.archive.use(this.otherwise);
  }
}
