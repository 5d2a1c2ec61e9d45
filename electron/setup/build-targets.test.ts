import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceStamp } from './build-targets.mjs';

describe('sourceStamp', () => {
  let folder = '';
  const stamp = () => sourceStamp(folder, ['src', 'one.ts', 'absent']);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ringview-stamp-'));
    mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
    for (const file of ['one.ts', 'src/two.ts', 'src/deep/three.ts']) {
      writeFileSync(join(folder, file), 'x');
      utimesSync(join(folder, file), 100, 100);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stays while nothing changes', () => {
    expect(stamp()).toBe(stamp());
  });

  it.each<[string, () => void]>([
    ['a file is written', () => utimesSync(join(folder, 'src/deep/three.ts'), 200, 200)],
    ['a file grows within the resolution of its time', () => grow(join(folder, 'src/two.ts'))],
    ['a file is removed', () => rmSync(join(folder, 'src/two.ts'))],
    ['a file is renamed', () => renameSync(join(folder, 'src/two.ts'), join(folder, 'src/four.ts'))],
    ['a file is added', () => writeFileSync(join(folder, 'src/new.ts'), '')],
    ['a missing source appears', () => writeFileSync(join(folder, 'absent'), '')],
  ])('changes when %s', (_name, change) => {
    const before = stamp();
    change();
    expect(stamp()).not.toBe(before);
  });

  it('does not count tests', () => {
    const before = stamp();
    writeFileSync(join(folder, 'src/two.test.ts'), 'x');
    expect(stamp()).toBe(before);
  });
});

function grow(file: string): void {
  writeFileSync(file, 'xy');
  utimesSync(file, 100, 100);
}
