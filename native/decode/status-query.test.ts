/** What `status:` in a filter stands for, and in which forms a message has it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asWritten, bothCases } from './status-forms.ts';
import {
  codeOf,
  MOST_CODES,
  type StatusQuery,
  statusExpression,
  statusQuery,
  statusTest,
  statusTexts,
} from './status-query.ts';

function queryOf(...patterns: string[]): StatusQuery {
  const query = statusQuery(patterns);
  if (!query.ok) throw new Error(query.failure.message);
  return query.value;
}

const finds = (query: StatusQuery, message: string): boolean =>
  new RegExp(statusExpression(query, asWritten), 'i').test(message);

describe('a name', () => {
  it.each<[string, number[], string[]]>([
    ['STATUS_IO_TIMEOUT', [0xc00000b5], ['STATUS_IO_TIMEOUT']],
    ['status_io_timeout', [0xc00000b5], ['STATUS_IO_TIMEOUT']],
    ['io_timeout', [0xc00000b5], ['STATUS_IO_TIMEOUT']],
    ['STATUS_WAIT_0', [0], ['STATUS_SUCCESS', 'STATUS_WAIT_0']],
    ['E_FAIL', [0x80004005], ['E_FAIL']],
    ['ERROR_ACCESS_DENIED', [5, 0x80070005, 0xc0070005], ['ERROR_ACCESS_DENIED', 'E_ACCESSDENIED']],
    ['0xC0000022', [0xc0000022], ['STATUS_ACCESS_DENIED']],
    ['-1073741790', [0xc0000022], ['STATUS_ACCESS_DENIED']],
    ['0xE0001234', [0xe0001234], []],
  ])('%s stands for its codes, and they for their names', (name, codes, names) => {
    expect(queryOf(name)).toEqual({ codes, names });
  });

  it('may have gaps, and is refused where it is none or is too many', () => {
    expect(queryOf('*_timeout').codes).toEqual(expect.arrayContaining([0x102, 0xc00000b5]));
    expect(statusQuery(['STATUS_NO_SUCH_THING'])).toMatchObject({
      ok: false,
      failure: { code: 'bad-pattern', message: "No status code is called 'STATUS_NO_SUCH_THING'" },
    });
    expect(statusQuery(['STATUS_*'])).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining(`${MOST_CODES}`) },
    });
    expect(codeOf('4294967296')).toBe(null);
    expect(codeOf('-2147483649')).toBe(null);
  });
});

describe('a status with a number of its own', () => {
  const query = queryOf('STATUS_IO_TIMEOUT');
  it.each([
    '0xC00000B5',
    'x=0xc00000b5,',
    '0x00000000C00000B5',
    '0xFFFFFFFFc00000b5',
    '0X0C00000B5',
    'at 3221225653.',
    'rc=-1073741643',
    '(-1073741643)',
    'STATUS_IO_TIMEOUT',
    'status_io_timeout!',
    'status c00000b5',
    'IoStatus.Status = C00000B5',
    '{ffffffffc00000b5, 0}',
  ])('is found in %s', (message) => expect(finds(query, message)).toBe(true));
  it.each([
    '0xC00000B50',
    '0x1C00000B5',
    'a0xC00000B5',
    'c00000b5',
    '13221225653',
    '32212256530',
    '3221225653.5',
    '1.3221225653',
    '-3221225653',
    '1073741643',
    'x-1073741643',
    'STATUS_IO_TIMEOUT_2',
    'MY_STATUS_IO_TIMEOUT',
    'fffff800`c00000b5',
  ])('is not found in %s', (message) => expect(finds(query, message)).toBe(false));
});

describe('a status whose number can be anything', () => {
  const query = queryOf('STATUS_TIMEOUT');
  it.each([
    'status=0x102',
    'Status: 0x00000102',
    'NtStatus 258',
    'error is 258',
    'status code (0x102)',
    'status 00000102',
    'hr=258',
    'STATUS_TIMEOUT',
  ])('is found in %s', (message) => expect(finds(query, message)).toBe(true));
  it.each([
    'read 258 bytes',
    'at 0x102',
    'status 2580',
    'status 258.5',
    'status 0x1020',
    'chr=258',
    'status: got 258',
    'error, 258',
  ])('is not found in %s', (message) => expect(finds(query, message)).toBe(false));
});

describe('the expression of any statuses', () => {
  const patterns = fc.uniqueArray(
    fc.constantFrom(
      'STATUS_TIMEOUT',
      'STATUS_IO_TIMEOUT',
      'E_FAIL',
      '0',
      '5',
      'ERROR_ACCESS_DENIED',
      '0x40000000',
      '0xffffffff',
    ),
    { minLength: 1, maxLength: 3 },
  );
  const message = fc
    .array(
      fc.constantFrom(
        ...[
          'status',
          'hr',
          'error',
          ' code',
          ' is',
          ' ',
          '=',
          ':',
          '0x',
          '0X',
          '000',
          'ffffffff',
          'c00000b5',
          'C00000B5',
        ],
        ...[
          '102',
          '258',
          '5',
          '0',
          '-',
          '3221225653',
          '1073741643',
          'STATUS_TIMEOUT',
          'e_fail',
          '80004005',
          '.',
          ',',
          '_',
          '`',
        ],
        ...['\u017ftatus', '80070005', '40000000', '1'],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''));

  it('matches the same with and without regard to case, and has a text that is looked for first', () => {
    fc.assert(
      fc.property(patterns, message, (named, text) => {
        const query = queryOf(...named);
        const found = new RegExp(statusExpression(query, bothCases)).test(text);
        expect(finds(query, text)).toBe(found);
        expect(new RegExp(statusTest(query), 'i').test(text)).toBe(found);
        expect(new RegExp(statusExpression(query, bothCases), 'u').test(text)).toBe(found);
        if (found) {
          expect(statusTexts(query).some((sought) => text.toLowerCase().includes(sought))).toBe(true);
        }
      }),
    );
  });
});
