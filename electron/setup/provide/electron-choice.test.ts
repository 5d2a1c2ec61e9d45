import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distributionFolder, electronSwitches } from './ensure-electron.mjs';
import { downloadReason, executableName, recall } from './official-electron.mjs';

const HOUR = 3600_000;

describe('the memory of a failed download', () => {
  const failure = { version: '45.4.1', at: 1000 * HOUR, reason: 'fetch failed' };

  it('holds for some hours and for the same version', () => {
    expect(recall(failure, '45.4.1', 1001 * HOUR)).toBe('fetch failed');
    expect(recall(failure, '45.4.1', 1007 * HOUR)).toBeNull();
    expect(recall(failure, '45.5.0', 1001 * HOUR)).toBeNull();
    expect(recall(null, '45.4.1', 0)).toBeNull();
  });

  it('does not hold for ever when the clock was turned back', () => {
    expect(recall(failure, '45.4.1', 999 * HOUR)).toBeNull();
  });
});

describe('downloadReason', () => {
  it('takes the message out of a stack trace', () => {
    expect(downloadReason('\nTypeError: fetch failed\n    at node:internal/x:1:2', '24.1.0')).toBe('fetch failed');
  });

  it('names a Node that the installer does not support', () => {
    expect(downloadReason('Error: no', '22.11.0')).toContain('Node 22.12 or later, this is 22.11.0');
    expect(downloadReason('Error: no', '22.12.0')).toBe('no');
    expect(downloadReason('', '22.12.0')).toBe('the installer said nothing');
  });
});

describe('electronSwitches', () => {
  it('gives up the sandbox for root on Linux only', () => {
    expect(electronSwitches('linux', 0)).toEqual(['--no-sandbox']);
    expect(electronSwitches('linux', 1000)).toEqual([]);
    expect(electronSwitches('darwin', 0)).toEqual([]);
    expect(electronSwitches('win32', undefined)).toEqual([]);
  });
});

it('finds the distribution folder of a binary', () => {
  expect(distributionFolder(join('opt', 'dist', executableName(process.platform)))).toBe(join('opt', 'dist'));
});
