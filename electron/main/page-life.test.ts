import { beforeEach, describe, expect, it } from 'vitest';
import { PageLife } from './page-life.ts';

let nowMs: number;
let timers: { readonly at: number; readonly run: () => void }[];
let done: string[];
let life: PageLife;

function pass(ms: number): void {
  const until = nowMs + ms;
  for (;;) {
    const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
    if (next === undefined) break;
    timers = timers.filter((timer) => timer !== next);
    nowMs = Math.max(nowMs, next.at);
    next.run();
  }
  nowMs = until;
}

beforeEach(() => {
  nowMs = 0;
  timers = [];
  done = [];
  life = new PageLife({
    now: () => nowMs,
    after: (ms, run) => {
      const timer = { at: nowMs + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    loadPage: () => done.push('page'),
    showTrouble: (reason) => done.push(`trouble: ${reason}`),
    report: () => undefined,
  });
});

describe('a page that ended', () => {
  it('is loaded again from a timer, never from within the event that tells of its end', () => {
    life.ended('crashed');
    expect(done).toEqual([]);
    pass(0);
    expect(done).toEqual(['page']);
  });

  it('is replaced after the fourth end in a minute by a page that says so, and tried again by itself', () => {
    for (let end = 0; end < 4; end++) {
      life.ended('crashed');
      pass(10);
    }
    expect(done).toEqual(['page', 'page', 'page', 'trouble: crashed']);
    pass(4900);
    expect(done).toHaveLength(4);
    pass(100);
    expect(done.at(-1)).toBe('page');
  });

  it('is tried again ever less often and without end, at least every five minutes', () => {
    for (let end = 0; end < 3; end++) {
      life.ended('crashed');
      pass(0);
    }
    const waits: number[] = [];
    for (let end = 0; end < 30; end++) {
      life.ended('crashed');
      pass(0);
      const before = done.length;
      const from = nowMs;
      while (done.length === before && nowMs - from <= 300_000) pass(1000);
      waits.push(nowMs - from);
    }
    expect(waits.slice(0, 4)).toEqual([5000, 10_000, 20_000, 40_000]);
    expect(waits.at(-1)).toBe(300_000);
  });

  it('is not loaded a second time after the person loaded it', () => {
    for (let end = 0; end < 4; end++) {
      life.ended('crashed');
      pass(10);
    }
    done = [];
    life.runs();
    pass(1_000_000);
    expect(done).toEqual([]);
    life.ended('crashed');
    pass(0);
    expect(done).toEqual(['page']);
  });

  it('that had been brought back and ends at once waits longer, not shorter', () => {
    for (let end = 0; end < 4; end++) {
      life.ended('crashed');
      pass(10);
    }
    pass(5000);
    life.runs();
    done = [];
    life.ended('crashed');
    pass(0);
    expect(done).toEqual(['trouble: crashed']);
    pass(9999);
    expect(done).toHaveLength(1);
    pass(1);
    expect(done).toHaveLength(2);
  });

  it('shows nothing in place of the page without script when that ends too, and still tries again', () => {
    for (let end = 0; end < 5; end++) {
      life.ended('crashed');
      pass(10);
    }
    expect(done).toEqual(['page', 'page', 'page', 'trouble: crashed']);
    pass(10_000);
    expect(done.at(-1)).toBe('page');
  });

  it('is not loaded into a window that was closed', () => {
    life.ended('crashed');
    life.close();
    pass(1_000_000);
    expect(done).toEqual([]);
  });
});
