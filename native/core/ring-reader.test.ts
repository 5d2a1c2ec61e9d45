import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causesOf } from './accounting.ts';
import { RowFlag } from './entry.ts';
import { CONSUMER, PRODUCER, RV } from './layout.ts';
import { HandSession as Bench, readRound as round, textsOf as texts } from './test-support.ts';

const RING = RV.MIN_RING_BYTES;

describe('watermark', () => {
  it('does not pass a CPU whose nested record is reserved but not published, even if nobody is inside', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.write(0, 'first');
    bench.reserve(0, 'second');
    bench.write(1, 'third');
    expect(texts(round(reader))).toEqual(['first']);
    bench.publish(0);
    expect(texts(round(reader))).toEqual(['second', 'third']);
  });

  it.each([1, 2, 3])('holds when a writer finishes after access %i of a sample', (accesses) => {
    const bench = new Bench();
    const reader = bench.attach();
    // CPU 0 has taken index 1 and nothing else yet, CPU 1 has finished with index 2.
    bench.nest(0, 1);
    const index = bench.take();
    bench.write(1, 'second');
    let seen = 0;
    bench.onAccess = (offset) => {
      const field = offset - bench.page(0);
      if (![PRODUCER.nesting, PRODUCER.reserved, PRODUCER.published].includes(field as 136)) return;
      if (seen++ !== accesses) return;
      bench.reserve(0, 'first', index);
      bench.publish(0);
      bench.nest(0, 0);
    };
    const rows = [...round(reader), ...round(reader)];
    expect(texts(rows)).toEqual(['first', 'second']);
    expect(rows.every(({ flags }) => flags === 0)).toBe(true);
  });

  it('stops waiting after the time it was given, and flags what comes late', () => {
    const bench = new Bench();
    const reader = bench.attach({ holdMs: 50 });
    bench.nest(0, 1);
    const index = bench.take();
    bench.write(1, 'on time');
    expect(round(reader)).toEqual([]);
    bench.clock.ms = 49;
    expect(round(reader)).toEqual([]);
    bench.clock.ms = 50;
    expect(texts(round(reader))).toEqual(['on time']);
    bench.reserve(0, 'late', index);
    bench.publish(0);
    bench.nest(0, 0);
    const [late, ...rest] = round(reader);
    expect(late?.flags).toBe(RowFlag.Late);
    expect(rest).toEqual([]);
    expect(reader.accounts()[0]?.late).toBe(1);
    bench.write(0, 'again on time');
    expect(round(reader)[0]?.flags).toBe(0);
  });

  it('waits anew for a CPU that published something in between', () => {
    const bench = new Bench();
    const reader = bench.attach({ holdMs: 50 });
    bench.nest(0, 1);
    round(reader);
    bench.clock.ms = 40;
    bench.write(0, 'progress');
    bench.write(1, 'after');
    expect(texts(round(reader))).toEqual(['progress']);
    bench.clock.ms = 60;
    expect(round(reader)).toEqual([]);
    bench.clock.ms = 110;
    expect(texts(round(reader))).toEqual(['after']);
  });

  it('releases everything when told that nothing will change any more', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.nest(0, 1);
    bench.take();
    bench.write(1, 'held');
    expect(round(reader)).toEqual([]);
    expect(texts(round(reader, true))).toEqual(['held']);
  });
});

describe('losses', () => {
  it('stand right before the next entry of their CPU, with their cause', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.write(0, 'a');
    bench.lose(0, PRODUCER.lostFull);
    bench.lose(0, PRODUCER.lostFull);
    bench.write(1, 'b');
    bench.write(0, 'c');
    const rows = round(reader);
    expect(texts(rows)).toEqual(['a', 'b', 'gap 2', 'c']);
    expect(rows[2]).toMatchObject({ cpu: 0, index: 3 });
    expect(causesOf(rows[2]?.type ?? 0)).toEqual(['full']);
    expect(reader.accounts()[0]).toMatchObject({ read: 2, lost: 2, attempted: 4, lostByCause: { full: 2 } });
  });

  it('at the end of a ring are shown once they stand still', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.write(0, 'a');
    bench.lose(0, PRODUCER.lostTooBig);
    expect(texts(round(reader))).toEqual(['a']);
    const [gap, ...rest] = round(reader);
    expect(rest).toEqual([]);
    expect(gap).toMatchObject({ kind: 'gap', cpu: 0, index: 2, remarks: 1 });
    expect(causesOf(gap?.type ?? 0)).toEqual(['tooBig']);
    expect(bench.get(bench.consumer(0) + CONSUMER.consumedSequence)).toBe(2n);
    bench.write(0, 'b');
    expect(texts(round(reader))).toEqual(['b']);
  });

  it('at the end of a ring are shown in time even if they never stand still', () => {
    const bench = new Bench();
    const reader = bench.attach();
    let shown = 0;
    for (bench.clock.ms = 0; bench.clock.ms < 1000; bench.clock.ms += 10) {
      bench.lose(1, PRODUCER.lostZeroLength);
      shown += round(reader).length;
    }
    expect(shown).toBeGreaterThan(3);
    expect(shown).toBeLessThan(20);
  });

  it('are not seen in a record that is published while the counters are read', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.lose(0, PRODUCER.lostFull);
    expect(round(reader)).toEqual([]);
    bench.clock.ms = 200;
    bench.onAccess = (offset) => {
      if (offset !== bench.page(0) + PRODUCER.written) return;
      bench.onAccess = () => {};
      bench.write(0, 'meanwhile');
    };
    const rows = [...round(reader), ...round(reader), ...round(reader)];
    expect(texts(rows)).toEqual(['gap 1', 'meanwhile']);
  });
});

