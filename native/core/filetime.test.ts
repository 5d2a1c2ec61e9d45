import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FILETIME_UNIX_EPOCH, filetimeToUnixMs, unixMsToFiletime } from './filetime.ts';

it('counts from 1601, as Windows does', () => {
  expect(filetimeToUnixMs(0n)).toBe(Date.UTC(1601, 0, 1));
  expect(filetimeToUnixMs(FILETIME_UNIX_EPOCH)).toBe(0);
  expect(unixMsToFiletime(Date.UTC(2018, 6, 9, 20, 49, 14, 57))).toBe(131_756_429_540_570_000n);
  expect(filetimeToUnixMs(131_756_429_540_577_461n)).toBe(Date.UTC(2018, 6, 9, 20, 49, 14, 57));
});

it('gives whole milliseconds back', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1601, 0, 1), max: Date.UTC(9999, 0, 1) }), (ms) => {
      expect(filetimeToUnixMs(unixMsToFiletime(ms))).toBe(ms);
    }),
  );
  expect(unixMsToFiletime(1.9)).toBe(FILETIME_UNIX_EPOCH + 10_000n);
});
