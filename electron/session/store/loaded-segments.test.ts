/** Copies of archived segments that were read back: who is given up first, and where the buffers go. */
import { describe, expect, it } from 'vitest';
import type { Archived } from './held-segment.ts';
import { LoadedSegments } from './loaded-segments.ts';
import { Pins } from './pins.ts';
import type { Segment } from './segment.ts';

const held = (memoryBytes: number) => ({ handle: { rows: 1, memoryBytes }, loaded: null }) as unknown as Archived;
const segment = (name: string) => ({ name }) as unknown as Segment;

function setUp() {
  const back: Segment[] = [];
  const pins = new Pins();
  const archive = { giveBack: (given: Segment) => back.push(given) } as never;
  return { back, pins, loaded: new LoadedSegments(archive, pins) };
}

describe('segments that were read back', () => {
  it('are given up by their last use, and their buffers go back to the archive', () => {
    const { back, loaded } = setUp();
    const [first, second] = [held(10), held(20)];
    const [a, b] = [segment('a'), segment('b')];
    loaded.add(first, a);
    loaded.add(second, b);
    expect([loaded.size, loaded.bytes]).toEqual([2, 30]);
    expect(loaded.use(first)).toBe(a);
    loaded.unloadOldest();
    expect([back, loaded.size, loaded.bytes, second.loaded]).toEqual([[b], 1, 10, null]);
    expect(loaded.use(second)).toBeNull();
    loaded.unload(second);
    expect([back.length, loaded.bytes]).toEqual([1, 10]);
  });

  it('go back only once nobody reads them, and count until then', () => {
    const { back, pins, loaded } = setUp();
    const one = held(10);
    const a = segment('a');
    loaded.add(one, a);
    pins.add(a);
    loaded.unload(one);
    expect([back, loaded.bytes, pins.bytes]).toEqual([[], 0, 10]);
    pins.remove(a);
    expect([back, pins.bytes]).toEqual([[a], 0]);
  });
});
