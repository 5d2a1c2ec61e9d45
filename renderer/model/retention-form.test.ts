import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formOf, parseCount, parseSize, settingsOf, sizeText } from './retention-form.ts';

const GB = 1024 ** 3;
const form = formOf({ memoryCapBytes: 2 * GB, policy: { keep: 'all' } });

describe('retention form', () => {
  it('reads counts and sizes as people write them', () => {
    expect(['10,000,000', '500k', '1.5M', '2 g'].map(parseCount)).toEqual([1e7, 5e5, 1.5e6, 2e9]);
    expect(['512', '512 MB', '2GB', '1.5 g', '900 KB'].map(parseSize)).toEqual([
      512 * 1024 ** 2,
      512 * 1024 ** 2,
      2 * GB,
      1.5 * GB,
      900 * 1024,
    ]);
    expect(['', '-1', 'x', '1e5', '1.2.3', '9'.repeat(30)].map(parseCount)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(['', '-1', '5 PB', '9'.repeat(30)].map(parseSize)).toEqual([null, null, null, null]);
  });

  it('writes sizes so that it reads them as the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 22 }), (megabytes) => {
        expect(parseSize(sizeText(megabytes * 1024 ** 2))).toBe(megabytes * 1024 ** 2);
      }),
    );
  });

  it('gives back the settings it was made of', () => {
    for (const policy of [
      { keep: 'all' },
      { keep: 'rows', rows: 123_456 },
      { keep: 'bytes', bytes: 96 * 1024 ** 2 },
    ] as const) {
      const settings = { memoryCapBytes: 256 * 1024 ** 2, policy };
      expect(settingsOf(formOf(settings), 8 * GB)).toEqual({ settings });
    }
  });

  it('says which figure cannot be, and looks only at those that are asked for', () => {
    expect(settingsOf({ ...form, cap: '1 MB' }, 8 * GB)).toEqual({ troubles: { cap: 'From 64 MB to 8.0 GB.' } });
    expect(settingsOf({ ...form, cap: '9 GB' }, 8 * GB)).toHaveProperty('troubles.cap');
    expect(settingsOf({ ...form, rows: 'many' }, 8 * GB)).toHaveProperty('settings');
    expect(settingsOf({ ...form, keep: 'rows', rows: '10' }, 8 * GB)).toHaveProperty('troubles.rows');
    expect(settingsOf({ ...form, keep: 'bytes', bytes: '1' }, 8 * GB)).toHaveProperty('troubles.bytes');
  });
});
