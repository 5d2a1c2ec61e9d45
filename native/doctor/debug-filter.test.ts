import { expect, it } from 'vitest';
import { describeMask, effectiveMask, FILTER_COMPONENTS, parseMaskSetting } from './debug-filter.ts';

it('adds to a mask what Windows lets through anyway', () => {
  expect(effectiveMask(new Map(), 'DEFAULT')).toBe(1);
  expect(effectiveMask(new Map([['default', 8]]), 'DEFAULT')).toBe(9);
  expect(effectiveMask(new Map([['WIN2000', 0xf]]), 'IHVDRIVER')).toBe(0xf);
  expect(effectiveMask(new Map([['DEFAULT', 0xffffffff]]), 'DEFAULT')).toBe(0xffffffff);
});

it('says masks in words', () => {
  expect([0, 1, 9, 0xf, 0xffffffff].map(describeMask)).toEqual([
    'none',
    'error',
    'error, info',
    'error, warning, trace, info',
    'error, warning, trace, info, 0xfffffff0',
  ]);
});

it('knows each component once', () => {
  expect(new Set(FILTER_COMPONENTS).size).toBe(FILTER_COMPONENTS.length);
  expect(FILTER_COMPONENTS).toEqual(expect.arrayContaining(['DEFAULT', 'IHVDRIVER', 'SYSTEM', 'WIN2000']));
});

it.each([
  ['DEFAULT=0xf', { component: 'DEFAULT', mask: 15 }],
  ['ihvdriver=15', { component: 'IHVDRIVER', mask: 15 }],
  ['DEFAULT=0xFFFFFFFF', { component: 'DEFAULT', mask: 0xffffffff }],
])('reads %s', (text, value) => {
  expect(parseMaskSetting(text)).toEqual({ ok: true, value });
});

it.each(['', 'DEFAULT', 'DEFAULT=', 'DEFAULT=f', 'DEFAULT=-1', 'DEFAULT=4294967296', 'NOSUCH=1', 'A B=1'])(
  'refuses %j',
  (text) => {
    expect(parseMaskSetting(text)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  },
);
