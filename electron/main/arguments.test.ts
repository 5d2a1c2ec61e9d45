import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explaining, parseArguments } from './arguments.ts';
import { type Handover, OneInstance } from './one-instance.ts';

describe('parseArguments', () => {
  it('finds ours among Chromium switches', () => {
    expect(
      parseArguments(
        ['--no-sandbox', '/some/app', '--user-data-dir=/tmp/x', '--source', 'sim:lab', '--theme=dark'],
        (path) => posix.resolve('/logs', path),
        '/some/app',
      ),
    ).toEqual({ sources: ['sim:lab'], modules: [], symbols: [], schemas: [], resume: null, theme: 'dark' });
  });

  it('opens files that are named by themselves, as file managers do, and nothing that stands before the program', () => {
    const sources = (program: string, ...args: string[]) =>
      parseArguments(args, (path) => posix.resolve('/logs', path), program).sources;
    expect(sources('', 'a b.log', '--source', 'sim:lab', '/x.etl', '')).toEqual([
      'sim:lab',
      'file:/logs/a b.log',
      'file:/x.etl',
    ]);
    expect(sources('/some/app', '-r', '/loader.js', '/some/app', 'a.log')).toEqual(['file:/logs/a.log']);
    expect(sources('/some/app', '/some/app')).toEqual([]);
  });

  it('takes several sources', () => {
    expect(parseArguments(['--source', 'sim:a', '--source=sim:b']).sources).toEqual(['sim:a', 'sim:b']);
  });

  it('takes nothing from nothing, and from nonsense', () => {
    const nothing = { sources: [], modules: [], symbols: [], schemas: [], resume: null, theme: null };
    expect(parseArguments([])).toEqual(nothing);
    expect(parseArguments(['--source', '--theme=pink'])).toMatchObject({ theme: null });
    expect(parseArguments(['--source='])).toMatchObject({ sources: [] });
  });

  it('takes lists of modules and schemas by their whole paths, and symbol paths as they are', () => {
    const given = ['--modules', 'lm.txt', '--symbols', 'srv*C:\\sym*https://x', '--symbols=pdbs', '--modules='];
    const parsed = parseArguments([...given, '--schema', 'a.json'], (name) => posix.resolve('/logs', name));
    expect(parsed).toMatchObject({
      ...{ modules: ['/logs/lm.txt'], symbols: ['srv*C:\\sym*https://x', 'pdbs'], schemas: ['/logs/a.json'] },
    });
    // Said again, they mean the same anywhere.
    expect(parseArguments(explaining(parsed), (name) => posix.resolve('/elsewhere', name))).toEqual(parsed);
  });

  const inFolder = (folder: string, path: typeof posix, ...sources: string[]) =>
    parseArguments(
      sources.flatMap((source) => ['--source', source]),
      (name) => path.resolve(folder, name),
    ).sources;

  it('names files by their whole path, and leaves every other source as it is', () => {
    expect(inFolder('/logs/today', posix, 'file:a b.log', 'file:../x.csv', 'file:/abs.evtx', 'file:-')).toEqual([
      'file:/logs/today/a b.log',
      'file:/logs/x.csv',
      'file:/abs.evtx',
      'file:/logs/today/-',
    ]);
    const others = ['-', 'file:', 'sim:file:x', 'driver:', 'dbwin:', 'file', './x.log'];
    expect(inFolder('/logs/today', posix, ...others)).toEqual(others);
  });

  it('names files by their whole path on Windows: of a drive, a share, or the folder it was started in', () => {
    const paths = ['a.log', '..\\x.csv', 'sub/x.csv', 'C:\\abs.evtx', '\\\\server\\share\\a.log', '\\top.log'];
    expect(inFolder('D:\\logs\\today', win32, ...paths.map((path) => `file:${path}`))).toEqual([
      'file:D:\\logs\\today\\a.log',
      'file:D:\\logs\\x.csv',
      'file:D:\\logs\\today\\sub\\x.csv',
      'file:C:\\abs.evtx',
      'file:\\\\server\\share\\a.log',
      'file:D:\\top.log',
    ]);
  });

  it('hands a file of its own working folder over to an instance that has another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-arguments-'));
    const [first, second] = [new OneInstance(folder, () => {}), new OneInstance(folder, () => {})];
    try {
      const taken = new Promise<Handover>((resolve) => {
        first.claim();
        first.listen(resolve);
      });
      second.claim();
      await second.handOver(parseArguments(['--source', 'file:relative.log', '--schema', 'a.json']));
      expect(await taken).toEqual({
        sources: [`file:${join(process.cwd(), 'relative.log')}`],
        schemas: [join(process.cwd(), 'a.json')],
      });
    } finally {
      first.close();
      second.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
