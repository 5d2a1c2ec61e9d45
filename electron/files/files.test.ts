import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReplacingFile } from './replacing-file.ts';
import { failureOfSystemError } from './system-failure.ts';

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ringview-files-'));
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('ReplacingFile', () => {
  it('appears under its name only when it is whole', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    const file = await ReplacingFile.create(path);
    await file.write(bytes('one\n'));
    expect(await readdir(dir)).toEqual(['log.csv.part']);
    await file.write(bytes('two\n'));
    await file.commit();
    expect(await readdir(dir)).toEqual(['log.csv']);
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('leaves the old file alone when discarded', async () => {
    const dir = await folder();
    const path = join(dir, 'log.csv');
    await writeFile(path, 'old');
    const file = await ReplacingFile.create(path);
    await file.write(bytes('half of the new'));
    await file.discard();
    expect(await readdir(dir)).toEqual(['log.csv']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('says why a folder cannot be written', async () => {
    const path = join(await folder(), 'missing', 'log.csv');
    const error = await ReplacingFile.create(path).catch((reason: unknown) => reason);
    expect(failureOfSystemError(error, `${path} could not be created`)).toEqual({
      code: 'io-error',
      message: `${path} could not be created`,
      action: 'Check that the path exists',
      system: { code: 'ENOENT', text: 'no such file or directory' },
    });
  });
});

describe('failureOfSystemError', () => {
  it('knows a full disk', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 });
    const failure = failureOfSystemError(error, 'x could not be written');
    expect(failure.code).toBe('disk-full');
    expect(failure.system?.text).toBe('no space left on device');
  });

  it('keeps the words of what it does not know', () => {
    expect(failureOfSystemError(new Error('odd'), 'x').system).toEqual({ code: 'UNKNOWN', text: 'odd' });
  });
});
