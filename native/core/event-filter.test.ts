import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkFilter,
  EVERYTHING,
  type EventFilter,
  FILTER_BYTES,
  FILTER_LIMITS,
  FILTER_MODES,
  filterWords,
  listMode,
  parsePaths,
  parsePids,
  readFilter,
  writeFilter,
} from './event-filter.ts';

const header = readFileSync(new URL('../../driver/include/ringview/event_filter.h', import.meta.url), 'utf8');

function literal(pattern: RegExp): number {
  const found = pattern.exec(header);
  expect(found, String(pattern)).not.toBeNull();
  return Number(found?.[1]);
}

function bytesOf(filter: EventFilter): Uint8Array {
  const bytes = new Uint8Array(FILTER_BYTES.filter);
  writeFilter(new DataView(bytes.buffer), 0, filter);
  return bytes;
}

describe('the twin of event_filter.h', () => {
  it('has its limits, modes, sizes and offsets', () => {
    expect(literal(/^#define RV_FILTER_PIDS (\d+)u$/m)).toBe(FILTER_LIMITS.pids);
    expect(literal(/^#define RV_FILTER_PATHS (\d+)u$/m)).toBe(FILTER_LIMITS.paths);
    expect(literal(/^#define RV_FILTER_PATH_UNITS (\d+)u$/m)).toBe(FILTER_LIMITS.pathUnits);
    for (const [number, mode] of FILTER_MODES.entries()) {
      expect(literal(new RegExp(`^#define RV_FILTER_${mode.toUpperCase()} (\\d+)u`, 'm'))).toBe(number);
    }
    expect(literal(/^RV_ASSERT_SIZE\(rv_filter_path, (\d+)\);$/m)).toBe(FILTER_BYTES.path);
    expect(literal(/^RV_ASSERT_SIZE\(rv_event_filter, (\d+)\);$/m)).toBe(FILTER_BYTES.filter);
    expect(literal(/^RV_ASSERT_OFFSET\(rv_event_filter, path_mode, (\d+)\);$/m)).toBe(FILTER_BYTES.pathMode);
    expect(literal(/^RV_ASSERT_OFFSET\(rv_event_filter, paths, (\d+)\);$/m)).toBe(FILTER_BYTES.paths);
  });

  it('has its fields in their order', () => {
    const fields = (name: string): string[] => {
      const body = new RegExp(`typedef struct ${name} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
      return [...body.matchAll(/^ *(\w+) (\w+)(?:\[\w+\])?;/gm)].map(([, type, field]) => `${field}:${type}`);
    };
    expect(fields('rv_filter_path')).toEqual(['units:uint16_t', 'reserved:uint16_t', 'text:uint16_t']);
    expect(fields('rv_event_filter')).toEqual([
      'pid_mode:uint32_t',
      'pid_count:uint32_t',
      'pids:uint32_t',
      'path_mode:uint32_t',
      'path_count:uint32_t',
      'paths:rv_filter_path',
    ]);
  });
});

const filters = fc
  .record({
    pids: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: FILTER_LIMITS.pids }),
    pathsOut: fc.boolean(),
    pidsOut: fc.boolean(),
    paths: fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 63 }), { maxLength: FILTER_LIMITS.paths }),
  })
  .map(({ pids, paths, pidsOut, pathsOut }): EventFilter => {
    const texts = paths.map((path) => path.replaceAll('\0', '0'));
    return { pidMode: listMode(pids, pidsOut), pids, pathMode: listMode(texts, pathsOut), paths: texts };
  });

describe('a filter', () => {
  it('is written and read back', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(checkFilter(filter).ok).toBe(true);
        expect(readFilter(new DataView(bytesOf(filter).buffer), 0)).toEqual(filter);
      }),
    );
    const longest = 'x'.repeat(FILTER_LIMITS.pathUnits);
    const full: EventFilter = {
      ...{ pidMode: 'exclude', pids: Array.from({ length: 16 }, (_, n) => n) },
      ...{ pathMode: 'include', paths: [longest, longest, longest, longest] },
    };
    expect(checkFilter(full).ok).toBe(true);
    expect(readFilter(new DataView(bytesOf(full).buffer), 0)).toEqual(full);
  });

  it('is laid out as the header says, and zero where everything passes', () => {
    expect(bytesOf(EVERYTHING).every((byte) => byte === 0)).toBe(true);
    const bytes = bytesOf({ pidMode: 'include', pids: [4, 0x1234], pathMode: 'exclude', paths: ['a', '\u20ac'] });
    expect([...bytes.subarray(0, 20)]).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 0x34, 0x12, 0, 0, 0, 0, 0, 0]);
    expect([...bytes.subarray(72, 88)]).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0x61, 0, 0, 0]);
    expect([...bytes.subarray(336, 344)]).toEqual([1, 0, 0, 0, 0xac, 0x20, 0, 0]);
  });

  it('is read from any bytes without harm', () => {
    const bytes = fc.uint8Array({ minLength: FILTER_BYTES.filter, maxLength: FILTER_BYTES.filter });
    fc.assert(
      fc.property(bytes, (any) => {
        const { pids, paths } = readFilter(new DataView(any.slice().buffer), 0);
        expect(pids.length).toBeLessThanOrEqual(FILTER_LIMITS.pids);
        expect(paths.every((path) => path.length <= FILTER_LIMITS.pathUnits)).toBe(true);
      }),
    );
  });

  it.each<[string, Partial<EventFilter>]>([
    ['includes or excludes', { pidMode: 'include' }],
    ['includes or excludes', { paths: ['x'] }],
    ['17 processes', { pidMode: 'include', pids: Array<number>(17).fill(1) }],
    ["'-1'", { pidMode: 'include', pids: [-1] }],
    ["'4294967296'", { pidMode: 'include', pids: [2 ** 32] }],
    ["'1.5'", { pidMode: 'include', pids: [1.5] }],
    ['5 paths', { pathMode: 'exclude', paths: ['a', 'b', 'c', 'd', 'e'] }],
    ['is empty', { pathMode: 'exclude', paths: [''] }],
    ['is no part of a path', { pathMode: 'exclude', paths: ['x'.repeat(127)] }],
    ['is no part of a path', { pathMode: 'exclude', paths: ['a\0b'] }],
  ])('that the driver would refuse is told: %s', (said, change) => {
    const failure = checkFilter({ ...EVERYTHING, ...change });
    expect(failure).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(failure.ok ? '' : failure.failure.message).toContain(said);
  });

  it('is read from what a person writes', () => {
    expect(parsePids('4, 8 15,\n16 ')).toEqual([4, 8, 15, 16]);
    expect([parsePids(''), parsePids('4,x'), parsePids('-4'), parsePids('0x10')]).toEqual([[], null, null, null]);
    expect(parsePaths(' \\Services\\ ;; a b;')).toEqual(['\\Services\\', 'a b']);
    expect(parsePaths(' ')).toEqual([]);
  });

  it('is told in words', () => {
    expect(filterWords(EVERYTHING)).toBe('');
    expect(filterWords({ pidMode: 'include', pids: [4, 8], pathMode: 'exclude', paths: ['\\a\\', 'b'] })).toBe(
      'only processes 4, 8; without paths with \\a\\, b',
    );
  });
});
