import { expect, it } from 'vitest';
import { BoundedRows } from './bounded-rows.ts';

it('hands rows over in pieces of limited text, and at least one at a time', () => {
  const rows = new BoundedRows(400_000);
  expect(rows.isEmpty).toBe(true);
  expect(rows.take()).toEqual([]);
  rows.hold(Array.from({ length: 7 }, (_, at) => [at, 'x'.repeat(300_000)]));
  const pieces: number[] = [];
  while (!rows.isEmpty) pieces.push(rows.take().length);
  expect(pieces).toEqual([4, 3]);
});

it('cuts long texts, and makes text of lists and structures', () => {
  const rows = new BoundedRows(10);
  rows.hold([['0123456789', '0123456789a', [1, null], { name: 'a long one' }, 12n, null, true]]);
  expect(rows.take()).toEqual([['0123456789', '0123456789…', '[1,null]', '{"name":"a…', 12n, null, true]]);
});
