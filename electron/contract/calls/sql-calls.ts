/** Calls that ask about a session in SQL. One question of a page is answered at a time; where a file goes, the person is asked. */
import { done, result } from '../call.ts';
import { oneOf } from '../check.ts';
import { type QueryAnswer, RESULT_FORMATS, statement } from '../sql.ts';
import { nothingElse, ofSession } from './ids.ts';

export const sqlCalls = {
  /**
   * Answers a question about all rows that the session has when it is asked: the table `log`, whose columns are those of
   * log-fields.ts. Takes the place of a question that is not answered yet, which is then cancelled. Progress arrives as
   * events. Failures: bad-argument with the words of the database, cancelled, disk-full, source-gone.
   */
  'session.query': result<QueryAnswer>()(ofSession(({ sql }) => ({ sql: statement(sql) }))),
  /** Cancels the question that is not answered yet. */
  'session.stopQuery': done(ofSession(nothingElse)),
  /**
   * Asks where to, and writes all rows of an answer, about the rows that the last answer of the session was about; null if
   * the person dismissed the dialog. Progress arrives as events of exports.
   */
  'session.exportQuery': result<{ readonly id: number; readonly path: string } | null>()(
    ofSession(({ sql, format }) => ({ sql: statement(sql), format: oneOf(format, RESULT_FORMATS, 'format') })),
  ),
};
