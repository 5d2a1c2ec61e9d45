/** Calls about logs that are written to files while rows come. Where a file goes, the person is asked. */
import { result } from '../call.ts';
import { type FileLogRequest, type FileLogStatus, fileLogRequest } from '../file-log.ts';
import { nothingElse, ofSession, ofView } from './ids.ts';

export const logCalls = {
  /**
   * Asks where to, and writes the rows of the session of a view that come from now on, until it is stopped or the session
   * ends; null if the person dismissed the dialog. How far it is arrives with the session's status. Failures:
   * bad-argument, where the session is logged already; those of opening a file.
   */
  'view.startLog': result<FileLogStatus | null>()(
    ofView(({ log }): { readonly log: FileLogRequest } => ({ log: fileLogRequest(log) })),
  ),
  /** Completes the file, and replies once the disk has it; null if the session is not logged. Also forgets a log that failed. */
  'session.stopLog': result<FileLogStatus | null>()(ofSession(nothingElse)),
};
