import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOOT_VALUES,
  type BootParameters,
  describeParameters,
  NO_PARAMETERS,
  parametersOf,
  parseCaptures,
  startType,
  valuesOf,
} from './boot.ts';
import { CAPTURE_NAMES } from './ioctl.ts';

const parameters: fc.Arbitrary<BootParameters> = fc.record({
  ringBytes: fc.option(fc.integer({ min: 12, max: 30 }).map((power) => 2 ** power)),
  ringMode: fc.option(fc.constantFrom('drop' as const, 'overwrite' as const)),
  orderMode: fc.option(fc.constantFrom('index' as const, 'clock' as const)),
  captures: fc.option(fc.subarray([...CAPTURE_NAMES])),
});

describe('what a driver begins with', () => {
  it('comes back out of the registry as it was written', () => {
    fc.assert(
      fc.property(parameters, (set) => {
        const values = valuesOf(set);
        expect(values.ok && parametersOf(values.value)).toEqual({ parameters: set, wrong: [] });
      }),
    );
  });

  it('is what the driver would take of any numbers, the rest is named and counts as not set', () => {
    const word = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(20));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.values(BOOT_VALUES)), word), (numbers) => {
        const { parameters, wrong } = parametersOf(new Map(Object.entries(numbers)));
        const values = valuesOf(parameters);
        expect(values.ok && [...values.value.keys(), ...wrong].sort()).toEqual(Object.keys(numbers).sort());
        for (const [name, value] of values.ok ? values.value : []) expect(numbers[name]).toBe(value);
      }),
    );
    const numbers = { RingBytes: 4097, RINGMODE: 3, ordermode: 0, Captures: 2 ** 31, Other: 1 };
    expect(parametersOf(new Map(Object.entries(numbers)))).toEqual({
      parameters: NO_PARAMETERS,
      wrong: ['RingMode', 'OrderMode', 'Captures', 'RingBytes'],
    });
  });

  it('cannot be rings of a size that there is not', () => {
    expect(valuesOf({ ringBytes: 5000 })).toMatchObject({ failure: { code: 'bad-argument', action: 'Use 8192' } });
    expect(valuesOf({ ringBytes: 1 })).toMatchObject({ failure: { action: 'Use 4096' } });
    expect(valuesOf({ ringBytes: 2 ** 31 })).toMatchObject({ failure: { action: 'Use 1073741824' } });
  });

  it('is told in words', () => {
    expect(describeParameters({ ...NO_PARAMETERS, ringBytes: 65536, captures: ['process', 'image'] })).toBe(
      'rings of 65536 bytes, drop (standard), order by index (standard), captures process, image',
    );
    expect(describeParameters({ ...NO_PARAMETERS, captures: [] })).toContain('captures nothing else');
    expect([startType(0), startType(4), startType(5), startType(null)]).toEqual(['boot', 'disabled', null, null]);
  });

  it('captures a list of names, or none', () => {
    expect(parseCaptures('image, Process')).toEqual(['process', 'image']);
    expect([parseCaptures('none'), parseCaptures('dbg'), parseCaptures('')]).toEqual([[], null, null]);
  });
});
