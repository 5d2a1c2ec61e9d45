import { describe, expect, it } from 'vitest';
import { formatTime } from './format.ts';
import { parseGoTo } from './go-to.ts';

/** 23:59:30 local time, with a fraction. */
const START = new Date(2026, 2, 1, 23, 59, 30).getTime() + 0.25;
const clock = { startUnixMs: START, aroundNs: 0 };
const go = (text: string, aroundNs = 0) => parseGoTo(text, { ...clock, aroundNs });
const at = (seconds: number) => ({ timeNs: seconds * 1e9 - 250_000 });

describe('parseGoTo', () => {
  it.each([
    ['10021', { index: 10_021 }],
    [' 10,021 ', { index: 10_021 }],
    ['12.5', { timeNs: 12.5e9 }],
    ['+12.5s', { timeNs: 12.5e9 }],
    ['+12', { timeNs: 12e9 }],
    ['250ms', { timeNs: 250e6 }],
    ['1.5 us', { timeNs: 1500 }],
    ['90min', { timeNs: 5400e9 }],
    ['2:07', { timeNs: 127e9 }],
    ['+1:00:00.000001', { timeNs: 3600e9 + 1000 }],
    [formatTime(127_000_001_000), { timeNs: 127_000_001_000 }],
    [formatTime(12_004_512_000), { timeNs: 12_004_512_000 }],
    ['23:59:45.5', at(15.5)],
    ['2026-03-01T23:59:31', at(1)],
    ['2026-03-01 23:59:31.000 002', { timeNs: at(1).timeNs + 2000 }],
    ['2026-03-02 00:00', at(30)],
    ['2026-03-01T22:00:00', at(-7170)],
  ])('reads %s', (text, target) => {
    expect(go(text)).toEqual(target);
  });

  it('takes the time of day nearest to what is on the screen', () => {
    expect(go('00:00:10')).toEqual(at(40));
    expect(go('23:59:31', 86_400e9)).toEqual(at(86_401));
    // 11:59:29 earlier is nearer than 12:00:30 later.
    expect(go('12:00:01')).toEqual(at(-43_169));
    expect(go('11:59:29')).toEqual(at(43_199));
  });

  it('knows zones', () => {
    const utc = new Date(START + 1000).toISOString().slice(0, 19);
    const whole = Date.parse(`${utc}Z`);
    expect(go(`${utc}Z`)).toEqual({ timeNs: Math.floor((whole - START) * 1e6) });
    expect(go(`${utc}+02:00`)).toEqual({ timeNs: Math.floor((whole - 7_200_000 - START) * 1e6) });
    expect(go(`${utc}-0030`)).toEqual({ timeNs: Math.floor((whole + 1_800_000 - START) * 1e6) });
  });

  it.each([
    '',
    'abc',
    '-5',
    '12.5x',
    '25:00:00',
    '2:60',
    '1:2:3:4',
    '2026-02-30 10:00',
    '12..5',
    '99999999999999999999',
  ])('refuses %s', (text) => {
    expect(go(text)).toBeNull();
  });
});
