/** Values of drivers taken apart, and the tables they are named by. */
import { describe, expect, it } from 'vitest';
import * as driverTable from './driver-table.ts';
import {
  bugCheckReading,
  controlCodeReading,
  levelReading,
  majorReading,
  minorReadings,
  poolTagReading,
} from './driver-value.ts';
import { statusReading } from './status-value.ts';

describe('a value of a driver', () => {
  it('is named and taken apart', () => {
    expect(bugCheckReading(0x0a)).toMatchObject({ name: 'IRQL_NOT_LESS_OR_EQUAL' });
    expect(bugCheckReading(0xd1, ['0x28', '2'])).toMatchObject({
      name: 'DRIVER_IRQL_NOT_LESS_OR_EQUAL',
      detail: 'parameter 1 0x28, parameter 2 2',
    });
    expect(bugCheckReading(0xdead)).toMatchObject({ name: null });
    expect(majorReading(0x0e)).toMatchObject({ name: 'IRP_MJ_DEVICE_CONTROL' });
    expect(majorReading(0x1c)).toBe(null);
    expect(minorReadings(0x17, 0x1b)).toMatchObject([{ name: 'IRP_MN_SURPRISE_REMOVAL' }]);
    expect(minorReadings(2, null).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['IRP_MN_SET_POWER', 'IRP_MN_REMOVE_DEVICE']),
    );
  });

  // By the formula of CTL_CODE: device << 16 | access << 14 | function << 2 | method.
  it.each([
    [
      (0x22 << 16) | (3 << 14) | (0x801 << 2) | 2,
      'device 0x22 (FILE_DEVICE_UNKNOWN), function 0x801 (of a vendor), METHOD_OUT_DIRECT, read and write access',
    ],
    [
      ((0x9c40 << 16) >>> 0) | (1 << 14) | (0x900 << 2),
      'device 0x9C40 (of a vendor), function 0x900 (of a vendor), METHOD_BUFFERED, FILE_READ_ACCESS',
    ],
  ])('has the parts of a control code: 0x%i', (code, detail) => {
    expect(controlCodeReading(code >>> 0)).toMatchObject({ name: null, detail });
  });

  it('is a level of each processor', () => {
    expect(levelReading(0)).toMatchObject({ name: 'PASSIVE_LEVEL' });
    expect(levelReading(1)).toMatchObject({ name: 'APC_LEVEL' });
    expect(levelReading(15)).toMatchObject({ name: null, detail: 'x64: PROFILE_LEVEL, HIGH_LEVEL; x86: of a device' });
    expect(levelReading(31)).toMatchObject({ detail: 'x86: HIGH_LEVEL' });
    expect(levelReading(32)).toBe(null);
  });

  it('is a pool tag if its bytes are text', () => {
    expect(poolTagReading(0x636f7250)).toMatchObject({ name: "'Proc'" });
    expect(poolTagReading(0x636f7201)).toBe(null);
  });
});

describe('a status code', () => {
  it('that holds a Win32 code has its name', () => {
    expect(statusReading('hresult', 0x80070002)).toMatchObject({ name: 'ERROR_FILE_NOT_FOUND' });
    expect(statusReading('ntstatus', 0xc0070005)).toMatchObject({ name: 'ERROR_ACCESS_DENIED' });
  });
});

describe('the tables', () => {
  it('have a number and names on every line, each number once', () => {
    for (const text of Object.values(driverTable)) {
      const lines = text.split('\n');
      for (const line of lines) expect(line).toMatch(/^[0-9a-f-]+( [0-9a-f]+)?( [A-Z]\w+)+$/);
      expect(new Set(lines.map((line) => line.replace(/ [A-Z].*/, ''))).size).toBe(lines.length);
    }
  });
});
