/** History files whose bytes were changed behind the program's back: a segment comes back whole in form, or a reason does. */
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { testRandom } from '../../native/core/test-support.ts';
import type { ArchiveHandle } from '../session/store/archive.ts';
import type { Segment } from '../session/store/segment.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { ArrowArchive } from './arrow-archive.ts';

const ROWS = 16;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A segment put away, and its file open for changes. */
function putAway(): { archive: ArrowArchive; handle: ArchiveHandle; file: number; bytes: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-hostile-'));
  folders.push(folder);
  const store = new SessionStore({ memoryCapBytes: 1 << 20, segmentRows: ROWS, chunkBytes: 1024, segmentBytes: 4096 });
  store.append(
    batchOf(Array.from({ length: ROWS }, (_, i) => entry(i, `message ${i}`, { remarks: i, pid: i, origin: i }))),
  );
  const archive = new ArrowArchive(folder);
  const put = archive.put(store.segmentOf(0) as Segment);
  if (!put.ok) throw new Error(put.failure.message);
  const name = join(folder, readdirSync(folder)[0] as string);
  return { archive, handle: put.value, file: openSync(name, 'r+'), bytes: readFileSync(name) };
}

/** Plain comparisons: thousands of segments are looked at. */
function isWhole(segment: Segment): boolean {
  const { kind, flags, type, origin, pid, remarks, source } = segment;
  const plain = [segment.index, segment.timeNs, segment.cpu, segment.level];
  for (let at = 0; at < ROWS; at++) {
    if (segment.payload(at).length !== segment.dataLength[at]) return false;
    if (plain.some((column) => typeof column[at] !== 'number')) return false;
    for (const column of [kind, flags, type, origin, pid, remarks, source])
      if (typeof column.get(at) !== 'number') return false;
  }
  return true;
}

/** Loads once with `change` at a place of the file, which is put right again. True if it was refused. */
function refused({ archive, handle, file, bytes }: ReturnType<typeof putAway>, at: number, change: Buffer): boolean {
  writeSync(file, change, 0, change.length, at);
  const loaded = archive.load(handle);
  writeSync(file, bytes, at, change.length, at);
  if (loaded.ok ? !isWhole(loaded.value) : loaded.failure.message === '') throw new Error(`changed at ${at}`);
  return !loaded.ok;
}

it('survives every word of a file being changed', () => {
  const there = putAway();
  let refusals = 0;
  for (const word of [0, 1, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
    const change = Buffer.alloc(4);
    change.writeUInt32LE(word);
    for (let at = 0; at + 4 <= there.bytes.length; at += 4) if (refused(there, at, change)) refusals++;
  }
  expect(refusals).toBeGreaterThan(100);
  there.archive.clear();
});

it('survives a file in which anything was changed', () => {
  const there = putAway();
  const random = testRandom(5);
  for (let n = 0; n < 1000; n++) {
    const change = Buffer.from(Array.from({ length: 1 + random(24) }, () => random(256)));
    refused(there, random(there.bytes.length - change.length), change);
  }
  there.archive.clear();
});
