/** Whatever bytes of a trace are cut, changed, copied or shuffled: it is named or read on, within bounded time and memory. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../core/test-support.ts';
import {
  at,
  classicEvent,
  described,
  fullEvent,
  instanceEvent,
  PROVIDER,
  perfinfoEvent,
  readTrace,
  systemEvent,
  traceFile,
  wppMessage,
} from './test-support.ts';
import { createTraceEvent, parseAlignedEvent, parseTraceEvent } from './trace-event.ts';

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** One message with an item of each type that has a length of its own. */
const ITEMS = [
  'ItemString',
  'ItemWString',
  'ItemPString',
  'ItemPWString',
  'ItemSid',
  'ItemHexDump',
  'ItemGuid',
  'ItemDouble',
  'ItemTimestamp',
  'ItemListLong(a,b)',
  'ItemSetLong(a,b)',
  'ItemPtr',
];
const TMF = `${PROVIDER} test // SRC=x.c MJ= MN=
#typev x_c1 10 "%0${ITEMS.map((_, place) => `%${place + 10}!s! %${place + 10}!08I64X! `).join('')}"
{
${ITEMS.map((type, place) => `v${place}, ${type} -- ${place + 10}`).join('\n')}
}
`;

function sample(bits: 32 | 64): Buffer {
  const stamp = (ms: number) => ({ ticks: at(ms), pid: 9, bits });
  const schema = described('Event', [
    ['a', 1],
    ['b', 22],
    ['c', 14],
    ['d', 19],
    ['e', 8],
  ]);
  const data = Buffer.from(Array.from({ length: 120 }, (_, place) => (place * 7) & 0xff));
  const events = [
    systemEvent(3, 1, data, stamp(1), { version: 4 }),
    systemEvent(20, 10, data, stamp(2), { version: 3 }),
    systemEvent(10, 32, Buffer.concat([Buffer.alloc(8), text('print')]), stamp(3), { compact: true }),
    perfinfoEvent(15, 50, data, stamp(4)),
    classicEvent(PROVIDER, 1, data, stamp(5)),
    instanceEvent(PROVIDER, 2, data, stamp(6)),
    fullEvent(PROVIDER, 1, data, stamp(7), { extended: [{ type: 6, bytes: data }, schema] }),
    wppMessage(PROVIDER, 10, Buffer.concat([text('ansi'), Buffer.from('w\0i\0\0\0', 'latin1'), data]), stamp(8)),
  ];
  return traceFile([
    { cpu: 0, events: events.slice(0, 4) },
    { cpu: 1, events: events.slice(4) },
    { cpu: 2, events, flags: 2 },
  ]);
}

const WHOLE = [sample(32), sample(64)];

