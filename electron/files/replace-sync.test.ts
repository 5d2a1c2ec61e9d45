import {
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeTemporaries, replaceFileSync } from './replace-sync.ts';

const posix = process.platform !== 'win32';
const root = process.getuid?.() === 0;
const folder = () => mkdtempSync(join(tmpdir(), 'ringview-replace-'));

describe.runIf(posix)('a small file that is replaced at once', () => {
  it('is made where a link leads that leads nowhere yet: the link stays', () => {
    const [dir, away] = [folder(), folder()];
    symlinkSync('twice', join(dir, 'link'));
    symlinkSync(join(away, 'target'), join(dir, 'twice'));
    replaceFileSync(join(dir, 'link'), 'new', 'followed');
    expect(readFileSync(join(away, 'target'), 'utf8')).toBe('new');
    expect(statSync(join(away, 'target')).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(dir, 'link')).isSymbolicLink()).toBe(true);
    expect([...readdirSync(dir), ...readdirSync(away)].sort()).toEqual(['link', 'target', 'twice']);
  });

  it('is not looked for without end where links lead in a circle', () => {
    const dir = folder();
    symlinkSync('b', join(dir, 'a'));
    symlinkSync('a', join(dir, 'b'));
    expect(() => replaceFileSync(join(dir, 'a'), 'new', 'followed')).toThrow(/too many symbolic links/);
    expect(readdirSync(dir).sort()).toEqual(['a', 'b']);
  });

  it.runIf(root)('keeps its owner and its mode', () => {
    const path = join(folder(), 'file');
    writeFileSync(path, 'old', { mode: 0o640 });
    chownSync(path, 1234, 4321);
    replaceFileSync(path, 'new', 'followed');
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 4321, mode: 0o100640 });
  });

  it.each(['a file', 'nothing'])('takes the place of a link that is not to be followed: to %s', (what) => {
    const [dir, away] = [folder(), folder()];
    if (what === 'a file') writeFileSync(join(away, 'target'), 'of somebody else');
    symlinkSync(join(away, 'target'), join(dir, 'link'));
    const before = readdirSync(away);
    replaceFileSync(join(dir, 'link'), 'new', 'replaced');
    expect(lstatSync(join(dir, 'link')).isFile()).toBe(true);
    expect(statSync(join(dir, 'link')).mode & 0o777).toBe(0o600);
    expect(readdirSync(away)).toEqual(before);
    if (what === 'a file') expect(readFileSync(join(away, 'target'), 'utf8')).toBe('of somebody else');
  });
});

describe('what a crash left beside a small file', () => {
  it.runIf(posix)('is removed where the file really is, and nothing else that lies there', () => {
    const [dir, away] = [folder(), folder()];
    symlinkSync(join(away, 'file'), join(dir, 'file'));
    const left = 'file.0123456789abcdef.tmp';
    const others = [
      ...['file', 'other.0123456789abcdef.tmp', 'file.0123456789abcdef.tmp.tmp', 'file.0123456789abcdef'],
      ...['file.0123456789abcde.tmp', 'file.0123456789abcdef0.tmp', 'file.0123456789ABCDEF.tmp', 'file.tmp'],
      'a file.0123456789abcdef.tmp',
    ];
    for (const name of [left, ...others]) writeFileSync(join(away, name), '');
    writeFileSync(join(dir, left), 'beside the link');
    removeTemporaries(join(dir, 'file'));
    expect(readdirSync(away).sort()).toEqual([...others].sort());
    expect(readdirSync(dir).sort()).toEqual(['file', left]);
  });

  it('is left where the folder cannot be read', () => {
    expect(() => removeTemporaries(join(folder(), 'none', 'file'))).not.toThrow();
  });
});

it.runIf(posix)('a replacement that fails leaves the old file and nothing of the new one', () => {
  const dir = folder();
  const path = join(dir, 'file');
  writeFileSync(path, 'old');
  // Something that is no text stands for a disk that takes nothing: the new file is there already when writing it fails.
  expect(() => replaceFileSync(path, { toString: () => 'no text' } as unknown as string, 'followed')).toThrow();
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(dir)).toEqual(['file']);
});
