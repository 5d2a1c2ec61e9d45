import { expect, it } from 'vitest';
import { exportWords } from './export-words.ts';

const done = { rows: 5003, losses: 0, skippedRows: 0, bytes: 2048, path: '/tmp/a/boot.csv' };

it('says how many rows were written where, and how many of them are losses', () => {
  expect(exportWords(done)).toEqual({
    said: '5,003 rows written to',
    name: 'boot.csv',
    tip: '5,003 rows written to /tmp/a/boot.csv, 2.0 KB',
    incomplete: false,
  });
  expect(exportWords({ ...done, rows: 1, path: 'C:\\logs\\boot.LOG' })).toMatchObject({
    said: '1 row written to',
    name: 'boot.LOG',
  });
  expect(exportWords({ ...done, losses: 3 }).said).toBe('5,003 rows, 3 of them losses, written to');
});

it('says what was gone before it could be written', () => {
  expect(exportWords({ ...done, losses: 3, skippedRows: 1200 })).toMatchObject({
    said: '5,003 rows, 3 of them losses, without 1,200 that had left the history written to',
    incomplete: true,
  });
});
