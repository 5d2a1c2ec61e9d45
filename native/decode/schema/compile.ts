/**
 * Makes a decoder of a type, once: a function for each field, called one after the other. It says of each payload the same
 * as plain.ts, which the tests hold; it reads no byte outside of the payload, and no more values than it may.
 */
import { familyOf, guidText, ipv4Text, ipv6Text, macText } from './address-text.ts';
import { type Misfit, needs, PADDING } from './misfit.ts';
import {
  type Count,
  type Extent,
  type Field,
  fixedBytesOf,
  type Kind,
  type RecordType,
  SCHEMA_LIMITS,
} from './model.ts';
import { decodeText, upToNul } from './text-decoder.ts';
import { enumName, type Value } from './value-text.ts';

/** Where a value lies: those of structs and arrays before those in them. */
export interface Place {
  readonly name: string;
  readonly of: Kind;
  readonly value: Value;
  readonly offset: number;
  readonly bytes: number;
  /** How deep it lies, 0 for the fields of the record. */
  readonly depth: number;
}

export type Decoded =
  | { readonly values: readonly Value[]; readonly misfit: null; readonly end: number }
  | { readonly values: null; readonly misfit: Misfit };

export interface Decoder {
  /** The values of a payload in the order of the fields. */
  decode(payload: Uint8Array): Decoded;
  /** The same with the place of each. */
  places(payload: Uint8Array): readonly Place[] | null;
}

class Unfit extends Error {}

/** A payload that is being read. One is kept for all. */
class Cursor {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  at = 0;
  end = 0;
  values = 0;
  /** Values of structs from the outside in; an array has one without any. */
  readonly frames: Value[][] = [];
  /** Names of what is being read, from the outside in; of an element its number. */
  readonly names: (string | number)[] = [];
  places: Place[] | null = null;
  misfit: Misfit | null = null;

  begin(payload: Uint8Array): void {
    this.bytes = payload;
    this.view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    this.at = 0;
    this.end = payload.length;
    this.values = 0;
    this.frames.length = 0;
    this.names.length = 0;
    this.misfit = null;
  }

  /** Moves past some bytes and returns where they begin. */
  take(bytes: number): number {
    const { at } = this;
    if (bytes > this.end - at) throw this.unfit(needs(bytes, this.end - at));
    this.at = at + bytes;
    return at;
  }

  unfit(problem: string, offset = this.at): Unfit {
    const field = this.names.map((name, at) => (typeof name === 'number' ? `[${name}]` : at === 0 ? name : `.${name}`));
    this.misfit ??= { field: field.join(''), offset, problem };
    return UNFIT;
  }

  count(): void {
    if (++this.values > SCHEMA_LIMITS.values)
      throw this.unfit(`the record has more than ${SCHEMA_LIMITS.values} values`);
  }
}

/** Thrown where a payload does not fit: a trace of the stack would take longer than all else. */
const UNFIT = new Unfit('the payload does not fit');

type Read = (cursor: Cursor) => Value;

const cursor = new Cursor();

export function compileType(type: RecordType): Decoder {
  const read = compileRecord(type);
  const run = (payload: Uint8Array, places: Place[] | null): Decoded => {
    cursor.begin(payload);
    cursor.places = places;
    try {
      const values = read(cursor);
      return { values, misfit: null, end: cursor.at };
    } catch (error) {
      if (error !== UNFIT || cursor.misfit === null) throw error;
      return { values: null, misfit: cursor.misfit };
    } finally {
      // What was shown is not kept alive.
      cursor.begin(NONE);
      cursor.places = null;
    }
  };
  return {
    decode: (payload) => run(payload, null),
    places(payload) {
      const places: Place[] = [];
      return run(payload, places).values === null ? null : places;
    },
  };
}

const NONE = new Uint8Array(0);

