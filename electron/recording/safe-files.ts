/**
 * Makes small files and names of a recording safe from the machine's end. All of it resolves only once the disk has done
 * its part, which may be long; nothing else waits for that.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';

/** The content of a file that may be there, whoever wrote it. Rejects with the system's error. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  await handle?.sync().finally(() => handle.close());
}

/** The names in a folder. Windows has no such call and needs none. Rejects with the system's error. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/**
 * Gives a file another text, which is on the disk before it takes the place of the one there; its name is safe with the
 * next `syncFolder`. The temporary name is random: two programs may have the same session open. Rejects with the system's
 * error, and nothing is left then.
 */
export async function replaceSafely(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
