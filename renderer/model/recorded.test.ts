import { expect, it } from 'vitest';
import { DEFAULT_LIBRARY } from '../../electron/contract/library.ts';
import { durationText, endedText, libraryFormOf, librarySettingsOf, offerText, whenText } from './recorded.ts';

it('says how long a session was by its two largest units', () => {
  expect([0, 12_400, 60_000, 200_000, 3_600_000, 18_720_000, 86_400_000, 183_600_000].map(durationText)).toEqual([
    '0 s',
    '12 s',
    '1 min',
    '3 min 20 s',
    '1 h',
    '5 h 12 min',
    '1 d',
    '2 d 3 h',
  ]);
});

it('says when it was in local time, and that this is not known', () => {
  const at = new Date(2026, 2, 9, 7, 5);
  expect(whenText(at.getTime())).toBe('2026-03-09 07:05');
  expect(whenText(0)).toBe('–');
});

it('says how it ended, and that something in it is damaged', () => {
  expect(endedText({ ended: 'crashed', damages: [] })).toBe('cut off');
  expect(endedText({ ended: 'gone', damages: ['a file is missing'] })).toBe('source disappeared, damaged');
  expect(endedText({ ended: null, damages: [] })).toBe('being recorded');
});

it('says of what a crash left when it was, how much of it there is and where it came from', () => {
  const session = { id: 'a', name: 'a', pinned: false, lost: 0, bytes: 1, damages: [], ended: 'crashed' as const };
  const offer = {
    ...session,
    startedUnixMs: new Date(2026, 2, 9, 17, 45).getTime(),
    durationMs: 180_000,
    rows: 12_034,
  };
  expect(offerText({ ...offer, sources: ['sim:lab'] })).toBe('2026-03-09 17:45, 3 min, 12,034 rows from sim:lab');
  expect(offerText({ ...offer, name: '2026-03-09 17.45.00', sources: [] })).toBe('3 min, 12,034 rows');
  expect(offerText({ ...offer, rows: 1, sources: [] })).toBe('2026-03-09 17:45, 3 min, 1 row');
});

it('reads the limits of the library as it writes them, and names each that makes no sense', () => {
  const form = libraryFormOf(DEFAULT_LIBRARY);
  expect(form).toEqual({ record: true, size: '10 GB', days: '30' });
  expect(librarySettingsOf(form)).toEqual({ settings: DEFAULT_LIBRARY });
  expect(librarySettingsOf({ record: false, size: '2 tb', days: '1' })).toEqual({
    settings: { record: false, mostBytes: 2 * 1024 ** 4, mostDays: 1 },
  });
  expect(librarySettingsOf({ record: true, size: '10 MB', days: '0' })).toMatchObject({
    troubles: { size: expect.stringContaining('1 GB'), days: expect.stringContaining('1 to') },
  });
});
