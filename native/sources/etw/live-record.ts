/**
 * Events as Windows hands them to a reader while they come (EVENT_RECORD): packed into one piece of bytes on the thread that
 * is called back, and read on the other side as the same kind of event that a trace file has, so that both are decoded
 * by the same code. Pure: copying out of native memory is passed in.
 *
 * A packed record: EVENT_HEADER and ETW_BUFFER_CONTEXT as they are (84 bytes), the number of items and the length of
 * the event's data (2 and 2), then the items, each with type and length (2 and 2) before its bytes and padded to 8, then
 * the data.
 */
import {
  EXTENDED_TYPE,
  HEADER_FLAG,
  EVENT_HEADER_EXTENDED_DATA_ITEM as ITEM,
  EVENT_RECORD as RECORD,
} from '../../win32/tracing/structures.ts';
import type { GuidCache } from '../etl/guid-cache.ts';
import type { TraceEvent } from '../etl/trace-event.ts';
import { kernelGroupOf } from './kernel-groups.ts';

/** What is taken over of the record as it is. */
const HEAD_BYTES = 84;
const PACKED_HEAD_BYTES = 88;
const ITEM_HEAD_BYTES = 8;
/** The most items that are looked at; Windows has some 20 kinds. */
const MOST_ITEMS = 64;
/** No event is longer than 64 KiB, its items included. */
export const MOST_PACKED_BYTES = 262_144;
const NO_ID = 0xffffffff;
const TWO_32 = 4294967296;

/** Copies `bytes` at an address to `at` of the packed record. */
export type CopyIn = (at: number, address: number, bytes: number) => void;

/** Whether an item of extended data says something that rows are made of; stacks and the like are left out. */
function isKept(type: number): boolean {
  return (
    type === EXTENDED_TYPE.INSTANCE_INFO || type === EXTENDED_TYPE.EVENT_SCHEMA_TL || type === EXTENDED_TYPE.PROV_TRAITS
  );
}

