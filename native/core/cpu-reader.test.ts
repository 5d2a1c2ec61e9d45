/** The ring of one CPU at the edges: what is waited for, what is believed, what is said about where the reader is. */
import { describe, expect, it } from 'vitest';
import { causesOf } from './accounting.ts';
import { CpuReader, type RoundMoment } from './cpu-reader.ts';
import { CONSUMER, PRODUCER, RV, recordBytes } from './layout.ts';
import { readRound as round, HandSession as Session, textsOf as texts } from './test-support.ts';

const RING = RV.MIN_RING_BYTES;

function momentOf(session: Session, milliseconds = 0, final = false): RoundMoment {
  const index = new Uint32Array([Number(session.get(256)), 0]);
  return { key: Number(session.get(256)) - 1, index, ticks: new Uint32Array(2), milliseconds, final };
}

function readerOf(session: Session, cpu = 0): CpuReader {
  const reader = new CpuReader(cpu, session.header(), session.memory(), 2 * RING, { hi: 0, lo: 1 });
  reader.attach(77);
  return reader;
}

const noLimit = () => Number.POSITIVE_INFINITY;

describe('a PAD', () => {
  it('as long as the longest record is passed over', () => {
    const session = new Session({ cpus: 1, ringBytes: 1 << 20 });
    const reader = session.attach();
    session.write(0, 'a');
    session.pad(0, RV.MAX_RECORD_BYTES);
    session.write(0, 'b');
    expect(texts(round(reader))).toEqual(['a', 'b']);
  });

  it('longer than any record, and than a share, does not stop a CPU for good', () => {
    const session = new Session({ cpus: 1, ringBytes: 1 << 20 });
    const reader = session.attach();
    session.write(0, 'a');
    session.pad(0, 300 * 1024);
    session.write(0, 'b');
    expect(texts([...round(reader), ...round(reader)])).toEqual(['a', 'gap 1']);
    session.write(0, 'c');
    expect(texts([...round(reader), ...round(reader)])).toEqual(['c']);
    expect(reader.accounts()[0]).toMatchObject({ read: 2, lost: 1, attempted: 3, lostByCause: { corrupt: 1 } });
  });

  it('that ends inside a word does not move the reader off the words', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    session.pad(0, 24);
    session.view.setUint32(session.page(0) + RV.PAGE, 12, true);
    session.write(0, 'behind it');
    expect(round(reader)).toEqual([]);
    session.write(0, 'next');
    expect(texts(round(reader))).toEqual(['gap 1', 'next']);
    expect(session.get(session.consumer(0) + CONSUMER.consumed) % 8n).toBe(0n);
  });
});

describe('what is pending', () => {
  it('is never said to be more than the ring, however far the writer was ahead', () => {
    const session = new Session({ cpus: 1, mode: 'overwrite' });
    const reader = session.attach();
    const page = session.page(0);
    session.set(page + PRODUCER.tail, 9 * RING);
    session.set(page + PRODUCER.reserved, 10 * RING);
    session.set(page + PRODUCER.published, 10 * RING);
    round(reader);
    expect(reader.accounts()[0]).toMatchObject({ peakPendingBytes: RING });
    expect(reader.accounts()[0]?.pendingBytes).toBeLessThanOrEqual(RING);
  });

  it('is at its peak what waited at once, not what came in all', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    for (const count of [1, 3, 2]) {
      for (let n = 0; n < count; n++) session.write(0, '12345678');
      round(reader);
    }
    expect(reader.accounts()[0]).toMatchObject({ peakPendingBytes: 3 * 64, pendingBytes: 0, read: 6 });
  });

  it('of a dropping ring beyond its size is not believed, and at its size is', () => {
    for (const [beyond, corrupt] of [
      [0, 0],
      [8, 3],
    ] as const) {
      const session = new Session({ cpus: 1 });
      const reader = session.attach();
      for (let n = 0; n < 3; n++) session.write(0, '1');
      const page = session.page(0);
      // Up to the ring's size with what fills it: PADs as long as they may be.
      while (Number(session.get(page + PRODUCER.reserved)) < RING) {
        session.pad(0, Math.min(RING / 4, RING - Number(session.get(page + PRODUCER.reserved))));
      }
      session.add(page + PRODUCER.reserved, beyond);
      session.add(page + PRODUCER.published, beyond);
      const rows = [...round(reader), ...round(reader), ...round(reader)];
      expect(texts(rows)).toEqual(corrupt === 0 ? ['1', '1', '1'] : ['gap 3']);
      expect(reader.accounts()[0]).toMatchObject({ lostByCause: { corrupt } });
    }
  });
});

