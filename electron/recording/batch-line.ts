/**
 * The line that stands for one batch in the list beside a file of rows: where it lies, a checksum of its bytes, and what is
 * to be known of its rows without reading them. A batch counts once its line is written; each line has a checksum too, so
 * that a line that was cut or changed does not count.
 */
import { crc32 } from 'node:zlib';
import type { RowsSummary, Strip } from '../session/store/rows-summary.ts';
import { STRIP_ROWS } from '../session/store/rows-summary.ts';
import { LIMITS } from './layout.ts';
import { fields, whole } from './untrusted.ts';

/** A batch that is whole. */
export interface BatchLine {
  /** Number of its first row, and how many there are. */
  readonly row: number;
  readonly rows: number;
  /** Where its bytes lie in the file, and their checksum (CRC-32, as of zip and gzip). */
  readonly at: number;
  readonly length: number;
  readonly crc: number;
  readonly summary: RowsSummary;
}

/** Rows that are not in the session, and why: memory was full and the disk had not taken them. */
export interface GoneLine {
  readonly row: number;
  readonly rows: number;
  readonly gone: string;
  readonly summary: RowsSummary;
}

export type IndexLine = BatchLine | GoneLine;

export function isGone(line: IndexLine): line is GoneLine {
  return 'gone' in line;
}

const CRC_DIGITS = 8;

export function formatLine(line: IndexLine): string {
  const text = JSON.stringify(line);
  return `${checksum(text)} ${text}\n`;
}

/** The line, without its end; null if it is not as it was written. */
export function parseLine(text: string): IndexLine | null {
  const json = text.slice(CRC_DIGITS + 1);
  if (text[CRC_DIGITS] !== ' ' || text.slice(0, CRC_DIGITS) !== checksum(json)) return null;
  try {
    // Whoever makes a line by hand can make its checksum too: nothing in it is believed.
    return checked(JSON.parse(json));
  } catch {
    return null;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CRC_DIGITS, '0');
}

function checked(value: unknown): IndexLine | null {
  const { row, rows, at, length, crc, gone, summary } = fields(value);
  if (!whole(row, LIMITS.rows) || !whole(rows, LIMITS.batchRows) || rows === 0) return null;
  const known = checkedSummary(summary, rows);
  if (known === null) return null;
  if (typeof gone === 'string') return gone.length <= 1000 ? { row, rows, gone, summary: known } : null;
  if (!whole(at, Number.MAX_SAFE_INTEGER) || !whole(length, LIMITS.batchBytes) || !whole(crc, 2 ** 32 - 1)) return null;
  return { row, rows, at, length, crc, summary: known };
}

function checkedSummary(value: unknown, rows: number): RowsSummary | null {
  const all = fields(value);
  const { entries, gaps, minIndex, maxIndex, minNs, maxNs, payloadBytes, lost } = all;
  if (!whole(entries, rows) || !whole(gaps, rows) || entries + gaps !== rows) return null;
  if (![minIndex, maxIndex, minNs, maxNs, payloadBytes, lost].every((each) => Number.isFinite(each))) return null;
  const levels = listOf(all.levels, 5, (each) => (whole(each, rows) ? each : null));
  const cpus = listOf(all.cpus, 65_536, (each) => pairOf(each, rows));
  const strips = listOf(all.strips, Math.ceil(rows / STRIP_ROWS), (each) => stripOf(each, rows));
  if (levels === null || cpus === null || strips === null || levels.length !== 5) return null;
  if (sum(levels) !== entries || sum(cpus.map(([, ofCpu]) => ofCpu)) !== entries) return null;
  const numbers = { minIndex, maxIndex, minNs, maxNs, payloadBytes, lost } as Omit<
    RowsSummary,
    'entries' | 'gaps' | 'levels' | 'cpus' | 'strips'
  >;
  return { entries, gaps, levels, cpus, ...numbers, strips };
}

function pairOf(value: unknown, rows: number): [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [cpu, entries] = value as unknown[];
  return whole(cpu, 65_535) && whole(entries, rows) ? [cpu, entries] : null;
}

function stripOf(value: unknown, rows: number): Strip | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [strip, errors, warnings, gaps] = value as unknown[];
  if (!whole(strip, Math.ceil(rows / STRIP_ROWS) - 1)) return null;
  return whole(errors, STRIP_ROWS) && whole(warnings, STRIP_ROWS) && whole(gaps, STRIP_ROWS)
    ? [strip, errors, warnings, gaps]
    : null;
}

function listOf<T>(value: unknown, most: number, item: (value: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const list: T[] = [];
  for (const each of value) {
    const checkedItem = item(each);
    if (checkedItem === null) return null;
    list.push(checkedItem);
  }
  return list;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
