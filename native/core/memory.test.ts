/** The bounds of an image, and a producer whose positions lead beyond them. */
import { describe, expect, it } from 'vitest';
import { CONSUMER, imageGeometry, PRODUCER, RV, SESSION } from './layout.ts';
import { boundedMemory, type ImageMemory, MemoryFault, memoryGone } from './memory.ts';
import { RingReader } from './ring-reader.ts';
import { parseRingSession, type RingSessionHeader } from './ring-session.ts';
import { ArrayMemory, createTestImage, TestClock } from './test-support.ts';

const RING = 65536;

function session(cpus: number, mode: 'drop' | 'overwrite' = 'overwrite') {
  const image = createTestImage({ cpus, ringBytes: RING, mode });
  const header = parseRingSession(new Uint8Array(image.buffer, 0, RV.PAGE), image.byteLength);
  if (!header.ok) throw new Error(header.failure.message);
  return { image, header: header.value, memory: new ArrayMemory(image.buffer) };
}

function codeOf(access: () => void): string {
  try {
    access();
    return 'ok';
  } catch (error) {
    if (error instanceof MemoryFault) return error.failure.code;
    throw error;
  }
}

describe('memory of an image', () => {
  const { image, header, memory } = session(2);
  const bounded = boundedMemory(memory, header);
  const { consumerOffset, ringsOffset, ringStride, imageBytes } = header;
  const ringEnd = RV.PAGE + RING;

  it.each<[string, number, number, string]>([
    ['the session page', 0, RV.PAGE, 'ok'],
    ['nothing at all', 0, 0, 'ok'],
    ['behind the session page', 8, RV.PAGE, 'corrupt-ring'],
    ['in front of the image', -8, 8, 'corrupt-ring'],
    ['all consumer pages', consumerOffset, 2 * RV.PAGE, 'ok'],
    ['behind the consumer pages', consumerOffset + 2 * RV.PAGE, 8, 'corrupt-ring'],
    ['a ring with its page', ringsOffset, ringEnd, 'ok'],
    ['the last ring with its page', ringsOffset + ringStride, ringEnd, 'ok'],
    ['the end of a ring', ringsOffset + ringEnd - 8, 8, 'ok'],
    ['one word behind a ring', ringsOffset + ringEnd - 8, 16, 'corrupt-ring'],
    ['two rings at once', ringsOffset, ringStride + 8, 'corrupt-ring'],
    ['behind the last ring', ringsOffset + ringStride + ringEnd - 8, 16, 'corrupt-ring'],
    ['behind the image', imageBytes, 0, 'corrupt-ring'],
    ['a length below zero', ringsOffset, -8, 'corrupt-ring'],
    ['no number', Number.NaN, 8, 'corrupt-ring'],
  ])('is read inside its parts only: %s', (_what, offset, length, code) => {
    const target = new Uint8Array(2 * ringStride);
    expect(codeOf(() => bounded.copyOut(offset, target, 0, length))).toBe(code);
    if (length === 8) expect(codeOf(() => bounded.read(offset, new Uint32Array(2)))).toBe(code);
  });

  it('is copied to where there is room only', () => {
    const target = new Uint8Array(64);
    const copy = (at: number) => codeOf(() => bounded.copyOut(0, target, at, 32));
    expect([copy(0), copy(32), copy(33), copy(-1)]).toEqual(['ok', 'ok', 'corrupt-ring', 'corrupt-ring']);
    expect([...target.subarray(32, 40)]).toEqual([...new Uint8Array(image.buffer, 0, 8)]);
    expect(target.subarray(32, 40).every((byte) => byte !== 0)).toBe(true);
  });

  it('is written in the consumer pages only', () => {
    const write = (offset: number) => codeOf(() => bounded.writeConsumer(offset, new Uint32Array(2)));
    const end = consumerOffset + 2 * RV.PAGE;
    expect([consumerOffset, end - 8].map(write)).toEqual(['ok', 'ok']);
    expect([0, consumerOffset - 8, end - 4, end, ringsOffset].map(write)).toEqual(Array(5).fill('corrupt-ring'));
  });
});

it('memory that is gone is a failure with words for people', () => {
  const fault = memoryGone('The memory was cut while it was read');
  expect(fault).toBeInstanceOf(MemoryFault);
  expect(fault.message).toBe('The memory was cut while it was read');
  expect(fault.failure).toMatchObject({ code: 'truncated-mapping', message: fault.message });
  expect(fault.failure.action).not.toBe('');
});

/** Memory that tells how far beyond its own ring a reader was led. */
function watching(memory: ImageMemory, header: RingSessionHeader, farthest: { end: number }): ImageMemory {
  return {
    read: (offset, target) => memory.read(offset, target),
    copyOut: (offset, bytes, at, length) => {
      const within = (offset - header.ringsOffset) % header.ringStride;
      farthest.end = Math.max(farthest.end, within + length);
      memory.copyOut(offset, bytes, at, Math.min(length, header.imageBytes - offset));
    },
    writeConsumer: (offset, source) => memory.writeConsumer(offset, source),
    barrier: () => {},
  };
}

describe('a published position far ahead of the tail', () => {
  it.each([32768, 65536, 131072])('is not followed beyond a ring of %i bytes that overwrites', (ringBytes) => {
    const image = createTestImage({ cpus: 1, ringBytes, mode: 'overwrite' });
    const parsed = parseRingSession(new Uint8Array(image.buffer, 0, RV.PAGE), image.byteLength);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const header = parsed.value;
    const { ringsOffset, consumerOffset } = imageGeometry(1, ringBytes);
    const set = (at: number, value: number) => image.setBigUint64(at, BigInt(value), true);
    const farthest = { end: 0 };
    const memory = watching(new ArrayMemory(image.buffer), header, farthest);

    const position = 5 * ringBytes + ringBytes - 8;
    for (const field of [PRODUCER.tail, PRODUCER.reserved, PRODUCER.published]) set(ringsOffset + field, position);
    set(consumerOffset + CONSUMER.consumed, position);
    const attached = RingReader.attach(header, memory, new TestClock());
    if (!attached.ok) throw new Error(attached.failure.message);
    attached.value.round(() => {}, false);
    set(ringsOffset + PRODUCER.reserved, position + 1024 * 1024);
    set(ringsOffset + PRODUCER.published, position + 1024 * 1024);
    set(ringsOffset + PRODUCER.sequence, 7);
    set(ringsOffset + PRODUCER.written, 7);
    set(SESSION.nextIndex, 8);
    const rounds = [false, false, true].map((final) => attached.value.round(() => {}, final));
    expect(farthest.end).toBeLessThanOrEqual(RV.PAGE + ringBytes);
    expect(rounds.at(-1)?.drained).toBe(true);
    // What the position promised is lost, said to be, and the reader stands where the producer is.
    expect(attached.value.accounts()[0]).toMatchObject({ read: 0, lost: 7, lostByCause: { corrupt: 7 } });
    expect(image.getBigUint64(consumerOffset + CONSUMER.consumed, true)).toBe(BigInt(position + 1024 * 1024));
  });
});
