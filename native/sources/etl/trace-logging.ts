/**
 * TraceLogging events describe themselves: the names and types of their fields come with each event. Layout:
 * TraceLoggingProvider.h of the Windows SDK. Nothing is read beyond the event; a field that does not fit ends the text.
 */
import { FIXED_VALUE_BYTES, guidText, utf16Text, valueText } from '../evtx/values.ts';

const utf8 = new TextDecoder();
const MOST_FIELDS = 256;

const IN_UNICODE = 1;
const IN_ANSI = 2;
const IN_BINARY = 14;
const IN_GUID = 15;
const IN_SID = 19;
const IN_COUNTED_UNICODE = 22;
const IN_COUNTED_ANSI = 23;
const IN_STRUCT = 24;

export interface SelfDescribed {
  readonly name: string;
  /** `name=value, name=value`. */
  readonly fields: string;
}

class Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly end: number;

  constructor(view: DataView, at: number, end: number) {
    this.bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.view = view;
    this.at = at;
    this.end = end;
  }

  has(bytes: number): boolean {
    return this.at + bytes <= this.end;
  }

  /** UTF-8 up to a NUL. */
  name(): string {
    const from = this.at;
    while (this.at < this.end && this.bytes[this.at] !== 0) this.at++;
    const text = utf8.decode(this.bytes.slice(from, this.at));
    this.at++;
    return text;
  }

  take(bytes: number): Uint8Array {
    const from = this.at;
    this.at += bytes;
    return this.bytes.subarray(from, this.at);
  }
}

/** Reads the event whose description is in `schemaAt..` and whose data is in `dataStart..dataEnd-1`; null without a name. */
export function describeSelf(
  view: DataView,
  schemaAt: number,
  schemaBytes: number,
  dataStart: number,
  dataEnd: number,
): SelfDescribed | null {
  const schema = new Cursor(view, schemaAt, schemaAt + schemaBytes);
  if (!schema.has(3)) return null;
  schema.at += 2;
  // Tags: a byte each, the highest bit says that another follows.
  while (schema.has(1) && ((schema.take(1)[0] as number) & 0x80) !== 0);
  const name = schema.name();
  if (name === '') return null;
  const data = new Cursor(view, dataStart, dataEnd);
  const texts: string[] = [];
  while (schema.has(2) && texts.length < MOST_FIELDS) {
    const text = readField(schema, data);
    if (text === null) break;
    if (text !== '') texts.push(text);
  }
  return { name, fields: texts.join(', ') };
}

/** The name of a provider in what an event says of it: a length of 16 bits, then UTF-8 up to a NUL; null for none. */
export function providerName(view: DataView, at: number, bytes: number): string | null {
  const cursor = new Cursor(view, at, at + bytes);
  if (!cursor.has(3)) return null;
  cursor.at += 2;
  return cursor.name() || null;
}

/** The next field as `name=value`; empty for the head of a struct, whose fields follow; null if it does not fit. */
function readField(schema: Cursor, data: Cursor): string | null {
  const name = schema.name();
  if (!schema.has(1)) return null;
  const first = schema.take(1)[0] as number;
  if ((first & 0x80) !== 0 && schema.has(1)) {
    let next = schema.take(1)[0] as number;
    while ((next & 0x80) !== 0 && schema.has(1)) next = schema.take(1)[0] as number;
  }
  let count = 1;
  if ((first & 0x20) !== 0) {
    if (!schema.has(2)) return null;
    count = schema.view.getUint16(schema.at, true);
    schema.at += 2;
  }
  if ((first & 0x40) !== 0) {
    if (!data.has(2)) return null;
    count = data.view.getUint16(data.at, true);
    data.at += 2;
  }
  const type = first & 0x1f;
  if (type === IN_STRUCT) return '';
  const values: string[] = [];
  for (let at = 0; at < count; at++) {
    const value = readValue(type, data);
    if (value === null) return null;
    values.push(value);
  }
  return `${name}=${values.length === 1 ? values[0] : `[${values.join(',')}]`}`;
}

function readValue(type: number, data: Cursor): string | null {
  switch (type) {
    case 0:
      return '';
    case IN_UNICODE:
    case IN_ANSI: {
      const unit = type === IN_UNICODE ? 2 : 1;
      const from = data.at;
      const zero = (): boolean => (unit === 2 ? data.view.getUint16(data.at, true) : data.view.getUint8(data.at)) === 0;
      while (data.has(unit) && !zero()) data.at += unit;
      const bytes = data.bytes.slice(from, data.at);
      data.at = Math.min(data.end, data.at + unit);
      return unit === 2 ? utf16Text(bytes) : utf8.decode(bytes);
    }
    case IN_COUNTED_UNICODE:
    case IN_COUNTED_ANSI:
    case IN_BINARY: {
      if (!data.has(2)) return null;
      const length = data.view.getUint16(data.at, true);
      data.at += 2;
      if (!data.has(length)) return null;
      const bytes = data.take(length).slice();
      if (type === IN_BINARY) return valueText(14, bytes);
      return type === IN_COUNTED_UNICODE ? utf16Text(bytes.subarray(0, length & ~1)) : utf8.decode(bytes);
    }
    case IN_SID: {
      if (!data.has(8)) return null;
      const length = 8 + (data.bytes[data.at + 1] as number) * 4;
      return data.has(length) ? valueText(IN_SID, data.take(length)) : null;
    }
    case IN_GUID: {
      if (!data.has(16)) return null;
      data.at += 16;
      return guidText(data.view, data.at - 16);
    }
    default: {
      const length = FIXED_VALUE_BYTES[type];
      return length === undefined || !data.has(length) ? null : valueText(type, data.take(length));
    }
  }
}