describe('what hostile or broken memory does', () => {
  it('to a ring with a record that cannot be one: the rest of it is lost, counted, and the ring goes on', () => {
    for (const damage of [
      (bench: Bench, at: number) => bench.view.setUint32(at, 0xffffffff, true),
      (bench: Bench, at: number) => bench.view.setUint32(at, 2000, true),
      (bench: Bench, at: number) => bench.view.setUint16(at + 4, 1, true),
      (bench: Bench, at: number) => bench.view.setUint8(at + 6, 9),
      (bench: Bench, at: number) => bench.view.setUint8(at + 6, RV.KIND_PAD),
      (bench: Bench, at: number) => bench.set(at + 24, 0),
      (bench: Bench, at: number) => bench.set(at + 24, 2n ** 60n),
    ]) {
      const bench = new Bench();
      const reader = bench.attach();
      bench.write(0, 'good');
      const at = bench.page(0) + RV.PAGE + Number(bench.get(bench.page(0) + PRODUCER.reserved));
      bench.write(0, 'damaged');
      bench.write(0, 'behind it');
      damage(bench, at);
      expect(texts(round(reader))).toEqual(['good']);
      bench.write(0, 'next');
      expect(texts(round(reader))).toEqual(['gap 2', 'next']);
      expect(reader.accounts()[0]).toMatchObject({ read: 2, lost: 2, lostByCause: { corrupt: 2 }, attempted: 4 });
    }
  });

  it('to an index from the future: it does not hold the stream', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.reserve(0, 'from the future', 2n ** 40n);
    bench.publish(0);
    bench.write(1, 'now');
    round(reader);
    bench.write(1, 'later');
    const seen = [...round(reader), ...round(reader)];
    expect(texts(seen)).toContain('later');
    expect(reader.accounts().map(({ read }) => read)).toEqual([1, 2]);
  });

  it('to the notes of the last reader: what cannot be true is not believed', () => {
    for (const [consumed, sequence] of [
      [3n, 0n],
      [2n ** 63n, 2n ** 63n],
      [2n ** 20n, 1n],
      [0n, 99n],
    ] as const) {
      const bench = new Bench();
      bench.write(0, 'a');
      bench.write(0, 'b');
      bench.set(bench.consumer(0) + CONSUMER.consumed, consumed);
      bench.set(bench.consumer(0) + CONSUMER.consumedSequence, sequence);
      bench.set(bench.consumer(0) + CONSUMER.read, 2n ** 62n);
      const reader = bench.attach();
      round(reader);
      bench.write(0, 'c');
      expect(texts([...round(reader), ...round(reader)]).at(-1)).toBe('c');
      const account = reader.accounts()[0];
      expect(account?.attempted).toBe((account?.attemptedBefore ?? 0) + (account?.read ?? 0) + (account?.lost ?? 0));
    }
  });

  it('passes over records that a reader counted but could not move past before it died', () => {
    const bench = new Bench();
    for (const text of ['a', 'b', 'c']) bench.write(0, text);
    bench.set(bench.consumer(0) + CONSUMER.consumedSequence, 2);
    bench.set(bench.consumer(0) + CONSUMER.read, 2);
    expect(texts(round(bench.attach()))).toEqual(['c']);
  });

  it('never makes the reader throw, read beyond its memory, or stand still', () => {
    const field = fc.constantFrom(...Object.values(PRODUCER).filter((offset) => offset >= PRODUCER.reserved));
    const value = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 0n, max: 20000n }),
      fc.integer({ min: 0, max: 1000 }).map((n) => BigInt(n) * 8n),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('drop', 'overwrite'),
        fc.constantFrom('index', 'clock'),
        fc.array(
          fc.record({
            fields: fc.array(fc.tuple(field, value), { maxLength: 6 }),
            data: fc.uint8Array({ minLength: 0, maxLength: 400 }),
            at: fc.integer({ min: 0, max: RING / 8 - 1 }),
            records: fc.integer({ min: 0, max: 6 }),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        (mode, order, attacks) => {
          const bench = new Bench({ mode, order });
          const reader = bench.attach();
          const bytes = new Uint8Array(bench.view.buffer);
          for (const { fields, data, at, records } of attacks) {
            for (let i = 0; i < records; i++) bench.write(0, `record ${i}`);
            const start = bench.page(0) + RV.PAGE + at * 8;
            bytes.set(data.subarray(0, Math.min(data.length, RING - at * 8)), start);
            for (const [offset, forged] of fields) bench.set(bench.page(0) + offset, forged);
            for (let i = 0; i < 3; i++) {
              bench.clock.ms += 60;
              round(reader);
            }
          }
          bench.nest(0, 0);
          const before = reader.accounts()[1]?.read ?? 0;
          bench.write(1, 'the other CPU goes on');
          bench.clock.now += 10n;
          for (let i = 0; i < 3; i++) {
            bench.clock.ms += 60;
            bench.clock.now += 10n;
            round(reader);
          }
          expect(reader.accounts()[1]?.read).toBe(before + 1);
          round(reader, true);
          reader.flush(() => {});
        },
      ),
      { numRuns: 300 },
    );
  });
});
