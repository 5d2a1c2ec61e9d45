import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TraceClock } from './trace-clock.ts';
import type { TraceHeader } from './trace-header.ts';

const header = (startTicks: bigint, frequency: bigint, startTime = 0n): TraceHeader =>
  ({ startTicks, frequency, startTime }) as TraceHeader;

it('time stamps are told as whole numbers of 64 bits would tell them', () => {
  const view = new DataView(new ArrayBuffer(8));
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 62n }),
      fc.bigInt({ min: -(2n ** 40n), max: 2n ** 50n }),
      fc.constantFrom(10_000_000n, 1_000_000_000n, 3_579_545n, 2_400_000_000n, 1n),
      (start, passed, frequency) => {
        fc.pre(start + passed < 2n ** 63n && passed / frequency < 8_000_000n);
        view.setBigInt64(0, start + passed, true);
        const clock = new TraceClock(header(start, frequency, 7n), header(0n, frequency));
        const exact = Number((passed * 1_000_000_000n) / frequency) + 700;
        // Where a tick is no whole number of nanoseconds, the last one may differ.
        expect(Math.abs(clock.nsAt(view, 0) - exact)).toBeLessThanOrEqual(1_000_000_000n % frequency === 0n ? 0 : 1);
      },
    ),
  );
});
