import { describe, expect, it } from 'vitest';
import { statusesCalled, statusName, statusNames } from './status-names.ts';

describe('a status code', () => {
  it.each([
    ['ntstatus', 0xc0000022, 'STATUS_ACCESS_DENIED'],
    ['ntstatus', 0xc00000b5, 'STATUS_IO_TIMEOUT'],
    ['ntstatus', 0, 'STATUS_SUCCESS'],
    ['win32', 5, 'ERROR_ACCESS_DENIED'],
    ['hresult', 0x80070005, 'ERROR_ACCESS_DENIED'],
    ['hresult', 0x80004005, 'E_FAIL'],
    ['ntstatus', 0xdeadbeef, null],
  ] as const)('%s 0x%i has its name', (kind, code, name) => {
    expect(statusName(kind, code)).toBe(name);
    expect(statusName(kind, code | 0)).toBe(name);
  });

  it('is found by each of its names, whatever their case', () => {
    expect(statusNames('ntstatus', 0)).toEqual(['STATUS_SUCCESS', 'STATUS_WAIT_0']);
    expect(statusesCalled('status_wait_0')).toEqual([{ kind: 'ntstatus', code: 0, name: 'STATUS_WAIT_0' }]);
    expect(statusesCalled('STATUS_NOTHING')).toEqual([]);
  });
});
