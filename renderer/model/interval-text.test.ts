import { describe, expect, it } from 'vitest';
import { binMarks, intervalBars, intervalBinAt } from './interval-bars.ts';
import { intervalText, intervalTexts } from './interval-text.ts';

describe('the text of one end of intervals', () => {
  it.each([
    ['storport: IRP ffffc01a2b3c4d50 start', null, '/storport: IRP (\\S+?) start/'],
    ['IRP 0x1f for CPU 3, 512 bytes', null, '/IRP (\\S+?) for CPU \\S+?, \\S+? bytes/'],
    ['IRP 0x1f for CPU 3, 512 bytes', 17, '/IRP \\S+? for CPU (\\S+?), \\S+? bytes/'],
    ['done a/b (7)', null, '/done a\\/b \\((\\S+?)\\)/'],
    ['ready "now"', null, '"ready ""now"""'],
    ['IRP fffff800`12345678', null, '/IRP (\\S+?)(?!\\S)/'],
  ])('like %s, pointed at %s', (message, character, text) => {
    expect(intervalText(message, character)).toBe(text);
    if (!text.startsWith('/')) return;
    const [whole, key] = new RegExp(text.slice(1, -1)).exec(message) ?? [];
    expect(whole).toBe(message);
    expect(message).toContain(key);
  });
});

describe('the texts of both ends', () => {
  it.each([
    // The address pairs them, though an offset is longer in one of them.
    [
      'IRP ffffc01a2b3c4d50 start at 0x1f000000000000000',
      'IRP 0xFFFFC01A2B3C4D50 done, status 0',
      ['/IRP (\\S+?) start at \\S+?(?!\\S)/', '/IRP (\\S+?) done, status \\S+?(?!\\S)/'],
    ],
    // What is the same by chance does not.
    [
      'IRP ffffc01a2b3c4d50 on 3',
      'IRP ffffc01a2b3c4d90 off 3',
      ['/IRP (\\S+?) on \\S+?(?!\\S)/', '/IRP (\\S+?) off \\S+?(?!\\S)/'],
    ],
    ['begin', 'end', ['"begin"', '"end"']],
  ])('of %s and %s', (start, end, texts) => {
    expect(intervalTexts(start, end)).toEqual(texts);
  });
});

describe('the histogram of intervals', () => {
  const bins = [5, 0, 10].map((count, at) => ({ count, fromNs: 1000 * 2 ** at, toNs: 2000 * 2 ** at, startRow: at }));

  it('has a bar for each length that occurs, and none wider than a few letters', () => {
    expect(intervalBars(bins, 90)).toEqual([
      { x: 0, width: 29, tall: 0.5 },
      { x: 60, width: 29, tall: 1 },
    ]);
    expect(intervalBars(bins, 9000)[1]?.x).toBe(96);
    expect([10, 40, 89, 200].map((x) => intervalBinAt(bins, x, 90)?.startRow ?? null)).toEqual([0, 1, 2, null]);
  });

  it('is marked below at distances that fit', () => {
    expect(binMarks(bins, 90, 50)).toEqual([
      { x: 0, ns: 1000 },
      { x: 60, ns: 4000 },
    ]);
  });
});