describe('where the reader stands', () => {
  it('is told to the producer and to the next reader after each copy', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach({ readerPid: 4711 });
    const consumer = session.consumer(0);
    expect(session.view.getUint32(consumer + CONSUMER.readerPid, true)).toBe(4711);
    session.write(0, 'a');
    session.lose(0, PRODUCER.lostFull);
    session.write(0, 'bb');
    round(reader);
    const published = session.get(session.page(0) + PRODUCER.published);
    expect(session.get(consumer + CONSUMER.consumed)).toBe(published);
    expect(session.get(consumer + CONSUMER.consumedSequence)).toBe(3n);
    expect(session.get(consumer + CONSUMER.read)).toBe(2n);
    reader.detach();
    expect(session.view.getUint32(consumer + CONSUMER.readerPid, true)).toBe(0);
    expect(session.get(consumer + CONSUMER.consumed)).toBe(published);
  });

  it('is told only after what was counted: a reader killed in between makes none come twice', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    const consumer = session.consumer(0);
    const stores: string[] = [];
    session.write(0, 'a');
    session.onAccess = (offset) => {
      for (const field of ['consumed', 'consumedSequence'] as const) {
        if (offset === consumer + CONSUMER[field]) stores.push(field);
      }
    };
    round(reader);
    expect(stores).toEqual(['consumedSequence', 'consumed']);
  });

  it.each<[string, 'drop' | 'overwrite', number, string[]]>([
    ['at the end of what is published', 'drop', 128, []],
    ['at a record in between', 'drop', 64, ['b']],
    ['inside a word', 'drop', 57, []],
    ['ahead of what is published', 'drop', 136, []],
    ['inside a word', 'overwrite', 57, ['a', 'b']],
    ['ahead of what is published', 'overwrite', 136, ['a', 'b']],
  ])('is where the last one stopped, if that can be: %s, %s', (_where, mode, consumed, expected) => {
    const session = new Session({ cpus: 1, mode });
    session.write(0, 'a');
    session.write(0, 'b');
    session.set(session.consumer(0) + CONSUMER.consumed, consumed);
    session.set(session.consumer(0) + CONSUMER.consumedSequence, consumed === 64 ? 1 : 0);
    const reader = session.attach();
    const rows = round(reader).filter(({ kind }) => kind === 'entry');
    expect(texts(rows)).toEqual(expected);
  });

  it('a whole ring behind is believed in a dropping ring, and a word more is not', () => {
    for (const [behind, read] of [
      [0, 1],
      [8, 0],
    ] as const) {
      const session = new Session({ cpus: 1, position: BigInt(8 * RING) });
      session.write(0, 'x');
      const page = session.page(0);
      while (Number(session.get(page + PRODUCER.reserved)) < 9 * RING) {
        session.pad(0, Math.min(RING / 4, 9 * RING - Number(session.get(page + PRODUCER.reserved))));
      }
      session.set(session.consumer(0) + CONSUMER.consumed, 8 * RING - behind);
      const reader = session.attach();
      for (let n = 0; n < 3; n++) round(reader);
      expect(reader.accounts()[0]?.read).toBe(read);
    }
  });

  it('goes by the producer’s own number where more attempts are noted than were made', () => {
    const session = new Session({ cpus: 1 });
    for (const text of ['a', 'b', 'c']) session.write(0, text);
    session.set(session.consumer(0) + CONSUMER.consumed, session.get(session.page(0) + PRODUCER.published));
    session.set(session.consumer(0) + CONSUMER.consumedSequence, 50);
    session.set(session.consumer(0) + CONSUMER.read, 50);
    const reader = session.attach();
    expect(reader.accounts()[0]).toMatchObject({ attemptedBefore: 3, attempted: 3, read: 0, lost: 0 });
    session.write(0, 'd');
    expect(texts(round(reader))).toEqual(['d']);
  });

  it('starts with the losses that are still ahead, by cause', () => {
    const session = new Session({ cpus: 1 });
    session.write(0, 'a');
    for (let n = 0; n < 3; n++) session.lose(0, PRODUCER.lostTooBig);
    session.lose(0, PRODUCER.lostNesting);
    session.write(0, 'b');
    const consumer = session.consumer(0);
    // The one before had shown 'a' and all four losses.
    session.set(consumer + CONSUMER.consumed, recordBytes(1));
    session.set(consumer + CONSUMER.consumedSequence, 5);
    session.set(consumer + CONSUMER.read, 1);
    session.lose(0, PRODUCER.lostFull);
    const reader = session.attach();
    expect(texts([...round(reader), ...round(reader)])).toEqual(['b', 'gap 1']);
    expect(reader.accounts()[0]).toMatchObject({ attemptedBefore: 5, lost: 1, lostByCause: { full: 1, tooBig: 0 } });
    expect(session.get(consumer + CONSUMER.read)).toBe(2n);
  });

  it('blames no new loss on a cause that earlier readers have used up', () => {
    const session = new Session({ cpus: 1 });
    for (let n = 0; n < 3; n++) session.lose(0, PRODUCER.lostFull);
    session.write(0, 'a');
    const consumer = session.consumer(0);
    session.set(consumer + CONSUMER.consumed, recordBytes(1));
    session.set(consumer + CONSUMER.consumedSequence, 4);
    session.set(consumer + CONSUMER.read, 1);
    const reader = session.attach();
    session.lose(0, PRODUCER.lostTooBig);
    session.write(0, 'b');
    expect(texts(round(reader))).toEqual(['gap 1', 'b']);
    expect(reader.accounts()[0]).toMatchObject({ lost: 1, lostByCause: { full: 0, tooBig: 1 } });
  });

  it('leaves to the causes those losses that are still ahead of it', () => {
    const session = new Session({ cpus: 1 });
    for (let n = 0; n < 3; n++) session.lose(0, PRODUCER.lostTooBig);
    session.write(0, 'a');
    // The one before read nothing.
    const reader = session.attach();
    expect(texts(round(reader))).toEqual(['gap 3', 'a']);
    expect(reader.accounts()[0]).toMatchObject({ attemptedBefore: 0, lostByCause: { tooBig: 3, corrupt: 0 } });
  });
});

