/**
 * What a schema says, once it is checked: which types of records there are, and what the bytes of each are. Plain data;
 * parse.ts makes it of a file, compile.ts a decoder of it, plain.ts interprets it as it stands.
 */
import type { StatusKind } from '../status-names.ts';

/** What a file, a type and a payload are bounded by. */
export const SCHEMA_LIMITS = {
  /** UTF-16 units of a file, and values in it. */
  fileLength: 1 << 18,
  fileValues: 20_000,
  jsonDepth: 32,
  name: 64,
  /** Of a description, a message, a condition. */
  text: 1024,
  typesAFile: 256,
  fieldsAList: 256,
  /** Fields that a type has, those in its structs and arrays with it. */
  fieldsAType: 1024,
  /** Structs and arrays within each other. */
  depth: 8,
  namesATable: 2048,
  messages: 16,
  conditions: 8,
  /** Values that are read of a payload, elements of arrays with them. */
  values: 4096,
  /** UTF-16 units of the text of a record. */
  message: 1 << 17,
} as const;

/** The payloads that the kernel takes are at most 64 KiB; no fixed size may say more. */
export const MOST_FIXED_BYTES = 1 << 16;

/** A field that an earlier one counts or chooses: `up` structs out, the field `at` there. */
export interface Ref {
  readonly name: string;
  readonly up: number;
  readonly at: number;
}

/** How many. */
export type Count = { readonly fixed: number } | { readonly ref: Ref };

/** Where a text or bytes end. `unit`: bytes that one of the count takes. */
export type Extent =
  | { readonly by: 'count'; readonly count: Count; readonly unit: 1 | 2 }
  /** Behind a NUL, which is no part of the text. */
  | { readonly by: 'nul' }
  | { readonly by: 'rest' };

/** Names of numbers, ascending by number; of flags: of masks, in the order of the file. */
export interface NameTable {
  /** The name it has in its file; null where it stands in the field. */
  readonly name: string | null;
  readonly values: readonly { readonly value: bigint; readonly name: string }[];
}

export type Kind =
  | {
      readonly kind: 'int';
      readonly bits: 8 | 16 | 32 | 64;
      readonly signed: boolean;
      readonly big: boolean;
      readonly hex: boolean;
      readonly enum: NameTable | null;
      /** With `only`, a number without a name means that the schema does not fit. */
      readonly only: boolean;
      readonly flags: NameTable | null;
      /** The number that stands for no value; null for none. */
      readonly none: bigint | null;
    }
  | { readonly kind: 'bool'; readonly bytes: 1 | 4 }
  | { readonly kind: 'status'; readonly of: StatusKind; readonly big: boolean }
  | { readonly kind: 'pointer'; readonly bytes: 4 | 8 }
  | { readonly kind: 'filetime' }
  /** `unitNs`: nanoseconds that one of it is. */
  | { readonly kind: 'duration'; readonly bits: 32 | 64; readonly big: boolean; readonly unitNs: number }
  | { readonly kind: 'guid' | 'mac' | 'ipv4' | 'ipv6' }
  | { readonly kind: 'ip'; readonly family: Ref }
  | { readonly kind: 'text'; readonly encoding: 'utf8' | 'utf16'; readonly big: boolean; readonly extent: Extent }
  | { readonly kind: 'bytes'; readonly extent: Extent & { readonly by: 'count' | 'rest' } }
  | { readonly kind: 'array'; readonly of: Kind; readonly count: Count | 'rest' }
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  | { readonly kind: 'pad'; readonly bytes: number }
  /** Up to the next multiple of so many bytes, counted from the begin of the payload. */
  | { readonly kind: 'align'; readonly bytes: number };

export interface Field {
  /** Empty for what is only skipped. */
  readonly name: string;
  readonly description: string;
  readonly of: Kind;
}

/** A place in the values of a type: fields from the outside in, none of them within an array. */
export interface Path {
  readonly name: string;
  readonly at: readonly number[];
}

export type MessagePart =
  | { readonly text: string }
  | { readonly path: Path }
  /** Left out where one of its fields is absent or empty. */
  | { readonly optional: readonly MessagePart[] };

export type Condition =
  /** Whether a field is there and neither empty nor zero. */
  | { readonly path: Path; readonly present: boolean }
  /** Whether these bits of a number are set. */
  | { readonly path: Path; readonly bits: bigint }
  | { readonly path: Path; readonly equal: boolean; readonly to: { readonly path: Path } | { readonly value: string } };

export interface Message {
  readonly when: readonly Condition[];
  readonly parts: readonly MessagePart[];
  /** As it is written. */
  readonly text: string;
}

export interface RecordType {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  /** The first whose conditions all hold is the text; with none of them, all fields are named. */
  readonly messages: readonly Message[];
  readonly fields: readonly Field[];
  /** How many of the fields are the header, whose length in bytes a field of it states; null where none does. */
  readonly header: { readonly fields: number; readonly at: number; readonly first: number } | null;
  /** What of the payload is a packet, and of which link layer; null for none. */
  readonly packet: Packet | null;
}

export interface Packet {
  readonly link: 'ethernet' | 'ip';
  /** Where it begins: a number of bytes, or the field that has its bytes. */
  readonly from: { readonly offset: number } | { readonly path: Path };
}

export interface Schema {
  readonly name: string;
  readonly description: string;
  readonly types: readonly RecordType[];
}

/** Bytes that a kind always takes; null where that depends on the payload. */
export function fixedBytes(of: Kind): number | null {
  switch (of.kind) {
    case 'int':
    case 'duration':
      return of.bits / 8;
    case 'bool':
    case 'pointer':
    case 'pad':
      return of.bytes;
    case 'status':
    case 'ipv4':
      return 4;
    case 'filetime':
      return 8;
    case 'mac':
      return 6;
    case 'guid':
    case 'ipv6':
    case 'ip':
      return 16;
    case 'text':
    case 'bytes':
      return of.extent.by === 'count' && 'fixed' in of.extent.count ? of.extent.count.fixed * of.extent.unit : null;
    case 'array': {
      if (of.count === 'rest' || !('fixed' in of.count)) return null;
      const each = fixedBytes(of.of);
      return each === null ? null : each * of.count.fixed;
    }
    case 'struct':
      return fixedBytesOf(of.fields);
    case 'align':
      return null;
  }
}

/** The same of fields one behind the other. */
export function fixedBytesOf(fields: readonly Field[]): number | null {
  let sum = 0;
  for (const field of fields) {
    const bytes = fixedBytes(field.of);
    if (bytes === null) return null;
    sum += bytes;
  }
  return sum;
}
