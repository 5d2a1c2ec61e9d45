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

  it('delivers every message that was taken, whole and in order, whatever the sizes and turns', () => {
    const step = fc.oneof(
      fc.record({ write: fc.integer({ min: 0, max: 500 }) }),
      fc.record({ read: fc.integer({ min: 1, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { writer, reader } = rings(2048);
        const expected: { attempt: number; length: number }[] = [];
        let attempt = 0;
        const take = (): boolean => {
          const message = reader.next();
          if (message === null) return false;
          const { attempt: number, payload } = message;
          expect({ attempt: number, length: payload.length }).toEqual(expected.shift());
          expect(payload.every((byte, at) => byte === ((number + at) & 0xff))).toBe(true);
          return true;
        };
        for (const each of steps) {
          if ('read' in each) {
            for (let i = 0; i < each.read && take(); i++);
            continue;
          }
          attempt++;
          const payload = Uint8Array.from({ length: each.write }, (_, at) => (attempt + at) & 0xff);
          if (writer.write(MessageKind.Attempt, 3, ticks, payload, payload.length)) {
            expected.push({ attempt, length: each.write });
          }
        }
        while (take());
        expect(expected).toEqual([]);
        expect(reader.attempts()).toBe(attempt);
      }),
    );
  });
});
