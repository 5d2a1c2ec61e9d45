/** Asks the person which files to open, once at a time: a second dialog would hide the first. */
import { fail, ok, type Result } from '../../native/core/result.ts';

export class FilesQuestion {
  private readonly ask: () => Promise<readonly string[]>;
  private asking = false;

  constructor(ask: () => Promise<readonly string[]>) {
    this.ask = ask;
  }

  /** None if the person dismissed it. Failure: overloaded. */
  async paths(): Promise<Result<readonly string[]>> {
    if (this.asking) return fail('overloaded', 'Files to open are being chosen', 'Choose those first');
    this.asking = true;
    try {
      return ok(await this.ask());
    } finally {
      this.asking = false;
    }
  }
}
