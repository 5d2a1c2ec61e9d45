import { describe, expect, it } from 'vitest';
import { failureOfSystemError } from './system-failure.ts';

describe('failureOfSystemError', () => {
  it('knows a full disk', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 });
    const failure = failureOfSystemError(error, 'x could not be written');
    expect(failure.code).toBe('disk-full');
    expect(failure.system?.text).toBe('no space left on device');
  });

  it('keeps the words of what it does not know', () => {
    expect(failureOfSystemError(new Error('odd'), 'x').system).toEqual({ code: 'UNKNOWN', text: 'odd' });
  });
});
