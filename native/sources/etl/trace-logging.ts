/**
 * TraceLogging events describe themselves: the names and types of their fields come with each event. Layout:
 * TraceLoggingProvider.h of the Windows SDK. Nothing is read beyond the event; a field that does not fit ends the text.
 */
import { fieldsText, readFields } from '../manifest/event-fields.ts';
import type { Amount, ManifestField } from '../manifest/manifests.ts';
import { outTypeOf } from '../manifest/out-type.ts';
import { TypedCursor } from '../manifest/typed-value.ts';

const MOST_FIELDS = 256;
const MOST_DEPTH = 8;

/** Bits of the type of a field: another byte follows, a count follows here, a count is in the data. */
const MORE = 0x80;
const COUNT_IN_SCHEMA = 0x20;
const COUNT_IN_DATA = 0x40;
/** With both, its type is the provider's own, and described by bytes here. */
const CUSTOM = COUNT_IN_SCHEMA | COUNT_IN_DATA;
const TYPE = 0x1f;
const STRUCTURE = 24;

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
  skipTags(schema);
  const name = schema.name();
  if (name === '') return null;
  const fields: ManifestField[] = [];
  const left = { fields: MOST_FIELDS };
  while (schema.has(2)) {
    const field = fieldOf(schema, left, 0);
    if (field === null) break;
    fields.push(field);
  }
  return { name, fields: fieldsText(readFields(view, dataStart, dataEnd, fields, false)) };
}

/** The name in the traits of a provider: a length of 16 bits, then UTF-8 up to a NUL; null if there is none. */
export function providerName(view: DataView, at: number, bytes: number): string | null {
  const cursor = new TypedCursor(view, at, at + bytes, false);
  if (!cursor.has(3)) return null;
  cursor.at += 2;
  return cursor.name() || null;
}

function skipTags(schema: TypedCursor): void {
  while (schema.has(1) && (byteOf(schema) & MORE) !== 0);
}

function byteOf(schema: TypedCursor): number {
  return schema.take(1)[0] as number;
}

/** The next field of the schema, with what lies in it; null if the schema is cut, or too large to be one. */
function fieldOf(schema: TypedCursor, left: { fields: number }, depth: number): ManifestField | null {
  const name = schema.name();
  if (--left.fields < 0 || depth > MOST_DEPTH || !schema.has(1)) return null;
  const first = byteOf(schema);
  let out = 0;
  if ((first & MORE) !== 0) {
    if (!schema.has(1)) return null;
    out = byteOf(schema);
    if ((out & MORE) !== 0) skipTags(schema);
    out &= MORE - 1;
  }
  let count: Amount | null = (first & COUNT_IN_DATA) === 0 ? null : { inData: true };
  if ((first & COUNT_IN_SCHEMA) !== 0) {
    if (!schema.has(2)) return null;
    const number = schema.view.getUint16(schema.at, true);
    schema.at += 2;
    if ((first & CUSTOM) !== CUSTOM) count = { fixed: number };
    else if (schema.has(number)) schema.at += number;
    else return null;
  }
  const type = first & TYPE;
  const plain = { name, count, length: null, map: null };
  if (type !== STRUCTURE) return { ...plain, type, out: outTypeOf(out), members: null };
  // Where others have how they are shown, a structure has how many of the next fields are its own.
  const members: ManifestField[] = [];
  for (let member = 0; member < out; member++) {
    const field = schema.has(2) ? fieldOf(schema, left, depth + 1) : null;
    if (field === null) return null;
    members.push(field);
  }
  return { ...plain, type, out: null, members };
}
