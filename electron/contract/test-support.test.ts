import { describe, expect, it } from 'vitest';
import { countCases } from './test-support.ts';

describe('the cases of a property', () => {
  it('fail the property when one of them never occurred, and say how often each did', () => {
    const cases = countCases('full', 'empty');
    cases.note('full', 3);
    cases.note('full');
    cases.note('empty', false);
    expect(() => cases.expectEach()).toThrow('full: 4, empty: 0');
    cases.note('empty', true);
    cases.expectEach();
  });
});