describe('losses at the end of a ring', () => {
  it('stand behind a record that is newer than the moment, with an index of their own', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    session.onAccess = (offset) => {
      if (offset !== session.page(0) + PRODUCER.nesting) return;
      session.onAccess = () => {};
      session.write(0, 'after the moment');
      session.lose(0, PRODUCER.lostFull);
    };
    const rows = [...round(reader), ...round(reader), ...round(reader)];
    expect(texts(rows)).toEqual(['after the moment', 'gap 1']);
    expect(rows.map(({ index }) => index)).toEqual([1, 2]);
  });

  it('wait for a clock that stands as long as the last record has its time', () => {
    const session = new Session({ cpus: 1, order: 'clock' });
    const reader = session.attach();
    session.clock.now = 10n;
    session.write(0, 'a');
    session.lose(0, PRODUCER.lostFull);
    const rows = Array.from({ length: 4 }, () => round(reader)).flat();
    expect(session.get(session.consumer(0) + CONSUMER.consumedSequence)).toBe(1n);
    session.clock.now = 30n;
    for (let turn = 0; turn < 3; turn++) rows.push(...round(reader));
    expect(texts(rows)).toEqual(['a', 'gap 1']);
    expect(rows.map(({ timeNs }) => timeNs)).toEqual([10, 30]);
  });

  it('that follow a record are looked at twice, however many were seen before it', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    session.lose(0, PRODUCER.lostFull);
    expect(round(reader)).toEqual([]);
    session.write(0, 'b');
    session.lose(0, PRODUCER.lostFull);
    expect(texts(round(reader))).toEqual(['gap 1', 'b']);
    expect(texts(round(reader))).toEqual(['gap 1']);
  });

  it.each<[string, (session: Session) => void, string[]]>([
    ['a writer is inside', (session) => session.nest(0, 1), []],
    ['something was reserved', (session) => session.reserve(0, 'half'), []],
    ['something was published', (session) => session.write(0, 'whole'), []],
    ['nothing happens', () => {}, ['gap 1']],
  ])('are not taken from counters while %s', (_what, meanwhile, expected) => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    session.lose(0, PRODUCER.lostFull);
    expect(round(reader)).toEqual([]);
    session.onAccess = (offset) => {
      if (offset !== session.page(0) + PRODUCER.written) return;
      session.onAccess = () => {};
      meanwhile(session);
    };
    expect(texts(round(reader))).toEqual(expected);
  });

  it('are counted at once where nothing changes any more, even behind a writer that died inside', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    session.write(0, 'a');
    session.lose(0, PRODUCER.lostZeroLength);
    session.lose(0, PRODUCER.lostMissingData);
    session.nest(0, 1);
    const rows = round(reader, true);
    expect(texts(rows)).toEqual(['a', 'gap 2']);
    expect(causesOf(rows[1]?.type ?? 0)).toEqual(['zeroLength', 'missingData']);
    expect(session.get(session.consumer(0) + CONSUMER.consumedSequence)).toBe(3n);
    expect(round(reader, true)).toEqual([]);
  });

  it('wait for as long as they grow, a tenth of a second at most', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    const shown: number[] = [];
    for (session.clock.ms = 0; session.clock.ms <= 200; session.clock.ms += 20) {
      session.lose(0, PRODUCER.lostFull);
      for (const { remarks } of round(reader)) shown.push(session.clock.ms, remarks);
    }
    expect(shown).toEqual([100, 6]);
  });

  it('that stood still after growing are shown once, and the next ones wait anew', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    session.lose(0, PRODUCER.lostFull);
    expect(round(reader)).toEqual([]);
    session.clock.ms = 99;
    expect(texts(round(reader))).toEqual(['gap 1']);
    session.clock.ms = 500;
    session.lose(0, PRODUCER.lostFull);
    expect(round(reader)).toEqual([]);
    session.lose(0, PRODUCER.lostFull);
    session.clock.ms = 599;
    expect(round(reader)).toEqual([]);
    session.lose(0, PRODUCER.lostFull);
    session.clock.ms = 600;
    expect(texts(round(reader))).toEqual(['gap 3']);
  });
});

