import { describe, expect, it } from 'vitest';
import { readOptions, suites } from './suites.mjs';
import { tools } from './system-packages.mjs';

function read(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const result = readOptions(args, env);
  return result.ok ? { ...result.options, chosen: result.options.chosen.map(({ name }) => name) } : result.message;
}

const all = suites.map(({ name }) => name);

describe('readOptions', () => {
  it('runs every suite and requires none by default', () => {
    expect(read([])).toEqual({ chosen: all, requireAll: false, installSystem: false });
  });

  it('requires and installs everything on a CI machine only', () => {
    expect(read([], { CI: 'true' })).toEqual({ chosen: all, requireAll: true, installSystem: true });
    expect(read([], { CI: 'false' })).toEqual({ chosen: all, requireAll: false, installSystem: false });
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
