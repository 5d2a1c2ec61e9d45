/** `ringview open`, and the entries by which a desktop opens files with it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOG_KINDS } from '../contract/log-kinds.ts';
import { parseCommand } from './args.ts';
import { associate, desktopEntry, execArgument, unassociate } from './associate.ts';
import { appArguments } from './open-app.ts';
import { openArguments } from './open-args.ts';

const whole = (path: string): string => `/logs/${path}`;

describe('ringview open', () => {
  it('names files by their whole paths, and sources as they are', () => {
    const given = ['a.log', 'sim:lab', '-', 'file:b.log', 'etw:kernel', '--theme', 'dark', '--schema', 'a b.json'];
    const request = openArguments(given, whole);
    expect(request).toEqual({
      sources: ['file:/logs/a.log', 'sim:lab', '-', 'file:b.log', 'etw:kernel'],
      schemas: ['/logs/a b.json'],
      ...{ theme: 'dark', associate: false, unassociate: false },
    });
    expect(request && appArguments(request)).toEqual([
      ...['--source', 'file:/logs/a.log', '--source', 'sim:lab', '--source', '-', '--source', 'file:b.log'],
      ...['--source', 'etw:kernel'],
      ...['--schema', '/logs/a b.json', '--theme', 'dark'],
    ]);
    expect(openArguments([], whole)).toMatchObject({ sources: [], schemas: [] });
    expect(parseCommand(['open', '--help'])).toEqual({ ok: true, value: { do: 'help', topic: 'open' } });
    for (const wrong of [['--theme', 'pink'], ['--schema'], [''], ['--nothing'], ['--associate', '--unassociate']])
      expect(parseCommand(['open', ...wrong])).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  });
});

describe('the entries of a desktop', () => {
  it('run the program with the files, whatever its path has', () => {
    expect(execArgument('/a b/$x"%\\')).toBe('"/a b/\\\\$x\\\\"%%\\\\\\\\"');
    expect(desktopEntry(['/usr/bin/node', '/x/bin.mjs', 'open'])).toContain(
      'Exec="/usr/bin/node" "/x/bin.mjs" "open" %F\n',
    );
  });

  it('are written where the system looks for them, and are refused where there is no such place', async () => {
    const data = mkdtempSync(join(tmpdir(), 'ringview-desktop-'));
    try {
      const done = await associate(['/usr/bin/node', '/x/bin.mjs', 'open'], { XDG_DATA_HOME: data }, 'linux');
      expect(done).toEqual({ ok: true, value: join(data, 'applications/ringview.desktop') });
      const mime = readFileSync(join(data, 'mime/packages/ringview.xml'), 'utf8');
      const entry = readFileSync(join(data, 'applications/ringview.desktop'), 'utf8');
      for (const [, type] of mime.matchAll(/type="([^"]+)"/g)) expect(entry).toContain(`${type};`);
      // Each kind that the app asks for where a file is opened is one of the system, or one that it is told.
      for (const { mime: types, told = [] } of LOG_KINDS) {
        for (const type of types) expect(entry).toContain(`${type};`);
        for (const ending of told) expect(mime).toContain(`<glob pattern="*.${ending}"/>`);
      }
      expect(entry).toContain('application/zip;');
      // Where the system has a judge of its own, it finds nothing wrong.
      const judge = (): string =>
        execFileSync('desktop-file-validate', [join(data, 'applications/ringview.desktop')], { encoding: 'utf8' });
      if (hasJudge()) expect(judge()).toBe('');
      const elsewhere = await associate(['x'], { XDG_DATA_HOME: data }, 'darwin');
      expect(elsewhere).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
      // The registry of Windows is not here, which is a failure and no defect.
      for (const windows of [await associate(['x'], {}, 'win32'), await unassociate({}, 'win32')])
        expect(windows).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
      // Taken back, twice: the second time there is nothing.
      for (const _ of [1, 2]) {
        expect(await unassociate({ XDG_DATA_HOME: data }, 'linux')).toEqual({ ok: true, value: undefined });
        expect(existsSync(join(data, 'applications/ringview.desktop'))).toBe(false);
        expect(existsSync(join(data, 'mime/packages/ringview.xml'))).toBe(false);
      }
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});

function hasJudge(): boolean {
  try {
    execFileSync('desktop-file-validate', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
