import { describe, expect, it } from 'vitest';
import { type FoundLoss, MOST_MARKERS } from '../../electron/contract/loss.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { elapsedText } from '../../electron/contract/shown-time.ts';
import { LOSS_CAUSES, type LossCause, RowKind } from '../../native/core/entry.ts';
import { NO_EVENT_NAMES } from '../../native/core/event-names.ts';
import { CAUSE_HELP, foundLossText, gapText, noLossText, occurredCauses } from './loss.ts';

const mask = (...causes: LossCause[]): number =>
  causes.reduce((bits, cause) => bits | (1 << LOSS_CAUSES.indexOf(cause)), 0);

describe('loss words', () => {
  const gap = (remarks: number, cpu: number, type: number, cpuDeltaNs: number | null = null) =>
    ({ kind: RowKind.Gap, remarks, cpu, type, timeNs: 557_002_000, cpuDeltaNs }) as LogRow;
  const text = (timeNs: number) => elapsedText(timeNs, 'ms');

  it('say of a marker how many, where, when and why', () => {
    expect(gapText(gap(37, 5, mask('full')), text)).toBe('37 lost on CPU 5 before 0.557 (ring full)');
    expect(gapText(gap(1234, 5, mask('full', 'tooBig'), 4_000_000), text)).toBe(
      '1,234 lost on CPU 5 between 0.553 and 0.557 (ring full or too big)',
    );
    const loser = { ...NO_EVENT_NAMES, provider: 'Boot', event: 'kernel buffers full' };
    expect(gapText(gap(7, 5, mask('full')), text, undefined, loser)).toBe(
      '7 lost on CPU 5 before 0.557 by Boot: kernel buffers full (ring full)',
    );
    expect(gapText(gap(3, 0, 0), text, undefined, undefined, false)).toBe('3 lost before 0.557');
    expect(gapText(gap(3, 0, 0), text, 'dbwin', undefined, false)).toBe('3 lost of dbwin before 0.557');
    expect(gapText(gap(1, 0, 0), text, 'sim:lab')).toBe('1 lost on CPU 0 of sim:lab before 0.557');
  });

  const found: FoundLoss = {
    ...{ generation: 1, first: 7, last: 9, lost: 30_570, cpus: [0, 1, 2, 3, 6, 8, 9], causes: mask('full') },
    ...{ fromNs: 553_128_000, toNs: 557_002_000 },
  };

  it('sum up the markers that somebody walked to', () => {
    expect(foundLossText(found, text)).toBe('30,570 lost on CPUs 0-3, 6, 8-9 between 0.553 and 0.557 (ring full).');
    expect(foundLossText({ ...found, cpus: [4], causes: 0, fromNs: null }, text)).toBe(
      '30,570 lost on CPU 4 before 0.557.',
    );
    expect(foundLossText({ ...found, last: 7 + MOST_MARKERS - 1 }, text)).toMatch(/^At least 30,570 lost/);
    expect(foundLossText({ ...found, last: 7 + MOST_MARKERS - 2 }, text)).toMatch(/^30,570 lost/);
  });

  it('say that there is none beyond, and whether that is final', () => {
    expect(noLossText('next', false, false)).toBe('No loss further down in the rows shown.');
    expect(noLossText('next', false, true)).toBe(
      'No loss further down in the rows shown. Shift+F8 looks the other way.',
    );
    expect(noLossText('previous', true, false)).toBe(
      'No loss further up in the rows shown so far: the filter has not seen all rows yet.',
    );
  });

  it('has help for every cause', () => {
    for (const cause of LOSS_CAUSES) expect(CAUSE_HELP[cause]).toMatch(/\.$/);
  });

  it('puts the most frequent cause first', () => {
    const none = Object.fromEntries(LOSS_CAUSES.map((cause) => [cause, 0])) as Record<LossCause, number>;
    expect(occurredCauses({ ...none, corrupt: 2, full: 5 })).toEqual(['full', 'corrupt']);
  });
});
