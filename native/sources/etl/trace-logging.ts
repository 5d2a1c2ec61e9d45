/**
 * TraceLogging events describe themselves: the names and types of their fields come with each event. Layout:
 * TraceLoggingProvider.h of the Windows SDK. Nothing is read beyond the event; a field that does not fit ends the text.
 */
import { TypedCursor } from '../manifest/typed-value.ts';

const MOST_FIELDS = 256;

const IN_STRUCT = 24;

export interface SelfDescribed {
  readonly name: string;
  /** `name=value, name=value`. */
  readonly fields: string;
}

/** Reads an event with its schema at `schemaAt` and its data in `dataStart..dataEnd-1`; null if it has no name. */
export function describeSelf(
  view: DataView,
  schemaAt: number,
  schemaBytes: number,
  dataStart: number,
  dataEnd: number,
): SelfDescribed | null {
  const schema = new TypedCursor(view, schemaAt, schemaAt + schemaBytes, false);
  if (!schema.has(3)) return null;
  schema.at += 2;
  // Tags: a byte each, the highest bit says that another follows.
  while (schema.has(1) && ((schema.take(1)[0] as number) & 0x80) !== 0);
  const name = schema.name();
  if (name === '') return null;
  const data = new TypedCursor(view, dataStart, dataEnd, false);
  const texts: string[] = [];
  while (schema.has(2) && texts.length < MOST_FIELDS) {
    const text = readField(schema, data);
    if (text === null) break;
    if (text !== '') texts.push(text);
  }
  return { name, fields: texts.join(', ') };
}

/** The name in the traits of a provider: a length of 16 bits, then UTF-8 up to a NUL; null if there is none. */
export function providerName(view: DataView, at: number, bytes: number): string | null {
  const cursor = new TypedCursor(view, at, at + bytes, false);
  if (!cursor.has(3)) return null;
  cursor.at += 2;
  return cursor.name() || null;
}

/** The next field as `name=value`; empty for the head of a struct, whose fields follow; null if it does not fit. */
function readField(schema: TypedCursor, data: TypedCursor): string | null {
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
  // A value without bytes would fit any number of times, so a count of it is not believed.
  if (type === 0) count = 1;
  const values: string[] = [];
  for (let at = 0; at < count; at++) {
    const value = data.read(type);
    if (value === null) return null;
    values.push(value);
  }
  return `${name}=${values.length === 1 ? values[0] : `[${values.join(',')}]`}`;
}
