/**
 * A part of a session that was opened, written while it is looked at: in the background, the newest text only. A link that
 * lies under the name is replaced, never followed: the folder may come from anybody.
 */
import { dirname, join } from 'node:path';
import type { Failure } from '../../native/core/result.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { partFileName } from './layout.ts';
import { replaceSafely, syncFolder } from './safe-files.ts';

export class PartFile {
  private readonly path: string;
  private readonly message: string;
  private waiting: string | null = null;
  private writing: Promise<void> | null = null;
  private last: Failure | null = null;

  /** `folder`: of the session. `name`: of the part. */
  constructor(folder: string, name: string) {
    this.path = join(folder, partFileName(name));
    this.message = `${partFileName(name)} could not be written to ${folder}`;
  }

  /** Why the newest text that was tried is not on the disk; null if it is, or none was. */
  get failure(): Failure | null {
    return this.last;
  }

  /** Writes a text, in the place of any that still waits. Resolves once nothing waits; never rejects. */
  write(text: string): Promise<void> {
    this.waiting = text;
    this.writing ??= this.work().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private async work(): Promise<void> {
    while (this.waiting !== null) {
      const text = this.waiting;
      this.waiting = null;
      this.last = await this.replace(text);
    }
  }

  private async replace(text: string): Promise<Failure | null> {
    try {
      await replaceSafely(this.path, text);
      await syncFolder(dirname(this.path));
      return null;
    } catch (error) {
      return failureOfSystemError(error, this.message);
    }
  }
}
