/**
 * A small disk of its own that can be full and can stall: ext4 on a loop device. Full is a file that takes what is free;
 * a stall is the file system frozen, where every write waits and every process that writes cannot even be killed.
 * Needs root. Whoever uses it must write to it from other processes only, or asynchronously: the one that has to thaw it
 * must not wait for it.
 */
import { execFile, execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export class SmallDisk {
  readonly folder: string;
  /** True while nothing more can be written. */
  full = false;
  frozen = false;
  private readonly balloon: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.balloon = join(folder, 'balloon');
  }

  /** Makes and mounts it at `folder`; the image lies beside. Rejects with the system's words where that is not allowed. */
  static async mount(folder: string, bytes: number): Promise<SmallDisk> {
    const image = `${folder}.img`;
    await mkdir(folder, { recursive: true });
    writeFileSync(image, '');
    truncateSync(image, bytes);
    await run('mkfs.ext4', ['-q', '-m', '0', '-O', '^has_journal', '-E', 'lazy_itable_init=0', image]);
    await run('mount', ['-o', 'loop,noatime', image, folder]);
    const disk = new SmallDisk(folder);
    // A disk that stays frozen outlives this process and whoever waits for it.
    process.on('exit', () => disk.unmountNow());
    return disk;
  }

  async fill(): Promise<void> {
    this.full = true;
    const file = await open(this.balloon, 'a');
    try {
      const { bavail, bsize } = await statfs(this.folder);
      // Rounds down to what there is in one piece; the rest is written until there is nothing left.
      await run('fallocate', ['-l', String(Math.max(bsize, bavail * bsize)), this.balloon]).catch(() => undefined);
      const block = Buffer.alloc(64 * 1024);
      for (let size = block.length; size >= 512; size >>= 1) {
        const failed = await writeUntilFull(file, block.subarray(0, size));
        if (!failed) break;
      }
    } finally {
      await file.close();
    }
  }

  async empty(): Promise<void> {
    await rm(this.balloon, { force: true });
    this.full = false;
  }

  async freeze(): Promise<void> {
    this.frozen = true;
    await run('fsfreeze', ['-f', this.folder]);
  }

  async thaw(): Promise<void> {
    if (!this.frozen) return;
    await run('fsfreeze', ['-u', this.folder]);
    this.frozen = false;
  }

  async unmount(): Promise<void> {
    await this.thaw();
    await run('umount', [this.folder]);
    await rm(`${this.folder}.img`, { force: true });
    this.mounted = false;
  }

  private mounted = true;

  private unmountNow(): void {
    if (!this.mounted) return;
    this.mounted = false;
    if (this.frozen) execFileSync('fsfreeze', ['-u', this.folder]);
    execFileSync('umount', ['-l', this.folder]);
  }
}

/** True once the disk refused a block for want of space. */
async function writeUntilFull(file: { write(block: Buffer): Promise<unknown> }, block: Buffer): Promise<boolean> {
  try {
    for (;;) await file.write(block);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOSPC';
  }
}
