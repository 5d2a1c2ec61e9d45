/** How a handler refuses a call whose reply is no Result: what it is about does not exist any more, for instance. */
import type { Failure, Result } from '../../native/core/result.ts';

/** Thrown by handlers, caught by calls.ts alone, which answers with the failure. */
export class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The value, or the call is refused. */
export function orRefuse<T>(result: Result<T>): T {
  if (!result.ok) throw new Refused(result.failure);
  return result.value;
}
