/** What one page is told of one session: its figures, and the names of its processes. */
import type { ProcessName } from '../contract/machine.ts';
import type { Status } from '../contract/status.ts';
import type { OpenSession, Workspace } from '../session/workspace/workspace.ts';

const STATUS_MS = 250;

export interface SessionListener {
  readonly sendStatus: (session: number, status: Status) => void;
  readonly sendProcesses: (session: number, names: readonly ProcessName[]) => void;
}

export class SessionFeed {
  readonly id: number;
  private readonly workspace: Workspace;
  private readonly session: OpenSession['session'];
  private readonly listener: SessionListener;
  private lastStatusAt = Number.NEGATIVE_INFINITY;
  private lastStatus = '';
  private lastStanding = '';

  constructor(workspace: Workspace, { id, session }: OpenSession, listener: SessionListener) {
    this.id = id;
    this.workspace = workspace;
    this.session = session;
    this.listener = listener;
    session.processes.tellAgain();
  }

  /**
   * Figures wait for their turn; a start, a stop, an end or another choice of what is kept is told at once. True if the
   * session was looked at: it may be called something else than before.
   */
  offer(now: number): boolean {
    const standing = `${this.session.standing} ${this.workspace.memoryCapBytes}`;
    if (now - this.lastStatusAt < STATUS_MS && standing === this.lastStanding) return false;
    this.lastStanding = standing;
    this.lastStatusAt = now;
    const status = this.workspace.status(this.session, now);
    const names = this.session.processes.takeNews();
    if (names.length > 0) this.listener.sendProcesses(this.id, names);
    // Time alone is no news: an idle page is left alone.
    const state = JSON.stringify({ ...status, atMs: 0 });
    if (state !== this.lastStatus) {
      this.lastStatus = state;
      this.listener.sendStatus(this.id, status);
    }
    return true;
  }
}
