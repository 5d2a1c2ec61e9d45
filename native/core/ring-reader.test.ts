import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causesOf } from './accounting.ts';
import { RowFlag } from './entry.ts';
import { CONSUMER, PRODUCER, RV } from './layout.ts';
import { RingReader } from './ring-reader.ts';
import { HandSession as Bench, countCases, readRound as round, rowsOf, textsOf as texts } from './test-support.ts';

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

  it('stops waiting after a twentieth of a second where nobody said otherwise', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.nest(0, 1);
    bench.take();
    bench.write(1, 'on time');
    expect(round(reader)).toEqual([]);
    bench.clock.ms = 49;
    expect(round(reader)).toEqual([]);
    bench.clock.ms = 50;
    expect(texts(round(reader))).toEqual(['on time']);
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

describe('a round', () => {
  /** Writes records of 64 bytes until about so many bytes wait on a CPU. */
  const fill = (bench: Bench, cpu: number, bytes: number) => {
    for (let written = 0; written + 64 <= bytes; written += 64) bench.write(cpu, '12345678');
  };
  const outcomeOf = (reader: ReturnType<Bench['attach']>, final = false) => reader.round(() => {}, final);

  it('says how much it took, whether more is left, and that nothing is', () => {
    const bench = new Bench();
    const reader = bench.attach();
    expect(outcomeOf(reader)).toMatchObject({ rows: 0, bytes: 0, more: false, drained: true });
    bench.write(0, 'a');
    bench.lose(1, PRODUCER.lostFull);
    bench.write(1, 'b');
    expect(outcomeOf(reader)).toMatchObject({ rows: 3, bytes: 128, more: false, drained: true });
    // What is there and cannot be taken is no reason to go on at once.
    bench.reserve(0, 'unpublished');
    expect(outcomeOf(reader)).toMatchObject({ rows: 0, bytes: 0, more: false, drained: true });
  });

  it('lets another CPU be the first each time, and takes no more than it may', () => {
    const ringBytes = 1 << 20;
    const bench = new Bench({ cpus: 3, ringBytes });
    // The least a CPU may take is 64 KiB: one CPU uses the whole round up.
    const reader = bench.attach({ roundBytes: 65_536 });
    for (let cpu = 0; cpu < 3; cpu++) fill(bench, cpu, 200_000);
    const taken = Array.from({ length: 4 }, () => {
      const before = reader.accounts().map(({ pendingBytes }) => pendingBytes);
      const { bytes, more, drained } = outcomeOf(reader);
      const after = reader.accounts().map(({ pendingBytes }) => pendingBytes);
      expect([bytes, more, drained]).toEqual([65_536, true, false]);
      return after.map((pending, cpu) => pending < (before[cpu] || 200_000 - (200_000 % 64)));
    });
    expect(taken).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [true, false, false],
    ]);
  });

  it('divides what it takes among the CPUs, from 64 to 256 KiB each', () => {
    for (const [cpus, roundBytes, share] of [
      [1, undefined, 262_144],
      [2, 300_000, 150_000],
      [4, 300_000, 75_000],
      [2, 100_000, 65_536],
    ] as const) {
      const bench = new Bench({ cpus, ringBytes: 1 << 20 });
      const reader = bench.attach(roundBytes === undefined ? {} : { roundBytes });
      fill(bench, 0, 600_000);
      expect(outcomeOf(reader).bytes).toBe(share - (share % 8));
    }
  });

  it('puts rows into what is leased only where it found much', () => {
    for (const [records, leased] of [
      [1023, false],
      [1024, true],
    ] as const) {
      const bench = new Bench({ ringBytes: 1 << 20 });
      const reader = bench.attach();
      for (let n = 0; n < records; n++) bench.write(0, '12345678');
      let leases = 0;
      let rows = 0;
      reader.round(
        (batch) => {
          rows += batch.count;
        },
        false,
        () => {
          leases++;
          return null;
        },
      );
      expect([leases > 0, rows]).toEqual([leased, records]);
    }
  });

  it('holds back no more of a CPU than two rings, or half a MiB, and does not ask to go on when that is full', () => {
    for (const [ringBytes, most] of [
      [RING, 2 * RING],
      [1 << 20, 524_288],
    ] as const) {
      const bench = new Bench({ ringBytes });
      const reader = bench.attach({ holdMs: 1e9 });
      bench.nest(0, 1);
      let taken = 0;
      const page = bench.page(1);
      for (let turn = 0; turn < 6; turn++) {
        // As much as fits behind what was not taken yet: records of 64 bytes, which no end of a ring cuts.
        const written = turn < 3 ? Math.min(ringBytes, 400_000) : 0;
        for (let bytes = 0; bytes + 64 <= written; bytes += 64) bench.write(1, '12345678');
        expect(bench.get(page + PRODUCER.published)).toBeLessThanOrEqual(BigInt(taken + ringBytes));
        const { bytes, rows, more, drained } = outcomeOf(reader);
        taken += bytes;
        expect([rows, more]).toEqual([0, bytes > 0 && !drained]);
      }
      expect(taken).toBeGreaterThan(most - RV.MAX_RECORD_BYTES);
      expect(taken).toBeLessThanOrEqual(most);
      expect(reader.accounts()[1]?.pendingBytes).toBeGreaterThan(0);
    }
  });

  it('has room for the longest record, however small its batches were asked to be', () => {
    const bench = new Bench({ ringBytes: 1 << 20 });
    const reader = bench.attach({ batchBytes: 1000, batchRows: 2 });
    const longest = 'x'.repeat(RV.MAX_RECORD_BYTES - RV.RECORD_HEADER_BYTES);
    for (const text of ['before', longest, 'behind']) bench.write(0, text);
    expect(texts(round(reader))).toEqual(['before', longest, 'behind']);
  });

  it('promises no time later than that of what waits for the merge, where clocks of CPUs differ', () => {
    const bench = new Bench();
    const reader = bench.attach({ holdMs: 1e9 });
    bench.nest(1, 1);
    bench.clock.now = 90n;
    bench.write(1, 'index 1, later by its clock');
    bench.clock.now = 70n;
    bench.take();
    bench.write(0, 'index 3, waits for CPU 1');
    bench.clock.now = 100n;
    expect(outcomeOf(reader)).toMatchObject({ rows: 1, safeTimeNs: 70 });
    bench.nest(1, 0);
    expect(outcomeOf(reader)).toMatchObject({ rows: 1, safeTimeNs: 100 });
  });

  it('promises times that no later round breaks: of what waits, of a writer at work, of the moment', () => {
    const bench = new Bench({ order: 'clock', frequency: 10_000_000n, startTicks: 2n ** 40n });
    const reader = bench.attach({ holdMs: 1e9 });
    const at = (ticks: number) => {
      bench.clock.now = 2n ** 40n + BigInt(ticks);
    };
    const promise = () => outcomeOf(reader).safeTimeNs;
    at(50);
    expect(promise()).toBe(5000);
    at(60);
    bench.write(0, 'a');
    at(70);
    // Nobody writes: nothing older than the moment comes.
    expect(promise()).toBe(7000);
    bench.nest(1, 1);
    at(80);
    // A writer is inside that logged nothing yet, so it may be as old as the session; what was promised holds.
    expect(promise()).toBe(7000);
    bench.write(0, 'waits for CPU 1');
    at(90);
    expect(promise()).toBe(7000);
    bench.write(1, 'its last');
    at(100);
    // What waits for the merge on CPU 0 is the oldest now, older than the last record of CPU 1.
    expect(promise()).toBe(9000);
    bench.nest(1, 0);
    expect(promise()).toBe(10_000);
  });
});

