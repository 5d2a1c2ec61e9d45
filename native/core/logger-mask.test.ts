import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  ALL_LEVELS,
  isLoggerName,
  MASK_LAST,
  maskOf,
  offNames,
  parseLevels,
  parseOff,
  stackWords,
} from './logger-mask.ts';

it('goes by the numbers of the header', () => {
  const header = readFileSync(new URL('../../driver/include/ringview/mask.h', import.meta.url), 'utf8');
  expect(header).toContain(`#define RV_MASK_LAST ${MASK_LAST}u`);
});

it('reads lists of what is off, and says them', () => {
  expect(parseOff('info, TRACE,text,type:7,4')).toEqual({ levels: [2, 3, 4], types: [0, 7] });
  expect(parseOff('255,type:65535,type:31')).toEqual({ levels: [31], types: [31] });
  expect(offNames({ levels: [0, 3, 4, 31], types: [0, 7, 31] })).toEqual([
    ...['error', 'trace', 'level 4', 'level 31 and above', 'text', 'type 7', 'type 31 and above'],
  ]);
  for (const wrong of ['', 'loud', 'type:', 'type:x', 'info trace', '-1', 'info,,trace', 'type:123456']) {
    expect(parseOff(wrong), wrong).toBeNull();
  }
});

it('reads levels of which texts carry a stack, and says them', () => {
  expect(parseLevels('warning, ERROR,300')).toEqual([0, 1, 31]);
  expect(parseLevels('All')).toEqual(ALL_LEVELS);
  expect([ALL_LEVELS.length, ALL_LEVELS[31]]).toEqual([32, 31]);
  expect([[], [0, 1], [4, 31], ALL_LEVELS].map(stackWords)).toEqual([
    ...['', 'error, warning', 'level 4, level 31 and above', 'all levels'],
  ]);
  for (const wrong of ['', 'text', 'type:7', 'error,type:7', 'error,all', 'loud']) {
    expect(parseLevels(wrong), wrong).toBeNull();
  }
});

it('finds each bit again', () => {
  for (let bit = 0; bit < 32; bit++) {
    expect(maskOf(2 ** bit, 0)).toEqual({ levels: [bit], types: [] });
    expect(maskOf(0, 2 ** bit)).toEqual({ levels: [], types: [bit] });
  }
});

it('knows what a name can be', () => {
  for (const name of ['nic', 'x', 'my-driver.sys', '!~', 'x'.repeat(23)]) expect(isLoggerName(name), name).toBe(true);
  for (const name of ['', 'two words', 'x'.repeat(24), 'ä', 'tab\t', 'del\x7f']) {
    expect(isLoggerName(name), name).toBe(false);
  }
});
