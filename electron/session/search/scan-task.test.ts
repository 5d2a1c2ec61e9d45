/** A scanning thread as its pool sees it: what it says at each step, what it keeps in mind, and when it leaves off. */
import { describe, expect, it } from 'vitest';
import { SHOW_ALL, type TextQuery } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import { describeSegment } from '../store/shared-segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry } from '../test-support.ts';
import { cancelSlot, foundIn, ScanSlots } from './scan-slots.ts';
import { Progress, type ScanReply, type ScanRequest, ScanThread } from './scan-task.ts';
import { compileQuery, type ScanQuery } from './scanner.ts';

const text = (pattern: string, regex = true): TextQuery => ({ pattern, regex, caseSensitive: true });

function segmentOf(rows: number): Segment {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 4096, chunkBytes: 65_536 });
  store.append(batchOf(Array.from({ length: rows }, (_, n) => entry(n, `message ${n}`))));
  return store.segmentOf(0) as Segment;
}

/** A thread, what it replied, and what it shares with its pool. Its clock goes on by 5 ms whenever it is read. */
function threadOn(segment: Segment) {
  const progress = new Int32Array(new SharedArrayBuffer(Progress.Words * 4));
  const replies: ScanReply[] = [];
  let clock = 0;
  const thread = new ScanThread(
    progress,
    (reply) => replies.push(reply),
    () => {
      clock += 5;
      return clock;
    },
  );
  const slots = new ScanSlots();
  const take = (more: Partial<ScanRequest>, chosen: Uint32Array | null = null) => {
    const { from = 0, to = 100 } = more;
    const slot = more.slot ?? slots.take({ segment, from, to, offsets: chosen });
    const request: ScanRequest = {
      ...{ id: 1, queryId: 1, query: { text: text('7$') }, segmentId: 1, segment: null, step: 10 },
      ...more,
      ...{ from, to, count: chosen?.length ?? -1, slot },
    };
    thread.take({ scan: request });
    return [...foundIn(slot)];
  };
  return { thread, take, replies, progress, described: describeSegment(segment) };
}

describe('a scanning thread', () => {
  it('finds the same rows in steps of any length, among all and among chosen rows', () => {
    const segment = segmentOf(100);
    const { take, described, replies, progress } = threadOn(segment);
    const wanted = [7, 17, 27, 37, 47, 57, 67, 77, 87, 97];
    take({ segment: described, to: 0 });
    for (const step of [1, 3, 10, 99, 100, 4096]) {
      expect(take({ step, query: { filter: { ...SHOW_ALL, text: text('7$') } }, queryId: 2 })).toEqual(wanted);
      expect(take({ step })).toEqual(wanted);
      expect(take({ step, from: 8, to: 78 })).toEqual(wanted.slice(1, 8));
      const chosen = Uint32Array.from([3, 7, 8, 17, 18, 19, 77, 98]);
      expect(take({ step, from: 3, to: 99 }, chosen)).toEqual([7, 17, 77]);
    }
    expect(replies.every(({ error, ms }) => error === null && ms === 5)).toBe(true);
    expect(Atomics.load(progress, Progress.Task)).toBe(0);
  });

  it('says before each step where it is, and moves its beat with every one', () => {
    const segment = segmentOf(100);
    const { take, described, progress } = threadOn(segment);
    take({ segment: described, from: 40, to: 70, step: 10, id: 9 });
    // The begin of the piece and three steps.
    expect(Atomics.load(progress, Progress.Beat)).toBe(4);
    expect(Atomics.load(progress, Progress.Offset)).toBe(60);
    take({ from: 40, to: 99, step: 2 }, Uint32Array.from([41, 50, 66, 90, 98]));
    expect(Atomics.load(progress, Progress.Offset)).toBe(98);
    expect(Atomics.load(progress, Progress.Beat)).toBe(8);
  });

  it('leaves off at once where the task was given up, with what it has', () => {
    const segment = segmentOf(100);
    const { take, described, replies, progress } = threadOn(segment);
    const slot = new ScanSlots().take({ segment, from: 0, to: 100, offsets: null });
    cancelSlot(slot);
    expect(take({ segment: described, slot })).toEqual([]);
    expect(replies).toEqual([{ id: 1, error: null, ms: 5 }]);
    expect(Atomics.load(progress, Progress.Beat)).toBe(1);
  });

  it('tells of what is thrown: the row it is at, and the words', () => {
    const segment = segmentOf(100);
    const { take, described, replies } = threadOn(segment);
    take({ segment: described, query: { text: text('(') }, queryId: 3, from: 20, id: 4 });
    expect(replies.at(-1)).toMatchObject({ id: 4, error: { offset: 20 } });
    expect(replies.at(-1)?.error?.text).toContain('Unterminated group');
    take({ segmentId: 99, from: 30, id: 5 });
    expect(replies.at(-1)).toMatchObject({ id: 5, error: { offset: 30, text: 'the segment was never described' } });
  });

  it('keeps segments in mind until it is told to forget them', () => {
    const segment = segmentOf(20);
    const { take, thread, described, replies } = threadOn(segment);
    expect(take({ segment: described, to: 20 })).toEqual([7, 17]);
    expect(take({ to: 20 })).toEqual([7, 17]);
    thread.take({ forget: [2, 3] });
    expect(take({ to: 20 })).toEqual([7, 17]);
    thread.take({ forget: [1] });
    take({ to: 20 });
    expect(replies.at(-1)?.error?.text).toContain('never described');
    expect(replies).toHaveLength(4);
  });

  it('compiles a query once, keeps eight, and forgets the oldest', () => {
    const segment = segmentOf(20);
    const { take, described } = threadOn(segment);
    const query: ScanQuery = { text: text('7$') };
    take({ segment: described, to: 0 });
    expect(take({ queryId: 1, query, to: 20 })).toEqual([7, 17]);
    // The number stands for the query: another under the same number is not looked at.
    const other: ScanQuery = { text: text('3$') };
    for (let queryId = 2; queryId <= 8; queryId++) take({ queryId, query, to: 20 });
    expect(take({ queryId: 1, query: other, to: 20 })).toEqual([7, 17]);
    take({ queryId: 9, query, to: 20 });
    expect(take({ queryId: 1, query: other, to: 20 })).toEqual([3, 13]);
    expect(take({ queryId: 3, query: other, to: 20 })).toEqual([7, 17]);
  });
});

describe('a compiled query', () => {
  it('of a filter decides about all rows, or about chosen ones', () => {
    const filter = compileQuery({ filter: SHOW_ALL });
    if (!filter.ok) throw new Error(filter.failure.message);
    const chosen = new Uint32Array([1, 3, 9]);
    expect([filter.value.among(segmentOf(4), chosen, 2), ...chosen]).toEqual([2, 1, 3, 9]);
    const out = new Uint32Array(4);
    expect([filter.value.all(segmentOf(4), 1, 4, out), ...out]).toEqual([3, 1, 2, 3, 0]);
  });

  it('is refused with the words of what refuses it', () => {
    for (const query of [
      { text: text('(') },
      { filter: { ...SHOW_ALL, text: text('(') } },
      { text: text('', false) },
    ]) {
      expect(compileQuery(query)).toMatchObject({ ok: false, failure: { code: 'bad-pattern' } });
    }
  });
});
