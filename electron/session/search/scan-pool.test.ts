import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import type { Segment } from '../store/segment.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeThreads } from '../test-support.ts';
import { LogView } from '../view/view.ts';
import { ROW_MS, ScanPool, threadsFor } from './scan-pool.ts';
import type { ScanMessage, ScanReply } from './scan-task.ts';
import type { ScanOutcome, ScanQuery } from './scanner.ts';

const SMALL = { memoryCapBytes: 1 << 30, segmentRows: 4096, chunkBytes: 65_536 };
const ROWS = 8000;
const regex = (pattern: string) => ({ pattern, regex: true, caseSensitive: true });
const QUERY: ScanQuery = { filter: { ...SHOW_ALL, text: regex('7$') } };

function filledStore(rows = ROWS): SessionStore {
  const store = new SessionStore(SMALL);
  store.append(batchOf(Array.from({ length: rows }, (_, i) => entry(i, `message ${i}`))));
  return store;
}

/** Puts pieces of some rows each to a pool, and notes what comes back. */
function submitted(threads: FakeThreads, query = QUERY, pieces = 3, rows = 1000) {
  const store = filledStore();
  const segment = store.segmentOf(0) as Segment;
  const scan = threads.pool.open(query);
  const outcomes: (ScanOutcome | null | undefined)[] = Array.from({ length: pieces }, () => undefined);
  for (let at = 0; at < pieces; at++) {
    scan.submit({ segment, from: at * rows, to: (at + 1) * rows, offsets: null }, (outcome) => {
      expect(outcomes[at]).toBeUndefined();
      outcomes[at] = outcome;
    });
  }
  return { scan, outcomes };
}

const endingIn7 = (from: number, to: number) => {
  const found: number[] = [];
  for (let i = from; i < to; i++) if (i % 10 === 7) found.push(i);
  return found;
};

