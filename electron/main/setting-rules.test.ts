/** What a file is told to be wrong in is what is not used of it, and nothing else. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { SETTINGS, settingsProblems } from './setting-rules.ts';
import { settingsFrom } from './settings.ts';

const figure = fc.constantFrom(0, 1, 7, 200, 1000, 2 ** 28, 2 ** 31, -5, 1.5, 1e300);
const word = fc.constantFrom('dark', 'clock', 'us', 'row', 'sim:demo', '/logs/a.log', 'b.log', '', 'x\0', 'cpu:x');
const plain = fc.oneof(figure, word, fc.boolean(), fc.constant(null));
const object = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), plain, { maxKeys: 4 });
const policy = fc.oneof(
  fc.constant({ keep: 'all' }),
  fc.record({ keep: fc.constantFrom('rows', 'bytes', 'shown'), rows: figure }),
);
const rule = fc.record({
  ...{ of: fc.constantFrom('rows', 'words', 'x'), text: word, caseSensitive: fc.boolean() },
  ...{ colour: fc.constantFrom('red', 'url(x)'), on: fc.boolean() },
});
const any = fc.oneof(
  plain,
  fc.array(plain, { maxLength: 10 }),
  fc.array(rule, { maxLength: 3 }),
  object(['kind', 'digits', 'delta']),
  object(['record', 'mostBytes', 'mostDays']),
  fc.record({ memoryCapBytes: figure, policy }),
);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether all that is said counts. Of an object, what is left out has its default, and names that are not known stay. */
function counts(said: unknown, value: unknown): boolean {
  if (!isObject(value)) return isDeepStrictEqual(said, value);
  return (
    isObject(said) &&
    Object.entries(value).every(([name, each]) => !(name in said) || isDeepStrictEqual(said[name], each))
  );
}

describe('the rules of settings', () => {
  it('tell what does not count, by its name', () => {
    const cases = countCases('right', 'wrong');
    const names = Object.keys(SETTINGS).filter((name) => name !== 'window');
    fc.assert(
      fc.property(fc.constantFrom(...names), any, (name, made) => {
        const said: unknown = JSON.parse(JSON.stringify(made));
        const problems = settingsProblems(JSON.stringify({ [name]: said }));
        const value = (settingsFrom({ [name]: said }) as unknown as Record<string, unknown>)[name];
        cases.note(problems.length === 0 ? 'right' : 'wrong');
        expect(problems.length === 0, JSON.stringify([said, value, problems])).toBe(counts(said, value));
        for (const problem of problems) expect(problem).toMatchObject({ line: 1, name: expect.stringContaining(name) });
      }),
      { numRuns: 2000 },
    );
    cases.expectEach(20);
  });

  it('say how many entries are used', () => {
    const paths = Array.from({ length: 9 }, (_, at) => `"sim:${at}"`).join(',\n');
    expect(settingsProblems(`{"recentSources": [${paths}]}`)).toEqual([
      { name: 'recentSources', line: 9, what: 'has 9 entries, of which 8 are used' },
    ]);
  });

  it('tell at most so many, and a file that is something else', () => {
    const wrong = Array.from({ length: 100 }, () => '1').join(',');
    expect(settingsProblems(`{"highlights": [${wrong}]}`)).toHaveLength(20);
    expect(settingsProblems('[]')).toEqual([{ name: '', line: 1, what: 'the settings are not an object in braces' }]);
  });
});
