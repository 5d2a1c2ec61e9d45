import { describe, expect, it } from 'vitest';
import { patternTest } from './wildcard.ts';

describe('a pattern of a name', () => {
  it.each<[string, string, boolean]>([
    ['sim:lab', 'SIM:LAB', true],
    ['sim:lab', 'sim:lab2', false],
    ['nic*', 'nicd.exe', true],
    ['*.exe', 'nicd.exe', true],
    ['n*c*.e*e', 'nicd.exe', true],
    ['n*d*d*', 'nicd.exe', false],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['(a+)+$', '(a+)+$', true],
  ])('%s and %s: %s', (pattern, name, fits) => {
    expect(patternTest([pattern])(name)).toBe(fits);
  });
});
