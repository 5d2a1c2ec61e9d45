import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScratchFolder } from './scratch-folder.ts';

const posix = process.platform !== 'win32';
let temporary: string;
let reports: string[];

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'ringview-scratch-test-'));
  reports = [];
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

function open() {
  const opened = openScratchFolder((line) => reports.push(line), temporary);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

describe('a folder for the time of a command', () => {
  it('is there, for its user alone, and gone when it is removed', () => {
    const folder = open();
    expect(readdirSync(folder.path)).toEqual([]);
    if (posix) expect(statSync(dirname(folder.path)).mode & 0o777).toBe(0o700);
    folder.remove();
    expect(readdirSync(dirname(folder.path))).toEqual([]);
    expect(reports).toEqual([]);
  });

  it('takes away what a killed command left, and leaves what one holds', () => {
    const held = open();
    const left = join(dirname(held.path), 'session-7-0123456789ab');
    mkdirSync(left);
    writeFileSync(join(left, 'log.parquet'), 'x');
    open().remove();
    expect([existsSync(left), existsSync(held.path)]).toEqual([false, true]);
    held.remove();
  });

  it.runIf(posix).each<[string, (parent: string, away: string) => void]>([
    [
      'everybody may write to',
      (parent) => {
        mkdirSync(parent);
        // Whatever the umask.
        chmodSync(parent, 0o777);
      },
    ],
    ['is a link', (parent, away) => symlinkSync(away, parent)],
    ['is a file', (parent) => writeFileSync(parent, '')],
  ])('lies in no folder that %s', (_, make) => {
    const parent = join(temporary, `ringview-scratch-${process.geteuid?.()}`);
    const away = join(temporary, 'away');
    mkdirSync(away);
    make(parent, away);
    const folder = open();
    expect(dirname(folder.path)).toBe(temporary);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(reports).toEqual([expect.stringContaining(`${parent} is not yours alone`)]);
    expect(readdirSync(away)).toEqual([]);
    folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });

  it('says why there can be none', () => {
    const opened = openScratchFolder((line) => reports.push(line), join(temporary, 'missing'));
    expect(opened).toMatchObject({ ok: false, failure: { code: 'io-error', system: { code: 'ENOENT' } } });
  });
});
