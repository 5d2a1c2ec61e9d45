/** Asks the person one thing at a time: a second dialog of its kind would hide the first. */
import { fail, ok, type Result } from '../../native/core/result.ts';

export class OneQuestion {
  private readonly message: string;
  private readonly action: string;
  private asking = false;

  /** What a second question is refused with. */
  constructor(message: string, action: string) {
    this.message = message;
    this.action = action;
  }

  /** Failure: overloaded while a question is open. */
  async ask<T>(question: () => Promise<T>): Promise<Result<T>> {
    if (this.asking) return fail('overloaded', this.message, this.action);
    this.asking = true;
    try {
      return ok(await question());
    } finally {
      this.asking = false;
    }
  }
}
