/** Which values of a message are explained, how, and where they stand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findValues, MOST_FOUND, MOST_TEXT } from './find.ts';
import { meaningOf } from './found.ts';
import { allStatuses } from './status-names.ts';

const told = (message: string): string[] =>
  findValues(message).map((found) => `${message.slice(found.from, found.to)}: ${meaningOf(found)}`);

describe('a status code in a message', () => {
  it.each<[string, string[]]>([
    ['write failed with 0xC00000B5', ['0xC00000B5: STATUS_IO_TIMEOUT - severity error, facility 0, code 181']],
    ['status=0xc0000022.', ['0xc0000022: STATUS_ACCESS_DENIED - severity error, facility 0, code 34']],
    ['st 0xffffffffc0000005', ['0xffffffffc0000005: STATUS_ACCESS_VIOLATION - severity error, facility 0, code 5']],
    ['IoStatus: c0000010', ['c0000010: STATUS_INVALID_DEVICE_REQUEST - severity error, facility 0, code 16']],
    ['NTSTATUS -1073741643', ['-1073741643: STATUS_IO_TIMEOUT - severity error, facility 0, code 181']],
    ['error 3221225653', ['3221225653: STATUS_IO_TIMEOUT - severity error, facility 0, code 181']],
    ['status 258', ['258: as NTSTATUS STATUS_TIMEOUT - severity success, facility 0, code 258']],
    [
      'GetLastError: 258',
      ['258: as Win32 WAIT_TIMEOUT - code 258; as NTSTATUS STATUS_TIMEOUT - severity success, facility 0, code 258'],
    ],
    ['error code 5', ['5: as Win32 ERROR_ACCESS_DENIED - code 5']],
    ['hr = 0x80070002', ['0x80070002: ERROR_FILE_NOT_FOUND - failure, facility 7 (WIN32), code 2']],
    ['hr 0xD0000022', ['0xD0000022: as HRESULT made of NTSTATUS 0xC0000022 STATUS_ACCESS_DENIED']],
    ['Status = 0xE0001234', ['0xE0001234: as NTSTATUS severity error, customer-defined, facility 0, code 4660']],
    ['STATUS_TIMEOUT', ['STATUS_TIMEOUT: as NTSTATUS 0x00000102, severity success, facility 0, code 258']],
    ['got E_FAIL', ['E_FAIL: as HRESULT 0x80004005, failure, facility 0 (NULL), code 16389']],
    ['0x80000005', ['0x80000005: STATUS_BUFFER_OVERFLOW - severity warning, facility 0, code 5']],
  ])('%s', (message, expected) => {
    expect(told(message)).toEqual(expected);
  });

  it.each([
    'c0000010',
    'read 258 bytes at 0x102',
    'offset 0xC00000B50',
    'x0xC00000B5',
    'fffff800`c0000022',
    'port 3221225653',
    'took -1073741643',
    'status: 5 (retry)',
    'status 1.5',
    'link is up, status unknown',
    'result 5, returned 3',
    '{c0000022-0000-0000-0000-000000000000}',
    'MY_STATUS_TIMEOUT_MS',
    '0xC0001234',
  ])('is not claimed where nothing says so: %s', (message) => {
    expect(told(message)).toEqual([]);
  });
});

describe('what drivers deal in', () => {
  it.each<[string, string[]]>([
    ['IRP_MJ_READ', ['IRP_MJ_READ: as IRP major function 0x03']],
    ['IRP MJ 0x3', ['0x3: as IRP major function IRP_MJ_READ - 0x03']],
    [
      'major 0x1b, minor 2',
      [
        '0x1b: as IRP major function IRP_MJ_PNP - 0x1B',
        '2: as IRP minor function IRP_MN_REMOVE_DEVICE - 0x02 of IRP_MJ_PNP',
      ],
    ],
    [
      'IRP_MJ_POWER minor=2',
      ['IRP_MJ_POWER: as IRP major function 0x16', '2: as IRP minor function IRP_MN_SET_POWER - 0x02 of IRP_MJ_POWER'],
    ],
    [
      'major 10',
      [
        '10: as IRP major function IRP_MJ_QUERY_VOLUME_INFORMATION - 0x0A; as IRP major function IRP_MJ_SHUTDOWN - 0x10',
      ],
    ],
    [
      'IOCTL 0x222003',
      [
        '0x222003: as control code device 0x22 (FILE_DEVICE_UNKNOWN), function 0x800 (of a vendor), METHOD_NEITHER, FILE_ANY_ACCESS',
      ],
    ],
    [
      'IoControlCode: 222003',
      [
        '222003: as control code 0x222003: device 0x22 (FILE_DEVICE_UNKNOWN), function 0x800 (of a vendor), METHOD_NEITHER, FILE_ANY_ACCESS; as control code 0x36333: device 0x3 (FILE_DEVICE_CD_ROM_FILE_SYSTEM), function 0x8CC (of a vendor), METHOD_NEITHER, FILE_READ_ACCESS',
      ],
    ],
    [
      'ioctl=2954240',
      [
        '2954240: IOCTL_STORAGE_QUERY_PROPERTY - 0x2d1400: device 0x2D (FILE_DEVICE_MASS_STORAGE), function 0x500, METHOD_BUFFERED, FILE_ANY_ACCESS',
      ],
    ],
    [
      'bugcheck 0xD1 (a, b, c, d)',
      ['0xD1: DRIVER_IRQL_NOT_LESS_OR_EQUAL - parameter 1 a, parameter 2 b, parameter 3 c, parameter 4 d'],
    ],
    [
      '*** STOP: 0x0000001E (0xC0000005,0x2)',
      [
        '0x0000001E: KMODE_EXCEPTION_NOT_HANDLED - parameter 1 0xC0000005, parameter 2 0x2',
        '0xC0000005: STATUS_ACCESS_VIOLATION - severity error, facility 0, code 5',
      ],
    ],
    ['BugCheck D1', ['D1: DRIVER_IRQL_NOT_LESS_OR_EQUAL - 0xD1']],
    ['bugcheck added', []],
    ['bugcheck 0xD1 (a driver did it)', ['0xD1: DRIVER_IRQL_NOT_LESS_OR_EQUAL - 0xD1']],
    ['bugcheck 0xD1, bad', ['0xD1: DRIVER_IRQL_NOT_LESS_OR_EQUAL - 0xD1']],
    ['*** STOP: 0xD1 (0x28,0x2', ['0xD1: DRIVER_IRQL_NOT_LESS_OR_EQUAL - parameter 1 0x28, parameter 2 0x2']],
    [
      'KeBugCheckEx(0xE2, 0, a`b, 0, 1)',
      ['0xE2: MANUALLY_INITIATED_CRASH - parameter 1 0, parameter 2 a`b, parameter 3 0, parameter 4 1'],
    ],
    ['at irql 2', ['2: DISPATCH_LEVEL - 2 on every processor']],
    ['IRQL=13', ['13: as IRQL x64: CLOCK_LEVEL; x86: of a device']],
    ['irql 32', []],
    ['pool tag 0x636f7250', ["0x636f7250: as pool tag 'Proc' - as tools show it; written 'corP' in C"]],
    ["PoolTag 'corP'", ["'corP': as pool tag 'Proc' if its bytes are turned round"]],
    ['tag 0x00000001', []],
    ['{4D36E967-E325-11CE-BFC1-08002BE10318}', ['4D36E967-E325-11CE-BFC1-08002BE10318: GUID_DEVCLASS_DISKDRIVE']],
    ['DRIVER_IRQL_NOT_LESS_OR_EQUAL (d1)', ['DRIVER_IRQL_NOT_LESS_OR_EQUAL: as bug check 0xD1']],
    ['version major 3.2', []],
  ])('%s', (message, expected) => {
    expect(told(message)).toEqual(expected);
  });
});

const pieces = fc.constantFrom(
  ...['status', 'STATUS_TIMEOUT', '=', ' ', ':', '0x', 'C00000B5', 'c0000022', '-1073741643', '258', 'irql', 'IRP_MJ_'],
  ...['major', 'minor', 'bugcheck', '(', ',', '{', '`', 'ioctl', '222003', 'tag', "'", 'ffffffff', '.', '_', '\n', 'Ä'],
);

describe('any message', () => {
  it('has values that stand in order, do not overlap, and are of the text itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.array(pieces, { maxLength: 60 }).map((each) => each.join('')),
        ),
        (message) => {
          const found = findValues(message);
          expect(found.length).toBeLessThanOrEqual(MOST_FOUND);
          let end = 0;
          for (const { from, to, readings } of found) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            expect(to).toBeLessThanOrEqual(message.length);
            expect(readings.length).toBeGreaterThan(0);
            end = to;
          }
        },
      ),
    );
  });

  it('has its status found in every form in which it is written', () => {
    const statuses = allStatuses().filter(({ kind, code }) => kind === 'ntstatus' && code >= 0x8000_0000);
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.string({ unit: fc.constantFrom('a', ' ', 'Z') }),
        ({ code }, before) => {
          const hex = code.toString(16);
          for (const number of [
            `0x${hex}`,
            `0x${hex.toUpperCase()}`,
            `0x00000000${hex}`,
            `0xffffffff${hex}`,
            `${code}`,
            `${code | 0}`,
          ]) {
            const message = `${before} status: ${number}`;
            const [found] = findValues(message);
            expect(message.slice(found?.from, found?.to)).toBe(number);
            expect(found?.readings.some(({ as }) => as === 'NTSTATUS')).toBe(true);
          }
        },
      ),
    );
  });

  it('is looked at up to a bound, and has no more values than a list can hold', () => {
    const long = '0xC00000B5 '.repeat(MOST_TEXT);
    const found = findValues(long);
    expect(found).toHaveLength(MOST_FOUND);
    expect(findValues(`${' '.repeat(MOST_TEXT)}0xC00000B5`)).toEqual([]);
    for (const unit of ['status ', 'status=', 'f', '0x', 'ffffffff', 'A_', 'bugcheck 1 (', '1,', "tag '"]) {
      expect(() => findValues(unit.repeat(MOST_TEXT))).not.toThrow();
    }
  });
});
