import { expect, it } from 'vitest';
import {
  checkMask,
  describeMask,
  effectiveMask,
  FILTER_COMPONENTS,
  listMasks,
  parseMaskSetting,
} from './debug-filter.ts';

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

it('lists what drivers write to, then what is set, and nothing that Windows does not know', () => {
  const filter = new Map([
    ['win2000', 2],
    ['NOSUCH', 15],
    ['Default', 8],
    ['DISK', 4],
  ]);
  expect(listMasks(filter)).toEqual([
    { component: 'DEFAULT', mask: 8, effective: 11 },
    { component: 'IHVDRIVER', mask: null, effective: 3 },
    { component: 'DISK', mask: 4, effective: 7 },
    { component: 'WIN2000', mask: 2, effective: 3 },
  ]);
  expect(listMasks(new Map()).map(({ component }) => component)).toEqual(['DEFAULT', 'IHVDRIVER']);
});

it('takes a setting in two parts as well', () => {
  expect(checkMask('DISK', 7)).toEqual({ ok: true, value: { component: 'DISK', mask: 7 } });
  expect(checkMask('disk', 7)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
});
