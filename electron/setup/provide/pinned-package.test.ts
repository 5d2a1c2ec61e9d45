import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentsDigest, fileDigest } from './pinned-contents.mjs';
import { fetchPinned } from './pinned-package.mjs';

const PROGRAM = 'run me\n';

/** A package of two files, its pins, and how often it was fetched. */
async function setUp() {
  const dir = mkdtempSync(join(tmpdir(), 'ringview-pinned-'));
  mkdirSync(join(dir, 'package', 'bin', 'inner'), { recursive: true });
  writeFileSync(join(dir, 'package', 'bin', 'program'), PROGRAM, { mode: 0o644 });
  writeFileSync(join(dir, 'package', 'bin', 'inner', 'data'), 'data\n');
  writeFileSync(join(dir, 'package', 'read-me'), 'no part of what is used\n');
  const archive = join(dir, 'made.tgz');
  execFileSync('tar', ['-czf', archive, '-C', dir, 'package']);
  const pinned = {
    name: 'made-up',
    version: '1.0.0',
    integrity: await fileDigest(archive),
    contents: await contentsDigest(join(dir, 'package', 'bin')),
    size: 'nothing',
  };
  const folder = join(dir, 'cache', 'made-up-1.0.0');
  const state = { fetched: 0, archive };
  const fetch = () =>
    fetchPinned(
      pinned,
      folder,
      'bin',
      (part) => chmodSync(join(part, 'program'), 0o755),
      async (_: unknown, work: string) => {
        state.fetched++;
        const path = join(work, 'made-up.tgz');
        copyFileSync(state.archive, path);
        return { ok: true as const, path };
      },
    );
  const path = (name: string) => join(folder, name);
  return { dir, folder, pinned, state, fetch, path };
}

type Package = Awaited<ReturnType<typeof setUp>>;

function expectWhole({ folder, path }: Package): void {
  expect(readFileSync(path('program'), 'utf8')).toBe(PROGRAM);
  expect(statSync(path('program')).mode & 0o777).toBe(0o755);
  expect(readdirSync(folder, { recursive: true }).map(String).sort()).toEqual([
    'inner',
    join('inner', 'data'),
    'program',
  ]);
}

describe.skipIf(process.platform === 'win32')('a pinned package', () => {
  it('is fetched once while it is what was pinned', async () => {
    const given = await setUp();
    expect(await given.fetch()).toEqual({ ok: true });
    expect(await given.fetch()).toEqual({ ok: true });
    expect(given.state.fetched).toBe(1);
    expectWhole(given);
    // Nothing but the folder and the record beside it.
    expect(readdirSync(join(given.dir, 'cache')).sort()).toEqual(['made-up-1.0.0', 'made-up-1.0.0.checked.json']);
  });

  it.each<[string, (given: Package) => void]>([
    [
      'a file with other contents, of the same size and time',
      ({ path }) => {
        const { atime, mtime } = statSync(path('program'));
        writeFileSync(path('program'), PROGRAM.replace('run', 'RUN'));
        utimesSync(path('program'), atime, mtime);
      },
    ],
    ['a file cut short', ({ path }) => writeFileSync(path('inner/data'), '')],
    ['a file missing', ({ path }) => rmSync(path('inner/data'))],
    ['a file too many', ({ path }) => writeFileSync(path('inner/more'), 'x')],
    ['a file under another name', ({ path }) => renameSync(path('inner/data'), path('inner/date'))],
    [
      'a link in place of a file',
      ({ dir, path }) => {
        rmSync(path('program'));
        writeFileSync(join(dir, 'elsewhere'), PROGRAM);
        symlinkSync(join(dir, 'elsewhere'), path('program'));
      },
    ],
    [
      'a folder that was there before, and no record of it',
      ({ folder, path }) => {
        rmSync(`${folder}.checked.json`);
        writeFileSync(path('program'), 'old\n');
      },
    ],
  ])('with %s is fetched again', async (_, tamper) => {
    const given = await setUp();
    await given.fetch();
    tamper(given);
    expect(await given.fetch()).toEqual({ ok: true });
    expect(given.state.fetched).toBe(2);
    expectWhole(given);
    expect(await given.fetch()).toEqual({ ok: true });
    expect(given.state.fetched).toBe(2);
  });

  it.each<[string, (given: Package) => void]>([
    ['its files were touched', ({ path }) => utimesSync(path('program'), 1, 1)],
    ['a program lost its mode', ({ path }) => chmodSync(path('program'), 0o644)],
    ['the record is gone', ({ folder }) => rmSync(`${folder}.checked.json`)],
    ['the record was cut short', ({ folder }) => writeFileSync(`${folder}.checked.json`, '{"contents":')],
  ])('is only read again when %s', async (_, change) => {
    const given = await setUp();
    await given.fetch();
    change(given);
    expect(await given.fetch()).toEqual({ ok: true });
    expect(given.state.fetched).toBe(1);
    expectWhole(given);
  });

  it('is not used when the archive, or what it holds, is not what was pinned', async () => {
    const given = await setUp();
    const other = join(given.dir, 'other.tgz');
    writeFileSync(other, 'not it');
    given.state.archive = other;
    expect(await given.fetch()).toMatchObject({
      ok: false,
      message: expect.stringContaining('not the file that was pinned'),
    });
    given.pinned.integrity = await fileDigest(join(given.dir, 'made.tgz'));
    given.pinned.contents = 'sha512-other';
    given.state.archive = join(given.dir, 'made.tgz');
    expect(await given.fetch()).toMatchObject({
      ok: false,
      message: expect.stringContaining('something else than was pinned'),
    });
    expect(existsSync(given.folder)).toBe(false);
    expect(readdirSync(join(given.dir, 'cache'))).toEqual([]);
  });
});
