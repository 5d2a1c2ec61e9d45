/**
 * Ring sessions in ordinary memory and readable rows for the tests of this room, and counts of the cases that a property has
 * met, for the tests of all rooms.
 */
import fc from 'fast-check';
import { type EntryBatch, irqlOf, RECORD_FLAGS, RowFlag, RowKind, tidOf } from './entry.ts';
import { CONSUMER, imageGeometry, PRODUCER, RV, recordBytes, SESSION } from './layout.ts';
import type { ImageMemory, ReaderClock } from './memory.ts';
import { RingReader, type RingReaderOptions } from './ring-reader.ts';
import { parseRingSession, type RingSessionHeader } from './ring-session.ts';
import { setBigInt } from './u64.ts';

export interface TestImageOptions {
  readonly cpus: number;
  readonly ringBytes: number;
  readonly mode?: 'drop' | 'overwrite';
  readonly order?: 'index' | 'clock';
  /** Where all positions start. Default 0. */
  readonly position?: bigint;
  readonly nextIndex?: bigint;
  readonly startTicks?: bigint;
  readonly frequency?: bigint;
}

export const TEST_SESSION_ID = 0xfedcba9876543210n;

/** An image as a producer leaves it after creating it, running, nothing written. */
export function createTestImage(options: TestImageOptions): DataView<ArrayBuffer> {
  const { cpus, ringBytes, position = 0n } = options;
  const geometry = imageGeometry(cpus, ringBytes);
  const view = new DataView(new ArrayBuffer(geometry.imageBytes));
  const mode = options.mode === 'overwrite' ? RV.MODE_OVERWRITE_OLD : RV.MODE_DROP_NEW;
  const u64 = (at: number, value: bigint) => view.setBigUint64(at, value, true);
  u64(SESSION.magic, RV.MAGIC_SESSION);
  view.setUint16(SESSION.versionMajor, RV.VERSION_MAJOR, true);
  view.setUint16(SESSION.versionMinor, RV.VERSION_MINOR, true);
  view.setUint32(SESSION.pageBytes, RV.PAGE, true);
  u64(SESSION.sessionId, TEST_SESSION_ID);
  u64(SESSION.imageBytes, BigInt(geometry.imageBytes));
  view.setUint32(SESSION.cpuCount, cpus, true);
  view.setUint32(SESSION.ringMode, mode, true);
  u64(SESSION.ringBytes, BigInt(ringBytes));
  u64(SESSION.consumerOffset, BigInt(geometry.consumerOffset));
  u64(SESSION.ringsOffset, BigInt(geometry.ringsOffset));
  u64(SESSION.ringStride, BigInt(geometry.ringStride));
  u64(SESSION.qpcFrequency, options.frequency ?? 1_000_000_000n);
  u64(SESSION.startQpc, options.startTicks ?? 0n);
  u64(SESSION.startFiletime, 133500000000000000n);
  view.setUint32(SESSION.orderMode, options.order === 'clock' ? RV.ORDER_CLOCK : RV.ORDER_INDEX, true);
  [...'test'].forEach((letter, at) => {
    view.setUint8(SESSION.producer + at, letter.charCodeAt(0));
  });
  u64(SESSION.nextIndex, options.nextIndex ?? 1n);
  view.setUint32(SESSION.state, RV.STATE_RUNNING, true);
  for (let cpu = 0; cpu < cpus; cpu++) {
    const page = geometry.ringsOffset + cpu * geometry.ringStride;
    u64(page + PRODUCER.magic, RV.MAGIC_PRODUCER);
    view.setUint32(page + PRODUCER.cpu, cpu, true);
    view.setUint32(page + PRODUCER.ringMode, mode, true);
    u64(page + PRODUCER.ringBytes, BigInt(ringBytes));
    u64(page + PRODUCER.sessionId, TEST_SESSION_ID);
    for (const field of [PRODUCER.reserved, PRODUCER.published]) u64(page + field, position);
    if (mode === RV.MODE_OVERWRITE_OLD) u64(page + PRODUCER.tail, position);
    u64(geometry.consumerOffset + cpu * RV.PAGE + CONSUMER.consumed, position);
  }
  return view;
}

