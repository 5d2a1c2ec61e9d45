/** The logs that are written to files while rows come: one of each session at most, until it is stopped or the session ends. */
import { fail, ok, type Result } from '../../native/core/result.ts';
import type { FileLogRequest, FileLogStatus } from '../contract/file-log.ts';
import { SHOW_ALL } from '../contract/rows.ts';
import { withSession } from '../files/log-files.ts';
import type { OpenView } from '../session/workspace/open-view.ts';
import { FileLog, type FileLogOptions, type LoggedSession } from './file-log.ts';

/** A session with what it is called. */
export interface NamedSession extends LoggedSession {
  readonly name: string;
}

export class FileLogs {
  private readonly options: FileLogOptions;
  private readonly logs = new Map<number, FileLog>();
  /** Those whose session was closed, until they are whole. */
  private readonly leaving = new Set<Promise<void>>();

  constructor(options: FileLogOptions) {
    this.options = options;
  }

  /** Failure: bad-argument, where a log of the session is written already. */
  free(session: number): Result<void> {
    const log = this.logs.get(session);
    if (log === undefined || log.status.state !== 'writing') return ok(undefined);
    const { name } = log.status;
    return fail('bad-argument', `This session is logged to ${name} already`, 'Stop that log first');
  }

  /** Begins to write the rows that come from now on. Failures: as of `free`, and those of opening a file. */
  async start(of: NamedSession, view: OpenView, request: FileLogRequest, path: string): Promise<Result<FileLogStatus>> {
    const { context: _, ...matches } = view.log.filterSpec;
    const filter = request.rows === 'all' ? SHOW_ALL : matches;
    const started = await FileLog.start(of, request, filter, withSession(path, of.name), this.options);
    if (!started.ok) return started;
    // Another may have begun while this one was opened.
    const free = this.free(of.id);
    if (!free.ok) {
      await started.value.end();
      return free;
    }
    this.logs.set(of.id, started.value);
    this.options.changed();
    return ok(started.value.status);
  }

  /** Completes the log of a session, and forgets it; null if there is none. */
  async stop(session: number): Promise<FileLogStatus | null> {
    const log = this.logs.get(session);
    if (log === undefined) return null;
    await log.end();
    if (this.logs.get(session) === log) this.logs.delete(session);
    this.options.changed();
    return log.status;
  }

  statusOf(session: number): FileLogStatus | null {
    return this.logs.get(session)?.status ?? null;
  }

  /** Completes those of sessions that were closed. */
  keepOnly(sessions: readonly number[]): void {
    for (const [id, log] of this.logs) {
      if (sessions.includes(id)) continue;
      this.logs.delete(id);
      const left = log.end().finally(() => this.leaving.delete(left));
      this.leaving.add(left);
    }
  }

  /** Ends all; resolves once every file is whole, or has failed. */
  async close(): Promise<void> {
    this.keepOnly([]);
    while (this.leaving.size > 0) await Promise.all(this.leaving);
  }
}
