import { describe, expect, it } from 'vitest';
import { markdown, measured, skipped } from './results.ts';

describe('results', () => {
  it('relate a value to its reference', () => {
    const result = measured({ name: 'a', value: 30, unit: 'ns', reference: 20, goal: 'x', holds: true });
    expect(result.ratio).toBe(1.5);
  });

  it('have no ratio to nothing', () => {
    expect(measured({ name: 'a', value: 3, unit: '%', reference: 0, goal: 'x', holds: true }).ratio).toBeNull();
    expect(measured({ name: 'a', value: 3, unit: '%', goal: 'x', holds: true }).reference).toBeNull();
  });

  it('become a table that says what was skipped and what does not hold', () => {
    const results = [
      measured({ name: 'a', value: 2, unit: 'x', goal: 'at most 1', holds: false }),
      skipped('b', 'no gcc | none'),
    ];
    const text = markdown({ machine: { cpu: 'test' }, date: '2026-01-02T03:04:05Z', quick: true, results });
    expect(text).toContain('## 2026-01-02 03:04, quick');
    expect(text).toContain('| a | 2 x |  |  | at most 1 | **no** |  |');
    expect(text).toContain('| b | skipped |  |  |  |  | skipped: no gcc / none |');
  });
});
