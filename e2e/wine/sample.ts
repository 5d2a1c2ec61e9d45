/** The sample driver seen from its control device (driver/sample/sample_ioctl.h), and the proof of what it wrote. */
import type { EntryBatch } from '../../native/core/entry.ts';
import { RowFlag, RowKind } from '../../native/core/entry.ts';
import { type Device, isOpenError, openDevice, request } from '../../native/win32/device.ts';
import { unwrap } from './claims.ts';

const SAMPLE_DEVICE = 'RingViewSample';
const code = (number: number) => ((0x22 << 16) | (3 << 14) | (number << 2)) >>> 0;
const RUN = code(0x900);
const STATUS = code(0x901);
const EVENTS = code(0x902);
const STATUS_BYTES = 64;
const MAGIC = 0x4c504d53;
const HEADER_BYTES = 24;
const MAX_PAYLOAD = 256;

export interface SampleStatus {
  readonly running: number;
  readonly attached: boolean;
  /** A ringview.sys that is started now would be found. */
  readonly looking: boolean;
  readonly attempted: number;
}

export class Sample {
  private readonly device: Device;

  constructor(name = SAMPLE_DEVICE) {
    const opened = unwrap(openDevice(name), 'the sample opens');
    if (isOpenError(opened)) throw new Error(`the sample's device does not open: error ${opened.error}`);
    this.device = opened;
  }

  /** `burst`: after so many messages a thread sleeps a millisecond; 0 never. */
  run(messages: number, threads: number, burst: number): void {
    const input = new Uint8Array(16);
    const view = new DataView(input.buffer);
    view.setBigUint64(0, BigInt(messages), true);
    view.setUint32(8, threads, true);
    view.setUint32(12, burst, true);
    unwrap(request(this.device, 'run', RUN, input, 0), 'a run starts');
  }

  status(): SampleStatus {
    const reply = unwrap(request(this.device, 'report', STATUS, null, STATUS_BYTES), 'the sample reports');
    const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
    return {
      running: view.getUint32(0, true),
      attached: view.getUint16(4, true) !== 0,
      looking: view.getUint16(6, true) !== 0,
      attempted: Number(view.getBigUint64(8, true)),
    };
  }

  /** Which of the system's events it reports itself, bits of CAPTURE. */
  events(mask: number): void {
    unwrap(request(this.device, 'report events', EVENTS, new Uint8Array([mask, 0, 0, 0, 0, 0, 0, 0]), 0), 'events');
  }

  close(): void {
    this.device.close();
  }
}

/** Checks what a reader delivers: whether each row is whole, and whether it comes in its place. */
export class SampleChecker {
  entries = 0;
  gaps = 0;
  lost = 0;
  late = 0;
  torn = 0;
  /** Entries that came before one they follow. */
  disordered = 0;
  /** Entries that are not the sample's. */
  others = 0;
  private lastIndex = -1;
  private lastTimeNs = -1;
  private readonly lastNumber = new Map<number, number>();
  private readonly order: 'index' | 'clock';

  constructor(order: 'index' | 'clock') {
    this.order = order;
  }

  readonly take = (batch: EntryBatch): void => {
    for (let row = 0; row < batch.count; row++) {
      if (batch.kind[row] === RowKind.Gap) {
        this.gaps++;
        this.lost += batch.remarks[row] as number;
        continue;
      }
      this.entries++;
      const late = ((batch.flags[row] as number) & RowFlag.Late) !== 0;
      if (late) this.late++;
      else if (!this.follows(batch.index[row] as number, batch.timeNs[row] as number)) this.disordered++;
      this.check(batch, row, late);
    }
  };

  private follows(index: number, timeNs: number): boolean {
    const follows = this.order === 'index' ? index > this.lastIndex : timeNs >= this.lastTimeNs;
    this.lastIndex = index;
    this.lastTimeNs = timeNs;
    return follows;
  }

  private check(batch: EntryBatch, row: number, late: boolean): void {
    const start = batch.dataStart[row] as number;
    const length = batch.dataLength[row] as number;
    const bytes = batch.bytes.subarray(start, start + length);
    let thread: number;
    let number: number;
    if (batch.type[row] === 1) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
        this.torn++;
        return;
      }
      thread = view.getUint32(4, true);
      number = Number(view.getBigUint64(8, true));
      if (view.getUint32(16, true) !== length || length !== payloadLength(number)) this.torn++;
      else if (!whole(bytes, thread, number) || view.getUint32(20, true) !== checksum(bytes)) this.torn++;
    } else {
      const text = /^thread (\d+) message (\d+)$/.exec(new TextDecoder().decode(bytes));
      if (text === null) {
        this.others++;
        return;
      }
      thread = Number(text[1]);
      number = Number(text[2]);
      if (number % 4 !== 3) this.torn++;
    }
    if (late) return;
    if (number <= (this.lastNumber.get(thread) ?? -1)) this.disordered++;
    this.lastNumber.set(thread, number);
  }
}

function payloadLength(number: number): number {
  return HEADER_BYTES + ((number * 7 + Math.floor(number / 32)) % (MAX_PAYLOAD - HEADER_BYTES));
}

function whole(bytes: Uint8Array, thread: number, number: number): boolean {
  for (let at = HEADER_BYTES; at < bytes.length; at++) {
    if (bytes[at] !== ((number * 31 + thread * 7 + at) & 0xff)) return false;
  }
  return true;
}

function checksum(bytes: Uint8Array): number {
  let hash = 2166136261;
  for (let at = 0; at < bytes.length; at++) {
    const byte = at >= 20 && at < HEADER_BYTES ? 0 : (bytes[at] as number);
    hash = Math.imul(hash ^ byte, 16777619);
  }
  return hash >>> 0;
}
