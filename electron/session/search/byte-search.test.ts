/** The search among bytes against a look at every row: whatever the lengths, wherever in a row or a run a text lies. */
import { describe, expect, it } from 'vitest';
import type { Segment } from '../store/segment.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry } from '../test-support.ts';
import { encodeUtf8 } from '../text/text.ts';
import { ByteSearch } from './byte-search.ts';
import { DecodedSearch } from './decoded-search.ts';
import { RowRun, type RunSearch } from './row-run.ts';

const MOST_ROWS = 1024;

function runOf(rows: readonly string[], chunkBytes: number, onDemand: boolean): RowRun {
  const store = new SessionStore({
    memoryCapBytes: 1 << 30,
    segmentRows: MOST_ROWS,
    chunkBytes,
    segmentBytes: 1 << 24,
  });
  store.append(batchOf(rows.map((text, n) => entry(n, text))));
  const run = new RowRun({ rows: MOST_ROWS, bytes: 1 << 24, hole: 64 }, onDemand);
  const offsets = Uint32Array.from(rows.keys());
  expect(run.gather(store.segmentOf(0) as Segment, offsets, 0, rows.length)).toBe(rows.length);
  return run;
}

const WAYS = [
  [
    'bytes',
    true,
    (needles: readonly string[], fold: boolean) => new ByteSearch(needles.map(encodeUtf8), fold, MOST_ROWS),
  ],
  ['text', false, (needles: readonly string[], fold: boolean) => new DecodedSearch(needles, fold, MOST_ROWS)],
] as const;

describe.each(WAYS)('a search of the %s of a run', (_name, onDemand, make) => {
  const found = (search: RunSearch, rows: readonly string[], chunkBytes = 1 << 20): number[] => {
    const count = search.search(runOf(rows, chunkBytes, onDemand));
    return [...search.hits.subarray(0, count)];
  };
  const wanted = (rows: readonly string[], needles: readonly string[], fold = false): number[] => {
    const as = (text: string) => (fold ? text.toLowerCase() : text);
    return [...rows.keys()].filter((at) => needles.some((needle) => as(rows[at] as string).includes(as(needle))));
  };
  const same = (rows: readonly string[], needles: readonly string[], fold = false, chunkBytes?: number) => {
    const search = make(needles, fold);
    const hits = wanted(rows, needles, fold);
    expect(found(search, rows, chunkBytes)).toEqual(hits);
    // Again, with what was learnt of the first run.
    expect(found(search, rows, chunkBytes)).toEqual(hits);
    return hits.length;
  };

  it('finds a text at every place of a row, and in no row where it is not whole', () => {
    const needle = 'status=0xc0';
    const at = (n: number, text: string) => `${'.'.repeat(n)}${text}${'.'.repeat(40 - n)}`;
    for (const every of [1, 2, 7]) {
      const rows = Array.from({ length: 300 }, (_, n) =>
        n % every === 0 ? at(n % 41, needle) : at(n % 41, n % 2 === 0 ? needle.slice(1) : needle.slice(0, -1)),
      );
      expect(same(rows, [needle])).toBe(Math.ceil(300 / every));
    }
  });

  it('finds it in runs of any number of rows, also of few and of empty ones', () => {
    for (let count = 1; count <= 24; count++) {
      for (const kind of [0, 1, 2, 3]) {
        const rows = Array.from({ length: count }, (_, n) =>
          n % 4 === kind ? 'a needle' : n % 3 === 0 ? '' : 'nothing',
        );
        same(rows, ['needle']);
        same(rows, ['needle', 'noth']);
      }
    }
    expect(same(['', '', ''], ['needle'])).toBe(0);
    expect(same(Array(40).fill('needle'), ['needle'])).toBe(40);
  });

  it('finds no text that two rows hold together, nor one that lies between rows', () => {
    for (const [one, other] of [
      ['nee', 'dle'],
      ['x needl', 'e x'],
      ['n', 'eedle'],
    ] as const) {
      const rows = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? one : other));
      expect(same(rows, ['needle'])).toBe(0);
      expect(same([...rows, 'needle'], ['needle'])).toBe(1);
      expect(same([...rows, 'needle', ...rows], ['needle', 'xx'])).toBe(1);
    }
  });

  it('finds a shorter text where a longer one that begins there is not', () => {
    const rows = Array.from(
      { length: 120 },
      (_, n) => ['timeout error', 'time', 'at this time', 'timer', 'tim'][n % 5] as string,
    );
    expect(same(rows, ['timeout', 'time'])).toBe(96);
    expect(same(rows, ['timeout', 'error', 'timer'])).toBe(48);
    expect(same(rows, ['time', 'timeout error'])).toBe(96);
  });

  it('finds a text in either case where that is asked for, and as it is where not', () => {
    const rows = Array.from(
      { length: 200 },
      (_, n) => `${n} ${['TimeOut 7', 'TIMEOUT 7', 'timeout 7', '[imeout 7', 'timeout '][n % 5]}`,
    );
    expect(same(rows, ['timeout 7'], true)).toBe(120);
    expect(same(rows, ['timeout 7'], false)).toBe(40);
    expect(same(rows, ['timeout'], false)).toBe(80);
  });

  it('reads nothing beyond a chunk that is full to its last byte', () => {
    for (const length of [8, 16, 64]) {
      const count = 4096 / length;
      for (const at of [0, 1, Math.floor(count / 2), count - 2, count - 1]) {
        const rows = Array.from({ length: count }, (_, n) =>
          n === at ? `${'x'.repeat(length - 6)}needle` : 'x'.repeat(length),
        );
        expect(same(rows, ['needle'], false, 4096)).toBe(1);
        expect(same(rows, ['xneedle', 'needle'], true, 4096)).toBe(1);
      }
    }
  });

  it('finds what ends with bytes that are everywhere, and what is everywhere', () => {
    const rows = Array.from({ length: 400 }, (_, n) => `row ${n} 0x00000000 at 0x${n % 9 === 0 ? 'c' : '0'}0000000`);
    same(rows, ['0xc0000000']);
    expect(same(rows, ['0x00000000'])).toBe(400);
    expect(same(rows, ['row 399 '])).toBe(1);
  });
});