describe('what was copied', () => {
  it('comes out in order with a flush, whatever may still come below it', () => {
    const bench = new Bench();
    const reader = bench.attach();
    bench.nest(0, 1);
    const early = bench.take();
    bench.write(1, 'second');
    bench.write(1, 'third');
    expect(round(reader)).toEqual([]);
    const flushed: string[] = [];
    const sink = (batch: Parameters<typeof rowsOf>[0]) => {
      flushed.push(...texts(rowsOf(batch)));
    };
    expect(reader.flush(sink)).toBe(2);
    expect([flushed, reader.flush(sink)]).toEqual([['second', 'third'], 0]);
    bench.reserve(0, 'first', early);
    bench.publish(0);
    bench.nest(0, 0);
    expect(round(reader)[0]?.flags).toBe(RowFlag.Late);
  });

  it('is told with its first and last index, and the clock of a session that began long ago', () => {
    const bench = new Bench({ nextIndex: 2n ** 40n, startTicks: 2n ** 50n, frequency: 1_000_000n });
    const reader = bench.attach();
    expect(reader.accounts()[0]).toMatchObject({ firstIndex: null, lastIndex: null });
    bench.clock.now = 2n ** 50n + 3n;
    for (const text of ['a', 'b', 'c']) bench.write(0, text);
    expect(round(reader).map(({ index, timeNs }) => [index, timeNs])).toEqual(
      [0, 1, 2].map((n) => [2 ** 40 + n, 3000]),
    );
    expect(reader.accounts()[0]).toMatchObject({ firstIndex: 2 ** 40, lastIndex: 2 ** 40 + 2 });
  });
});

describe('a session with a ring that is not its own', () => {
  it('is refused, whichever ring it is', () => {
    for (const cpu of [0, 2]) {
      const bench = new Bench({ cpus: 3 });
      bench.view.setUint32(bench.page(cpu) + PRODUCER.cpu, 7, true);
      const attached = RingReader.attach(bench.header(), bench.memory(), bench.clock);
      expect(attached).toMatchObject({ ok: false, failure: { code: 'bad-layout' } });
    }
  });

  it('is given up by name when the reader leaves, on every CPU', () => {
    const bench = new Bench({ cpus: 3 });
    const pids = () => [0, 1, 2].map((cpu) => bench.view.getUint32(bench.consumer(cpu) + CONSUMER.readerPid, true));
    const reader = bench.attach({ readerPid: 12 });
    expect(pids()).toEqual([12, 12, 12]);
    reader.detach();
    expect(pids()).toEqual([0, 0, 0]);
  });
});

describe('a loss that nobody counted', () => {
  it('was unreadable in a ring that drops, and overwritten in one that overwrites', () => {
    for (const [mode, lostByCause] of [
      ['drop', { corrupt: 3, overwritten: 0 }],
      ['overwrite', { corrupt: 0, overwritten: 3 }],
    ] as const) {
      const bench = new Bench({ mode });
      const reader = bench.attach();
      // Numbers of three records that left no other trace.
      bench.add(bench.page(0) + PRODUCER.written, 3);
      bench.write(0, 'a');
      expect(texts(round(reader))).toEqual(['gap 3', 'a']);
      expect(reader.accounts()[0]).toMatchObject({ lostByCause });
    }
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
    const cases = countCases('all believed', 'refused', 'resynced');
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
          let written = 0;
          for (const { fields, data, at, records } of attacks) {
            written += records;
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
          const { read = 0, lostByCause } = reader.accounts()[0] ?? {};
          cases.note('all believed', written > 0 && read >= written);
          cases.note('refused', read < written);
          cases.note('resynced', (lostByCause?.corrupt ?? 0) > 0);
          round(reader, true);
          reader.flush(() => {});
        },
      ),
      { numRuns: 300 },
    );
    cases.expectEach(10);
  });
});
