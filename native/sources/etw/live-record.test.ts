import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER_FLAG, EVENT_RECORD as RECORD } from '../../win32/tracing/structures.ts';
import { GuidCache } from '../etl/guid-cache.ts';
import { readSymbols } from '../etl/symbols.ts';
import { described, PROVIDER } from '../etl/test-support.ts';
import { createTraceEvent, type TraceEvent } from '../etl/trace-event.ts';
import { TraceRows } from '../etl/trace-rows.ts';
import { cpuOf, MOST_PACKED_BYTES, parsePacked } from './live-record.ts';
import { packed, packerOf, recordMemory, type WrittenRecord } from './test-support.ts';

const KERNEL_DBGPRINT = '13976d09-a327-438c-950b-7f03192815c7';

function parse(bytes: Uint8Array): { readonly view: DataView; readonly event: TraceEvent } | null {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const event = createTraceEvent();
  return parsePacked(view, copy.length, event, new GuidCache()) ? { view, event } : null;
}

describe('a record as Windows hands it over', () => {
  it('has what the header of its event says', () => {
    const record = { guid: PROVIDER, id: 300, level: 3, version: 2, opcode: 5, pid: 77, tid: 0xffffffff, cpu: 700 };
    const read = parse(packed({ ...record, data: Buffer.from('data'), ticks: -5n }));
    expect(read?.event).toMatchObject({
      kind: 'event',
      id: 300,
      level: 3,
      version: 2,
      opcode: 5,
      pid: 77,
      tid: 0,
      is32Bit: false,
      guidAt: 24,
      group: -1,
    });
    expect(cpuOf(read?.view as DataView)).toBe(700);
    expect(read?.view.getBigInt64(read.event.timeAt, true)).toBe(-5n);
    const { dataStart = 0, dataEnd = 0 } = read?.event ?? {};
    expect(Buffer.from(read?.view.buffer as ArrayBuffer, dataStart, dataEnd - dataStart).toString()).toBe('data');
  });

  it('is of the kind that its flags say', () => {
    const kind = (record: Partial<WrittenRecord>) => {
      const read = parse(packed({ guid: PROVIDER, ...record }))?.event;
      return read === undefined ? null : [read.kind, read.group, read.id, read.is32Bit];
    };
    const { CLASSIC, TRACE_MESSAGE, HEADER_32 } = HEADER_FLAG;
    const instance = { type: 4, bytes: Buffer.from([41, 0, 0, 0, 0, 0, 0, 0, ...new Array(16).fill(0)]) };
    expect(kind({ flags: TRACE_MESSAGE | HEADER_32, id: 12 })).toEqual(['message', -1, 12, true]);
    expect(kind({ flags: CLASSIC, id: 9 })).toEqual(['trace', -1, 0, null]);
    expect(kind({ flags: CLASSIC, items: [instance] })).toEqual(['instance', -1, 41, null]);
    expect(kind({ flags: CLASSIC, guid: KERNEL_DBGPRINT })).toEqual(['system', 10, 0, null]);
    expect(kind({ guid: KERNEL_DBGPRINT })).toEqual(['event', -1, 0, false]);
  });

  it('keeps of the items what rows are made of, wherever it stands', () => {
    const stack = { type: 6, bytes: Buffer.alloc(24, 0xab) };
    const schema = described('Opened', [['path', 2]]);
    const traits = { type: 12, bytes: Buffer.from('\x11\0Probe.Provider\0') };
    const read = parse(packed({ guid: PROVIDER, items: [stack, schema, stack, traits], data: Buffer.from('C:\0') }));
    expect(read?.event).toMatchObject({ schemaBytes: schema.bytes.length, traitsBytes: traits.bytes.length });
    const { schemaAt = 0, traitsAt = 0 } = read?.event ?? {};
    const at = (from: number, bytes: number) => Buffer.from(read?.view.buffer as ArrayBuffer, from, bytes);
    expect(at(schemaAt, schema.bytes.length).equals(Buffer.from(schema.bytes))).toBe(true);
    expect(at(traitsAt, traits.bytes.length).equals(traits.bytes)).toBe(true);
  });

  it('of the greatest length there is fits, and items that do not are left out', () => {
    const data = Buffer.alloc(65_535, 1);
    const items = Array.from({ length: 6 }, () => ({ type: 11, bytes: Buffer.alloc(65_535, 2) }));
    const bytes = packed({ guid: PROVIDER, data, items });
    expect(bytes.length).toBeLessThanOrEqual(MOST_PACKED_BYTES);
    const read = parse(bytes);
    expect((read?.event.dataEnd ?? 0) - (read?.event.dataStart ?? 0)).toBe(65_535);
  });
});

/** A record of any kind, whole. */
const RECORD_OF_ANY_KIND: fc.Arbitrary<WrittenRecord> = fc.record({
  guid: fc.constantFrom(PROVIDER, KERNEL_DBGPRINT, '3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c'),
  flags: fc.constantFrom(0x40, 0x20, 0x100, 0x108, 0x148, 8),
  data: fc.uint8Array({ maxLength: 200 }),
  items: fc.array(fc.record({ type: fc.constantFrom(4, 6, 11, 12), bytes: fc.uint8Array({ maxLength: 64 }) }), {
    maxLength: 4,
  }),
  opcode: fc.nat(40),
  version: fc.nat(4),
  id: fc.constantFrom(0, 10, 0xfffe),
});
/** Bytes that are changed: places and values. */
const CHANGES = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 12 });

describe('a hostile record', () => {
  it('whose lengths lie is never copied beyond the room there is', () => {
    fc.assert(
      fc.property(RECORD_OF_ANY_KIND, CHANGES, (record, changes) => {
        const memory = { current: recordMemory(record) };
        // Everything up to the addresses: those are Windows' own.
        for (const [at, value] of changes) if (at < RECORD.ExtendedData) memory.current[at] = value;
        const packer = packerOf(memory);
        packer.record.set(memory.current.subarray(0, RECORD.size));
        expect(packer.pack()).toBeLessThanOrEqual(MOST_PACKED_BYTES);
      }),
      { numRuns: 500 },
    );
  });

  it('is a row or is refused: nothing throws, and no event reaches beyond it', () => {
    const symbols = readSymbols({}, {});
    if (!symbols.ok) throw new Error('no symbols');
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(RECORD_OF_ANY_KIND, CHANGES, fc.nat(500), (record, changes, cut) => {
        const whole = packed(record);
        // Behind what was cut lies what must not be read.
        const end = cut > whole.length ? whole.length : cut;
        const bytes = new Uint8Array(end + 64).fill(0x41);
        bytes.set(whole.subarray(0, end));
        for (const [at, value] of changes) if (at < end) bytes[at] = value;
        const view = new DataView(bytes.buffer, 0, end);
        const event = createTraceEvent();
        if (!parsePacked(view, end, event, new GuidCache())) {
          refused++;
          return;
        }
        read++;
        for (const [from, length] of [
          [event.dataStart, event.dataEnd - event.dataStart],
          [event.schemaAt, event.schemaBytes],
          [event.traitsAt, event.traitsBytes],
        ] as const) {
          expect(length).toBeGreaterThanOrEqual(0);
          if (from >= 0) expect(from + length).toBeLessThanOrEqual(end);
        }
        const rows = new TraceRows(symbols.value, 'windows-1252');
        rows.add(view, event, { cpu: 0, timeNs: 0, late: false, lostBefore: 0, missingBefore: 0 });
        rows.flush();
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(read, refused)).toBeGreaterThan(100);
  });
});
