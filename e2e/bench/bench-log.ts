/** The log that is measured: 80-byte messages in fixed random order, as batches for the product and as files for C and ripgrep. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createEntryBatch, type EntryBatch } from '../../native/core/entry.ts';

export const TEXT_BYTES = 80;
/** Distinct messages; the log cycles through them at changing offsets. */
const POOL = 65_536;
const BATCH = 8192;
export const CPUS = 8;

/** About one row in 500 contains this. */
export const NEEDLE = 'STATUS_IO_TIMEOUT';
/** Matches about one row in 1000; the same in JavaScript and in ripgrep. */
export const EXPRESSION = 'status 0xc00000(b5|9a) after [0-9]{3,4} us';

function mulberry(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` messages of TEXT_BYTES ASCII characters. */
export function messages(count: number, seed = 7): string[] {
  const random = mulberry(seed);
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return Array.from({ length: count }, () => {
    const roll = Math.floor(random() * 1000);
    const irp = `IRP 0xffffa9${hex(6)}`;
    const us = Math.floor(random() * 100_000);
    const text =
      roll < 2
        ? `storport: ${irp} failed, ${NEEDLE} on lun ${hex(4)}`
        : roll < 3
          ? `nicfilt: ${irp} status 0xc00000b5 after ${100 + (us % 900)} us`
          : roll < 300
            ? `nicfilt: ${irp} status 0x00000000 after ${us} us on queue ${hex(1)}`
            : roll < 600
              ? `storport: ${irp} IRP_MJ_READ offset 0x${hex(8)} length 65536`
              : `--> NicFilterSendNetBufferLists(0xffffa9${hex(6)}) port 0x${hex(4)}`;
    return `${text} ${'. context '.repeat(10)}`.slice(0, TEXT_BYTES);
  });
}

export class BenchLog {
  readonly rows: number;
  private readonly batch = createEntryBatch(BATCH, BATCH * TEXT_BYTES);
  private readonly pool: Buffer;

  constructor(rows: number) {
    this.rows = rows;
    this.pool = Buffer.from(messages(POOL).join(''), 'latin1');
    for (let row = 0; row < BATCH; row++) {
      this.batch.dataStart[row] = row * TEXT_BYTES;
      this.batch.dataLength[row] = TEXT_BYTES;
    }
  }

  /** Hands out the log in batches; a batch is valid during the call. */
  eachBatch(take: (batch: EntryBatch) => void): void {
    const random = mulberry(11);
    const batch = this.batch;
    for (let first = 0; first < this.rows; first += BATCH) {
      const count = Math.min(BATCH, this.rows - first);
      const from = Math.floor(random() * (POOL - BATCH)) * TEXT_BYTES;
      batch.bytes.set(this.pool.subarray(from, from + count * TEXT_BYTES));
      batch.bytesUsed = count * TEXT_BYTES;
      batch.count = count;
      for (let row = 0; row < count; row++) {
        batch.index[row] = first + row + 1;
        batch.timeNs[row] = (first + row) * 1000;
        batch.cpu[row] = Math.floor(random() * CPUS);
        batch.level[row] = Math.floor(random() * 4);
        batch.pid[row] = 4;
      }
      take(batch);
    }
  }

  /** CPU of every row as 16 bits, then level of every row as 8 bits. */
  writeColumns(path: string): void {
    const cpu = new Uint16Array(this.rows);
    const level = new Uint8Array(this.rows);
    let at = 0;
    this.eachBatch((batch) => {
      cpu.set(batch.cpu.subarray(0, batch.count), at);
      level.set(batch.level.subarray(0, batch.count), at);
      at += batch.count;
    });
    write(path, (put) => {
      put(new Uint8Array(cpu.buffer));
      put(level);
    });
  }

  /** The messages, a line each. */
  writeText(path: string): void {
    const lines = Buffer.alloc(BATCH * (TEXT_BYTES + 1), '\n');
    write(path, (put) =>
      this.eachBatch((batch) => {
        for (let row = 0; row < batch.count; row++) {
          lines.set(batch.bytes.subarray(row * TEXT_BYTES, (row + 1) * TEXT_BYTES), row * (TEXT_BYTES + 1));
        }
        put(lines.subarray(0, batch.count * (TEXT_BYTES + 1)));
      }),
    );
  }
}

function write(path: string, fill: (put: (bytes: Uint8Array) => void) => void): void {
  const file = openSync(path, 'w');
  try {
    fill((bytes) => {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    });
  } finally {
    closeSync(file);
  }
}