function compileRecord({ fields, header }: RecordType): (cursor: Cursor) => readonly Value[] {
  if (header === null) {
    const reads = compileFields(fields);
    return (at) => reads(at);
  }
  const headFields = fields.slice(0, header.fields);
  const reads = headFields.map(({ of }) => compileKind(of));
  const ends = headFields.map((_, at) => fixedBytesOf(headFields.slice(0, at + 1)) as number);
  const tail = fields.slice(header.fields).map(({ of }) => compileKind(of));
  const least = ends[header.at] as number;
  return (at) => {
    const values: Value[] = [];
    at.frames.push(values);
    let bytes = at.end;
    for (const [n, read] of reads.entries()) {
      const field = headFields[n] as Field;
      if (n > header.at && (ends[n] as number) > bytes) {
        values.push(null);
        if (field.name !== '')
          at.places?.push({ name: field.name, of: field.of, value: null, offset: at.at, bytes: 0, depth: 0 });
        continue;
      }
      readField(at, field, read, values);
      if (n !== header.at) continue;
      const stated = Number(values[n]);
      bytes = stated === 0 ? header.first : stated;
      if (bytes < least || bytes > at.end) {
        at.names.push(field.name);
        throw at.unfit(
          `it states a header of ${bytes} bytes, which has ${least} at least and of which ${at.end} are there`,
          0,
        );
      }
    }
    at.at = bytes;
    for (const [n, read] of tail.entries()) readField(at, fields[header.fields + n] as Field, read, values);
    at.frames.pop();
    return values;
  };
}

/** Reads a field into the values of its struct. */
function readField(at: Cursor, field: Field, read: Read, values: Value[]): void {
  at.names.push(field.name === '' ? PADDING : field.name);
  const { places } = at;
  if (places === null || field.name === '') values.push(read(at));
  else values.push(placed(at, places, field.name, field.of, read, at.frames.length - 1));
  at.names.pop();
}

function placed(at: Cursor, places: Place[], name: string, of: Kind, read: Read, depth: number): Value {
  const offset = at.at;
  const slot = places.length;
  places.push({ name, of, value: null, offset, bytes: 0, depth });
  const value = read(at);
  places[slot] = { name, of, value, offset, bytes: at.at - offset, depth };
  return value;
}

function compileFields(fields: readonly Field[]): (cursor: Cursor) => readonly Value[] {
  const reads = fields.map(({ of }) => compileKind(of));
  return (at) => {
    const values: Value[] = [];
    at.frames.push(values);
    for (let n = 0; n < reads.length; n++) readField(at, fields[n] as Field, reads[n] as Read, values);
    at.frames.pop();
    return values;
  };
}

function compileKind(of: Kind): Read {
  const read = compileValue(of);
  if (of.kind === 'pad' || of.kind === 'align') return read;
  return (at) => {
    at.count();
    return read(at);
  };
}

function compileValue(of: Kind): Read {
  switch (of.kind) {
    case 'int': {
      const number = withNone(readInteger(of.bits, of.signed, !of.big), of.none);
      if (!of.only) return number;
      return (at) => {
        const value = number(at) as number | bigint | null;
        if (value === null || enumName(of, value) !== undefined) return value;
        throw at.unfit(`${value} is none of the numbers that it may be`, at.at - of.bits / 8);
      };
    }
    case 'bool': {
      const number = readInteger(of.bytes === 1 ? 8 : 32, false, true);
      return (at) => number(at) !== 0;
    }
    case 'status':
      return readInteger(32, false, !of.big);
    case 'pointer':
      return readInteger(of.bytes === 8 ? 64 : 32, false, true);
    case 'filetime':
      return readInteger(64, false, true);
    case 'duration':
      return readInteger(of.bits, false, !of.big);
    case 'guid':
      return (at) => guidText(at.bytes, at.take(16));
    case 'mac':
      return (at) => macText(at.bytes, at.take(6));
    case 'ipv4':
      return (at) => ipv4Text(at.bytes, at.take(4));
    case 'ipv6':
      return (at) => ipv6Text(at.bytes, at.take(16));
    case 'ip': {
      const { family } = of;
      return (at) => {
        const stated = at.frames[at.frames.length - 1 - family.up]?.[family.at] as number | bigint | null;
        const begin = at.take(16);
        if (stated === null) return null;
        const version = familyOf(stated);
        if (version === 4) return ipv4Text(at.bytes, begin);
        if (version === 6) return ipv6Text(at.bytes, begin);
        throw at.unfit(`the family ${stated} in '${family.name}' is neither 4 nor 6`, begin);
      };
    }
    case 'text':
      return compileText(of);
    case 'bytes': {
      const { extent } = of;
      const length = compileLength(extent);
      return (at) => {
        const bytes = length(at);
        if (bytes === null) return null;
        const begin = at.take(bytes);
        return at.bytes.slice(begin, begin + bytes);
      };
    }
    case 'array':
      return compileArray(of);
    case 'struct': {
      const fields = compileFields(of.fields);
      return (at) => fields(at);
    }
    case 'pad':
      return (at) => {
        at.take(of.bytes);
        return null;
      };
    case 'align':
      return (at) => {
        at.take(-at.at & (of.bytes - 1));
        return null;
      };
  }
}

