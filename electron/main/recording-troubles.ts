/** What a person is told when a session cannot be recorded as it comes, and when it can again. Capture goes on all the while. */
import { describeFailure, type Failure, failureMessage } from '../../native/core/result.ts';
import type { Notice } from '../contract/app.ts';

/** `name`: the recording's; null for one that could not even begin. `failure` null: it is written again. */
export function tellRecording(
  failure: Failure | null,
  name: string | null,
  report: (line: string) => void,
  tell: (notice: Notice) => void,
): void {
  if (failure === null) {
    report(`the session ${name} is recorded again`);
    tell({ severity: 'info', message: `The session ${name} is recorded again`, action: '' });
    return;
  }
  report(describeFailure(failure));
  const what =
    name === null
      ? 'the session is not recorded, and does not outlive the program'
      : 'capture goes on, and what is not written is kept in memory while there is room';
  tell({ severity: 'warning', message: `${failureMessage(failure)}: ${what}`, action: failure.action });
}
