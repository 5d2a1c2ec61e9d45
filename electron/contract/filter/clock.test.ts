import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ZoneRules } from '../local-time.ts';
import { TIME_DIGITS, timeWriter } from '../shown-time.ts';
import { clockRanges } from './clock.ts';
import { filterTree, readFilter } from './parse.ts';
import { printFilter } from './print.ts';
import type { ClockTerm, NumberRange } from './tree.ts';

const WINTER = Date.UTC(2026, 9, 25, 1);
/** Summer time of 2026 in Berlin. */
const BERLIN: ZoneRules = (unixMs) => (unixMs >= Date.UTC(2026, 2, 29, 1) && unixMs < WINTER ? 120 : 60);
const HOUR = 3600e9;

function meant(text: string, startUnixMs: number, zone = BERLIN): readonly NumberRange[] {
  const tree = filterTree(text);
  if (!tree.ok || tree.value.kind !== 'clock') throw new Error(`'${text}' is no time by the clock`);
  return clockRanges(tree.value, startUnixMs, zone);
}

/** Half past ten in Berlin. */
const START = Date.UTC(2026, 2, 1, 9, 30);

describe('a time by the clock in a filter', () => {
  it.each<[string, NumberRange[]]>([
    ['time:10:30:01', [{ from: 1e9, to: 2e9 - 1 }]],
    ['time:10:30:01.5', [{ from: 1.5e9, to: 1.6e9 - 1 }]],
    ['time>10:31:05.5', [{ from: 65.5e9 + 1, to: Number.POSITIVE_INFINITY }]],
    ['time>=10:31:00', [{ from: 60e9, to: Number.POSITIVE_INFINITY }]],
    ['time<10:31:00', [{ from: Number.NEGATIVE_INFINITY, to: 60e9 - 1 }]],
    ['time:10:30:00-10:30:02', [{ from: 0, to: 2e9 }]],
    ['time:10:30:00..10:30:02,10:30:02-10:30:05', [{ from: 0, to: 5e9 }]],
    ['time:2026-03-01T10:31', [{ from: 60e9, to: 120e9 - 1 }]],
    ['time:"2026-03-01 10:31"', [{ from: 60e9, to: 120e9 - 1 }]],
    ['time:2026-03-01T10:31-2026-03-02T10:30', [{ from: 60e9, to: 24 * HOUR }]],
    ['time:10:30:00+02:00', [{ from: -HOUR, to: -HOUR + 1e9 - 1 }]],
    ['time:09:30:07Z', [{ from: 7e9, to: 8e9 - 1 }]],
    // A log goes on past midnight, and its day began a little before it.
    ['time>00:10:00', [{ from: 13 * HOUR + 40 * 60e9 + 1, to: Number.POSITIVE_INFINITY }]],
    ['time>=09:30:00', [{ from: -HOUR, to: Number.POSITIVE_INFINITY }]],
    ['time:23:00:00-01:00:00', [{ from: 12.5 * HOUR, to: 14.5 * HOUR }]],
  ])('%s is what the clock showed then', (text, ranges) => {
    expect(meant(text, START)).toEqual(ranges);
  });

  it('takes an hour that came twice nearest to the beginning of the log, or as its distance from UTC says', () => {
    const [first, second] = [WINTER - 50 * 60_000, WINTER + 10 * 60_000];
    expect(meant('time>=02:30:00', first)[0]?.from).toBe(20 * 60e9);
    expect(meant('time>=02:30:00', second)[0]?.from).toBe(20 * 60e9);
    expect(meant('time>=02:30:00+01:00', first)[0]?.from).toBe(HOUR + 20 * 60e9);
    expect(meant('time>=02:30:00+02:00', second)[0]?.from).toBe(20 * 60e9 - HOUR);
  });

  it('fits nothing while it is not known when the log began', () => {
    const tree = filterTree('time>10:31:05');
    expect(tree.ok && clockRanges(tree.value as ClockTerm, null)).toEqual([]);
  });

  it('is read again as it is written, and shows the rows of the time that the table shows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: WINTER - 90_000_000, max: WINTER + 90_000_000 }),
        fc.integer({ min: 0, max: 17 * HOUR }),
        fc.constantFrom(...TIME_DIGITS),
        (start, timeNs, digits) => {
          const shown = timeWriter(
            { kind: 'clock', digits },
            { startUnixMs: start, bootNs: null },
            { zone: BERLIN, group: '' },
          );
          const text = `time:"${shown(timeNs)}"`;
          const tree = filterTree(text);
          if (!tree.ok) throw new Error(tree.failure.message);
          expect(filterTree(printFilter(tree.value))).toEqual(tree);
          const [range] = meant(text, start);
          const step = { ms: 1e6, us: 1e3, '100ns': 100 }[digits];
          expect((range?.to ?? 0) - (range?.from ?? 0)).toBe(step - 1);
          // Of an hour that came twice, the table tells the second by its distance from UTC and not the first.
          const hours = Math.round(((range?.from ?? 0) - timeNs) / HOUR);
          expect([-1, 0, 1]).toContain(hours);
          const from = (range?.from ?? 0) - hours * HOUR;
          expect(timeNs).toBeGreaterThanOrEqual(from);
          expect(timeNs).toBeLessThan(from + step);
        },
      ),
    );
  });

  it('is refused at once however many blanks and hyphens follow it', () => {
    for (const filler of [' ', '1 ', '..']) {
      const text = `time:"12:00:00.1${filler.repeat(4000)}${'-'.repeat(4000)}"`;
      expect(readFilter(text)).toMatchObject({ as: 'fault' });
    }
  });

  it('is told apart from times since the log began, which one term does not mix', () => {
    expect(readFilter('time>12.5s')).toMatchObject({ as: 'terms', tree: { kind: 'number' } });
    expect(readFilter('time:12:31:05,3s')).toMatchObject({ as: 'fault', fault: { from: 5, to: 13 } });
    for (const wrong of ['time>25:00:00', 'time:2026-02-30T10:00', 'time>10:30:00-10:31:00', 'delta>10:30:00']) {
      expect(readFilter(wrong), wrong).toMatchObject({ as: 'fault' });
    }
  });
});