/** An image in an ArrayBuffer. `onAccess` runs before each 8 bytes at `offset` are touched, as another CPU would. */
export class ArrayMemory implements ImageMemory {
  private readonly bytes: Uint8Array;
  private readonly onAccess: (offset: number) => void;

  constructor(image: ArrayBuffer, onAccess: (offset: number) => void = () => {}) {
    this.bytes = new Uint8Array(image);
    this.onAccess = onAccess;
  }

  read(offset: number, target: Uint32Array): void {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    this.copyOut(offset, bytes, 0, bytes.length);
  }

  copyOut(offset: number, bytes: Uint8Array, at: number, length: number): void {
    for (let done = 0; done < length; done += 8) {
      this.onAccess(offset + done);
      const end = Math.min(done + 8, length);
      for (let i = done; i < end; i++) bytes[at + i] = this.bytes[offset + i] as number;
    }
  }

  writeConsumer(offset: number, source: Uint32Array): void {
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    for (let done = 0; done < bytes.length; done += 8) {
      this.onAccess(offset + done);
      this.bytes.set(bytes.subarray(done, done + 8), offset + done);
    }
  }

  barrier(): void {}
}

/** A clock that tests set by hand. */
export class TestClock implements ReaderClock {
  now = 0n;
  ms = 0;

  ticks(target: Uint32Array): void {
    setBigInt(target, this.now);
  }

  milliseconds(): number {
    return this.ms;
  }
}

export interface TestRow {
  readonly kind: 'entry' | 'gap';
  readonly index: number;
  readonly timeNs: number;
  readonly cpu: number;
  readonly level: number;
  /** Those of the record and RowFlag.Late. */
  readonly flags: number;
  readonly type: number;
  readonly origin: number;
  readonly pid: number;
  readonly tid: number | null;
  readonly irql: number | null;
  readonly remarks: number;
  readonly data: Uint8Array;
}

/** The rows of a batch, copied. */
export function rowsOf(batch: EntryBatch): TestRow[] {
  return Array.from({ length: batch.count }, (_, row) => {
    const start = batch.dataStart[row] as number;
    const flags = batch.flags[row] as number;
    return {
      kind: batch.kind[row] === RowKind.Gap ? 'gap' : 'entry',
      index: batch.index[row] as number,
      timeNs: batch.timeNs[row] as number,
      cpu: batch.cpu[row] as number,
      level: batch.level[row] as number,
      flags: flags & (RECORD_FLAGS | RowFlag.Late),
      type: batch.type[row] as number,
      origin: batch.origin[row] as number,
      pid: batch.pid[row] as number,
      tid: tidOf(batch.tid[row] as number, flags),
      irql: irqlOf(flags),
      remarks: batch.remarks[row] as number,
      data: batch.bytes.slice(start, start + (batch.dataLength[row] as number)),
    };
  });
}

