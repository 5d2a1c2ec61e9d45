import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lateTests, meant, neverMutated, parts, slowTests } from './rooms.mjs';
import { sampledLines } from './sample.mjs';
import { type Mutant, scoreOf, survivorText, withScore } from './scores.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const all = ['native', 'electron', 'renderer'].flatMap((room) =>
  (readdirSync(join(root, room), { recursive: true }) as string[])
    .map((path) => `${room}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path)),
);

const files = (patterns: readonly string[]) => meant(patterns, all);

describe('the parts that are mutated', () => {
  it('hold every file of their rooms once', () => {
    const rooms = ['native/core', 'electron/session', 'electron/files', 'renderer/model', 'renderer/store'];
    const whole = files([...rooms.map((room) => `${room}/**/*.ts`), ...neverMutated]);
    const held = parts
      .flatMap((part) => files([...part.files, ...neverMutated]))
      .filter((file) => rooms.some((room) => file.startsWith(`${room}/`)));
    expect(whole.length).toBeGreaterThan(100);
    expect(held.sort()).toEqual(whole.sort());
  });

  it('have files and tests, and name no test that is gone', () => {
    for (const part of parts) {
      expect(files([...part.files, ...neverMutated]).length, part.name).toBeGreaterThan(0);
      expect(files(part.tests).length, part.name).toBeGreaterThan(0);
    }
    for (const named of [slowTests, lateTests]) expect(files(named)).toHaveLength(named.length);
  });
});

describe('a sample of a part', () => {
  const lines = [
    { path: 'a.ts', lines: 20 },
    { path: 'b.ts', lines: 8 },
    { path: 'c.ts', lines: 1 },
  ];

  it('is every nth piece of all files, whole lines, none twice', () => {
    expect(sampledLines(lines, 1)).toEqual(['a.ts:1-8', 'a.ts:9-16', 'a.ts:17-20', 'b.ts:1-8', 'c.ts:1-1']);
    expect(sampledLines(lines, 2)).toEqual(['a.ts:1-8', 'a.ts:17-20', 'c.ts:1-1']);
    expect(sampledLines(lines, 3)).toEqual(['a.ts:1-8', 'b.ts:1-8']);
    expect(sampledLines([], 3)).toEqual([]);
  });
});

const mutant = (status: Mutant['status'], line: number, fileName = 'a.ts'): Mutant => ({
  status,
  fileName,
  location: { start: { line, column: 5 }, end: { line, column: 10 } },
  mutatorName: 'EqualityOperator',
  replacement: 'a\n  <= b',
});

describe('the score', () => {
  it('counts what a test noticed, of what could be noticed, and never rounds up to a goal', () => {
    const results = [
      ...Array.from({ length: 8494 }, () => mutant('Killed', 1)),
      mutant('Timeout', 1),
      ...Array.from({ length: 1504 }, () => mutant('Survived', 1)),
      mutant('NoCoverage', 1),
      mutant('Ignored', 1),
      mutant('RuntimeError', 1),
    ];
    expect(scoreOf(results)).toEqual({ mutants: 10_000, killed: 8495, percent: 84.9 });
    expect(scoreOf([])).toEqual({ mutants: 0, killed: 0, percent: 0 });
  });

  it('lists what survived by its place', () => {
    const results = [
      mutant('Survived', 10),
      mutant('Killed', 1),
      mutant('NoCoverage', 3),
      mutant('Survived', 1, '/p/0.ts'),
    ];
    expect(survivorText(results, '/p')).toBe(
      '0.ts:1:5 EqualityOperator: a <= b\n' +
        'a.ts:3:5 never run: EqualityOperator: a <= b\n' +
        'a.ts:10:5 EqualityOperator: a <= b\n',
    );
  });

  it('takes its line in the page, and leaves the others alone', () => {
    const page = '# T\n\n| part | day |\n| --- | --- |\n\n## More\n';
    const day = new Date(Date.UTC(2026, 1, 3));
    const once = withScore(page, 'view', { mutants: 10, killed: 9, percent: 90 }, 1, day);
    expect(once).toBe(
      '# T\n\n| part | day |\n| --- | --- |\n| view | 2026-02-03 | all | 10 | 9 | 90.0 % |\n\n## More\n',
    );
    const twice = withScore(once, 'core', { mutants: 3, killed: 3, percent: 100 }, 4, day);
    const again = withScore(twice, 'view', { mutants: 10, killed: 8, percent: 80 }, 1, day);
    expect(again.split('\n').slice(4, 6)).toEqual([
      '| view | 2026-02-03 | all | 10 | 8 | 80.0 % |',
      '| core | 2026-02-03 | 1 in 4 | 3 | 3 | 100.0 % |',
    ]);
    expect(readFileSync(join(import.meta.dirname, 'SCORES.md'), 'utf8')).toContain('| --- |');
  });
});
