import { linkSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sameFile } from './same-file.ts';

function folder() {
  const dir = mkdtempSync(join(tmpdir(), 'ringview-same-'));
  const path = (name: string) => join(dir, name);
  return { dir, path };
}

describe('sameFile', () => {
  it('sees through every spelling of a file that is there', async () => {
    const { dir, path } = folder();
    writeFileSync(path('a'), 'kept');
    mkdirSync(path('inner'));
    symlinkSync(path('a'), path('link'));
    symlinkSync(dir, path('folder-link'));
    linkSync(path('a'), path('hard'));
    const spellings = [
      path('a'),
      path('link'),
      path('hard'),
      `${dir}/inner/../a`,
      `${dir}//./a`,
      join(path('folder-link'), 'a'),
      relative(process.cwd(), path('a')),
    ];
    for (const spelling of spellings) expect([spelling, await sameFile(path('a'), spelling)]).toEqual([spelling, true]);
    expect(readFileSync(path('a'), 'utf8')).toBe('kept');
  });

  it('sees through links to a file that is not there yet', async () => {
    const { dir, path } = folder();
    symlinkSync('target', path('dangling'));
    symlinkSync('dangling', path('twice'));
    symlinkSync(dir, path('folder-link'));
    for (const other of [path('target'), path('twice'), join(path('folder-link'), 'target')]) {
      expect(await sameFile(path('dangling'), other)).toBe(true);
    }
    symlinkSync('loop', path('loop'));
    expect(await sameFile(path('loop'), path('other'))).toBe(false);
  });

  it('keeps two files apart', async () => {
    const { path } = folder();
    writeFileSync(path('a'), 'same');
    writeFileSync(path('b'), 'same');
    expect(await sameFile(path('a'), path('b'))).toBe(false);
    expect(await sameFile(path('a'), path('new'))).toBe(false);
    expect(await sameFile(path('new'), path('newer'))).toBe(false);
    expect(await sameFile(path('missing/x'), path('other/x'))).toBe(false);
    expect(await sameFile('-', path('a'))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('lets one device take both', async () => {
    expect(await sameFile('/dev/null', '/dev/null')).toBe(false);
  });
});
