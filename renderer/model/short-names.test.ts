import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortNames, shortTitles } from './short-names.ts';

it('a path is its end, as much of it as tells it from the others', () => {
  const names = ['/tmp/lab/guest.csv', '/tmp/lab/host.csv', '/tmp/old/host.csv', 'sim:demo', 'C:\\logs\\boot.etl'];
  expect(shortNames(names)).toEqual(['guest.csv', 'lab/host.csv', 'old/host.csv', 'sim:demo', 'boot.etl']);
  expect(shortNames(['/a.log', 'b/a.log', 'a.log'])).toEqual(['/a.log', 'b/a.log', 'a.log']);
  expect(shortNames([])).toEqual([]);
});

it('different names stay different, and each is the end of its own', () => {
  const part = fc.constantFrom('a', 'b', 'log', '');
  const name = fc
    .array(part, { minLength: 1, maxLength: 4 })
    .chain((parts) => fc.constantFrom(parts.join('/'), parts.join('\\')));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 6 }), (names) => {
      const short = shortNames(names);
      expect(new Set(short).size).toBe(names.length);
      for (const [at, each] of short.entries()) expect(names[at]?.endsWith(each)).toBe(true);
    }),
  );
});

it('titles have the ends of all their names, told from those of the others', () => {
  expect(shortTitles(['/tmp/a/x.log', 'sim:lab, driver:', '/tmp/b/x.log, C:\\logs\\y.etl', 'Session 4'])).toEqual([
    'a/x.log',
    'sim:lab, driver:',
    'b/x.log, y.etl',
    'Session 4',
  ]);
  expect(shortTitles([])).toEqual([]);
});