describe('the last loss of a session', () => {
  it('stands behind everything that came before it, on every CPU', () => {
    const session = new Session();
    const reader = session.attach();
    session.write(0, 'a');
    session.lose(0, PRODUCER.lostFull);
    session.write(1, 'b');
    session.write(1, 'c');
    expect(texts(round(reader, true))).toEqual(['a', 'b', 'c', 'gap 1']);
  });

  it('waits until all records were taken, however many rounds that needs', () => {
    const session = new Session({ cpus: 1, ringBytes: 1 << 20 });
    const reader = session.attach();
    for (let n = 0; n < 10_000; n++) session.write(0, '12345678');
    session.lose(0, PRODUCER.lostFull);
    const rows = Array.from({ length: 4 }, () => round(reader, true)).flat();
    expect(rows.map(({ kind }) => kind).indexOf('gap')).toBe(10_000);
    expect(rows).toHaveLength(10_001);
  });

  it('is not counted while a record is reserved that nobody has counted yet', () => {
    const session = new Session({ cpus: 1 });
    const reader = session.attach();
    session.lose(0, PRODUCER.lostFull);
    expect(round(reader)).toEqual([]);
    session.onAccess = (offset) => {
      if (offset !== session.page(0) + PRODUCER.written) return;
      session.onAccess = () => {};
      session.add(session.page(0) + PRODUCER.reserved, 64);
    };
    expect(round(reader)).toEqual([]);
  });
});

