/** The rows of a test's log, computed from their number, and batches of them as a source hands them out. */
import { createEntryBatch, type EntryBatch } from '../../native/core/entry.ts';

/** What is in a row of the log. */
export interface LoggedRow {
  readonly index: number;
  readonly timeNs: number;
  readonly cpu: number;
  readonly level: number;
  readonly pid: number;
  readonly text: string;
}

export const CPUS = 8;
/** Wall clock of time 0: 9:30 UTC. */
export const START_UNIX_MS = Date.UTC(2026, 2, 1, 9, 30);

const MESSAGES = [
  'IRP 0xffffa98f41c2e010 IRP_MJ_READ completed, status 0xc00000b5',
  'EvtIoDeviceControl: ioctl 0x222004, in 64, out 512',
  'DPC for queue 3 ran 412 us, over its budget of 100 us',
  'NicFilterSendNetBufferLists: 14 NBLs queued, 3 pending',
  'MmMapLockedPagesSpecifyCache returned 0xffffd00021b60000 for MDL 0xffffa98f40aa1c30',
  'pool tag Nflt: 1,204 allocations, 18 frees outstanding',
  'state machine: PowerUp -> Working (D0), 3.2 ms',
  'watchdog: no completion on channel 7 for 2000 ms, resetting',
] as const;

/** Most rows of one batch. */
const BATCH_ROWS = 65_536;
const encoded = MESSAGES.map((text) => new TextEncoder().encode(text));
const longest = Math.max(...encoded.map(({ length }) => length));

function hash(n: number): number {
  let x = Math.imul((n ^ 0x9e3779b9) >>> 0, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

const timeOf = (row: number, hashed: number): number => row * 10_000 + (hashed % 9_000);
const messageOf = (hashed: number): number => (hashed >>> 8) % MESSAGES.length;

function levelOf(hashed: number): number {
  const roll = hashed % 100;
  return roll < 2 ? 0 : roll < 9 ? 1 : roll < 70 ? 2 : roll < 99 ? 3 : 6;
}

/** Row `row` of the log: always the same one, a later one than the row before it. */
export function rowAt(row: number): LoggedRow {
  const hashed = hash(row);
  return {
    index: row + 1,
    timeNs: timeOf(row, hashed),
    cpu: hashed % CPUS,
    level: levelOf(hashed),
    pid: 4 + (hashed % 5) * 4,
    text: MESSAGES[messageOf(hashed)] as string,
  };
}

/** Rows `from..end-1` in as many batches as that takes. A million of them take a fraction of a second. */
export function batchesOf(from: number, end: number): EntryBatch[] {
  const batches: EntryBatch[] = [];
  for (let first = from; first < end; first += BATCH_ROWS) {
    const rows = Math.min(BATCH_ROWS, end - first);
    const batch = createEntryBatch(rows, rows * (longest + 4));
    for (let at = 0; at < rows; at++) {
      const hashed = hash(first + at);
      const text = encoded[messageOf(hashed)] as Uint8Array;
      batch.index[at] = first + at + 1;
      batch.timeNs[at] = timeOf(first + at, hashed);
      batch.cpu[at] = hashed % CPUS;
      batch.level[at] = levelOf(hashed);
      batch.pid[at] = 4 + (hashed % 5) * 4;
      batch.dataStart[at] = batch.bytesUsed;
      batch.dataLength[at] = text.length;
      batch.bytes.set(text, batch.bytesUsed);
      batch.bytesUsed += (text.length + 3) & ~3;
    }
    batch.count = rows;
    batches.push(batch);
  }
  return batches;
}
