import { describe, expect, it } from 'vitest';
import { lengthProblem, lockProblems, MOST_LINES, textProblems } from './lint-rules.mjs';

/** Put together here, so that this file does not itself name what it may not. */
const path = (...parts: string[]) => ['', ...parts].join('/');
const registry = ['registry', 'example', 'org'].join('.');

describe('lockProblems', () => {
  it('accepts versions and hashes, and refuses addresses', () => {
    const lock = (entry: object) => JSON.stringify({ packages: { 'node_modules/a': entry } });
    expect(lockProblems(lock({ version: '1.0.0', integrity: 'sha512-a' }))).toEqual([]);
    expect(lockProblems(lock({ version: '1.0.0', resolved: 'anything' }))).toHaveLength(1);
    expect(lockProblems(lock({ version: 'file:../a' }))).toHaveLength(1);
  });

  it('wants an entry for the binaries of every platform', () => {
    const lock = (others: object) =>
      JSON.stringify({
        packages: { 'node_modules/a/node_modules/@s/b': { optionalDependencies: { 'b-win32': '1.0.0' } }, ...others },
      });
    expect(lockProblems(lock({}))).toEqual(['node_modules/a/node_modules/@s/b may need b-win32, which has no entry']);
    expect(lockProblems(lock({ 'node_modules/c/node_modules/b-win32': {} }))).toHaveLength(1);
    for (const place of ['', 'node_modules/a/', 'node_modules/a/node_modules/@s/b/']) {
      expect(lockProblems(lock({ [`${place}node_modules/b-win32`]: {} }))).toEqual([]);
    }
  });
});

describe('textProblems', () => {
  const problems = (line: string) => textProblems(`fine\n${line}`, ['packages.example.net']);

  it('names the line', () => {
    expect(problems(path('home', 'ann', 'src'))).toEqual([
      { line: 2, problem: `names a folder of one machine: ${path('home', 'ann')}` },
    ]);
  });

  it.each([
    path('Users', 'ann'),
    path('root', 'x'),
    ['C:', 'Users', 'ann'].join('\\'),
    ['C:', 'Users', 'ann'].join('\\\\'),
  ])('refuses %s', (text) => {
    expect(problems(`open("${text}")`)).toHaveLength(1);
  });

  it.each([path('home', 'user', 'a.log'), 'renderer/root/x.ts', './work/a', 'C:\\Users\\Public\\a.log', '/tmp/x'])(
    'accepts %s',
    (text) => {
      expect(problems(text)).toEqual([]);
    },
  );

  it('refuses package registries, the configured one too', () => {
    expect(problems(`get https://${registry}/a`)).toHaveLength(1);
    expect(problems('get packages.example.net')).toHaveLength(1);
    expect(problems('the registry is configured')).toEqual([]);
  });
});

describe('lengthProblem', () => {
  const lines = (count: number) => 'x\n'.repeat(count);

  it.each(['native/core/a.ts', 'renderer/ui/a.tsx', 'electron/setup/a.mjs', 'driver/src/a.c', 'driver/inc/a.h'])(
    'lets %s have four hundred lines and not one more',
    (file) => {
      expect(lengthProblem(file, lines(MOST_LINES))).toBeNull();
      expect(lengthProblem(file, lines(MOST_LINES - 1))).toBeNull();
      expect(lengthProblem(file, lines(MOST_LINES + 1))).toMatch(/^has 401 lines/);
      expect(lengthProblem(file, `${lines(MOST_LINES)}x`)).toMatch(/^has 401 lines/);
    },
  );

  it.each([
    'native/core/a.test.ts',
    'electron/session/test-support.ts',
    'driver/test/a.c',
    'renderer/test/program.ts',
    'e2e/a.spec.ts',
    'driver/assure/mutation/mutants.mjs',
    'native/decode/status-table.ts',
    'README.md',
  ])('does not count %s', (file) => {
    expect(lengthProblem(file, lines(MOST_LINES + 1))).toBeNull();
  });

  it('counts what only looks like a test', () => {
    for (const file of ['native/latest.ts', 'native/contest/a.ts', 'e2e/soak/a.ts', 'native/decode/table.ts'])
      expect(lengthProblem(file, lines(MOST_LINES + 1)), file).not.toBeNull();
  });
});
