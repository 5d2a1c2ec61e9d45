/**
 * Writes trace files for tests: buffers of any CPU, and events of every header kind there is. What a test wants wrong it
 * makes wrong in the bytes.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guidBytes as bytesOfGuid } from '../../core/guid.ts';
import { type FileRow, rowsOf } from '../file/test-support.ts';
import { openTrace, type TraceOptions, type TraceSource } from './etl-source.ts';

/** 28 November 2026, 12:00 UTC, 100 ns since 1601. */
export const START_TIME = (BigInt(Date.UTC(2026, 10, 28, 12)) + 11_644_473_600_000n) * 10_000n;
/** What the clock of a trace showed then. */
export const START_TICKS = 5_000_000n;
const TICKS_A_SECOND = 10_000_000n;

export const PROVIDER = '11223344-5566-7788-99aa-bbccddeeff00';

export interface WrittenTrace {
  readonly bits?: 32 | 64;
  /** 1: QPC, 2: system time, 3: cycle counter. */
  readonly clock?: 1 | 2 | 3;
  readonly cpus?: number;
  readonly bufferBytes?: number;
  readonly eventsLost?: number;
  readonly buffersLost?: number;
  readonly logFileMode?: number;
  readonly loggerName?: string;
  readonly startTime?: bigint;
  /** As the header counts them; default those that there are. */
  readonly buffersWritten?: number;
}

/** Bits of a buffer's flags. */
export const EVENTS_LOST = 2;
export const COMPRESSED = 0x40;
const PROCESSOR_INDEX = 0x20;

const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

export function guidBytes(guid: string): Buffer {
  return Buffer.from(bytesOfGuid(guid));
}

/** Ticks of the clock, `ms` after the trace began. */
export const at = (ms: number): bigint => START_TICKS + (BigInt(Math.round(ms * 1000)) * TICKS_A_SECOND) / 1_000_000n;

/** Who wrote an event, and when. */
export interface Stamp {
  readonly ticks: bigint;
  readonly pid?: number;
  readonly tid?: number;
  readonly bits?: 32 | 64;
}

/** Header of the system logger, full (32 bytes) or compact (24). */
export function systemEvent(
  group: number,
  opcode: number,
  data: Uint8Array,
  { ticks, pid = 4, tid = 8, bits = 64 }: Stamp,
  { compact = false, version = 2 }: { readonly compact?: boolean; readonly version?: number } = {},
): Buffer {
  const header = Buffer.alloc(compact ? 24 : 32);
  header.writeUInt16LE(version, 0);
  header[2] = (compact ? 3 : 1) + (bits === 64 ? 1 : 0);
  header[3] = 0xc0;
  header.writeUInt16LE(header.length + data.length, 4);
  header[6] = opcode;
  header[7] = group;
  header.writeUInt32LE(tid, 8);
  header.writeUInt32LE(pid, 12);
  header.writeBigInt64LE(ticks, 16);
  return Buffer.concat([header, data]);
}

export function perfinfoEvent(group: number, opcode: number, data: Uint8Array, { ticks, bits = 64 }: Stamp): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt16LE(2, 0);
  header[2] = bits === 64 ? 0x11 : 0x10;
  header[3] = 0xc0;
  header.writeUInt16LE(16 + data.length, 4);
  header[6] = opcode;
  header[7] = group;
  header.writeBigInt64LE(ticks, 8);
  return Buffer.concat([header, data]);
}

/** An event of a classic provider. */
export function classicEvent(
  guid: string,
  opcode: number,
  data: Uint8Array,
  { ticks, pid = 4, tid = 8, bits = 64 }: Stamp,
  level = 4,
): Buffer {
  const header = Buffer.alloc(48);
  header.writeUInt16LE(48 + data.length, 0);
  header[2] = bits === 64 ? 0x14 : 0x0a;
  header[3] = 0xc0;
  header[4] = opcode;
  header[5] = level;
  header.writeUInt16LE(1, 6);
  header.writeUInt32LE(tid, 8);
  header.writeUInt32LE(pid, 12);
  header.writeBigInt64LE(ticks, 16);
  guidBytes(guid).copy(header, 24);
  return Buffer.concat([header, data]);
}

/** An event about an instance of a thing. */
export function instanceEvent(guid: string, instance: number, data: Uint8Array, stamp: Stamp): Buffer {
  const classic = classicEvent(guid, 3, Buffer.alloc(0), stamp);
  const more = Buffer.alloc(24);
  more.writeUInt32LE(instance, 0);
  const whole = Buffer.concat([classic, more, data]);
  whole.writeUInt16LE(whole.length, 0);
  whole[2] = (stamp.bits ?? 64) === 64 ? 0x15 : 0x0b;
  return whole;
}

