import { describe, expect, it } from 'vitest';
import { LOSS_CAUSES, type LossCause } from '../../native/core/entry.ts';
import { CAUSE_HELP, gapText, occurredCauses } from './loss.ts';

const mask = (...causes: LossCause[]): number =>
  causes.reduce((bits, cause) => bits | (1 << LOSS_CAUSES.indexOf(cause)), 0);

describe('loss words', () => {
  it('names the causes the marker carries', () => {
    expect(gapText(37, 5, mask('full'))).toBe('37 lost on CPU 5 here (ring full)');
    expect(gapText(1234, 5, mask('full', 'tooBig'))).toBe('1,234 lost on CPU 5 here (ring full or too big)');
    expect(gapText(1, 0, 0)).toBe('1 lost on CPU 0 here');
  });

  it('has help for every cause', () => {
    for (const cause of LOSS_CAUSES) expect(CAUSE_HELP[cause]).toMatch(/\.$/);
  });

  it('puts the most frequent cause first', () => {
    const none = Object.fromEntries(LOSS_CAUSES.map((cause) => [cause, 0])) as Record<LossCause, number>;
    expect(occurredCauses({ ...none, corrupt: 2, full: 5 })).toEqual(['full', 'corrupt']);
  });
});
