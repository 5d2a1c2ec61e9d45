/**
 * A file that appears either complete or not at all. It is written beside its final place and renamed at the end, so
 * that a failure, a cancelled export or the end of the program neither destroys the old file nor leaves half of a new
 * one under its name.
 *
 * The new file takes over the mode and owner of the old one. If the path is a symbolic link, the link stays and the
 * file it leads to is replaced. Other hard links of the old file keep its old content. The temporary name is random,
 * and no existing file other than the replaced one is ever touched.
 */
import { randomBytes } from 'node:crypto';
import { rmSync, type Stats } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, ok, type Result } from '../../native/core/result.ts';
import { takeOverRights } from './kept-rights.ts';
import { failureOfSystemError } from './system-failure.ts';
import { claimTarget, type WriteTarget } from './write-target.ts';

export interface ReplacingOptions {
  /** Permissions of a file that does not exist yet, before the umask is applied. An existing file keeps its own. */
  readonly mode?: number;
}

const NEW_FILE_MODE = 0o666;
/** While being written, the new file is readable for its owner alone, because the old one may have been. */
const PRIVATE_MODE = 0o600;
/** Attempts at a random name; a second one is needed once in 2^64 times. */
const NAME_TRIES = 4;

/** Temporary files of this process that are neither committed nor discarded. */
const unfinished = new Set<string>();

/**
 * Removes every temporary file of this process. Called when the process ends, where nothing can be awaited any more. A
 * write that is still running then goes to a file that has no name.
 */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

let removesAtExit = false;

function removeAtExit(path: string): void {
  unfinished.add(path);
  if (removesAtExit) return;
  removesAtExit = true;
  process.once('exit', removeUnfinished);
}

export class ReplacingFile {
  /** The path as the person typed it. */
  readonly path: string;
  private readonly target: WriteTarget;
  private readonly temporary: string;
  private readonly handle: FileHandle;
  private ended: Promise<void> | null = null;

  private constructor(path: string, target: WriteTarget, temporary: string, handle: FileHandle) {
    this.path = path;
    this.target = target;
    this.temporary = temporary;
    this.handle = handle;
  }

  /**
   * Begins to replace `path`. Failures: source-busy while this program is writing it already, also under another
   * name; bad-argument if it is not a file; permission-denied, disk-full, io-error with the system's words.
   */
  static async create(path: string, options: ReplacingOptions = {}): Promise<Result<ReplacingFile>> {
    const claim = await claimTarget(path);
    if (!claim.ok) return claim;
    const target = claim.value;
    const mode = target.there === null ? (options.mode ?? NEW_FILE_MODE) : PRIVATE_MODE;
    for (let tries = 1; ; tries++) {
      const temporary = join(target.folder, `.ringview-${randomBytes(8).toString('hex')}.part`);
      removeAtExit(temporary);
      try {
        // Opened exclusively, so that neither a file nor a link that already has this name is used.
        const handle = await open(temporary, 'wx', mode);
        return ok(new ReplacingFile(path, target, temporary, handle));
      } catch (error) {
        unfinished.delete(temporary);
        if ((error as NodeJS.ErrnoException).code === 'EEXIST' && tries < NAME_TRIES) continue;
        target.release();
        return { ok: false, failure: failed(path, error) };
      }
    }
  }

  /** Appends bytes. After a failure the temporary file is removed, and the old file is unchanged. */
  async write(bytes: Uint8Array): Promise<Result<void>> {
    try {
      let written = 0;
      while (written < bytes.length) written += (await this.handle.write(bytes, written)).bytesWritten;
      return ok(undefined);
    } catch (error) {
      return this.giveUp(error);
    }
  }

  /** Gives the file its final name once its bytes are on the disk. After a failure the temporary file is removed. */
  async commit(): Promise<Result<void>> {
    try {
      const { there, file } = this.target;
      if (there !== null) await takeOver(this.handle, there);
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, file);
      unfinished.delete(this.temporary);
      this.target.release();
      this.ended = Promise.resolve();
      return ok(undefined);
    } catch (error) {
      return this.giveUp(error);
    }
  }

  /** Removes the temporary file unless it was committed. Never rejects, and is safe to call twice. */
  discard(): Promise<void> {
    this.ended ??= this.remove();
    return this.ended;
  }

  private async giveUp(error: unknown): Promise<Result<never>> {
    await this.discard();
    return { ok: false, failure: failed(this.path, error) };
  }

  private async remove(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.temporary, { force: true }).catch(() => undefined);
    unfinished.delete(this.temporary);
    this.target.release();
  }
}

function failed(path: string, error: unknown): Failure {
  return failureOfSystemError(error, `${path} could not be written`);
}

/** Gives the new file the owner and the mode of the old one. */
async function takeOver(handle: FileHandle, old: Stats): Promise<void> {
  const steps = takeOverRights(old, await handle.stat());
  let step = steps.next();
  while (!step.done) {
    const { uid, gid } = step.value;
    const allowed = await handle.chown(uid, gid).then(
      () => true,
      () => false,
    );
    step = steps.next(allowed);
  }
  if (step.value !== null) await handle.chmod(step.value);
}

/** Replaces a file by these bytes in one go. Failures: those of `ReplacingFile.create`. */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  options: ReplacingOptions = {},
): Promise<Result<void>> {
  const created = await ReplacingFile.create(path, options);
  if (!created.ok) return created;
  const written = await created.value.write(bytes);
  return written.ok ? created.value.commit() : written;
}
