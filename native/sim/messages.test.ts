import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECORD, RV } from '../core/layout.ts';
import {
  DriverMessages,
  fnv1a,
  type MessageSource,
  WithBinary,
  WithChecksum,
  WithNumber,
  writeHex,
} from './messages.ts';

function take(source: MessageSource): { text: string; bytes: Uint8Array } {
  const length = source.next();
  const bytes = new Uint8Array(length + 16);
  source.write(bytes, 8);
  // Nothing outside the data is touched.
  expect([...bytes.subarray(0, 8), ...bytes.subarray(8 + length)]).toEqual(new Array(16).fill(0));
  const data = bytes.slice(8, 8 + length);
  return { text: new TextDecoder('utf-8', { fatal: true }).decode(data), bytes: data };
}

describe('driver messages', () => {
  it('look like traces of drivers and come in all levels', () => {
    const source = new DriverMessages(1);
    const levels = [0, 0, 0, 0];
    const texts = new Set<string>();
    let bytes = 0;
    for (let i = 0; i < 5000; i++) {
      const message = take(source);
      expect(message.text).toMatch(/^[ -~äü„“]+$/);
      expect(message.text).not.toMatch(/%[xpdse]/);
      levels[source.level] = (levels[source.level] ?? 0) + 1;
      texts.add(message.text);
      bytes += message.bytes.length;
    }
    expect(levels.every((count) => count > 50)).toBe(true);
    expect(texts.size).toBeGreaterThan(4900);
    expect(bytes / 5000).toBeGreaterThan(60);
    expect(bytes / 5000).toBeLessThan(100);
  });

  it('end what they have begun: an IRP is done once, and after its start', () => {
    const source = new DriverMessages(5);
    const open = new Set<string>();
    let pairs = 0;
    for (let i = 0; i < 5000; i++) {
      const { text } = take(source);
      // The example of the Intervals pane.
      const start = /IRP (\w+) start/.exec(text)?.[1];
      const done = /IRP (\w+) done/.exec(text)?.[1];
      if (start !== undefined) open.add(start);
      if (done === undefined) continue;
      expect(open.delete(done)).toBe(true);
      pairs++;
    }
    expect(pairs).toBeGreaterThan(200);
  });

  it('repeat with the same seed and only then', () => {
    const first = (seed: number) => {
      const source = new DriverMessages(seed);
      return Array.from({ length: 20 }, () => take(source).text);
    };
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
  });
});

it('a checksum covers the UTF-8 bytes before it', () => {
  const source = new WithChecksum(new DriverMessages(3));
  for (let i = 0; i < 300; i++) {
    const { text, bytes } = take(source);
    const match = / #([0-9a-f]{8})$/.exec(text);
    expect(match).not.toBeNull();
    expect(Number.parseInt(match?.[1] ?? '', 16)).toBe(fnv1a(bytes, 0, bytes.length - 10));
  }
});

it('a number is that of the record, behind the tag of its producer and before the checksum', () => {
  const source = new WithChecksum(new WithNumber(new DriverMessages(3), 0xdecade));
  const bytes = new Uint8Array(512);
  for (const sequence of [1, 0x1234, 0x89abcdef]) {
    const length = source.next();
    new DataView(bytes.buffer).setBigUint64(RECORD.sequence, 0x700000000n + BigInt(sequence), true);
    source.write(bytes, RV.RECORD_HEADER_BYTES);
    const text = new TextDecoder().decode(bytes.subarray(RV.RECORD_HEADER_BYTES, RV.RECORD_HEADER_BYTES + length));
    expect(text).toMatch(new RegExp(` @00decade\\.${sequence.toString(16).padStart(8, '0')} #[0-9a-f]{8}$`));
  }
});

it('FNV-1a has its published values', () => {
  const of = (text: string) => fnv1a(new TextEncoder().encode(text), 0, text.length);
  expect(of('')).toBe(0x811c9dc5);
  expect(of('a')).toBe(0xe40c292c);
  expect(of('foobar')).toBe(0xbf9cf968);
});

it('hexadecimal digits are written from the right', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
      const bytes = new Uint8Array(8);
      writeHex(bytes, 0, 8, value);
      expect(new TextDecoder().decode(bytes)).toBe(value.toString(16).padStart(8, '0'));
    }),
  );
});

it('binary payloads come as often as asked, with a type and remarks, and without a checksum', () => {
  const source = new WithChecksum(new WithBinary(new DriverMessages(1), 4, 2));
  const remarks = new Set<number>();
  for (let i = 1; i <= 200; i++) {
    const length = source.next();
    const bytes = new Uint8Array(length);
    source.write(bytes, 0);
    expect(source.type > 0).toBe(i % 4 === 0);
    if (source.type === 0) continue;
    expect(source.type).toBeLessThanOrEqual(3);
    expect(length).toBeLessThanOrEqual(96);
    remarks.add(source.remarks);
  }
  expect(remarks.size).toBeGreaterThan(40);
});
