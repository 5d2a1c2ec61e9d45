import { describe, expect, it } from 'vitest';
import {
  add,
  countLine,
  none,
  playwrightCounts,
  playwrightFailures,
  printedCounts,
  settle,
  vitestCounts,
  vitestFailures,
} from './counts.mjs';

describe('vitestCounts', () => {
  const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] };

  it('counts pending and todo as skipped', () => {
    expect(vitestCounts(report)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be loaded as a failure, and one with failed tests not twice', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(vitestCounts({ ...report, testResults }).failed).toBe(2);
  });
});

describe('playwrightCounts', () => {
  it('counts flaky tests and errors outside of tests as failures', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 2, skipped: 3 };
    expect(playwrightCounts({ stats, errors: [{ message: 'no such file' }] })).toEqual({
      passed: 4,
      failed: 4,
      skipped: 3,
    });
  });
});

describe('what failed, for the end of a run', () => {
  it('names the file, the test and the first line of why', () => {
    const report = {
      numPassedTests: 0,
      numFailedTests: 1,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [
        { name: '/p/a.test.ts', status: 'failed', message: 'no such module\n  at x', assertionResults: [] },
        {
          name: '/p/b.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'is right' },
            { status: 'failed', fullName: 'adds up', failureMessages: ['Error: 2 is not 3\n  at y'] },
          ],
        },
      ],
    };
    expect(vitestFailures(report, '/p')).toEqual([
      'a.test.ts: no such module',
      'b.test.ts: adds up: Error: 2 is not 3',
    ]);
  });

  it('finds failed tests at any depth, and errors outside of tests', () => {
    const stats = { expected: 0, unexpected: 1, flaky: 0, skipped: 0 };
    const failed = {
      title: 'opens',
      file: 'open.spec.ts',
      line: 7,
      ok: false,
      tests: [{ results: [{ errors: [{ message: '\u001b[31mError: closed\u001b[39m\nmore' }] }] }],
    };
    const passed = { ...failed, title: 'closes', ok: true };
    const suites = [{ specs: [passed], suites: [{ specs: [failed] }] }];
    expect(playwrightFailures({ stats, errors: [{ message: 'no worker' }], suites })).toEqual([
      'open.spec.ts:7: opens: Error: closed',
      'no worker',
    ]);
  });
});

describe('printedCounts', () => {
  it('adds up the lines of several programs', () => {
    expect(printedCounts('ring: 12 passed, 0 failed\nnoise\nmodel: 3 passed, 1 failed, 2 skipped\n')).toEqual({
      passed: 15,
      failed: 1,
      skipped: 2,
    });
  });

  it('finds nothing in other output', () => {
    expect(printedCounts('make: Nothing to be done')).toEqual(none);
  });
});

describe('settle', () => {
  it('leaves counts that explain the exit code', () => {
    expect(settle({ passed: 2, failed: 0, skipped: 0 }, 0)).toEqual({ passed: 2, failed: 0, skipped: 0 });
    expect(settle({ passed: 2, failed: 3, skipped: 0 }, 1)).toEqual({ passed: 2, failed: 3, skipped: 0 });
  });

  it('makes a failure of a crash and of a run without tests', () => {
    expect(settle({ passed: 2, failed: 0, skipped: 0 }, 139).failed).toBe(1);
    expect(settle(none, 0).failed).toBe(1);
  });
});

it('adds and prints', () => {
  const sum = add({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
  expect(countLine(sum)).toBe('11 passed, 22 failed, 33 skipped');
});