describe('what is lost in a ring that overwrites', () => {
  const session = () => new Session({ cpus: 1, mode: 'overwrite' });
  /** The writer reclaims the oldest `bytes` that are not reclaimed yet, of so many records. */
  const reclaim = (own: Session, bytes: number, records: number) => {
    own.add(own.page(0) + PRODUCER.tail, bytes);
    own.add(own.page(0) + PRODUCER.overwritten, records);
  };

  it('was overwritten, also after rounds in which nothing happened', () => {
    const own = session();
    const reader = own.attach();
    for (let n = 0; n < 3; n++) round(reader);
    for (const text of ['a', 'b', 'c']) own.write(0, text);
    reclaim(own, 128, 2);
    expect(texts(round(reader))).toEqual(['gap 2', 'c']);
    expect(reader.accounts()[0]).toMatchObject({ lostByCause: { overwritten: 2, corrupt: 0 } });
  });

  it('was overwritten where all of it was, with nothing behind it', () => {
    const own = session();
    const reader = own.attach();
    for (const text of ['a', 'b', 'c']) own.write(0, text);
    reclaim(own, 192, 3);
    expect(texts([...round(reader), ...round(reader)])).toEqual(['gap 3']);
    expect(reader.accounts()[0]).toMatchObject({ lostByCause: { overwritten: 3, corrupt: 0 } });
  });

  it('was overwritten where the writer went round while it was copied', () => {
    const own = session();
    const reader = own.attach();
    for (const text of ['a', 'b', 'c']) own.write(0, text);
    own.onAccess = (offset) => {
      if (offset !== own.page(0) + RV.PAGE + 128) return;
      own.onAccess = () => {};
      // All that was seen is gone, and what was written since as well.
      own.write(0, 'd');
      reclaim(own, 256, 4);
    };
    expect(texts([...round(reader), ...round(reader), ...round(reader)])).toEqual(['gap 4']);
    expect(reader.accounts()[0]).toMatchObject({ lostByCause: { overwritten: 4, corrupt: 0 } });
  });

  it('was overwritten where a copy was lapped in part, and no less so the next time', () => {
    const own = session();
    const reader = own.attach();
    for (let turn = 0; turn < 3; turn++) {
      const page = own.page(0);
      const begin = Number(own.get(page + PRODUCER.reserved));
      for (const text of ['a', 'b', 'c']) own.write(0, text);
      own.onAccess = (offset) => {
        if (offset !== page + RV.PAGE + begin + 128) return;
        own.onAccess = () => {};
        own.set(page + PRODUCER.tail, begin + 64);
        own.add(page + PRODUCER.overwritten, 1);
      };
      expect(texts(round(reader))).toEqual(['gap 1', 'b', 'c']);
      expect(reader.accounts()[0]).toMatchObject({ lostByCause: { overwritten: turn + 1, corrupt: 0 } });
    }
  });

  it('was unreadable where something was there that is no record, and only that', () => {
    const own = session();
    const reader = own.attach();
    own.write(0, 'a');
    const damaged = own.page(0) + RV.PAGE + 64;
    own.write(0, 'damaged');
    own.view.setUint8(damaged + 6, 9);
    expect(texts(round(reader))).toEqual(['a']);
    for (const text of ['b', 'c', 'd']) own.write(0, text);
    expect(texts(round(reader))).toEqual(['gap 1', 'b', 'c', 'd']);
    own.write(0, 'e');
    own.write(0, 'f');
    own.set(own.page(0) + PRODUCER.tail, 6 * 64);
    own.add(own.page(0) + PRODUCER.overwritten, 1);
    expect(texts(round(reader))).toEqual(['gap 1', 'f']);
    expect(reader.accounts()[0]).toMatchObject({ lostByCause: { overwritten: 1, corrupt: 1 } });
  });

  it('is nothing, where the ring is full to the last byte', () => {
    const own = session();
    const reader = own.attach();
    while (Number(own.get(own.page(0) + PRODUCER.reserved)) < RING) own.write(0, '12345678');
    expect(texts(round(reader))).toEqual(Array(RING / 64).fill('12345678'));
    expect(reader.accounts()[0]).toMatchObject({ lost: 0 });
  });
});

