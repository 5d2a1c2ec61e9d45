import { describe, expect, it } from 'vitest';
import { add, countLine, none, playwrightCounts, printedCounts, settle, vitestCounts } from './counts.mjs';

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
