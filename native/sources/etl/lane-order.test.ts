import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countCases } from '../../core/test-support.ts';
import { LaneOrder, NO_TIME } from './lane-order.ts';

/** The plain way: the earliest of all, of several the one with the smallest number. */
function plainFirst(times: readonly number[]): number {
  let first = -1;
  for (const [lane, time] of times.entries()) {
    if (time !== NO_TIME && (first < 0 || time < (times[first] as number))) first = lane;
  }
  return first;
}

it('the first lane is the one that a look at all of them finds, whatever changes', () => {
  const cases = countCases('several lanes have the first time', 'no lane has one', 'room for more');
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          lane: fc.nat(20),
          time: fc.oneof(
            { arbitrary: fc.integer({ min: -3, max: 9 }), weight: 3 },
            { arbitrary: fc.constant(NO_TIME), weight: 2 },
          ),
        }),
        { maxLength: 60 },
      ),
      (changes) => {
        const order = new LaneOrder();
        const times: number[] = [NO_TIME];
        for (const { lane, time } of changes) {
          if (lane >= times.length) {
            cases.note('room for more');
            while (times.length <= lane) times.push(NO_TIME);
            order.resize(times.length);
          }
          times[lane] = time;
          order.set(lane, time);
          const first = plainFirst(times);
          expect(order.first()).toBe(first);
          if (first < 0) cases.note('no lane has one');
          else if (times.filter((each) => each === times[first]).length > 1)
            cases.note('several lanes have the first time');
        }
        order.clear();
        expect(order.first()).toBe(-1);
      },
    ),
    { numRuns: 300 },
  );
  cases.expectEach();
});
