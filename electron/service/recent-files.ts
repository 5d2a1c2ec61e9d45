/**
 * Files and recorded sessions that were opened by their paths lately. Their paths are remembered here and in the settings;
 * a page is given a number for each, made of the path, and can open only what a person opened before.
 */
import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { newestFirst } from '../contract/newest-first.ts';
import { MOST_RECENT_FILES, type RecentFile } from '../contract/recent.ts';
import { isNamedRecording } from '../recording/is-recording.ts';

export interface RecentFilesDependencies {
  /** Newest first. */
  readonly paths: () => readonly string[];
  /** Remembers what becomes of those there are: another instance may have added some. */
  readonly change: (change: (paths: readonly string[]) => readonly string[]) => void;
  /** Whether there is something under a path; it may take its time, on a network. */
  readonly exists: (path: string) => Promise<boolean>;
}

export class RecentFiles {
  private readonly dependencies: RecentFilesDependencies;

  constructor(dependencies: RecentFilesDependencies) {
    this.dependencies = dependencies;
  }

  list(): Promise<readonly RecentFile[]> {
    const { paths, exists } = this.dependencies;
    return Promise.all(
      paths().map(async (path) => ({
        id: idOf(path),
        name: basename(path),
        place: dirname(path),
        recorded: isNamedRecording(path),
        missing: !(await exists(path)),
      })),
    );
  }

  /** Failure: source-not-found. */
  pathOf(id: string): Result<string> {
    const path = this.dependencies.paths().find((each) => idOf(each) === id);
    if (path !== undefined) return ok(path);
    return fail('source-not-found', 'This file is not among those that were opened lately', 'Open it by Ctrl+O');
  }

  /** What was opened is the newest now. */
  note(path: string): void {
    this.dependencies.change((paths) => newestFirst(paths, path, MOST_RECENT_FILES));
  }

  forget(id: string): void {
    this.dependencies.change((paths) => paths.filter((path) => idOf(path) !== id));
  }
}

function idOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
