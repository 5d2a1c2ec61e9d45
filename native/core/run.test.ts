/** Where the records of a CPU wait: room is made by moving what waits, never by losing it. */
import { describe, expect, it } from 'vitest';
import { RV } from './layout.ts';
import { CpuRun } from './run.ts';

const HEADER = RV.RECORD_HEADER_BYTES;
const pair = (low: number, high = 0) => Uint32Array.of(low, high);

/** Adds a row of one header whose index is its key, as a decoder would. */
function push(run: CpuRun, key: number): void {
  run.pushLoss(key, key + 1, pair(7, 8), pair(key, 9));
}

/** Key, loss and index of every row that waits. */
function waiting(run: CpuRun): number[][] {
  return Array.from({ length: run.tail - run.head }, (_, n) => {
    const row = run.head + n;
    const at = run.offset[row] as number;
    return [run.key[row] as number, run.lost[row] as number, run.words[at + 4] as number];
  });
}

const expected = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => [from + n, from + n + 1, from + n]);

describe('the records of a CPU', () => {
  it('take no memory before there are some', () => {
    const run = new CpuRun(2, 4096);
    expect([run.bytes.length, run.key.length, run.empty]).toEqual([0, 0, true]);
    expect(run.makeRoom(HEADER)).toBe(4096);
    const { bytes } = run;
    expect(run.makeRoom(4096)).toBe(4096);
    expect(run.bytes).toBe(bytes);
  });

  it('stay where they are while there is room behind them', () => {
    const run = new CpuRun(0, 4096);
    run.makeRoom(HEADER);
    for (let key = 0; key < 10; key++) push(run, key);
    run.head = 4;
    expect(run.makeRoom(4096 - 10 * HEADER)).toBe(4096 - 10 * HEADER);
    expect([run.head, run.tail]).toEqual([4, 10]);
    // A word more than there is, and the four that went leave their place.
    expect(run.makeRoom(4096 - 10 * HEADER + 8)).toBe(4096 - 6 * HEADER);
    expect([run.head, run.tail]).toEqual([0, 6]);
    expect(waiting(run)).toEqual(expected(4, 10));
  });

  it('begin anew once nothing waits', () => {
    const run = new CpuRun(0, 4096);
    run.makeRoom(HEADER);
    for (let key = 0; key < 10; key++) push(run, key);
    run.head = run.tail;
    expect(run.makeRoom(HEADER)).toBe(4096);
    expect([run.head, run.tail, run.used]).toEqual([0, 0, 0]);
  });

  it('leave room for losses when they fill all there is', () => {
    const run = new CpuRun(0, 4760);
    run.makeRoom(HEADER);
    for (let key = 0; key < 85; key++) push(run, key);
    expect(run.used).toBe(4760);
    let losses = 0;
    for (; losses < 100 && run.hasSpareRow(); losses++) push(run, 85 + losses);
    expect(losses).toBe(64);
    expect(waiting(run)).toEqual(expected(0, 149));
    run.head = 1;
    expect(run.hasSpareRow()).toBe(true);
    expect(waiting(run)).toEqual(expected(1, 149));
  });
});

it('a loss is a header of no kind that says when, where and on which CPU', () => {
  const run = new CpuRun(5, 4096);
  run.makeRoom(HEADER);
  run.words.fill(0xffffffff);
  run.pushLoss(1.5, 3, pair(11, 12), pair(13, 14));
  expect([...run.words.subarray(0, 15)]).toEqual([0, 5, 11, 12, 13, 14, ...Array(8).fill(0), 0xffffffff]);
  expect([run.key[0], run.lost[0], run.offset[0], run.tail, run.used]).toEqual([1.5, 3, 0, 1, HEADER]);
});
