import { describe, expect, it } from 'vitest';
import { tailArguments } from './without-display.mjs';

describe('tailArguments', () => {
  it.each([
    [['--source', 'sim:demo'], ['--demo']],
    [[], ['--demo']],
    [['--theme', 'dark'], ['--demo']],
    [
      ['--source', 'sim:a', '--theme', 'dark', '--source=sim:b', '--source', 'sim:a'],
      ['--', 'sim:a', 'sim:b'],
    ],
    [
      ['--source', 'driver:', '--source', ''],
      ['--', 'driver:'],
    ],
    [
      ['--source', 'sim:a', '--schema', 'a.json', '--schema', ''],
      ['--schema', 'a.json', '--', 'sim:a'],
    ],
    [['--schema=a.json'], ['--schema', 'a.json', '--demo']],
  ])('turns %j into %j', (given, expected) => {
    expect(tailArguments(given)).toEqual(expected);
  });
});
