import { describe, expect, it } from 'vitest';
import type { WATCH_ACTIONS } from '../contract/watches.ts';
import { WatchLimits } from './watch-limits.ts';

/** How often a watch acts in `seconds` if it has a match every millisecond. */
function acted(limits: WatchLimits, keys: readonly string[], action: (typeof WATCH_ACTIONS)[number], seconds: number) {
  let count = 0;
  for (let ms = 0; ms < seconds * 1000; ms++) for (const key of keys) if (limits.take(key, action, ms)) count++;
  return count;
}

describe('a flood of matches', () => {
  it('is no flood of actions that reach beyond the log', () => {
    expect(acted(new WatchLimits(), ['a'], 'notify', 60)).toBe(12);
    expect(acted(new WatchLimits(), ['a'], 'run', 60)).toBe(12);
    expect(acted(new WatchLimits(), ['a'], 'sound', 60)).toBe(60);
    expect(acted(new WatchLimits(), ['a'], 'save', 300)).toBe(5);
  });

  it('of many watches shares what there is', () => {
    const many = Array.from({ length: 20 }, (_, n) => `${n}`);
    expect(acted(new WatchLimits(), many, 'notify', 60)).toBe(36);
    expect(acted(new WatchLimits(), many, 'save', 120)).toBe(6);
  });

  it('ends, of what fills a disk or a list', () => {
    const limits = new WatchLimits();
    let saved = 0;
    for (let minute = 0; minute < 10_000; minute++) if (limits.take('a', 'save', minute * 60_000)) saved++;
    expect(saved).toBe(50);
    expect(acted(new WatchLimits(), ['a'], 'bookmark', 5)).toBe(2000);
  });

  it('does not keep one watch from acting because another has', () => {
    const limits = new WatchLimits();
    expect(limits.take('a', 'notify', 0)).toBe(true);
    expect(limits.take('a', 'notify', 4999)).toBe(false);
    expect(limits.take('b', 'notify', 4999)).toBe(true);
    expect(limits.take('a', 'notify', 5000)).toBe(true);
  });
});
