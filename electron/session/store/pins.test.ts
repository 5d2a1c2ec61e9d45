import { expect, it } from 'vitest';
import { Pins } from './pins.ts';
import { Segment } from './segment.ts';

it('what waits for a pinned segment is done once, when the last reader has left it', () => {
  const pins = new Pins();
  const [read, other] = [new Segment(4, 6), new Segment(4, 6)];
  const done: string[] = [];
  pins.whenFree(other, 50, () => done.push('at once'));
  expect([done.splice(0), pins.bytes]).toEqual([['at once'], 0]);
  pins.add(read);
  pins.add(read);
  pins.whenFree(read, 100, () => done.push('later'));
  pins.add(other);
  pins.whenFree(other, 11, () => done.push('other'));
  expect([done, pins.bytes]).toEqual([[], 111]);
  pins.remove(read);
  expect([done, pins.bytes]).toEqual([[], 111]);
  pins.remove(read);
  expect([done.splice(0), pins.bytes]).toEqual([['later'], 11]);
  // Once more than it was pinned does no harm.
  pins.remove(read);
  expect(done).toEqual([]);
  pins.clear();
  pins.remove(other);
  expect([done, pins.bytes]).toEqual([[], 0]);
});

it('a segment may be pinned again after it was let go', () => {
  const pins = new Pins();
  const segment = new Segment(4, 6);
  let runs = 0;
  for (let turn = 1; turn <= 2; turn++) {
    pins.add(segment);
    pins.whenFree(segment, 1, () => runs++);
    expect(runs).toBe(turn - 1);
    pins.remove(segment);
    expect(runs).toBe(turn);
  }
});
