import { describe, expect, it } from 'vitest';
import { tools } from './provide/system-packages.mjs';
import { readOptions, skippedAdvice, suites } from './suites.mjs';

function read(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const result = readOptions(args, env);
  return result.ok ? { ...result.options, chosen: result.options.chosen.map(({ name }) => name) } : result.message;
}

const all = suites.map(({ name }) => name);

describe('readOptions', () => {
  it('runs every suite, requires none and installs what is missing by default', () => {
    expect(read([])).toEqual({ chosen: all, requireAll: false, install: 'yes' });
    expect(read(['--no-install'])).toMatchObject({ install: 'no' });
  });

  it('requires everything on a CI machine only', () => {
    expect(read([], { CI: 'true' })).toEqual({ chosen: all, requireAll: true, install: 'yes' });
    expect(read([], { CI: 'false' })).toEqual({ chosen: all, requireAll: false, install: 'yes' });
  });

  it('selects suites by name, in their own order', () => {
    for (const args of [['--only', 'c,unit'], ['--only=c,unit']]) {
      expect(read(args)).toMatchObject({ chosen: ['unit', 'c'] });
    }
  });

  it.each([[['--only', 'unit,nonsense']], [['--only']], [['--only=']], [['--onyl', 'c']], [['unit']]])(
    'refuses %j',
    (args) => {
      expect(read(args)).toBeTypeOf('string');
    },
  );
});

it('names only tools that are known', () => {
  expect(suites.flatMap(({ needs }) => needs).filter((need) => !(need in tools))).toEqual([]);
});

describe('the end of a run that skipped suites', () => {
  it('names them, and one command that brings what they lack', () => {
    const skipped = [
      { name: 'c', packages: ['make', 'gcc'] },
      { name: 'assure', packages: ['make', 'spin'] },
      { name: 'windows', packages: [] },
    ];
    expect(skippedAdvice(skipped, false)).toBe(
      'not run: c, assure, windows; on Debian: sudo apt-get install --no-install-recommends gcc make spin',
    );
    expect(skippedAdvice([{ name: 'e2e', packages: [] }], true)).toBe('not run: e2e; see above for what each lacks');
    expect(skippedAdvice([], true)).toBeNull();
  });
});
