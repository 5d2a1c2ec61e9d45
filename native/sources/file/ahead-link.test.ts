import { describe, expect, it } from 'vitest';
import { AheadFiller, AheadTaker, createAheadLink, Stopped } from './ahead-link.ts';

/** Fills the next batch with one row of a number. */
function fill(filler: AheadFiller, index: number): void {
  const batch = filler.next();
  batch.index[0] = index;
  batch.count = 1;
  batch.bytesUsed = 4;
  filler.handOver(batch, index * 100);
}

describe('what a source shares with the thread that reads ahead', () => {
  it('hands batches over in order, each with how far the file was read', () => {
    const link = createAheadLink();
    const [filler, taker] = [new AheadFiller(link), new AheadTaker(link)];
    expect(taker.take()).toBeNull();
    const taken: unknown[] = [];
    for (let round = 0; round < 50; round++) {
      fill(filler, round * 2);
      fill(filler, round * 2 + 1);
      for (let n = 0; n < 2; n++) {
        const next = taker.take();
        taken.push([next?.batch.index[0], next?.batch.count, next?.batch.bytesUsed, next?.done]);
        taker.release();
      }
    }
    expect(taken).toEqual(Array.from({ length: 100 }, (_, at) => [at, 1, 4, at * 100]));
    expect([taker.take(), taker.done]).toEqual([null, false]);
  });

  it('names no source in a batch that went round, though whoever took it before did', () => {
    const link = createAheadLink();
    const [filler, taker] = [new AheadFiller(link), new AheadTaker(link)];
    for (let at = 0; at < link.batches.length; at++) {
      fill(filler, at);
      taker.take()?.batch.source.fill(7);
      taker.release();
    }
    fill(filler, 0);
    expect(taker.take()?.batch.source[0]).toBe(0);
  });

  it('ends the thread, also one that would wait for a batch or for its source', () => {
    const link = createAheadLink();
    const [filler, taker] = [new AheadFiller(link), new AheadTaker(link)];
    for (let at = 0; at < link.batches.length; at++) fill(filler, at);
    taker.stop();
    expect(() => filler.next()).toThrow(Stopped);
    expect(() => filler.lookForStop()).toThrow(Stopped);
    filler.end();
    expect(taker.done).toBe(true);
    // What was handed over before may still be taken.
    expect(taker.take()?.batch.index[0]).toBe(0);
  });

  it('does not make a source wait that has nothing to wait for', () => {
    const link = createAheadLink();
    const [filler, taker] = [new AheadFiller(link), new AheadTaker(link)];
    fill(filler, 0);
    taker.wait(1e9);
    taker.take();
    taker.release();
    taker.stop();
    filler.end();
    taker.wait(1e9);
  });
});
