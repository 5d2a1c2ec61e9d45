/** What the window of dense keys takes by itself: it has to take nearly everything of a busy log, or it saves nothing. */
import { describe, expect, it } from 'vitest';
import { DenseWindow, PLACE_CPU_SHIFT, PLACE_ROW_MASK, WINDOW_KEYS } from './merge-dense.ts';
import { CpuRun } from './run.ts';

const NONE = Number.NEGATIVE_INFINITY;

/** Runs with rows of these keys. */
function runsOf(...keys: readonly (readonly number[])[]): CpuRun[] {
  return keys.map((own, cpu) => {
    const run = new CpuRun(cpu, 4 * 1024 * 1024);
    run.makeRoom(48);
    run.key.set(own);
    run.tail = own.length;
    return run;
  });
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

/** CPU and key of each row placed, in order. */
function placed(window: DenseWindow, runs: readonly CpuRun[]): number[][] {
  const out: number[][] = [];
  for (const place of window.places.subarray(0, window.end)) {
    if (place === 0) continue;
    const cpu = place >>> PLACE_CPU_SHIFT;
    out.push([cpu, (runs[cpu] as CpuRun).key[(place & PLACE_ROW_MASK) - 1] as number]);
  }
  return out;
}

describe('a window of dense keys', () => {
  it('takes rows of all CPUs in the order of their keys, and the runs move on', () => {
    const runs = runsOf([10, 12, 15], [11, 13], [14]);
    const window = new DenseWindow(runs);
    expect(window.place(100, 0, 9)).toBe(true);
    expect(placed(window, runs)).toEqual(
      [10, 11, 12, 13, 14, 15].map((key) => [key === 14 ? 2 : key % 2 === 0 || key === 15 ? 0 : 1, key]),
    );
    expect([window.base, window.end]).toEqual([10, 6]);
    expect(runs.map(({ head }) => head)).toEqual([3, 2, 1]);
    window.clear();
    expect(window.places.every((place) => place === 0)).toBe(true);
    // Nothing is left to take.
    expect(window.place(100, 0, 9)).toBe(false);
  });

  it.each<[number, number, number[]]>([
    // Up to and including (key, cpu): of the CPUs behind that one nothing of the key itself.
    [12, -1, [10, 11]],
    [12, 0, [10, 11, 12]],
    [13, 0, [10, 11, 12]],
    [13, 1, [10, 11, 12, 13]],
    [12.5, -1, [10, 11, 12]],
    [12.5, 1, [10, 11, 12]],
    [10, 0, [10]],
    [9.5, 1, []],
  ])('takes what lies up to key %d of CPU %d', (key, cpu, keys) => {
    const runs = runsOf([10, 12], [11, 13]);
    const window = new DenseWindow(runs);
    expect(window.place(key, cpu, NONE)).toBe(keys.length > 0);
    expect(placed(window, runs).map(([, each]) => each)).toEqual(keys);
    const left = runs.flatMap((run) => [...run.key.subarray(run.head, run.tail)]).sort((a, b) => a - b);
    expect(left).toEqual([10, 11, 12, 13].filter((each) => !keys.includes(each)));
  });

  it('ends after as many keys as it has places, and goes on there', () => {
    const runs = runsOf(upTo(5, 5 + WINDOW_KEYS + 10));
    const window = new DenseWindow(runs);
    expect(window.place(1e9, 0, NONE)).toBe(true);
    expect([window.end, runs[0]?.head]).toEqual([WINDOW_KEYS, WINDOW_KEYS]);
    window.clear();
    expect(window.place(1e9, 0, 4 + WINDOW_KEYS)).toBe(true);
    expect(placed(window, runs).map(([, key]) => key)).toEqual(upTo(5 + WINDOW_KEYS, 15 + WINDOW_KEYS));
  });

  it('takes one row in eight keys, and leaves fewer to the heap', () => {
    for (const [last, taken] of [
      [7, true],
      [8, true],
      [15, true],
      [16, false],
    ] as const) {
      const runs = runsOf([0, last]);
      const window = new DenseWindow(runs);
      expect(window.place(100, 0, NONE)).toBe(taken);
      expect(runs[0]?.head).toBe(taken ? 2 : 0);
      expect(placed(window, runs)).toHaveLength(taken ? 2 : 0);
    }
  });

  it('takes nothing from what was released on, nor keys that are no whole numbers', () => {
    for (const [keys, emitted, taken] of [
      [[5, 6], 4, true],
      [[5, 6], 4.5, true],
      [[5, 6], 5, false],
      [[5.5, 6.5], 4, false],
      [[-3, -2], NONE, true],
      [[2 ** 53, 2 ** 53 + 2], NONE, false],
      [[2 ** 53 - 2, 2 ** 53 - 1], NONE, true],
    ] as const) {
      const runs = runsOf([...keys]);
      expect(new DenseWindow(runs).place(Number.POSITIVE_INFINITY, 0, emitted)).toBe(taken);
      expect(runs[0]?.head).toBe(taken ? 2 : 0);
    }
  });

  it('takes no run with more rows than a place can tell apart', () => {
    for (const [rows, taken] of [
      [PLACE_ROW_MASK - 1, true],
      [PLACE_ROW_MASK, false],
    ] as const) {
      const runs = runsOf(upTo(0, rows));
      const window = new DenseWindow(runs);
      expect(window.place(1e9, 0, NONE)).toBe(taken);
      if (taken) expect(placed(window, runs).at(-1)).toEqual([0, WINDOW_KEYS - 1]);
    }
  });
});