/** Null in place of the number that stands for no value. */
function withNone(read: Read, none: bigint | null): Read {
  if (none === null) return read;
  return (at) => {
    const value = read(at) as number | bigint;
    return BigInt(value) === none ? null : value;
  };
}

function readInteger(bits: 8 | 16 | 32 | 64, signed: boolean, little: boolean): Read {
  switch (bits) {
    case 8:
      return signed ? (at) => at.view.getInt8(at.take(1)) : (at) => at.view.getUint8(at.take(1));
    case 16:
      return signed ? (at) => at.view.getInt16(at.take(2), little) : (at) => at.view.getUint16(at.take(2), little);
    case 32:
      return signed ? (at) => at.view.getInt32(at.take(4), little) : (at) => at.view.getUint32(at.take(4), little);
    case 64:
      return signed
        ? (at) => at.view.getBigInt64(at.take(8), little)
        : (at) => at.view.getBigUint64(at.take(8), little);
  }
}

/** How many; null where the field that says so is not there. */
function compileCount(count: Count): (at: Cursor) => number | null {
  if ('fixed' in count) return () => count.fixed;
  const { name, up, at: field } = count.ref;
  return (at) => {
    const value = at.frames[at.frames.length - 1 - up]?.[field] as number | bigint | null;
    if (value === null) return null;
    if (value < 0) throw at.unfit(`'${name}' says ${value} of them`);
    return Number(value);
  };
}

function compileLength(extent: Extent & { readonly by: 'count' | 'rest' }): (at: Cursor) => number | null {
  if (extent.by === 'rest') return (at) => at.end - at.at;
  const count = compileCount(extent.count);
  const { unit } = extent;
  return (at) => {
    const units = count(at);
    return units === null ? null : units * unit;
  };
}

function compileText(of: Kind & { readonly kind: 'text' }): Read {
  const { encoding, big, extent } = of;
  if (extent.by === 'nul') return (at) => toNul(at, encoding, big);
  const length = compileLength(extent);
  const fixed = extent.by === 'count' && 'fixed' in extent.count;
  return (at) => {
    const bytes = length(at);
    if (bytes === null) return null;
    if (encoding === 'utf16' && bytes % 2 !== 0) throw at.unfit(`${bytes} bytes are no whole number of UTF-16 units`);
    const begin = at.take(bytes);
    const text = decodeText(encoding, big, at.bytes.subarray(begin, begin + bytes));
    return fixed ? upToNul(text) : text;
  };
}

function toNul(at: Cursor, encoding: 'utf8' | 'utf16', big: boolean): string {
  const unit = encoding === 'utf8' ? 1 : 2;
  let end = at.at;
  for (; end + unit <= at.end; end += unit) {
    if (at.bytes[end] === 0 && (unit === 1 || at.bytes[end + 1] === 0)) {
      const begin = at.take(end + unit - at.at);
      return decodeText(encoding, big, at.bytes.subarray(begin, end));
    }
  }
  throw at.unfit(`no NUL follows in the ${at.end - at.at} bytes that are left`);
}

function compileArray({ of, count }: Kind & { readonly kind: 'array' }): Read {
  const read = compileKind(of);
  const length = count === 'rest' ? null : compileCount(count);
  return (at) => {
    const most = length === null ? Number.POSITIVE_INFINITY : length(at);
    if (most === null) return null;
    const values: Value[] = [];
    at.frames.push([]);
    const depth = at.frames.length - 1;
    for (let n = 0; n < most && (length !== null || at.at < at.end); n++) {
      at.names.push(n);
      values.push(at.places === null ? read(at) : placed(at, at.places, `[${n}]`, of, read, depth));
      at.names.pop();
    }
    at.frames.pop();
    return values;
  };
}

/** Reads a number at a place of a payload, null where the payload ends before; null for a kind that is no number. */
export function compileNumber(of: Kind, place: number): ((payload: Uint8Array) => number | bigint | null) | null {
  if (of.kind !== 'int' && of.kind !== 'status' && of.kind !== 'pointer' && of.kind !== 'duration') return null;
  const bits = of.kind === 'status' ? 32 : of.kind === 'pointer' ? (of.bytes === 8 ? 64 : 32) : of.bits;
  const number = readInteger(bits, of.kind === 'int' && of.signed, of.kind === 'pointer' || !of.big);
  const read = withNone(number, of.kind === 'int' ? of.none : null);
  const bytes = bits / 8;
  return (payload) => {
    if (payload.length < place + bytes) return null;
    cursor.begin(payload);
    cursor.at = place;
    return read(cursor) as number | bigint | null;
  };
}
