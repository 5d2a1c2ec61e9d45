/** A descriptor is closed once: its number may be that of another file afterwards. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { findMembers } from './members.ts';
import { NamesFile } from './names-file.ts';
import { OpenFiles } from './open-files.ts';
import { packSession } from './pack.ts';
import { SessionRecorder } from './recorder.ts';
import { DirectWriter, newFolder, removeFolders } from './test-support.ts';

const made: string[] = [];
afterEach(() => removeFolders(made));

/** Whether a file that is opened between two calls, and so has the number that the first set free, survives the second. */
function survives(close: () => void): boolean {
  close();
  const other = openSync(import.meta.filename, 'r');
  try {
    close();
    return fstatSync(other).isFile();
  } finally {
    closeSync(other);
  }
}

describe('what is closed twice closes no file of others', () => {
  it('a file of names', () => {
    const file = new NamesFile(newFolder(made), 0);
    expect(survives(() => file.close())).toBe(true);
  });

  it('a packed session', async () => {
    const folder = newFolder(made);
    const writer = new DirectWriter({ folder });
    const recorder = new SessionRecorder(writer, { folder, unixMs: Date.now });
    const store = new SessionStore({ memoryCapBytes: 1 << 20, archive: recorder.archive });
    recorder.attach(store);
    store.append(batchOf([entry(1, 'one')]));
    await recorder.finish('ended');
    const packed = join(newFolder(made), 'one.ringview.tar');
    expect(await packSession(folder, packed, 0)).toMatchObject({ ok: true });
    const members = findMembers(packed);
    if (!members.ok) throw new Error(members.failure.message);
    expect(survives(() => members.value.closeAll())).toBe(true);
  });

  it('a file that could not be closed: it is opened again and not used', () => {
    let opened = 0;
    const files = new OpenFiles(
      () => ++opened,
      (file) => {
        if (file === 1) throw new Error('EIO');
      },
    );
    expect(files.of('a')).toBe(1);
    expect(() => files.closeAll()).toThrow('EIO');
    expect(files.of('a')).toBe(2);
    files.closeAll();
  });
});
