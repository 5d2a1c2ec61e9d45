/** Batches and the columns they are made of. */
import { describe, expect, it } from 'vitest';
import { ALWAYS_NAMES, COLUMN_NAMES, COLUMNS, columnArray, mapColumns, rowBytes, VARYING_NAMES } from './columns.ts';
import { clearRow, createEntryBatch } from './entry.ts';

describe('columns', () => {
  it('are each kept always, or while they vary', () => {
    expect(ALWAYS_NAMES).toEqual(['index', 'timeNs', 'cpu', 'level']);
    expect([...ALWAYS_NAMES, ...VARYING_NAMES].sort()).toEqual([...COLUMN_NAMES].sort());
    expect(rowBytes(ALWAYS_NAMES)).toBe(8 + 8 + 2 + 1);
    expect(rowBytes([])).toBe(0);
  });

  it('lie in memory that other threads can have where that is asked for, and only there', () => {
    for (const name of COLUMN_NAMES) {
      const { array } = COLUMNS[name];
      for (const shared of [true, false]) {
        const column = columnArray(name, 5, shared);
        expect(column).toBeInstanceOf(array);
        expect(column).toHaveLength(5);
        expect(column.buffer instanceof SharedArrayBuffer).toBe(shared);
      }
      expect(columnArray(name, 1).buffer).toBeInstanceOf(ArrayBuffer);
    }
  });

  it('are made in the order of the table, and into what is there', () => {
    const into = { mine: true };
    const made = mapColumns<Record<string, unknown>>(COLUMN_NAMES, (name) => name, into);
    expect(made).toBe(into);
    expect(Object.keys(made)).toEqual(['mine', ...COLUMN_NAMES]);
    expect(made.pid).toBe('pid');
  });
});

describe('a batch', () => {
  it('has every column for as many rows as it was made for, and payload bytes in words of eight', () => {
    for (const [asked, bytes] of [
      [0, 0],
      [1, 8],
      [8, 8],
      [9, 16],
    ] as const) {
      const batch = createEntryBatch(3, asked);
      expect(batch.bytes).toHaveLength(bytes);
      expect([batch.count, batch.capacity, batch.bytesUsed]).toEqual([0, 3, 0]);
      for (const name of COLUMN_NAMES) expect(batch[name]).toHaveLength(3);
      expect([batch.dataStart.length, batch.dataLength.length]).toEqual([3, 3]);
    }
  });

  it('forgets all of a row that is cleared, and nothing of its neighbours', () => {
    const batch = createEntryBatch(3, 8);
    for (const name of COLUMN_NAMES) batch[name].fill(7);
    batch.dataStart.fill(7);
    batch.dataLength.fill(7);
    clearRow(batch, 1);
    for (const name of COLUMN_NAMES) expect([...batch[name]]).toEqual([7, 0, 7]);
    expect([...batch.dataStart, ...batch.dataLength]).toEqual([7, 0, 7, 7, 0, 7]);
  });
});