it('a ring that drops has no tail to be lapped by, whatever stands there', () => {
  const session = new Session({ cpus: 1 });
  const reader = session.attach();
  session.write(0, 'a');
  session.write(0, 'b');
  session.set(session.page(0) + PRODUCER.tail, 64);
  expect(texts(round(reader))).toEqual(['a', 'b']);
});

it('a record that runs over the end of the ring is none, wherever a copy begins', () => {
  const session = new Session({ cpus: 1 });
  const reader = session.attach();
  while (Number(session.get(session.page(0) + PRODUCER.reserved)) < RING - 64) session.write(0, '12345678');
  expect(round(reader)).toHaveLength(RING / 64 - 1);
  session.write(0, '1234567890123456');
  expect(round(reader)).toEqual([]);
  session.write(0, 'next');
  expect(texts(round(reader))).toEqual(['gap 1', 'next']);
});

it('a PAD alone says nothing of the time', () => {
  const session = new Session({ cpus: 1, startTicks: 1000n });
  const reader = session.attach();
  session.clock.now = 1050n;
  session.nest(0, 1);
  session.pad(0, 64);
  expect(reader.round(() => {}, false).safeTimeNs).toBe(0);
});

describe('a CPU holds the others back', () => {
  it('not as stuck while data of it waits, however long its writer has been inside', () => {
    const session = new Session({ cpus: 1 });
    session.nest(0, 1);
    const reader = readerOf(session);
    reader.sample(momentOf(session, 0));
    expect([reader.isStuck(49, 50), reader.isStuck(50, 50)]).toEqual([false, true]);
    session.write(0, 'published inside');
    reader.sample(momentOf(session, 60));
    // It made progress, and what it published was not copied yet: both speak against being stuck.
    expect(reader.isStuck(1000, 50)).toBe(false);
    reader.sample(momentOf(session, 70));
    expect(reader.pending).toBeGreaterThan(0);
    expect(reader.isStuck(1000, 50)).toBe(false);
    reader.drain(RING, noLimit);
    expect(reader.pending).toBe(0);
    expect([reader.isStuck(119, 50), reader.isStuck(120, 50)]).toEqual([false, true]);
    session.nest(0, 0);
    reader.sample(momentOf(session, 130));
    expect(reader.isStuck(1e9, 50)).toBe(false);
  });

  it('up to the moment while nobody writes, and up to its last record while someone does', () => {
    const session = new Session({ cpus: 1 });
    const reader = readerOf(session);
    expect(reader.boundKey).toBe(Number.NEGATIVE_INFINITY);
    session.write(0, 'key 0');
    session.write(0, 'key 1');
    session.nest(0, 1);
    const look = (moment: RoundMoment) => {
      reader.sample(moment);
      reader.drain(RING, noLimit);
      reader.updateBound(moment);
      return [reader.boundKey, reader.boundCpu, reader.settled];
    };
    expect(look(momentOf(session))).toEqual([1, 0, false]);
    session.nest(0, 0);
    // The same key again says nothing that the record did not.
    expect(look({ ...momentOf(session), key: 1 })).toEqual([1, 0, true]);
    session.set(256, 10);
    expect(look(momentOf(session))).toEqual([9, -1, true]);
    // Bounds never go back, not even for a moment that is earlier.
    expect(look({ ...momentOf(session), key: 4 })).toEqual([9, -1, true]);
    session.nest(0, 1);
    expect(look(momentOf(session))).toEqual([9, -1, false]);
    // What is written inside may have the key of the moment itself.
    session.write(0, 'key 9');
    expect(look(momentOf(session))).toEqual([9, 0, false]);
  });

  it('up to the last record that was taken, where more is there than was taken', () => {
    const session = new Session({ cpus: 1 });
    const reader = readerOf(session);
    for (let n = 0; n < 40; n++) session.write(0, '12345678');
    const moment = momentOf(session);
    reader.sample(moment);
    expect(reader.drain(RING / 4, noLimit)).toBe(RING / 4);
    reader.updateBound(moment);
    expect([reader.settled, reader.boundKey, reader.boundCpu]).toEqual([false, 15, 0]);
  });

  it('no longer where nothing changes any more', () => {
    const session = new Session({ cpus: 1 });
    session.nest(0, 3);
    const reader = readerOf(session);
    reader.sample(momentOf(session, 0, true));
    expect([reader.settled, reader.isStuck(1e9, 50)]).toEqual([true, false]);
  });
});