/** Seeded, small, good enough to interleave with. Returns 0..limit-1. */
export function testRandom(seed: number): (limit: number) => number {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

/** A ring session whose memory tests write by hand. */
export class HandSession {
  readonly view: DataView<ArrayBuffer>;
  readonly clock = new TestClock();
  onAccess: (offset: number) => void = () => {};
  private readonly ringBytes: number;
  private readonly geometry;

  constructor(options: Partial<TestImageOptions> = {}) {
    const full = { cpus: 2, ringBytes: RV.MIN_RING_BYTES, ...options };
    this.view = createTestImage(full);
    this.ringBytes = full.ringBytes;
    this.geometry = imageGeometry(full.cpus, full.ringBytes);
  }

  page(cpu: number): number {
    return this.geometry.ringsOffset + cpu * this.geometry.ringStride;
  }

  consumer(cpu: number): number {
    return this.geometry.consumerOffset + cpu * RV.PAGE;
  }

  get(at: number): bigint {
    return this.view.getBigUint64(at, true);
  }

  set(at: number, value: number | bigint): void {
    this.view.setBigUint64(at, BigInt(value), true);
  }

  add(at: number, value: number | bigint): void {
    this.set(at, this.get(at) + BigInt(value));
  }

  /** Writes a record at `reserved` and reserves it; the caller publishes. `text` is ASCII. */
  reserve(cpu: number, text: string, index = this.take()): void {
    const page = this.page(cpu);
    const data = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const at = page + RV.PAGE + Number(this.get(page + PRODUCER.reserved) % BigInt(this.ringBytes));
    this.view.setUint32(at, data.length, true);
    this.view.setUint16(at + 4, cpu, true);
    this.view.setUint8(at + 6, RV.KIND_RECORD);
    this.set(at + 8, this.clock.now);
    this.set(at + 16, index);
    this.set(at + 48, 0);
    this.add(page + PRODUCER.written, 1);
    this.set(at + 24, this.get(page + PRODUCER.written) + this.get(page + PRODUCER.lost));
    new Uint8Array(this.view.buffer).set(data, at + RV.RECORD_HEADER_BYTES);
    this.add(page + PRODUCER.reserved, recordBytes(data.length));
  }

  /** A PAD of `bytes` at `reserved`, reserved and published. */
  pad(cpu: number, bytes: number): void {
    const page = this.page(cpu);
    const at = page + RV.PAGE + Number(this.get(page + PRODUCER.reserved) % BigInt(this.ringBytes));
    this.view.setUint32(at, bytes - RV.PAD_HEADER_BYTES, true);
    this.view.setUint32(at + 4, cpu | (RV.KIND_PAD << 16), true);
    this.add(page + PRODUCER.reserved, bytes);
    this.publish(cpu);
  }

  take(): bigint {
    const index = this.get(SESSION.nextIndex);
    this.set(SESSION.nextIndex, index + 1n);
    return index;
  }

  publish(cpu: number): void {
    const page = this.page(cpu);
    this.set(page + PRODUCER.sequence, this.get(page + PRODUCER.written) + this.get(page + PRODUCER.lost));
    this.set(page + PRODUCER.published, this.get(page + PRODUCER.reserved));
  }

  write(cpu: number, text: string): void {
    this.reserve(cpu, text);
    this.publish(cpu);
  }

  lose(cpu: number, cause: number): void {
    this.add(this.page(cpu) + cause, 1);
    this.add(this.page(cpu) + PRODUCER.lost, 1);
  }

  nest(cpu: number, depth: number): void {
    this.view.setUint32(this.page(cpu) + PRODUCER.nesting, depth, true);
  }

  header(): RingSessionHeader {
    const parsed = parseRingSession(new Uint8Array(this.view.buffer, 0, RV.PAGE), this.view.byteLength);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    return parsed.value;
  }

  memory(): ImageMemory {
    return new ArrayMemory(this.view.buffer, (offset) => this.onAccess(offset));
  }

  attach(options: RingReaderOptions = {}): RingReader {
    const attached = RingReader.attach(this.header(), this.memory(), this.clock, options);
    if (!attached.ok) throw new Error(attached.failure.message);
    return attached.value;
  }
}

export function readRound(reader: RingReader, final = false): TestRow[] {
  const rows: TestRow[] = [];
  reader.round((batch) => rows.push(...rowsOf(batch)), final);
  return rows;
}

export function textsOf(rows: TestRow[]): string[] {
  return rows.map(({ kind, data, remarks }) => (kind === 'gap' ? `gap ${remarks}` : String.fromCharCode(...data)));
}

/**
 * Counts how often each interesting case occurred among the examples of a property. Examples are random, so without
 * this a property could pass for years without meeting the case for which it was written.
 */
export interface Cases<Name extends string> {
  /** Notes that a case occurred in an example: once, so many times, or not at all. */
  note(name: Name, times?: number | boolean): void;
  /** Throws unless each case occurred `least` times; the message says how often each did. Call it once all examples were tried. */
  expectEach(least?: number): void;
}

/** Counts the named cases of one property. */
export function countCases<Name extends string>(...names: readonly Name[]): Cases<Name> {
  const counts = new Map<Name, number>(names.map((name) => [name, 0]));
  return {
    note(name, times = true) {
      counts.set(name, (counts.get(name) ?? 0) + Number(times));
    },
    expectEach(least = 1) {
      // The number of examples is set globally only when mutants are tested, and so few examples need not meet each
      // case.
      if (fc.readConfigureGlobal().numRuns !== undefined) return;
      if ([...counts.values()].every((count) => count >= least)) return;
      const said = [...counts].map(([name, count]) => `${name}: ${count}`).join(', ');
      throw new Error(`a case that the property is about occurred less than ${least} times (${said})`);
    },
  };
}
