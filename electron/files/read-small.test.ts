import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSmallFile } from './read-small.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-small-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'file');

describe('a small file', () => {
  it.each(['', 'ten bytes!'])('is read to its end: %j', (text) => {
    writeFileSync(path, text);
    expect(readSmallFile(path, 10).toString()).toBe(text);
  });

  it('is refused with its size where it is larger than it may be', () => {
    writeFileSync(path, 'ten bytes!');
    expect(() => readSmallFile(path, 9)).toThrow(`${path} has 10 bytes, more than the 9 it may have`);
  });

  it('that is not there is told by the system', () => {
    expect(() => readSmallFile(join(folder, 'none'), 9)).toThrow(/ENOENT/);
  });
});

describe.runIf(process.platform !== 'win32')('what has the name of a file and is none', () => {
  it('is refused: a folder', () => {
    expect(() => readSmallFile(folder, 9)).toThrow(`${folder} is not a regular file`);
  });

  it('is refused without waiting for a writer: a pipe', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => readSmallFile(pipe, 9)).toThrow(`${pipe} is not a regular file`);
  });
});