describe('ScanPool', () => {
  it('takes two threads where there are two cores, and leaves one core of more', () => {
    expect([1, 2, 3, 4, 5, 16].map(threadsFor)).toEqual([1, 2, 2, 3, 4, 4]);
  });

  it('finds what a plain scan finds, whichever thread is first', () => {
    const cases = countCases('one thread', 'several threads', 'a later piece first');
    fc.assert(
      fc.property(fc.array(fc.nat(3)), fc.integer({ min: 1, max: 4 }), (order, count) => {
        const threads = new FakeThreads(count);
        const { outcomes } = submitted(threads);
        let overtaken = false;
        for (const which of order) {
          threads.work(which);
          overtaken ||= outcomes.some((outcome, at) => outcome !== undefined && outcomes.indexOf(undefined) < at);
        }
        threads.settle();
        expect(outcomes.map((outcome) => [...(outcome?.offsets ?? [])])).toEqual([
          endingIn7(0, 1000),
          endingIn7(1000, 2000),
          endingIn7(2000, 3000),
        ]);
        expect(threads.started).toBeLessThanOrEqual(count);
        cases.note(threads.started === 1 ? 'one thread' : 'several threads');
        cases.note('a later piece first', overtaken);
      }),
    );
    cases.expectEach(5);
  });

  it('looks at the chosen rows alone', () => {
    const threads = new FakeThreads(1);
    const segment = filledStore().segmentOf(0) as Segment;
    const scan = threads.pool.open({ text: regex('7$') });
    const chosen = Uint32Array.from([3, 7, 17, 18, 2027, 4007]);
    let found: number[] = [];
    scan.submit({ segment, from: 3, to: 4008, offsets: chosen }, (outcome) => {
      found = [...(outcome?.offsets ?? [])];
    });
    chosen.fill(0);
    threads.settle();
    expect(found).toEqual([7, 17, 2027, 4007]);
  });

  it('sees rows, columns and chunks that were added after it saw the segment first', () => {
    const threads = new FakeThreads(1);
    const store = new SessionStore({ ...SMALL, chunkBytes: 1024 });
    const scan = threads.pool.open({ filter: { ...SHOW_ALL, pids: [9], text: regex('7$') } });
    const found: number[] = [];
    for (let part = 0; part < 20; part++) {
      const from = part * 100;
      const rows = Array.from({ length: 100 }, (_, i) =>
        entry(from + i, `message ${from + i}`, { pid: i < 50 ? 9 : part }),
      );
      store.append(batchOf(rows));
      const segment = store.segmentOf(0) as Segment;
      scan.submit({ segment, from, to: from + 100, offsets: null }, (outcome) => {
        found.push(...(outcome?.offsets ?? []));
      });
      if (part % 3 === 0) threads.settle();
    }
    threads.settle();
    expect(found).toEqual(endingIn7(0, 2000).filter((at) => at % 100 < 50 || Math.floor(at / 100) === 9));
  });

  it('lets few pieces wait at a thread unless they are quick, for others that are in a hurry', () => {
    for (const [pieceMs, most] of [
      [1, 4],
      [50, 2],
    ] as const) {
      const threads = new FakeThreads(1);
      threads.pieceMs = pieceMs;
      submitted(threads, QUERY, 8);
      expect(threads.waiting).toBe(2);
      threads.work();
      expect(threads.waiting).toBe(most);
      threads.settle();
    }
  });

  it('ends a thread that stays on a row, names the row, and keeps what was found before it', () => {
    const threads = new FakeThreads(2);
    threads.endless.add('message 1500');
    const { scan, outcomes } = submitted(threads);
    while (threads.work());
    // The others go on, and the piece is tried once more row by row before it is given up.
    expect([outcomes[0]?.trouble, outcomes[2]?.trouble]).toEqual([null, null]);
    threads.look(6);
    while (threads.work());
    expect(outcomes[1]).toBeUndefined();
    threads.look(ROW_MS / 100 + 1);
    expect(outcomes[1]).toEqual({
      offsets: Uint32Array.from(endingIn7(1000, 1500)),
      trouble: { kind: 'slow', offset: 1500, text: '' },
    });
    scan.cancel();
    threads.endless.clear();
    const next = submitted(threads);
    threads.settle();
    expect(next.outcomes.map((outcome) => outcome?.offsets.length)).toEqual([100, 100, 100]);
  });

  it('does not blame a row for what only many rows together take', () => {
    const threads = new FakeThreads(1);
    threads.endless.add('message 10');
    const { outcomes } = submitted(threads, QUERY, 1);
    threads.work();
    threads.endless.clear();
    threads.look(6);
    threads.settle();
    expect(outcomes[0]).toEqual({ offsets: Uint32Array.from(endingIn7(0, 1000)), trouble: null });
  });

  it('counts no time that passes unlooked at: a machine may sleep', () => {
    const threads = new FakeThreads(1);
    threads.endless.add('message 10');
    submitted(threads);
    threads.work();
    threads.look(5);
    expect(threads.started).toBe(1);
    threads.look(1);
    threads.work();
    expect(threads.started).toBe(2);
  });

  it('gives the engine’s words for a row it throws at', () => {
    const threads = new FakeThreads(2);
    threads.refused.add('message 20');
    const { outcomes } = submitted(threads, QUERY, 1);
    threads.settle();
    expect(outcomes[0]).toEqual({
      offsets: Uint32Array.from([7, 17]),
      trouble: { kind: 'broken', offset: 20, text: 'too large' },
    });
  });

  it('tells every piece when a scan is cancelled, and only once nobody reads the segment', () => {
    const threads = new FakeThreads(1);
    threads.endless.add('message 10');
    const { scan, outcomes } = submitted(threads, QUERY, 4);
    threads.work();
    scan.cancel();
    // Two were handed over, two were not.
    expect(outcomes).toEqual([undefined, undefined, null, null]);
    threads.look(3);
    expect(outcomes).toEqual([null, null, null, null]);
    expect(threads.idle).toBe(true);
    expect(scan.ready).toBe(false);
  });

  it('ends the scan whose thread died, and starts another thread for the next', () => {
    const threads = new FakeThreads(1);
    const { outcomes } = submitted(threads);
    threads.die('out of memory');
    expect(outcomes[0]?.trouble).toEqual({ kind: 'broken', offset: null, text: 'out of memory' });
    threads.settle();
    expect([outcomes[1]?.offsets.length, outcomes[2]?.offsets.length, threads.started]).toEqual([100, 100, 2]);
  });

  it('starts its threads before the first scan where it is told to, each once', () => {
    const threads = new FakeThreads(3);
    expect(threads.started).toBe(0);
    threads.pool.warm();
    threads.pool.warm();
    expect(threads.started).toBe(3);
    const { outcomes } = submitted(threads);
    threads.settle();
    expect([threads.started, outcomes.map((outcome) => outcome?.offsets.length)]).toEqual([3, [100, 100, 100]]);
  });

  it('gives up all pieces when it is closed, each once, and looks at its threads no more', () => {
    const threads = new FakeThreads(2);
    threads.endless.add('message 10');
    const { scan, outcomes } = submitted(threads, QUERY, 8, 500);
    threads.work();
    threads.pool.close();
    expect(outcomes).toEqual(Array(8).fill(null));
    expect([threads.work(), threads.idle, scan.ready]).toEqual([false, true, false]);
    threads.look(20);
    expect(threads.started).toBe(2);
    expect(() =>
      scan.submit({ segment: filledStore().segmentOf(0) as Segment, from: 0, to: 1, offsets: null }, () => {}),
    ).toThrow('was cancelled');
    threads.pool.close();
  });

  it('forgets segments of a log that was cleared, and describes them anew where they are searched again', () => {
    const threads = new FakeThreads(1);
    const segment = filledStore().segmentOf(0) as Segment;
    const search = () => {
      let found = -1;
      threads.pool.open({ text: regex('7$') }).submit({ segment, from: 0, to: 100, offsets: null }, (outcome) => {
        found = outcome?.trouble === null ? outcome.offsets.length : -2;
      });
      threads.settle();
      return found;
    };
    expect([search(), search()]).toEqual([10, 10]);
    threads.pool.forget();
    expect([search(), search()]).toEqual([10, 10]);
  });

  it('keeps few segments in mind in each thread, and finds the same in however many', () => {
    const threads = new FakeThreads(1);
    const segments = Array.from({ length: 12 }, () => filledStore(100).segmentOf(0) as Segment);
    const found: number[] = [];
    for (const turn of [0, 1]) {
      for (const segment of segments) {
        threads.pool
          .open({ text: regex(`${turn}$`) })
          .submit({ segment, from: 0, to: 100, offsets: null }, (outcome) => {
            found.push(outcome?.trouble === null ? outcome.offsets.length : -1);
          });
        threads.settle();
      }
    }
    expect(found).toEqual(Array(24).fill(10));
  });

  it('is ready for as many pieces as its threads can have, and no more', () => {
    const threads = new FakeThreads(2);
    const segment = filledStore().segmentOf(0) as Segment;
    const scan = threads.pool.open(QUERY);
    let submittedPieces = 0;
    for (; scan.ready && submittedPieces < 100; submittedPieces++) {
      scan.submit({ segment, from: 0, to: 10, offsets: null }, () => {});
    }
    expect(submittedPieces).toBe(8);
    threads.work();
    expect(scan.ready).toBe(true);
    threads.settle();
    scan.cancel();
    scan.cancel();
    expect(scan.ready).toBe(false);
  });

  it('looks at its threads only as long as they have something to do', () => {
    const posted: ScanMessage[] = [];
    const looks: (() => void)[] = [];
    let reply: (reply: ScanReply) => void = () => {};
    const pool = new ScanPool({
      threads: 1,
      start: (_progress, replied) => {
        reply = replied;
        return { post: (message) => posted.push(message), end: () => {} };
      },
      after: (ms, run) => {
        expect(ms).toBe(100);
        looks.push(run);
        return () => {};
      },
    });
    const segment = filledStore().segmentOf(0) as Segment;
    let outcome: ScanOutcome | null = null;
    pool.open(QUERY).submit({ segment, from: 0, to: 10, offsets: null }, (told) => {
      outcome = told;
    });
    expect(looks).toHaveLength(1);
    looks[0]?.();
    looks[1]?.();
    expect(looks).toHaveLength(3);
    const [message] = posted;
    if (message === undefined || !('scan' in message)) throw new Error('nothing was posted');
    // Not of the piece that is under way: of one that was given up, say.
    reply({ id: message.scan.id + 1, error: null, ms: 1 });
    expect(outcome).toBeNull();
    reply({ id: message.scan.id, error: null, ms: 1 });
    expect(outcome).toEqual({ offsets: new Uint32Array(0), trouble: null });
    looks[2]?.();
    expect(looks).toHaveLength(3);
  });

  it('serves scans in turn, so that a long one does not hold up a short one', () => {
    const threads = new FakeThreads(1);
    const segment = filledStore().segmentOf(0) as Segment;
    const order: string[] = [];
    const scans = ['long', 'short'].map((name) => ({ name, scan: threads.pool.open(QUERY) }));
    for (const { name, scan } of scans) {
      for (let piece = 0; piece < (name === 'long' ? 8 : 2); piece++) {
        scan.submit({ segment, from: 0, to: 10, offsets: null }, () => order.push(name));
      }
    }
    threads.settle();
    expect(order).toHaveLength(10);
    // Two of the long one were handed over before the short one came.
    expect(order.indexOf('short')).toBeLessThanOrEqual(3);
    expect(order.lastIndexOf('short')).toBeLessThanOrEqual(5);
  });

  it('lets an urgent scan go before the others', () => {
    const threads = new FakeThreads(1);
    const { outcomes } = submitted(threads, QUERY, 6, 500);
    const segment = filledStore().segmentOf(0) as Segment;
    let done = 0;
    threads.pool.open(QUERY, true).submit({ segment, from: 0, to: 10, offsets: null }, () => {
      done = outcomes.filter((outcome) => outcome !== undefined).length;
    });
    threads.settle();
    expect(done).toBe(2);
  });
});

