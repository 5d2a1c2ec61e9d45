/**
 * A file that comes into being whole or not at all: it is written beside its final path and renamed at the end, so that
 * a failed or cancelled export neither destroys the file it was to replace nor leaves half of one under its name.
 */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

export class ReplacingFile {
  readonly path: string;
  private readonly temporary: string;
  private readonly handle: FileHandle;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.path = path;
    this.temporary = temporary;
    this.handle = handle;
  }

  /** Rejects with the system's error if the folder cannot be written. */
  static async create(path: string): Promise<ReplacingFile> {
    const temporary = `${path}.part`;
    return new ReplacingFile(path, temporary, await open(temporary, 'w'));
  }

  async write(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) written += (await this.handle.write(bytes, written)).bytesWritten;
  }

  /** Gives the file its final name once its bytes are on the disk. */
  async commit(): Promise<void> {
    await this.handle.sync();
    await this.handle.close();
    await rename(this.temporary, this.path);
  }

  /** Removes what was written. Never rejects: it runs where another error is already being told. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.temporary, { force: true }).catch(() => undefined);
  }
}
