/**
 * A file that comes into being whole or not at all: it is written beside its final place and renamed at the end, so that
 * a failure, a cancelled export or the end of the program neither destroys the file it was to replace nor leaves half of
 * one under its name.
 *
 * It takes the place of the old file as that was: its mode and owner stay, and where the path is a symbolic link, the
 * link stays and what it leads to is replaced. Other hard links of the old file keep the old content. The name it has
 * meanwhile is random and its own; no file that is there already is ever touched besides the one to be replaced.
 */
import { randomBytes } from 'node:crypto';
import { rmSync, type Stats } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, ok, type Result } from '../../native/core/result.ts';
import { failureOfSystemError } from './system-failure.ts';
import { claimTarget, type WriteTarget } from './write-target.ts';

export interface ReplacingOptions {
  /** Permissions of a file that does not exist yet, before the umask is taken off. An existing one keeps its own. */
  readonly mode?: number;
}

const NEW_FILE_MODE = 0o666;
/** While it is written, what replaces a file is for its owner alone: the old one may have been. */
const PRIVATE_MODE = 0o600;
/** Draws of a random name; a second one is needed once in 2^64. */
const NAME_TRIES = 4;

/** Temporary files of this process that are not done with. */
const unfinished = new Set<string>();

/**
 * Removes every temporary file of this process; it runs by itself when the process ends, where nothing can be waited
 * for. A write that is still under way then goes to a file without a name.
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
  /** As the person named it. */
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
   * Begins to replace `path`. Failures: source-busy while it is being written by another, also under another name;
   * bad-argument for what is no file; permission-denied, disk-full, io-error with the system's words.
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
        // Exclusive: neither a file nor a link that waits under this name is followed.
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

  /** Appends. After a failure nothing is left of the file, and the old one is as it was. */
  async write(bytes: Uint8Array): Promise<Result<void>> {
    try {
      let written = 0;
      while (written < bytes.length) written += (await this.handle.write(bytes, written)).bytesWritten;
      return ok(undefined);
    } catch (error) {
      return this.giveUp(error);
    }
  }

  /** Gives the file its final name once its bytes are on the disk. After a failure nothing is left of it. */
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

  /** Removes what was written, unless the file is finished. Never rejects, safe to call twice. */
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
async function takeOver(handle: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const mine = await handle.stat();
  const give = (toUid: number): Promise<boolean> =>
    handle.chown(toUid, gid).then(
      () => true,
      () => false,
    );
  // Only root may give a file away; who is in its group may at least keep that.
  const owned = (mine.uid === uid && mine.gid === gid) || (await give(uid));
  const grouped = owned || mine.gid === gid || (await give(mine.uid));
  const old = mode & 0o777;
  // What the old group was allowed is not for another one.
  const kept = grouped ? old : (old & 0o707) | ((old & 0o007) << 3);
  if ((mine.mode & 0o777) !== kept) await handle.chmod(kept);
}

/** Replaces a file by these bytes in one go. Failures as of `ReplacingFile.create`. */
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
