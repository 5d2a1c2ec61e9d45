/** What tests of log files share: bytes in, plain rows out, without a file where none is needed. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EntryBatch, RowKind, tidOf } from '../../core/entry.ts';
import type { FileDay } from './file-time.ts';
import { chooseReading, type ReadingWishes, RecordReader } from './record-reader.ts';

export interface FileRow {
  readonly lost: boolean;
  readonly index: number;
  readonly timeNs: number;
  readonly cpu: number;
  readonly level: number;
  readonly pid: number;
  readonly tid: number | null;
  readonly remarks: number;
  /** Number of the names of its event. */
  readonly event: number;
  readonly text: string;
}

export function rowsOf(batch: EntryBatch): FileRow[] {
  const rows: FileRow[] = [];
  for (let at = 0; at < batch.count; at++) {
    const start = batch.dataStart[at] as number;
    rows.push({
      lost: batch.kind[at] === RowKind.Gap,
      index: batch.index[at] as number,
      timeNs: batch.timeNs[at] as number,
      cpu: batch.cpu[at] as number,
      level: batch.level[at] as number,
      pid: batch.pid[at] as number,
      tid: tidOf(batch.tid[at] as number, batch.flags[at] as number),
      remarks: batch.remarks[at] as number,
      event: batch.event[at] as number,
      text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(
        batch.bytes.slice(start, start + (batch.dataLength[at] as number)),
      ),
    });
  }
  return rows;
}

/** 28 November 2026, 15:00 UTC, in UTC+1. */
export const DAY: FileDay = { modifiedMs: Date.UTC(2026, 10, 28, 15), offsetMinutes: () => 60 };

export interface ReadFile {
  readonly rows: readonly FileRow[];
  readonly format: string;
  readonly encoding: string;
  readonly startUnixMs: number;
  readonly reader: RecordReader;
}

/** Reads a file given as text or bytes, in pieces of `piece` bytes. */
export function read(content: string | Uint8Array, wishes: ReadingWishes = {}, piece = 1 << 20): ReadFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const reading = chooseReading(bytes.subarray(0, 65_536), bytes.length <= 65_536, DAY, { locale: 'en-US', ...wishes });
  if (!reading.ok) throw new Error(reading.failure.message);
  const rows: FileRow[] = [];
  const reader = new RecordReader(reading.value, DAY, (batch) => rows.push(...rowsOf(batch)));
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece));
  reader.finish();
  const { format, encoding, startUnixMs } = reading.value;
  return { rows, format, encoding: encoding.encoding, startUnixMs, reader };
}

/** A text cut into parts of at most `most` bytes, none of which cuts a character: how a message goes on in rows. */
export function cut(text: string, most: number): string[] {
  const parts = [''];
  let bytes = 0;
  for (const character of text) {
    const more = Buffer.byteLength(character);
    if (bytes + more > most) {
      parts.push('');
      bytes = 0;
    }
    parts[parts.length - 1] += character;
    bytes += more;
  }
  return parts;
}

/** A file, or a folder with a slash behind it, of real logs, which lie beside the project where there are any. */
export function realLogs(name: string): URL {
  return new URL(`../../../../shared/data/${name}`, import.meta.url);
}

/** Whether real logs are there. Says so where they are not: a test that is skipped in silence is taken for one that passed. */
export function hasRealLogs(name: string): boolean {
  const there = existsSync(realLogs(name));
  if (!there) process.stderr.write(`SKIPPED: the tests with real logs, for there is no ${realLogs(name).pathname}\n`);
  return there;
}

/** Runs `use` with the path of a file of this content, in a folder that is removed afterwards. */
export async function withFile(content: string | Uint8Array, use: (path: string) => unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-file-'));
  try {
    const path = join(folder, 'log');
    writeFileSync(path, content);
    await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