function addressAt(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/** Packs events, one after the other into the same memory. */
export class RecordPacker {
  readonly packed = new Uint8Array(MOST_PACKED_BYTES);
  /** The record that is packed: fill it with the bytes of an EVENT_RECORD, then call `pack`. */
  readonly record = new Uint8Array(RECORD.size);
  private readonly view = new DataView(this.packed.buffer);
  private readonly from = new DataView(this.record.buffer);
  private readonly copy: CopyIn;

  constructor(copy: CopyIn) {
    this.copy = copy;
  }

  get pid(): number {
    return this.from.getUint32(RECORD['EventHeader.ProcessId'], true);
  }

  get ticksLow(): number {
    return this.from.getUint32(RECORD['EventHeader.TimeStamp'], true);
  }

  get ticksHigh(): number {
    return this.from.getUint32(RECORD['EventHeader.TimeStamp'] + 4, true);
  }

  /** Returns how many bytes of `packed` it takes. */
  pack(): number {
    const { packed, record, view, from } = this;
    packed.set(record.subarray(0, HEAD_BYTES));
    let at = PACKED_HEAD_BYTES;
    const items = addressAt(from, RECORD.ExtendedData);
    const count = items === 0 ? 0 : Math.min(MOST_ITEMS, from.getUint16(RECORD.ExtendedDataCount, true));
    const userBytes = from.getUint16(RECORD.UserDataLength, true);
    let kept = 0;
    for (let item = 0; item < count; item++) {
      // The head of the item is read where its bytes are to lie.
      this.copy(at, items + item * ITEM.size, ITEM.size);
      const type = view.getUint16(at + ITEM.ExtType, true);
      const bytes = view.getUint16(at + ITEM.DataSize, true);
      const address = addressAt(view, at + ITEM.DataPtr);
      if (!isKept(type) || address === 0) continue;
      const next = at + ITEM_HEAD_BYTES + ((bytes + 7) & ~7);
      // Room for the data, and for the head of one item more, is left.
      if (next + userBytes + ITEM.size > packed.length) break;
      view.setUint16(at, type, true);
      view.setUint16(at + 2, bytes, true);
      view.setUint32(at + 4, 0, true);
      this.copy(at + ITEM_HEAD_BYTES, address, bytes);
      at = next;
      kept++;
    }
    const data = addressAt(from, RECORD.UserData);
    const dataBytes = data === 0 ? 0 : userBytes;
    if (dataBytes > 0) this.copy(at, data, dataBytes);
    view.setUint16(RECORD.ExtendedDataCount, kept, true);
    view.setUint16(RECORD.UserDataLength, dataBytes, true);
    return at + dataBytes;
  }
}

function idOf(number: number): number {
  return number === NO_ID ? 0 : number;
}

/** The CPU that wrote a packed record. */
export function cpuOf(view: DataView): number {
  const flags = view.getUint16(RECORD['EventHeader.Flags'], true);
  const indexed = (flags & HEADER_FLAG.PROCESSOR_INDEX) !== 0;
  return indexed ? view.getUint16(RECORD.BufferContext, true) : view.getUint8(RECORD.BufferContext);
}

/**
 * Reads a packed record of `bytes` at the begin of `view` as an event of a trace. False if it is none: lengths within it
 * are not believed, and nothing beyond `bytes` is read.
 */
export function parsePacked(view: DataView, bytes: number, event: TraceEvent, guids: GuidCache): boolean {
  if (bytes < PACKED_HEAD_BYTES || bytes > view.byteLength) return false;
  const flags = view.getUint16(RECORD['EventHeader.Flags'], true);
  event.start = 0;
  event.bytes = bytes;
  event.timeAt = RECORD['EventHeader.TimeStamp'];
  event.tid = idOf(view.getUint32(RECORD['EventHeader.ThreadId'], true));
  event.pid = idOf(view.getUint32(RECORD['EventHeader.ProcessId'], true));
  event.guidAt = RECORD['EventHeader.ProviderId'];
  event.group = -1;
  event.id = view.getUint16(RECORD['EventHeader.EventDescriptor.Id'], true);
  event.version = view.getUint8(RECORD['EventHeader.EventDescriptor.Version']);
  event.level = view.getUint8(RECORD['EventHeader.EventDescriptor.Level']);
  event.opcode = view.getUint8(RECORD['EventHeader.EventDescriptor.Opcode']);
  event.task = view.getUint16(RECORD['EventHeader.EventDescriptor.Task'], true);
  event.keywordAt = RECORD['EventHeader.EventDescriptor.Keyword'];
  event.schemaAt = -1;
  event.schemaBytes = 0;
  event.traitsAt = -1;
  event.traitsBytes = 0;
  event.is32Bit = (flags & HEADER_FLAG.HEADER_32) !== 0 ? true : (flags & HEADER_FLAG.HEADER_64) !== 0 ? false : null;
  const instance = readItems(view, bytes, event);
  if (instance === null) return false;
  event.dataEnd = bytes;
  event.kind = 'event';
  if ((flags & HEADER_FLAG.TRACE_MESSAGE) !== 0) event.kind = 'message';
  else if ((flags & HEADER_FLAG.CLASSIC) !== 0) becomeClassic(event, instance, guids.textOf(view, event.guidAt));
  return true;
}

/** An event of the system logger, or of a provider of the old kind. */
function becomeClassic(event: TraceEvent, instance: number, guid: string): void {
  const group = kernelGroupOf(guid);
  if (group >= 0) {
    event.kind = 'system';
    event.group = group;
    event.guidAt = -1;
  } else if (instance >= 0) {
    event.kind = 'instance';
    event.id = instance;
  } else {
    event.kind = 'trace';
    event.id = 0;
  }
}

/** Finds the items and where the data begins. The instance that the event is about, -1 for none; null if it is damaged. */
function readItems(view: DataView, bytes: number, event: TraceEvent): number | null {
  const count = view.getUint16(RECORD.ExtendedDataCount, true);
  const dataBytes = view.getUint16(RECORD.UserDataLength, true);
  let instance = -1;
  let at = PACKED_HEAD_BYTES;
  for (let item = 0; item < count; item++) {
    if (at + ITEM_HEAD_BYTES > bytes) return null;
    const type = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    const from = at + ITEM_HEAD_BYTES;
    at = from + ((length + 7) & ~7);
    if (at > bytes) return null;
    if (type === EXTENDED_TYPE.EVENT_SCHEMA_TL) {
      event.schemaAt = from;
      event.schemaBytes = length;
    } else if (type === EXTENDED_TYPE.PROV_TRAITS) {
      event.traitsAt = from;
      event.traitsBytes = length;
    } else if (type === EXTENDED_TYPE.INSTANCE_INFO && length >= 4) instance = view.getUint32(from, true);
  }
  if (at + dataBytes !== bytes) return null;
  event.dataStart = at;
  return instance;
}