export interface ExtendedItem {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** An event with a full header, as manifests and TraceLogging have it, with items of extended data before its own. */
export function fullEvent(
  guid: string,
  id: number,
  data: Uint8Array,
  { ticks, pid = 4, tid = 8, bits = 64 }: Stamp,
  { level = 4, extended = [] }: { readonly level?: number; readonly extended?: readonly ExtendedItem[] } = {},
): Buffer {
  const header = Buffer.alloc(80);
  header[2] = bits === 64 ? 0x13 : 0x12;
  header[3] = 0xc0;
  header.writeUInt16LE((bits === 64 ? 0x40 : 0x20) | (extended.length > 0 ? 1 : 0), 4);
  header.writeUInt32LE(tid, 8);
  header.writeUInt32LE(pid, 12);
  header.writeBigInt64LE(ticks, 16);
  guidBytes(guid).copy(header, 24);
  header.writeUInt16LE(id, 40);
  header[42] = 1;
  header[44] = level;
  header.writeUInt16LE(7, 46);
  header.writeBigUInt64LE(0x8000n, 48);
  const items = extended.map(({ type, bytes }, place) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(type, 2);
    head.writeUInt16LE(place < extended.length - 1 ? 1 : 0, 4);
    head.writeUInt16LE(bytes.length, 6);
    return Buffer.concat([head, padded(bytes)]);
  });
  const whole = Buffer.concat([header, ...items, data]);
  whole.writeUInt16LE(whole.length, 0);
  return whole;
}

/** The description of a TraceLogging event, as the extended item that carries it. Fields: name and type number. */
export function described(name: string, fields: readonly (readonly [string, number])[]): ExtendedItem {
  const parts = fields.flatMap(([field, type]) => [Buffer.from(`${field}\0`), Buffer.from([type])]);
  const body = Buffer.concat([Buffer.from([0]), Buffer.from(`${name}\0`), ...parts]);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(body.length + 2, 0);
  return { type: 11, bytes: Buffer.concat([size, body]) };
}

/** A WPP message, with everything a header of one can have. */
export function wppMessage(guid: string, number: number, data: Uint8Array, stamp: Stamp): Buffer {
  const { ticks, pid = 4, tid = 8, bits = 64 } = stamp;
  const header = Buffer.alloc(44);
  header[3] = 0x90;
  header.writeUInt16LE(number, 4);
  header.writeUInt16LE(1 | 2 | 8 | 32 | (bits === 64 ? 128 : 64), 6);
  header.writeUInt32LE(1, 8);
  guidBytes(guid).copy(header, 12);
  header.writeBigInt64LE(ticks, 28);
  header.writeUInt32LE(tid, 36);
  header.writeUInt32LE(pid, 40);
  const whole = Buffer.concat([header, data]);
  whole.writeUInt16LE(whole.length, 0);
  return whole;
}

/** [MS-XCA] plain LZ77, as simple as it can be written. */
export function compress(bytes: Uint8Array): Buffer {
  const out: number[] = [];
  let flagsAt = 0;
  let bits = 32;
  let flags = 0;
  let half = -1;
  const flush = (): void => {
    for (let byte = 0; byte < 4 && out.length > 0; byte++) out[flagsAt + byte] = (flags >>> (8 * byte)) & 0xff;
  };
  const flag = (bit: number): void => {
    if (bits === 32) {
      flush();
      flagsAt = out.length;
      out.push(0, 0, 0, 0);
      bits = 0;
      flags = 0;
    }
    flags = (flags | (bit << (31 - bits))) >>> 0;
    bits++;
  };
  for (let at = 0; at < bytes.length; ) {
    let best = 0;
    let distance = 0;
    for (let back = 1; back <= Math.min(at, 64); back++) {
      let length = 0;
      while (at + length < bytes.length && bytes[at + length] === bytes[at + length - back]) length++;
      if (length > best) [best, distance] = [length, back];
    }
    if (best < 3) {
      flag(0);
      out.push(bytes[at++] as number);
      continue;
    }
    flag(1);
    const length = best - 3;
    const word = ((distance - 1) << 3) | Math.min(7, length);
    out.push(word & 0xff, word >>> 8);
    if (length >= 7) {
      const nibble = Math.min(15, length - 7);
      if (half < 0) {
        half = out.length;
        out.push(nibble);
      } else {
        out[half] = (out[half] as number) | (nibble << 4);
        half = -1;
      }
      if (nibble === 15) {
        const rest = length - 22;
        out.push(Math.min(255, rest));
        if (rest >= 255) out.push(length & 0xff, length >>> 8);
      }
    }
    at += best;
  }
  // What stands behind the last one says that nothing follows.
  while (bits < 32) flag(1);
  flush();
  return Buffer.from(out);
}