describe('a hostile trace', () => {
  it('is read to its end, or refused, without an exception', () => {
    let refused = 0;
    let rows = 0;
    let broken = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...WHOLE),
        fc.array(fc.record({ to: fc.nat(16_383), value: fc.nat(255), from: fc.nat(16_383), length: fc.nat(64) }), {
          minLength: 1,
          maxLength: 16,
        }),
        fc.option(fc.nat(16_384), { freq: 5 }),
        (whole, changes, cut) => {
          const hostile = Buffer.from(whole);
          for (const { to, value, from, length } of changes) {
            hostile[to] = value;
            hostile.copyWithin(to, from, from + length);
          }
          try {
            const read = readTrace(cut === null ? hostile : hostile.subarray(0, cut), { tmf: TMF });
            rows += read.rows.length;
            broken += read.source.stats().file?.broken.count ?? 0;
            // An event takes eight bytes at least, and a loss its buffer or its event.
            expect(read.rows.length).toBeLessThan(hostile.length / 4);
            expect(read.source.stats().state).toBe('ended');
            expect(read.rows.every(({ timeNs }) => Number.isFinite(timeNs))).toBe(true);
          } catch (error) {
            if (!/is no trace/.test(String((error as Error).message))) throw error;
            refused++;
          }
        },
      ),
      { numRuns: 500 },
    );
    expect([refused > 0, rows > 1000, broken > 50]).toEqual([true, true, true]);
  }, 120_000);

  it('of changed lengths, numbers and times alone keeps what is whole', () => {
    // The words that decide about places: of a buffer's header, and of the first event behind it.
    const words = [0, 4, 16, 24, 40, 48, 52, 72, 74, 76, 88];
    fc.assert(
      fc.property(
        fc.constantFrom(...WHOLE),
        fc.constantFrom(4096, 8192, 12_288),
        fc.constantFrom(...words),
        fc.constantFrom(0, 1, 7, 8, 71, 72, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff),
        (whole, buffer, word, value) => {
          const hostile = Buffer.from(whole);
          hostile.writeUInt32LE(value, buffer + word);
          const { rows } = readTrace(hostile, { tmf: TMF });
          // Two of three buffers are as they were, unless a length leads over them.
          expect(rows.length).toBeGreaterThanOrEqual(word === 0 ? 0 : 4);
        },
      ),
      { numRuns: 400 },
    );
  }, 120_000);

  it('never has an event beyond what it is read from', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), fc.nat(40), (bytes, start) => {
        if (bytes.length > start + 3) bytes[start + 3] = start % 2 === 0 ? 0xc0 : 0x90;
        if (bytes.length > start + 2)
          bytes[start + 2] = [1, 2, 3, 4, 0x10, 0x11, 0x0a, 0x14, 0x0b, 0x15, 0x12, 0x13][start % 12] as number;
        const event = createTraceEvent();
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        if (!parseTraceEvent(view, start, bytes.length, event)) return;
        expect(event.bytes).toBeGreaterThanOrEqual(8);
        expect(event.dataStart).toBeLessThanOrEqual(event.dataEnd);
        expect(event.dataEnd).toBeLessThanOrEqual(bytes.length);
        expect(event.guidAt + 16).toBeLessThanOrEqual(bytes.length);
        expect(event.schemaAt < 0 || event.schemaAt + event.schemaBytes <= bytes.length).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('has the same event for the quick way of reading as for the plain one', () => {
    const cases = countCases('an event', 'left to the plain way', 'no event at all');
    const whole = [
      ...[true, false].map((compact) => systemEvent(5, 2, Buffer.alloc(40, 0x11), { ticks: at(1) }, { compact })),
      systemEvent(5, 2, Buffer.alloc(40, 0x11), { ticks: at(1), bits: 32 }),
      perfinfoEvent(15, 68, Buffer.alloc(24), { ticks: at(1) }),
      wppMessage(PROVIDER, 10, Buffer.alloc(24), { ticks: at(1) }),
    ];
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...whole)),
        fc.nat(3),
        fc.option(fc.record({ place: fc.nat(7), value: fc.oneof(fc.nat(255), fc.nat(31)) })),
        fc.nat(80),
        (bytes, words, change, cut) => {
          const start = words * 8;
          const all = new Uint8Array(start + 80);
          all.set(bytes.subarray(0, 80), start);
          if (change !== null) all[start + change.place] = change.value;
          const end = start + cut;
          const plain = createTraceEvent();
          const found = parseTraceEvent(new DataView(all.buffer), start, end, plain);
          const quick = createTraceEvent();
          if (parseAlignedEvent(new Int32Array(all.buffer), start, end, quick)) {
            cases.note('an event');
            expect(found).toBe(true);
            expect(quick).toEqual(plain);
          } else {
            cases.note(found ? 'left to the plain way' : 'no event at all');
            expect(quick).toEqual(createTraceEvent());
            const is64Bit = plain.is32Bit === false && plain.kind === 'system';
            expect(found && is64Bit).toBe(false);
          }
        },
      ),
      { numRuns: 3000 },
    );
    cases.expectEach();
  });

  it('of many CPUs with one huge buffer each takes a bounded part of each into memory', () => {
    const bufferBytes = 1024 * 1024;
    const events = Array.from({ length: 500 }, (_, place) =>
      systemEvent(10, 32, Buffer.concat([Buffer.alloc(8), text('x'.repeat(1900))]), { ticks: at(place) }),
    );
    const buffers = Array.from({ length: 40 }, (_, cpu) => ({ cpu, events }));
    const file = traceFile(buffers, { bufferBytes });
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const { rows } = readTrace(file, {
      onPoll: () => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      },
    });
    expect(rows.length).toBe(40 * 500);
    // 40 buffers of a mebibyte; a window of each is 128 KiB.
    expect(most).toBeLessThan(24 * 1024 * 1024);
  }, 60_000);
});

it('an event that is read again has nothing left of the one before', () => {
  const stamp = { ticks: at(1), pid: 9, tid: 8 };
  const data = Buffer.alloc(24, 0x11);
  const kinds = [32, 64].flatMap((bits) => {
    const own = { ...stamp, bits: bits as 32 | 64 };
    const traits = { type: 12, bytes: Buffer.from('\x05\0p\0') };
    return [
      systemEvent(3, 1, data, own),
      systemEvent(5, 2, data, own, { compact: true }),
      perfinfoEvent(15, 50, data, own),
      classicEvent(PROVIDER, 1, data, own, 2),
      instanceEvent(PROVIDER, 2, data, own),
      fullEvent(PROVIDER, 1, data, own, { extended: [described('E', [['a', 1]]), traits] }),
      fullEvent(PROVIDER, 2, data, own),
      wppMessage(PROVIDER, 10, data, own),
      // Without GUID, time, process.
      Buffer.from([16, 0, 0, 0x90, 7, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.from([16, 0, 0, 0x90, 7, 0, 128, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.alloc(16, 0xff),
      Buffer.alloc(4),
      // Cut in its header.
      systemEvent(3, 1, data, own).subarray(0, 12),
      fullEvent(PROVIDER, 1, data, own).subarray(0, 50),
    ];
  });
  const parsed = (bytes: Buffer, event = createTraceEvent()) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { found: parseTraceEvent(view, 0, bytes.length, event), ...event };
  };
  const again = createTraceEvent();
  for (const first of kinds) {
    for (const second of kinds) {
      parsed(first, again);
      expect(parsed(second, again)).toEqual(parsed(second));
    }
  }
});
