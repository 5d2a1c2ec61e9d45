/** Records of events as Windows hands them over, for tests: in a memory of its own, with addresses into it. */
import { MessageKind, MessageRingWriter } from '../../core/message-ring.ts';
import { HEADER_FLAG, EVENT_RECORD as RECORD } from '../../win32/tracing/structures.ts';
import { guidBytes } from '../etl/test-support.ts';
import type { EtwLink } from './etw-link.ts';
import { RecordPacker } from './live-record.ts';

/** Where the memory of a test begins: an address of more than 32 bits, as those of Windows are. */
const BASE = 0x7ff600000000;

export interface WrittenRecord {
  readonly guid: string;
  readonly data?: Uint8Array;
  readonly items?: readonly { readonly type: number; readonly bytes: Uint8Array }[];
  readonly flags?: number;
  readonly ticks?: bigint;
  readonly pid?: number;
  readonly tid?: number;
  readonly cpu?: number;
  readonly id?: number;
  readonly level?: number;
  readonly opcode?: number;
  readonly version?: number;
}

/** The memory of one record: the record first, then its items, then what they and it point to. */
export function recordMemory(record: WrittenRecord): Buffer {
  const { guid, data = new Uint8Array(0), items = [], flags = HEADER_FLAG.HEADER_64, ticks = 0n } = record;
  const head = Buffer.alloc(RECORD.size);
  const list = Buffer.alloc(items.length * 16);
  let at = head.length + list.length;
  const parts: Uint8Array[] = [];
  const place = (bytes: Uint8Array): bigint => {
    const address = BigInt(BASE + at);
    parts.push(bytes);
    at += bytes.length;
    return address;
  };
  for (const [number, { type, bytes }] of items.entries()) {
    list.writeUInt16LE(type, number * 16 + 2);
    list.writeUInt16LE(bytes.length, number * 16 + 6);
    list.writeBigUInt64LE(place(bytes), number * 16 + 8);
  }
  head.writeUInt16LE(flags | HEADER_FLAG.PROCESSOR_INDEX, RECORD['EventHeader.Flags']);
  head.writeUInt32LE(record.tid ?? 8, RECORD['EventHeader.ThreadId']);
  head.writeUInt32LE(record.pid ?? 4, RECORD['EventHeader.ProcessId']);
  head.writeBigInt64LE(ticks, RECORD['EventHeader.TimeStamp']);
  guidBytes(guid).copy(head, RECORD['EventHeader.ProviderId']);
  head.writeUInt16LE(record.id ?? 0, RECORD['EventHeader.EventDescriptor.Id']);
  head[RECORD['EventHeader.EventDescriptor.Version']] = record.version ?? 0;
  head[RECORD['EventHeader.EventDescriptor.Level']] = record.level ?? 4;
  head[RECORD['EventHeader.EventDescriptor.Opcode']] = record.opcode ?? 0;
  head.writeUInt16LE(record.cpu ?? 0, RECORD.BufferContext);
  head.writeUInt16LE(items.length, RECORD.ExtendedDataCount);
  head.writeUInt16LE(data.length, RECORD.UserDataLength);
  if (items.length > 0) head.writeBigUInt64LE(BigInt(BASE + head.length), RECORD.ExtendedData);
  head.writeBigUInt64LE(place(data), RECORD.UserData);
  return Buffer.concat([head, list, ...parts]);
}

/** A packer that reads from `memory.current`; an address outside of it reads as zeros, which Windows would not survive. */
export function packerOf(memory: { current: Uint8Array }): RecordPacker {
  const packer: RecordPacker = new RecordPacker((at, address, bytes) => {
    const from = address - BASE;
    const target = packer.packed.subarray(at, at + bytes);
    if (target.length !== bytes) throw new Error(`${bytes} bytes at ${at} are more than there is room for`);
    target.fill(0);
    if (from >= 0 && from < memory.current.length) target.set(memory.current.subarray(from, from + bytes));
  });
  return packer;
}

/** Packs a record as the thread does that Windows calls back. */
export function packed(record: WrittenRecord | Uint8Array): Uint8Array {
  const memory = { current: record instanceof Uint8Array ? record : recordMemory(record) };
  const packer = packerOf(memory);
  packer.record.set(memory.current.subarray(0, RECORD.size));
  return packer.packed.slice(0, packer.pack());
}

/** The thread's side of a link: writes records, and bytes that are packed already as they are. */
export function linkWriter(link: EtwLink): (record: WrittenRecord | Uint8Array) => boolean {
  const writer = new MessageRingWriter(link.ring);
  const ticks = new Uint32Array(2);
  return (record) => {
    const bytes = record instanceof Uint8Array ? record : packed(record);
    return writer.write(MessageKind.Attempt, 4, ticks, bytes, bytes.length);
  };
}
