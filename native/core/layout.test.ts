import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  alignGranule,
  CONSUMER,
  COUNTER_COUNT,
  imageGeometry,
  isRingBytes,
  PRODUCER,
  PRODUCER_NAME_BYTES,
  padBytes,
  RECORD,
  RV,
  recordBytes,
  SESSION,
} from './layout.ts';

const header = readFileSync(new URL('../../driver/include/ringview/layout.h', import.meta.url), 'utf8');

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

describe('layout twin', () => {
  it('has every #define of the header with the same value, and no other', () => {
    const found = new Map<string, bigint>();
    for (const [, name, rest] of header.matchAll(/^#define (RV_\w+)(.*)$/gm)) {
      if (name === undefined || rest === undefined || rest.startsWith('(') || name === 'RV_STATIC_ASSERT') continue;
      const literal = /^ (0x[0-9a-f]+|\d+)u(?:ll)?(?:\s*\/\*.*)?$/i.exec(rest);
      expect(literal, `${name}${rest} is not a literal this test can read`).not.toBeNull();
      found.set(name.slice(3), BigInt(literal?.[1] ?? 0));
    }
    const twin = new Map(Object.entries(RV).map(([name, value]) => [name, BigInt(value)]));
    expect(found.size).toBeGreaterThan(25);
    expect(twin).toEqual(found);
  });

  it('has every field offset of the header, and no other', () => {
    const structs: Record<string, Record<string, number>> = {};
    for (const [, type = '', field = '', bytes] of header.matchAll(/^RV_ASSERT_OFFSET\((\w+), (\w+), (\d+)\);$/gm)) {
      structs[type] ??= {};
      structs[type][camel(field)] = Number(bytes);
    }
    expect(structs).toEqual({
      rv_session_page: SESSION,
      rv_producer_page: PRODUCER,
      rv_consumer_page: CONSUMER,
      rv_record: RECORD,
    });
  });

  it('has the sizes of the header', () => {
    const sizes = Object.fromEntries(
      [...header.matchAll(/^RV_ASSERT_SIZE\((\w+), (\d+)\);$/gm)].map(([, type, bytes]) => [type, Number(bytes)]),
    );
    expect(sizes).toEqual({
      rv_session_page: RV.PAGE,
      rv_producer_page: RV.PAGE,
      rv_consumer_page: RV.PAGE,
      rv_record: RV.RECORD_HEADER_BYTES,
    });
    expect(header).toContain(`char producer[${PRODUCER_NAME_BYTES}];`);
    expect(PRODUCER.lostQuota - PRODUCER.written).toBe((COUNTER_COUNT - 1) * 8);
  });

  it('computes sizes as the header does', () => {
    expect([0, 1, 8, 72, 65480].map(recordBytes)).toEqual([56, 64, 64, 128, 65536]);
    expect([0, 8].map(padBytes)).toEqual([8, 16]);
    expect([0, 1, 65536, 65537].map(alignGranule)).toEqual([0, 65536, 65536, 131072]);
    expect([0, 2048, 4096, 4097, 6144, 2 ** 30, 2 ** 31].map(isRingBytes)).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it('places the regions on granules', () => {
    expect(imageGeometry(2, 65536)).toEqual({
      consumerOffset: 65536,
      ringsOffset: 131072,
      ringStride: 131072,
      imageBytes: 393216,
    });
    expect(imageGeometry(17, 4096).ringsOffset).toBe(65536 + 131072);
  });
});
