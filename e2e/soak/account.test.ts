import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a } from '../../native/sim/messages.ts';
import { type Expectation, type LifePart, RowCheck } from './account.ts';
import { parseRow, type SoakRow } from './rows.ts';

const CPUS = 3;
const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** A stream as a faultless reader delivers it: `attempts` of each life dealt to CPUs, some lost, some without a mark. */
function streamOf(lives: readonly number[], attempts: number, seed: number): { rows: SoakRow[]; parts: LifePart[] } {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const rows: SoakRow[] = [];
  const parts: LifePart[] = [];
  for (const tag of lives) {
    const made = new Array<number>(CPUS).fill(0);
    const lost = new Array<number>(CPUS).fill(0);
    let index = 1;
    const gap = (cpu: number): void => {
      if (lost[cpu] === 0) return;
      rows.push({ index, timeUs: index, cpu, lost: lost[cpu] as number, late: false, mark: null, torn: null });
      lost[cpu] = 0;
    };
    for (let n = 0; n < attempts; n++) {
      const cpu = random(CPUS);
      const attempt = (made[cpu] as number) + 1;
      made[cpu] = attempt;
      if (random(5) === 0) {
        lost[cpu] = (lost[cpu] as number) + 1;
        continue;
      }
      gap(cpu);
      const mark = random(7) === 0 ? null : { tag, attempt };
      rows.push({ index, timeUs: index, cpu, lost: 0, late: false, mark, torn: null });
      index++;
    }
    for (let cpu = 0; cpu < CPUS; cpu++) gap(cpu);
    parts.push({ tag, order: 'index', from: new Array(CPUS).fill(0), to: made });
  }
  return { rows, parts };
}

function judge(
  rows: readonly SoakRow[],
  lives: readonly LifePart[],
  how: Partial<Expectation> = {},
): readonly string[] {
  const check = new RowCheck({ lives, complete: true, dropped: false, ...how });
  for (const row of rows) check.take(row);
  return check.finish();
}

const streams = fc.record({
  lives: fc.constantFrom([5], [5, 6], [9, 2, 7]),
  attempts: fc.integer({ min: 20, max: 120 }),
  seed: fc.nat(),
});

describe('RowCheck', () => {
  it('finds nothing in what a faultless reader delivers, whole or cut short', () => {
    fc.assert(
      fc.property(streams, fc.double({ min: 0, max: 1, noNaN: true }), ({ lives, attempts, seed }, share) => {
        const { rows, parts } = streamOf(lives, attempts, seed);
        expect(judge(rows, parts)).toEqual([]);
        const some = rows.slice(0, Math.floor(rows.length * share));
        expect(judge(some, parts, { complete: false })).toEqual([]);
        expect(judge(rows.slice(some.length), parts, { dropped: true })).toEqual([]);
      }),
    );
  });

  it('finds a row that is missing, there twice, or somewhere else', () => {
    fc.assert(
      fc.property(streams, fc.nat(), fc.nat(), ({ lives, attempts, seed }, one, other) => {
        const { rows, parts } = streamOf(lives, attempts, seed);
        const at = one % rows.length;
        expect(judge(rows.toSpliced(at, 1), parts)).not.toEqual([]);
        expect(judge(rows.toSpliced(at, 0, rows[at] as SoakRow), parts)).not.toEqual([]);
        const to = other % rows.length;
        const [first, second] = [rows[at], rows[to]] as [SoakRow, SoakRow];
        // Where a loss stands among other CPUs' rows is not given.
        if (first.lost > 0 || second.lost > 0 || first.index === second.index) return;
        expect(judge(rows.with(at, second).with(to, first), parts)).not.toEqual([]);
      }),
    );
  });

  it('finds a loss that is counted wrong', () => {
    fc.assert(
      fc.property(streams, fc.nat(), fc.constantFrom(-1, 1), ({ lives, attempts, seed }, one, by) => {
        const { rows, parts } = streamOf(lives, attempts, seed);
        const gaps = rows.flatMap((row, at) => (row.lost > 1 ? [at] : []));
        const at = gaps[one % Math.max(1, gaps.length)];
        fc.pre(at !== undefined);
        const gap = rows[at as number] as SoakRow;
        expect(judge(rows.with(at as number, { ...gap, lost: gap.lost + by }), parts)).not.toEqual([]);
      }),
    );
  });

  it('takes an entry below an earlier one only where it is marked as late', () => {
    const rows = [
      { cpu: 0, index: 1, attempt: 1 },
      { cpu: 1, index: 3, attempt: 1 },
      { cpu: 0, index: 2, attempt: 2 },
    ].map(({ cpu, index, attempt }) => ({
      ...{ cpu, index, timeUs: index, lost: 0, late: false, torn: null },
      mark: { tag: 1, attempt },
    }));
    const life = { tag: 1, order: 'index' as const, from: [0, 0], to: [2, 1] };
    expect(judge(rows, [life])).toEqual(['life 1 CPU 0: index 2 after 3, not marked as late']);
    expect(judge(rows.with(2, { ...(rows[2] as SoakRow), late: true } as (typeof rows)[0]), [life])).toEqual([]);
  });

  it('finds a life that ends early, and one that was not there', () => {
    const { rows, parts } = streamOf([5, 6], 40, 1);
    const short = parts.map((part) => ({ ...part, to: part.to.map((to) => to + 1) }));
    expect(judge(rows, short)).not.toEqual([]);
    expect(judge(rows, parts.slice(0, 1))).not.toEqual([]);
  });
});

describe('parseRow', () => {
  const text = 'a driver’s text @0000002a.00000007';
  const whole = `${text} #${hex(fnv1a(new TextEncoder().encode(text), 0, new TextEncoder().encode(text).length))}`;
  const line = (message: string): string =>
    JSON.stringify({ index: 12, time_us: 3.25, cpu: 1, level: 'info', type: 0, remarks: 0, message });

  it('reads what the simulated driver put into a text', () => {
    expect(parseRow(line(whole))).toEqual({
      ...{ index: 12, timeUs: 3.25, cpu: 1, lost: 0, late: false, torn: null },
      mark: { tag: 42, attempt: 7 },
    });
  });

  it('tells a text that is not as it was written, and a line that is no row', () => {
    expect(parseRow(line(whole.replace('driver', 'drivel'))).torn).toContain('checksum');
    expect(parseRow(line(whole.slice(0, -1))).torn).toContain('without');
    expect(parseRow(line(whole).slice(0, -9)).torn).toContain('not a row');
  });
});
