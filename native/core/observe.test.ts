import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EVERYTHING,
  FILTER_PATH_UNITS,
  FILTER_PATHS,
  FILTER_PIDS,
  OBSERVE_CODE,
  OBSERVE_PROTOCOL,
  OBSERVE_SETTINGS_BYTES,
  OBSERVE_STATE_BYTES,
  OBSERVER_NAMES,
  OBSERVERS,
  type ObserveSettings,
  observeProblem,
  observeRequest,
  parseObserveState,
} from './observe.ts';

const read = (name: string) => readFileSync(new URL(`../../driver/include/ringview/${name}`, import.meta.url), 'utf8');
const drivers = read('kernel_drivers.h');
const events = read('kernel_events.h');
const filter = read('event_filter.h');

function number(header: string, name: string): number {
  return Number(new RegExp(`^#define ${name} (\\d+)u$`, 'm').exec(header)?.[1] ?? Number.NaN);
}

const PLAIN: ObserveSettings = { operations: [], leftOutPid: 0, pids: EVERYTHING, paths: EVERYTHING };

/** The driver's answer to a request: the settings, then what it counts. */
function answer(request: Uint8Array, counts: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(OBSERVE_STATE_BYTES);
  bytes.set(request);
  const view = new DataView(bytes.buffer);
  view.setUint32(OBSERVE_SETTINGS_BYTES + 4, 1, true);
  for (const [n, count] of counts.entries()) view.setBigUint64(OBSERVE_SETTINGS_BYTES + 8 + 8 * n, BigInt(count), true);
  return bytes;
}

describe('the twin of kernel_drivers.h', () => {
  it('has its numbers, sizes and names', () => {
    expect(OBSERVE_PROTOCOL).toBe(number(drivers, 'RV_OBSERVE_PROTOCOL'));
    expect(drivers).toContain(`RV_ASSERT_SIZE(rv_observe_settings, ${OBSERVE_SETTINGS_BYTES})`);
    expect(drivers).toContain(`RV_ASSERT_SIZE(rv_observe_state, ${OBSERVE_STATE_BYTES})`);
    const code = Number(/RV_IOCTL_OBSERVE RV_IOCTL_CODE\((0x[0-9a-f]+)\)/.exec(drivers)?.[1]);
    expect(OBSERVE_CODE).toBe((0x22 << 16) | (3 << 14) | (code << 2));
    expect([FILTER_PIDS, FILTER_PATHS, FILTER_PATH_UNITS]).toEqual(
      ['PIDS', 'PATHS', 'PATH_UNITS'].map((name) => number(filter, `RV_FILTER_${name}`)),
    );
    for (const name of OBSERVER_NAMES) {
      const { logger, device, operations } = OBSERVERS[name];
      const prefix = name === 'net' ? 'NETWORK' : 'FILE';
      expect(drivers).toMatch(new RegExp(`RV_${prefix}_LOGGER "${logger}"`));
      expect(drivers).toContain(`RV_${prefix}_DEVICE_NAME L"\\\\Device\\\\${device}"`);
      for (const [operation, bit] of Object.entries(operations)) {
        if (operation !== 'paging') expect(number(events, `RV_${prefix}_${operation.toUpperCase()}`)).toBe(bit);
      }
    }
    expect(drivers).toContain('RV_OBSERVE_FILE_PAGING 0x80000000u');
  });

  it('lays a request out as the driver reads it', () => {
    const bytes = observeRequest('file', {
      operations: ['read', 'paging'],
      leftOutPid: 4711,
      pids: { mode: 'exclude', list: [4, 77] },
      paths: { mode: 'include', list: ['a', 'LOG'] },
    });
    const view = new DataView(bytes.buffer);
    expect([0, 4, 8, 12, 16, 20, 24, 28, 32, 88, 92].map((at) => view.getUint32(at, true))).toEqual([
      1, 0x80000004, 4711, 0, 2, 2, 4, 77, 0, 1, 2,
    ]);
    expect([96, 98, 100, 102, 352, 354, 356, 358, 360, 362].map((at) => view.getUint16(at, true))).toEqual([
      1, 0, 97, 0, 3, 0, 76, 79, 71, 0,
    ]);
  });

  it('says what cannot be sent', () => {
    expect(observeProblem('net', PLAIN)).toBeNull();
    expect(observeProblem('net', { ...PLAIN, operations: ['read'] })).toContain("'read' is none of connect");
    expect(observeProblem('net', { ...PLAIN, pids: { mode: 'include', list: [] } })).not.toBeNull();
    expect(observeProblem('net', { ...PLAIN, pids: { mode: 'all', list: [1] } })).not.toBeNull();
    expect(observeProblem('net', { ...PLAIN, pids: { mode: 'include', list: Array(17).fill(1) } })).toContain('16');
    for (const list of [[''], ['x'.repeat(127)], ['a\0'], ['1', '2', '3', '4', '5']]) {
      expect(observeProblem('file', { ...PLAIN, paths: { mode: 'exclude', list } })).not.toBeNull();
    }
    expect(observeProblem('file', { ...PLAIN, paths: { mode: 'exclude', list: ['x'.repeat(126)] } })).toBeNull();
  });

  it('reads what the driver counts, and nothing of another version', () => {
    const bytes = answer(observeRequest('net', PLAIN), [1, 2, 3, 0xc0220001]);
    expect(parseObserveState('net', bytes)).toMatchObject({
      ok: true,
      value: { attached: true, lost: 1, noMemory: 2, noRoom: 3, engineCode: 0xc0220001 },
    });
    expect(parseObserveState('net', bytes.subarray(1)).ok).toBe(false);
    const changes: readonly (readonly [number, number])[] = [
      [0, 2],
      [16, 3],
      [20, 17],
      [88, 3],
      [92, 5],
    ];
    for (const [at, value] of changes) {
      const other = bytes.slice();
      other[at] = value;
      expect(parseObserveState('net', other).ok, `${at}`).toBe(false);
    }
    const long = answer(observeRequest('net', { ...PLAIN, paths: { mode: 'include', list: ['a'] } }));
    long[96] = 127;
    expect(parseObserveState('net', long).ok).toBe(false);
  });

  const listOf = <T>(item: fc.Arbitrary<T>, most: number) =>
    fc.oneof(
      fc.constant({ mode: 'all' as const, list: [] as T[] }),
      fc.record({
        mode: fc.constantFrom('include' as const, 'exclude' as const),
        list: fc.array(item, { minLength: 1, maxLength: most }),
      }),
    );
  const part = fc
    .string({ unit: 'binary', minLength: 1, maxLength: FILTER_PATH_UNITS / 2 })
    .filter((text) => !text.includes('\0'));

  it('reads again what was set', () => {
    const settings = fc.constantFrom(...OBSERVER_NAMES).chain((name) =>
      fc.record({
        name: fc.constant(name),
        operations: fc.subarray(Object.keys(OBSERVERS[name].operations)),
        leftOutPid: fc.nat(),
        pids: listOf(fc.nat(), FILTER_PIDS),
        paths: listOf(part, FILTER_PATHS),
      }),
    );
    fc.assert(
      fc.property(settings, ({ name, ...set }) => {
        expect(observeProblem(name, set)).toBeNull();
        expect(parseObserveState(name, answer(observeRequest(name, set)))).toMatchObject({ ok: true, value: set });
      }),
    );
  });
});
