import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMessageRing, MessageKind, MessageRingReader, MessageRingWriter } from './message-ring.ts';

const ticks = new Uint32Array([7, 9]);

function rings(bytes: number): { writer: MessageRingWriter; reader: MessageRingReader } {
  const ring = createMessageRing(bytes);
  return { writer: new MessageRingWriter(ring), reader: new MessageRingReader(ring) };
}

describe('message ring', () => {
  it('hands over what was written', () => {
    const { writer, reader } = rings(1024);
    expect(reader.next()).toBeNull();
    expect(writer.write(MessageKind.Note, 5, ticks, new Uint8Array([1, 2, 3]), 3)).toBe(true);
    expect(writer.write(MessageKind.Attempt, 6, ticks, new Uint8Array([4, 5, 6, 7]), 2)).toBe(true);
    expect(reader.pending).toBe((7 + 1) * 4 * 2);
    expect(reader.next()).toMatchObject({ kind: MessageKind.Note, pid: 5, ticksLow: 7, ticksHigh: 9, attempt: 0 });
    const second = reader.next();
    expect(second).toMatchObject({ kind: MessageKind.Attempt, pid: 6, attempt: 1 });
    expect([...(second?.payload ?? [])]).toEqual([4, 5]);
    expect(reader.next()).toBeNull();
    expect(reader.pending).toBe(0);
  });

  it('counts what did not fit, and has room again once something was read', () => {
    const { writer, reader } = rings(1024);
    const payload = new Uint8Array(228);
    const written = Array.from({ length: 6 }, () => writer.write(MessageKind.Attempt, 1, ticks, payload, 228));
    expect(written).toEqual([true, true, true, true, false, false]);
    expect(reader.attempts()).toBe(6);
    expect(reader.next()?.attempt).toBe(1);
    expect(writer.write(MessageKind.Attempt, 1, ticks, payload, 228)).toBe(false);
    expect(reader.next()?.attempt).toBe(2);
    expect(writer.write(MessageKind.Attempt, 1, ticks, payload, 228)).toBe(true);
    expect([reader.next()?.attempt, reader.next()?.attempt, reader.next()?.attempt]).toEqual([3, 4, 8]);
    expect(reader.next()).toBeNull();
    expect(reader.attempts()).toBe(8);
  });

  it('never writes over messages that wait, where the rest of the ring is skipped', () => {
    const { writer, reader } = rings(1024);
    const payload = new Uint8Array(228).fill(1);
    // Four messages of 64 words fill the ring; with one read, a longer one fits only where the end is not.
    for (let n = 0; n < 3; n++) expect(writer.write(MessageKind.Attempt, 1, ticks, payload, 228)).toBe(true);
    expect(reader.next()?.attempt).toBe(1);
    expect(reader.next()?.attempt).toBe(2);
    const longer = new Uint8Array(232).fill(9);
    // 64 words are free at the end and 64 at the start, none of which takes 65.
    expect(writer.write(MessageKind.Attempt, 1, ticks, longer, 232)).toBe(false);
    expect([...(reader.next()?.payload ?? [])]).toEqual([...payload]);
    expect(reader.next()).toBeNull();
    expect(writer.write(MessageKind.Attempt, 1, ticks, longer, 232)).toBe(true);
    const skipped = reader.next();
    expect(skipped).toMatchObject({ attempt: 5 });
    expect([...(skipped?.payload ?? [])]).toEqual([...longer]);
  });

  it('takes a message that fills it to the last word, and none that is one word longer', () => {
    const largest = 1024 - 7 * 4;
    const { writer, reader } = rings(1024);
    expect(writer.write(MessageKind.Note, 1, ticks, new Uint8Array(largest + 1), largest + 1)).toBe(false);
    expect(writer.write(MessageKind.Note, 1, ticks, new Uint8Array(largest), largest)).toBe(true);
    expect(writer.write(MessageKind.Note, 1, ticks, new Uint8Array(0), 0)).toBe(false);
    expect([reader.pending, reader.capacity]).toEqual([1024, 1024]);
    expect(reader.next()?.payload.length).toBe(largest);
    expect(reader.pending).toBe(0);
    // What is handed out stays the reader's until it asks for the next.
    expect(writer.write(MessageKind.Note, 1, ticks, new Uint8Array(0), 0)).toBe(false);
    expect(reader.next()).toBeNull();
    expect(writer.write(MessageKind.Note, 1, ticks, new Uint8Array(0), 0)).toBe(true);
  });

  it('counts no note as an attempt, whether it fits or not', () => {
    const { writer, reader } = rings(1024);
    const payload = new Uint8Array(900);
    expect(writer.write(MessageKind.Attempt, 1, ticks, payload, 4)).toBe(true);
    expect(writer.write(MessageKind.Note, 1, ticks, payload, 900)).toBe(true);
    expect(writer.write(MessageKind.Note, 1, ticks, payload, 900)).toBe(false);
    expect(writer.write(MessageKind.Clear, 1, ticks, payload, 0)).toBe(true);
    expect(reader.attempts()).toBe(1);
    const seen = Array.from({ length: 3 }, () => {
      const message = reader.next();
      return [message?.kind, message?.attempt];
    });
    expect(seen).toEqual([
      [MessageKind.Attempt, 1],
      [MessageKind.Note, 1],
      [MessageKind.Clear, 1],
    ]);
  });

  it('goes on where its counters of words come back to zero', () => {
    const ring = createMessageRing(1024);
    const near = 2 ** 32 - 100;
    // As a ring is after 16 GiB of messages.
    Atomics.store(new Int32Array(ring), 0, near | 0);
    Atomics.store(new Int32Array(ring), 1, near | 0);
    const writer = new MessageRingWriter(ring);
    const reader = new MessageRingReader(ring);
    Object.assign(writer, { head: near });
    Object.assign(reader, { tail: near });
    for (let n = 1; n <= 40; n++) {
      const payload = Uint8Array.from({ length: 60 + (n % 5) }, () => n);
      expect(writer.write(MessageKind.Attempt, n, ticks, payload, payload.length)).toBe(true);
      expect(reader.pending).toBeLessThanOrEqual(1024);
      const message = reader.next();
      expect(message).toMatchObject({ pid: n, attempt: n });
      expect([...(message?.payload ?? [])]).toEqual([...payload]);
      expect(reader.next()).toBeNull();
    }
  });

  it('delivers every message that was taken, whole and in order, whatever the sizes and turns', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ write: fc.integer({ min: 0, max: 500 }) }) },
      { weight: 1, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 12 }) }) },
    );
    // What is claimed must have happened often, or little was tested.
    const happened = { written: 0, refused: 0, refusedForTheSkip: 0, wrapped: 0, emptied: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 200, size: 'max' }), (steps) => {
        const { writer, reader } = rings(2048);
        const words = 2048 / 4;
        const expected: { attempt: number; length: number }[] = [];
        let attempt = 0;
        let lastAt = -1;
        const take = (): boolean => {
          const message = reader.next();
          if (message === null) {
            happened.emptied++;
            return false;
          }
          const { attempt: number, payload } = message;
          expect({ attempt: number, length: payload.length }).toEqual(expected.shift());
          expect(payload.every((byte, at) => byte === ((number + at) & 0xff))).toBe(true);
          if (payload.byteOffset < lastAt) happened.wrapped++;
          lastAt = payload.byteOffset;
          return true;
        };
        for (const each of steps) {
          if ('read' in each) {
            for (let i = 0; i < each.read && take(); i++);
            continue;
          }
          attempt++;
          const payload = Uint8Array.from({ length: each.write }, (_, at) => (attempt + at) & 0xff);
          const free = words - reader.pending / 4;
          if (writer.write(MessageKind.Attempt, 3, ticks, payload, payload.length)) {
            expected.push({ attempt, length: each.write });
            happened.written++;
          } else {
            happened.refused++;
            if (7 + ((each.write + 3) >>> 2) <= free) happened.refusedForTheSkip++;
          }
        }
        while (take());
        expect(expected).toEqual([]);
        expect(reader.attempts()).toBe(attempt);
      }),
    );
    const { written, refused, refusedForTheSkip, wrapped, emptied } = happened;
    expect(refused / (written + refused)).toBeGreaterThan(0.1);
    expect(refusedForTheSkip).toBeGreaterThan(50);
    expect(wrapped).toBeGreaterThan(200);
    expect(emptied).toBeGreaterThan(100);
  });
});
