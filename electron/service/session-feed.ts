/** The events for one page about one session: its figures, the names of its processes and events, and its bookmarks. */
import type { BookmarkNews } from '../contract/bookmarks.ts';
import type { FileLogStatus } from '../contract/file-log.ts';
import type { NumberedNames, ProcessName } from '../contract/machine.ts';
import type { SourceLacks, SourceName, Status } from '../contract/status.ts';
import type { OpenSession, Workspace } from '../session/workspace/workspace.ts';
import type { FieldsOf } from './session-facts.ts';

const STATUS_MS = 250;
/** Most names of events that one message tells; a hostile trace has tens of thousands. */
const MOST_NAMES = 1000;

export interface SessionListener {
  readonly sendStatus: (session: number, status: Status) => void;
  readonly sendProcesses: (session: number, names: readonly ProcessName[]) => void;
  readonly sendEventNames: (session: number, names: readonly NumberedNames[]) => void;
  /** How far the log is that is written of a session; null without one. */
  readonly fileLogOf: (session: number) => FileLogStatus | null;
  /** What is known of the rows of a source of a session. */
  readonly fieldsOf: FieldsOf;
  readonly sendBookmarks: (session: number, news: BookmarkNews) => void;
}

export class SessionFeed {
  readonly id: number;
  private readonly workspace: Workspace;
  private readonly session: OpenSession['session'];
  private readonly listener: SessionListener;
  private lastStatusAt = Number.NEGATIVE_INFINITY;
  private lastStatus = '';
  private lastStanding = '';
  /** The version of the names of processes up to which the page knows them. */
  private knownNames = 0;
  /** Below it the page knows what events are called. */
  private knownEvents = 1;
  /** The change up to which the page knows the bookmarks, and the remark it was told. */
  private knownChange = 0;
  private lastRemark = '';

  constructor(workspace: Workspace, { id, session }: OpenSession, listener: SessionListener) {
    this.id = id;
    this.workspace = workspace;
    this.session = session;
    this.listener = listener;
  }

  /**
   * Sends figures when they are due. A start, a stop, an end or a change of retention is sent at once. True if the
   * session was looked at, so that its title may have changed.
   */
  offer(now: number): boolean {
    this.offerBookmarks();
    const fileLog = this.listener.fileLogOf(this.id);
    const standing = `${this.session.standing} ${this.workspace.memoryCapBytes} ${fileLog?.state}`;
    if (now - this.lastStatusAt < STATUS_MS && standing === this.lastStanding) return false;
    this.lastStanding = standing;
    this.lastStatusAt = now;
    const figures = this.workspace.status(this.session, now);
    const lacking = this.lackingOf(figures.sourceNames);
    const status = { ...figures, fileLog, ...(lacking.length === 0 ? {} : { lacking }) };
    const { processes } = this.session;
    const names = processes.newsSince(this.knownNames);
    this.knownNames = processes.version;
    if (names.length > 0) this.listener.sendProcesses(this.id, names);
    this.offerEventNames();
    // The time of the sample alone is no news: while idle, nothing is sent.
    const state = JSON.stringify({ ...status, atMs: 0 });
    if (state !== this.lastStatus) {
      this.lastStatus = state;
      this.listener.sendStatus(this.id, status);
    }
    return true;
  }

  /** Of those sources the ones whose rows do not state every field. */
  private lackingOf(sources: readonly SourceName[]): SourceLacks[] {
    return sources.flatMap(({ id }) => {
      const { lacks, zeroPidIsNone } = this.listener.fieldsOf(this.id, id);
      return lacks.size === 0 && !zeroPidIsNone ? [] : [{ id, fields: [...lacks], zeroPidIsNone }];
    });
  }

  private offerEventNames(): void {
    const { eventNames } = this.session;
    const from = this.knownEvents;
    const news = eventNames.since(from, MOST_NAMES).map((names, at) => ({ number: from + at, names }));
    this.knownEvents += news.length;
    if (news.length > 0) this.listener.sendEventNames(this.id, news);
  }

  /** At once: a person has just pressed a key. */
  private offerBookmarks(): void {
    const { bookmarks, bookmarkRemark: remark } = this.session;
    if (bookmarks.changes === this.knownChange && remark === this.lastRemark) return;
    const news = { ...bookmarks.newsSince(this.knownChange), remark };
    this.knownChange = bookmarks.changes;
    this.lastRemark = remark;
    this.listener.sendBookmarks(this.id, news);
  }
}
