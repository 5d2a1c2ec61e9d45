import { expect, it } from 'vitest';
import { Segment } from '../store/segment.ts';
import { cancelSlot, foundIn, ScanSlots } from './scan-slots.ts';
import { Slot } from './scan-task.ts';

const segment = new Segment(4, 6);
const piece = (rows: number, offsets: Uint32Array | null = null) => ({ segment, from: 10, to: 10 + rows, offsets });

it('a slot has room for every row of its piece, in sizes that later pieces can use', () => {
  const slots = new ScanSlots();
  expect(slots.take(piece(1)).byteLength).toBe(16_384);
  expect(slots.take(piece(4094)).byteLength).toBe(16_384);
  expect(slots.take(piece(4095)).byteLength).toBe(32_768);
  expect(slots.take(piece(60_000)).byteLength).toBe(262_144);
  // Of chosen rows, as many as were chosen.
  expect(slots.take(piece(60_000, new Uint32Array(5))).byteLength).toBe(16_384);
});

it('a slot given back is used again by a piece that fits it, and knows nothing of the last one', () => {
  const slots = new ScanSlots();
  const [small, large] = [slots.take(piece(1)), slots.take(piece(5000))];
  cancelSlot(small);
  new Uint32Array(small)[Slot.Found] = 3;
  slots.giveBack(small);
  slots.giveBack(large);
  expect(slots.take(piece(4095))).toBe(large);
  const chosen = Uint32Array.of(11, 12, 14);
  const again = slots.take(piece(4, chosen));
  expect(again).toBe(small);
  const words = new Uint32Array(again);
  expect([words[Slot.Cancelled], words[Slot.Found]]).toEqual([0, 0]);
  expect([...words.subarray(Slot.Words, Slot.Words + 3)]).toEqual([...chosen]);
  expect(slots.take(piece(1))).not.toBe(small);
});

it('no more than a few slots wait, and none after a clear', () => {
  const slots = new ScanSlots();
  const taken = Array.from({ length: 20 }, () => slots.take(piece(1)));
  for (const slot of taken) slots.giveBack(slot);
  const again = Array.from({ length: 20 }, () => slots.take(piece(1)));
  expect(again.filter((slot) => taken.includes(slot))).toHaveLength(16);
  for (const slot of again) slots.giveBack(slot);
  slots.clear();
  expect(again).not.toContain(slots.take(piece(1)));
});

it('what was found is a copy of as many rows as were found', () => {
  const slot = new ScanSlots().take(piece(4));
  const words = new Uint32Array(slot);
  words.set([7, 9, 11], Slot.Words);
  words[Slot.Found] = 2;
  const found = foundIn(slot);
  words.fill(0);
  expect([...found]).toEqual([7, 9]);
});