describe('a copy', () => {
  it('that has room for less than a record is not made, unless it is all there is', () => {
    const session = new Session({ cpus: 1 });
    const reader = readerOf(session);
    for (let n = 0; n < 20; n++) session.write(0, '12345678');
    reader.sample(momentOf(session));
    const all = 20 * 64;
    expect(reader.pending).toBe(all);
    // Shorter than the longest record of this ring: it might hold none.
    expect(reader.drain(RING / 4 - 8, noLimit)).toBe(0);
    expect(reader.drain(RING / 4, noLimit)).toBe(RING / 4);
    expect(reader.pending).toBe(all - RING / 4);
    expect(reader.drain(all - RING / 4, noLimit)).toBe(all - RING / 4);
    expect([reader.pending, reader.drain(RING, noLimit)]).toEqual([0, 0]);
  });

  it('that was lapped while it was made keeps what lies above the tail, and counts the rest as overwritten', () => {
    const session = new Session({ cpus: 1, mode: 'overwrite' });
    const reader = session.attach();
    for (const text of ['a', 'b', 'c']) session.write(0, text);
    const page = session.page(0);
    session.onAccess = (offset) => {
      if (offset !== page + RV.PAGE + 128) return;
      session.onAccess = () => {};
      session.set(page + PRODUCER.tail, 64);
      session.add(page + PRODUCER.overwritten, 1);
    };
    expect(texts(round(reader))).toEqual(['gap 1', 'b', 'c']);
    expect(reader.accounts()[0]).toMatchObject({ read: 2, lost: 1, lostByCause: { overwritten: 1, corrupt: 0 } });
  });

  it('begins at the tail where the reader was lapped before it looked', () => {
    const session = new Session({ cpus: 1, mode: 'overwrite' });
    const reader = session.attach();
    for (const text of ['a', 'b', 'c']) session.write(0, text);
    session.set(session.page(0) + PRODUCER.tail, 128);
    expect(texts(round(reader))).toEqual(['gap 2', 'c']);
    // A tail behind the reader says nothing.
    session.write(0, 'd');
    expect(texts(round(reader))).toEqual(['d']);
  });

  it('does not follow a tail beyond what is published', () => {
    const session = new Session({ cpus: 1, mode: 'overwrite' });
    const reader = session.attach();
    session.write(0, 'a');
    session.set(session.page(0) + PRODUCER.tail, 2n ** 40n);
    expect(round(reader)).toEqual([]);
    expect(session.get(session.consumer(0) + CONSUMER.consumed)).toBeLessThan(2n ** 40n);
    session.set(session.page(0) + PRODUCER.tail, 0);
    session.write(0, 'b');
    expect(texts([...round(reader), ...round(reader)])).toEqual(['gap 1', 'b']);
  });

  it('tells the clock of its last record', () => {
    const session = new Session({ cpus: 1, startTicks: 2n ** 40n + 5n });
    const reader = readerOf(session);
    expect(reader.lastStamp).toEqual({ hi: 256, lo: 5 });
    session.clock.now = 2n ** 40n + 9n;
    session.write(0, 'a');
    session.clock.now = 2n ** 41n + 1n;
    session.write(0, 'b');
    reader.sample(momentOf(session));
    reader.drain(RING, noLimit);
    expect(reader.lastStamp).toEqual({ hi: 512, lo: 1 });
  });
});