describe('LogView with threads', () => {
  it('never runs an expression on its own thread, however few rows there are: it might not return', () => {
    const threads = new FakeThreads(1);
    const store = filledStore(10);
    const view = new LogView(store, threads.pool);
    view.setFilter({ ...SHOW_ALL, text: regex('7$') });
    view.advance(WHOLE);
    expect([view.end, view.scan]).toEqual([0, { done: 0, total: 10 }]);
    threads.settle();
    expect([view.end, view.scan]).toEqual([1, null]);
    store.append(batchOf([entry(10, 'message 17')]));
    view.advance(WHOLE);
    expect(view.end).toBe(1);
    threads.settle();
    expect(view.end).toBe(2);
  });

  it('looks for plain text in the first rows and in few new ones at once, and leaves many to the threads', () => {
    const threads = new FakeThreads(1);
    const store = filledStore(1023);
    const holding = (text: string, rows: number) =>
      Array.from({ length: rows }, (_, i) => i).filter((i) => String(i).includes(text)).length;
    const view = new LogView(store, threads.pool);
    view.setFilter({ ...SHOW_ALL, text: { ...regex('7'), regex: false } });
    view.advance(WHOLE);
    expect([view.end, view.scan]).toEqual([holding('7', 1023), null]);
    store.append(batchOf(Array.from({ length: 2977 }, (_, i) => entry(1023 + i, `message ${1023 + i}`))));
    view.setFilter({ ...SHOW_ALL, text: { ...regex('8'), regex: false } });
    view.advance(WHOLE);
    expect([view.end, view.scan]).toEqual([holding('8', 2048), { done: 2048, total: 4000 }]);
    threads.settle();
    expect([view.end, view.scan]).toEqual([holding('8', 4000), null]);
    // Behind a piece that is under way even one row waits: rows are shown in their order.
    store.append(batchOf(Array.from({ length: 2000 }, (_, i) => entry(4000 + i, `message ${4000 + i}`))));
    view.advance(WHOLE);
    store.append(batchOf([entry(6000, 'message 8')]));
    const before = view.end;
    view.advance(WHOLE);
    expect(view.end).toBe(before);
    threads.settle();
    view.advance(WHOLE);
    threads.settle();
    expect([view.rowAt(view.end - 1), view.scan]).toEqual([store.endRow - 1, null]);
  });

  it('shows all matches before the row a filter cannot get past, and says why no more', () => {
    const threads = new FakeThreads(2);
    threads.endless.add('message 6000');
    const store = filledStore();
    let changes = 0;
    const view = new LogView(store, threads.pool, () => changes++);
    view.setFilter({ ...SHOW_ALL, text: regex('7$') });
    for (let turn = 0; turn < 20; turn++) {
      view.advance(WHOLE);
      threads.settle();
    }
    expect(changes).toBeGreaterThan(0);
    expect(view.update(1, 0)).toMatchObject({
      end: 600,
      scan: { done: 6000, total: ROWS },
      stopped: {
        code: 'pattern-too-slow',
        message: 'The expression takes more than 1 s on the message with index 6,000',
      },
    });
    store.append(batchOf([entry(ROWS, 'message 7')]));
    expect(view.advance(WHOLE)).toBe(false);
    expect(view.end).toBe(600);
    view.setFilter({ ...SHOW_ALL, text: regex('message 7$') });
    threads.endless.clear();
    for (let turn = 0; view.scan !== null && turn < 20; turn++) {
      view.advance(WHOLE);
      threads.settle();
    }
    expect(view.update(2, 0)).toMatchObject({ end: 2, scan: null, stopped: null });
  });
});
