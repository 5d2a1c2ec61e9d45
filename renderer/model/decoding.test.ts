/** What the page tells of the codes in a message, and what it offers to filter by. */
import { describe, expect, it } from 'vitest';
import { codeSource, explain, explanationLine, statusesOf, statusNames } from './decoding.ts';

const lines = (message: string): string[] => explain(message).map(explanationLine);

describe('the codes of a message', () => {
  it('are told a line each, the same one once, a name by its number where that stands there too', () => {
    expect(lines('retry: STATUS_IO_TIMEOUT (0xC00000B5), then 0xC00000B5')).toEqual([
      '0xC00000B5  STATUS_IO_TIMEOUT - severity error, facility 0, code 181',
    ]);
    expect(lines('STATUS_TIMEOUT')).toEqual([
      'STATUS_TIMEOUT  as NTSTATUS 0x00000102, severity success, facility 0, code 258',
    ]);
    expect(lines('link is up')).toEqual([]);
  });

  it('say every reading of a number that can be several things', () => {
    expect(lines('LastError: 258')).toEqual([
      '258  as Win32 WAIT_TIMEOUT - code 258; as NTSTATUS STATUS_TIMEOUT - severity success, facility 0, code 258',
    ]);
  });

  it('can be filtered by, each once', () => {
    const message = 'hr=0x80070005, STATUS_TIMEOUT, 0xC00000B5, status 0xC00000B5, status 0xE0001234, irql 2';
    expect(statusesOf(message, 9)).toEqual(['E_ACCESSDENIED', 'STATUS_TIMEOUT', 'STATUS_IO_TIMEOUT', '0xE0001234']);
    expect(statusesOf(message, 2)).toHaveLength(2);
  });
});

describe('a term with status codes', () => {
  it('is marked by an expression, with and without regard to case', () => {
    const source = codeSource({ kind: 'status', patterns: ['STATUS_IO_TIMEOUT'] }) ?? '';
    for (const flags of ['gu', 'giu']) {
      expect('a 0xC00000B5 b status_io_timeout'.match(new RegExp(source, flags))).toEqual([
        '0xC00000B5',
        'status_io_timeout',
      ]);
    }
    expect(codeSource({ kind: 'status', patterns: ['STATUS_NO_SUCH_THING'] })).toBeNull();
  });

  it('has names to go on with, those that begin so before those that hold it', () => {
    expect(statusNames('io_timeo', 9)).toEqual([{ name: 'STATUS_IO_TIMEOUT', number: '0xC00000B5' }]);
    const names = statusNames('timeout', 99).map(({ name }) => name);
    expect(names.indexOf('STATUS_TIMEOUT')).toBeLessThan(names.indexOf('STATUS_IO_TIMEOUT'));
    expect(statusNames('', 50)).toHaveLength(50);
    expect(statusNames('*', 50)).toEqual([]);
  });
});
