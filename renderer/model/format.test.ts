import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deltaParts,
  failureSentences,
  formatBytes,
  formatCount,
  formatMatches,
  formatPercent,
  formatPlural,
  formatRate,
  formatShare,
  formatShort,
  formatTime,
  hexLines,
  levelName,
  timeParts,
} from './format.ts';

const T = '\u2009';
const partsOf = (timeNs: number, deltaNs: number) => timeParts(formatTime(timeNs), formatTime(timeNs - deltaNs));

describe('time', () => {
  it('reads seconds to the microsecond, then minutes and hours', () => {
    expect(formatTime(12_004_512_000)).toBe(`12.004${T}512`);
    expect(formatTime(0)).toBe(`0.000${T}000`);
    expect(formatTime(127_000_001_999)).toBe(`2:07.000${T}001`);
    expect(formatTime(3_600_000_000_000)).toBe(`1h00:00.000${T}000`);
  });

  it('emphasises the digits that changed', () => {
    expect(partsOf(12_004_901_000, 389_000)).toEqual({ quiet: `12.004${T}`, strong: '901' });
    expect(partsOf(12_004_901_000, 0)).toEqual({ quiet: `12.004${T}901`, strong: '' });
    expect(partsOf(60_000_000_000, 1_000)).toEqual({ quiet: '', strong: `1:00.000${T}000` });
    expect(timeParts(formatTime(5_000), null)).toEqual({ quiet: '', strong: `0.000${T}005` });
  });

  it('loses no digit in either part', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 47), fc.nat(2 ** 40), (timeNs, deltaNs) => {
        const time = partsOf(timeNs, deltaNs);
        expect(time.quiet + time.strong).toBe(formatTime(timeNs));
      }),
    );
  });

  it('shows the delta with quiet leading zeroes and a sign', () => {
    expect(deltaParts(389_000)).toEqual({ quiet: `+0.000${T}`, strong: '389' });
    expect(deltaParts(1_500_000_000)).toEqual({ quiet: '+', strong: `1.500${T}000` });
    expect(deltaParts(0)).toEqual({ quiet: `+0.000${T}000`, strong: '' });
    expect(deltaParts(-20_000)).toEqual({ quiet: `-0.000${T}0`, strong: '20' });
    expect(deltaParts(null)).toEqual({ quiet: '', strong: '' });
    expect(deltaParts(-1_389_123_456, 'ms')).toEqual({ quiet: '-', strong: '1.389' });
    expect(deltaParts(389_456, '100ns')).toEqual({ quiet: `+0.000${T}`, strong: `389${T}4` });
    expect(deltaParts(99, '100ns')).toEqual({ quiet: `+0.000${T}000${T}0`, strong: '' });
  });

  it('shows times before the begin as such: never a minus inside, always six digits of a second', () => {
    expect(formatTime(-7_075_000_000)).toBe(`-7.075${T}000`);
    expect(formatTime(-1)).toBe(`-0.000${T}001`);
    expect(formatTime(-7_750_997_000)).toBe(`-7.750${T}997`);
    expect(formatTime(-3_723_000_004_000)).toBe(`-1h02:03.000${T}004`);
    expect(partsOf(-5_000, -3_000)).toEqual({ quiet: `-0.000${T}00`, strong: '5' });
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.option(fc.maxSafeInteger()), (timeNs, deltaNs) => {
        expect(formatTime(timeNs)).toMatch(/^-?(\d+h)?(\d+:)?\d+\.\d{3}\u2009\d{3}$/);
        const delta = deltaParts(deltaNs);
        expect(delta.quiet + delta.strong).toMatch(/^([+-]\d+\.\d{3}\u2009\d{3})?$/);
        const time = partsOf(timeNs, deltaNs ?? 0);
        expect(time.quiet + time.strong).toBe(formatTime(timeNs));
      }),
    );
  });
});

describe('counts', () => {
  it('separates thousands and shortens without promising more', () => {
    expect(formatCount(10_214_882)).toBe('10,214,882');
    expect(formatCount(999)).toBe('999');
    expect(formatShort(9_999)).toBe('9,999');
    expect(formatShort(10_214_882)).toBe('10.2M');
    expect(formatShort(999_999)).toBe('999k');
    expect(formatShort(99_999)).toBe('99.9k');
    expect(formatShort(2_000_000_000)).toBe('2G');
    expect(formatMatches(1204, 10_214_882)).toBe('1,204 of 10.2M');
    expect(formatMatches(12, 12)).toBe('12');
    expect([formatPlural(1, 'row'), formatPlural(1204, 'row')]).toEqual(['1 row', '1,204 rows']);
    expect(formatRate(98_400.4)).toBe('98,400/s');
  });

  it('shows bytes and shares', () => {
    expect(formatBytes(640)).toBe('640 B');
    expect(formatBytes(412 * 1024 * 1024)).toBe('412 MB');
    expect(formatBytes(1.46 * 1024 ** 3)).toBe('1.4 GB');
    expect(formatBytes(1023)).toBe('0.9 KB');
    expect(formatPercent(0)).toBe('0 %');
    expect(formatPercent(0.004)).toBe('<1 %');
    expect(formatPercent(1)).toBe('100 %');
    expect([0, 0.004, 0.098, 0.094, 0.989, 0.996, 1].map(formatShare)).toEqual([
      ...['0 %', '<1 %', '10 %', '9 %', '99 %', '>99 %', '100 %'],
    ]);
  });

  it('names levels', () => {
    expect([0, 1, 2, 3, 9].map(levelName)).toEqual(['error', 'warning', 'info', 'trace', 'level 9']);
  });
});

describe('text', () => {
  it('tells a failure in whole sentences, with the words of the system', () => {
    const system = { code: 'ENOSPC', text: 'no space left' };
    expect(failureSentences({ message: 'It is not written', action: 'Free some space', system })).toBe(
      'It is not written (ENOSPC: no space left). Free some space.',
    );
    expect(failureSentences({ message: 'Gone.', action: '' })).toBe('Gone.');
  });

  it('dumps bytes sixteen a line', () => {
    const bytes = Uint8Array.from({ length: 18 }, (_, i) => 0x40 + i);
    expect(hexLines(bytes, 4096)).toEqual([
      { offset: '0000', hex: '40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f', ascii: '@ABCDEFGHIJKLMNO' },
      { offset: '0010', hex: '50 51', ascii: 'PQ' },
    ]);
    expect(hexLines(bytes, 16)).toHaveLength(1);
  });
});
