import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LONGEST_DATA, parseAnswer, WRITE, WriteBatch } from './write-batch.ts';

const header = readFileSync(new URL('../../driver/include/ringview/write.h', import.meta.url), 'utf8');

it('has the literals of the header', () => {
  expect(header).toContain('#define RV_IOCTL_WRITE (0x22u << 16 | 2u << 14 | 0x840u << 2)');
  expect(WRITE.IOCTL).toBe(0x22 * 65536 + 2 * 16384 + 0x840 * 4);
  for (const name of ['VERSION', 'BYTES', 'TYPES'] as const) {
    expect(header).toContain(`#define RV_WRITE_${name} ${WRITE[name]}u`);
  }
  expect(header).toContain(`L"\\\\\\\\.\\\\${WRITE.DEVICE}"`);
  for (const [type, bytes] of [
    ['header', WRITE.HEADER_BYTES],
    ['record', WRITE.RECORD_BYTES],
    ['answer', WRITE.ANSWER_BYTES],
  ]) {
    expect(header).toContain(`RV_ASSERT_SIZE(rv_write_${type}, ${bytes});`);
  }
});

it('lays records one behind the other, each rounded up to eight', () => {
  const batch = new WriteBatch();
  expect(batch.add({ level: 3, type: 5, remarks: 0xffff_ffff, data: Uint8Array.of(1, 2, 3) })).toBe(true);
  expect(batch.add({ level: 255, type: 0, remarks: 0, data: new Uint8Array(0) })).toBe(true);
  expect([...batch.whole]).toEqual([
    ...[1, 0, 0, 0, 2, 0, 0, 0],
    ...[3, 0, 0, 0, 5, 0, 3, 0, 255, 255, 255, 255, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ]);
  batch.clear();
  expect([batch.count, batch.whole.length]).toEqual([0, 8]);
});

it('takes what fits and no more', () => {
  const batch = new WriteBatch();
  expect(batch.add({ level: 2, type: 0, remarks: 0, data: new Uint8Array(LONGEST_DATA + 1) })).toBe(false);
  expect(batch.add({ level: 2, type: 0, remarks: 0, data: new Uint8Array(LONGEST_DATA).fill(7) })).toBe(true);
  expect(batch.whole.length).toBe(WRITE.BYTES);
  expect(batch.add({ level: 2, type: 0, remarks: 0, data: new Uint8Array(0) })).toBe(false);
  expect(batch.count).toBe(1);
});

it('reads answers', () => {
  const answer = new Uint8Array(24);
  new Uint32Array(answer.buffer).set([4, 3, 2, 1]);
  expect(parseAnswer(answer)).toEqual({ ok: true, value: { written: 4, lost: 3, refused: 2, masked: 1 } });
  expect(parseAnswer(answer.subarray(1)).ok).toBe(false);
});
