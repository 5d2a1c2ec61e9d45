/** A log exported as text with the times of a table, read back by this program: each record where it was in time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from '../../native/sources/file/test-support.ts';
import type { ShownDelta } from '../contract/output.ts';
import { TIME_DIGITS, TIME_KINDS } from '../contract/shown-time.ts';
import { formatBatch, lineFormatter } from '../session/output/line-formats.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import { createExportRow } from '../session/output/output-row.ts';
import { batchOf, entry } from '../session/test-support.ts';

const START = Date.UTC(2026, 9, 24, 22, 30);
/** Summer time ends two and a half hours after the begin. */
const BERLIN = (unixMs: number) => (unixMs < Date.UTC(2026, 9, 25, 1) ? 120 : 60);
const STEP_NS = { ms: 1e6, us: 1e3, '100ns': 100, ns: 1 } as const;
const floor = (ns: number, step: number) => Math.floor(ns / step) * step;

describe('text with the times of a table', () => {
  it('comes back to the digits that were shown, over midnight and the end of summer time, with and without deltas', () => {
    const times = fc.record({
      kind: fc.constantFrom(...TIME_KINDS),
      digits: fc.constantFrom(...TIME_DIGITS, 'ns' as const),
      delta: fc.constantFrom<ShownDelta | null>('row', 'cpu', null, { fromNs: 5 }),
    });
    const steps = fc.array(fc.integer({ min: 0, max: 3_600_000_000_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(times, steps, fc.nat(900_000_000), (shown, made, boot) => {
        let timeNs = 0;
        const rows = made.map((step, at) => {
          timeNs += step;
          return entry(at + 1, `row ${at}`, { timeNs, cpu: at % 3 });
        });
        const origin = { startUnixMs: START, bootNs: boot * 1000 };
        const info = { source: 'sim:a', sessionId: 'f0', startUnixMs: START };
        const formatter = lineFormatter('text', outputFacts({ info, times: { ...shown, origin, zone: BERLIN } }));
        const text = formatter.header(info) + formatBatch(formatter, batchOf(rows), 0, rows.length, createExportRow());
        const back = read(text);
        expect(back.format).toBe('ringview');
        expect(back.startUnixMs).toBe(START);
        const step = STEP_NS[shown.digits];
        // Since boot, digits are cut off of the sum.
        const cut = (ns: number) =>
          shown.kind === 'boot' ? floor(ns + origin.bootNs, step) - origin.bootNs : floor(ns, step);
        expect(back.rows.map(({ timeNs: ns, text: message, cpu }) => [ns, message, cpu])).toEqual(
          rows.map(({ timeNs: ns, cpu }, at) => [cut(ns), `row ${at}`, cpu]),
        );
      }),
    );
  });

  it('is read where its first line says nothing of a day, as far as that goes', () => {
    const line = (time: string) => `         1\t${time.padStart(16)}\t  0\tinfo   \t    0\t         0\ta\n`;
    expect(read(`# RingView log\n${line('1:02.5000000')}`).rows).toMatchObject([{ timeNs: 62.5e9, text: 'a' }]);
    // A time of day without a first line that says of which day and zone is no row: it stays text.
    const { rows } = read(`# RingView log\n${line('1.500')}${line('10:30:00.000')}`);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).toContain('10:30:00.000');
  });
});
