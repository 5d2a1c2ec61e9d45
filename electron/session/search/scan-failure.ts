/** What a person is told of a scan that ended before its time. */
import type { Failure } from '../../../native/core/result.ts';
import { ROW_MS } from './scan-pool.ts';
import type { ScanTrouble } from './scanner.ts';

/** `index`: the global index of the row, null where no row is to blame. */
export function scanFailure(trouble: ScanTrouble, index: number | null): Failure {
  const where = index === null ? 'a message' : `the message with index ${index.toLocaleString('en')}`;
  if (trouble.kind === 'slow') {
    return {
      code: 'pattern-too-slow',
      message: `The expression takes more than ${ROW_MS / 1000} s on ${where}`,
      action: 'Simplify it, above all a repetition within a repetition such as (a+)+, or look for plain text',
    };
  }
  if (trouble.offset === null) {
    return {
      code: 'internal',
      message: `A thread that searches the log ended: ${trouble.text}`,
      action: 'Search again; if it happens again, report it',
    };
  }
  return {
    code: 'bad-pattern',
    message: `The expression cannot be applied to ${where}: ${trouble.text}`,
    action: 'Simplify the expression, or look for plain text',
  };
}