export interface WrittenBuffer {
  readonly cpu?: number;
  readonly events: readonly Uint8Array[];
  /** Its number in the logging session; default the place behind the one before. */
  readonly sequence?: number;
  readonly flags?: number;
}

export function bufferOf(
  events: readonly Uint8Array[],
  bytes: number,
  { cpu, sequence, flags, type }: { cpu: number; sequence: number; flags: number; type: number },
): Buffer {
  const body = Buffer.concat(events.map(padded));
  const end = 72 + body.length;
  if (end > bytes) throw new Error(`${end} bytes of events in a buffer of ${bytes}`);
  const packed = (flags & COMPRESSED) !== 0 ? compress(body) : null;
  const buffer = Buffer.alloc(packed === null ? bytes : 72 + packed.length);
  buffer.writeUInt32LE(buffer.length, 0);
  buffer.writeUInt32LE(end, 4);
  buffer.writeUInt32LE(end, 8);
  buffer.writeBigInt64LE(BigInt(sequence), 24);
  buffer.writeUInt16LE(cpu, 40);
  buffer.writeUInt32LE(3, 44);
  buffer.writeUInt32LE(end, 48);
  buffer.writeUInt16LE(flags | PROCESSOR_INDEX, 52);
  buffer.writeUInt16LE(type, 54);
  (packed ?? body).copy(buffer, 72);
  return buffer;
}

function headerEvent(trace: WrittenTrace, bufferBytes: number, buffers: number): Buffer {
  const { bits = 64, clock = 1, cpus = 2, eventsLost = 0, buffersLost = 0, logFileMode = 1 } = trace;
  const pointer = bits / 8;
  const after = 56 + 2 * pointer + 176;
  const data = Buffer.alloc(after + 32);
  data.writeUInt32LE(bufferBytes, 0);
  data.writeUInt32LE(cpus, 12);
  data.writeUInt32LE(logFileMode, 32);
  data.writeUInt32LE(trace.buffersWritten ?? buffers, 36);
  data.writeUInt32LE(pointer, 44);
  data.writeUInt32LE(eventsLost, 48);
  data.writeUInt32LE(10, 52);
  data.writeBigInt64LE(TICKS_A_SECOND, after + 8);
  data.writeBigInt64LE(trace.startTime ?? START_TIME, after + 16);
  data.writeUInt32LE(clock, after + 24);
  data.writeUInt32LE(buffersLost, after + 28);
  const names = Buffer.from(`${trace.loggerName ?? 'Test Logger'}\0C:\\logs\\test.etl\0`, 'utf16le');
  return systemEvent(0, 0, Buffer.concat([data, names]), { ticks: START_TICKS, bits });
}

/** A trace file of these buffers, behind the buffer with the header. */
export function traceFile(buffers: readonly WrittenBuffer[], trace: WrittenTrace = {}): Buffer {
  const bytes = trace.bufferBytes ?? 4096;
  const head = bufferOf([headerEvent(trace, bytes, buffers.length + 1)], bytes, {
    cpu: 0,
    sequence: 0,
    flags: 1,
    type: 4,
  });
  let sequence = 0;
  const rest = buffers.map((buffer) => {
    sequence = buffer.sequence ?? sequence + 1;
    return bufferOf(buffer.events, bytes, { cpu: buffer.cpu ?? 0, sequence, flags: buffer.flags ?? 0, type: 0 });
  });
  return Buffer.concat([head, ...rest]);
}

export interface ReadTrace {
  readonly rows: readonly FileRow[];
  readonly texts: readonly string[];
  readonly source: TraceSource;
  /** Broken places as `offset: problem`, or the problem alone where it has no place. */
  readonly broken: readonly string[];
}

/** Reads a trace to its end. Throws what makes it unreadable. */
export function readTrace(
  file: Uint8Array,
  options: TraceOptions & { readonly tmf?: string; readonly onPoll?: () => void } = {},
): ReadTrace {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-etl-'));
  try {
    const path = join(folder, 'trace.etl');
    writeFileSync(path, file);
    const tmf = join(folder, 'messages.tmf');
    if (options.tmf !== undefined) writeFileSync(tmf, options.tmf);
    const symbols = [...(options.symbols ?? []), ...(options.tmf === undefined ? [] : [tmf])];
    const opened = openTrace(path, { locale: 'en-US', ...options, symbols });
    if (!opened.ok) throw new Error(opened.failure.message);
    const source = opened.value;
    const rows: FileRow[] = [];
    while (source.poll((batch) => rows.push(...rowsOf(batch))).state === 'capturing') options.onPoll?.();
    source.close();
    const broken = (source.stats().file?.broken.places ?? []).map(({ offset, problem }) =>
      offset === undefined ? problem : `${offset}: ${problem}`,
    );
    return { rows, texts: rows.map(({ text }) => text), source, broken };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
