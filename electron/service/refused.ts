/** How a handler refuses a call whose reply type has no failure; for instance if the view does not exist any more. */
import type { Failure, Result } from '../../native/core/result.ts';

/** Thrown by handlers and caught only by calls.ts, which answers with the failure. */
export class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The value of the result; if it is a failure, the call is refused. */
export function orRefuse<T>(result: Result<T>): T {
  if (!result.ok) throw new Refused(result.failure);
  return result.value;
}
