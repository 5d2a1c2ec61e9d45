/**
 * The data of an event by the fields that its manifest, or its own description, names. Nothing is read beyond the event; what
 * does not fit ends it. Structures may hold structures, and all of it be repeated: how many values come out is bounded.
 */
import type { Amount, ManifestField, ValueMap } from './manifests.ts';
import { shownAs } from './out-type.ts';
import { TypedCursor } from './typed-value.ts';

export interface ReadField {
  readonly name: string;
  readonly text: string;
}

interface Read extends ReadField {
  /** The value if it is a number that other fields can count by; null if it is not one. */
  readonly number: number | null;
}

/** Values of one event: a byte each of the longest one. */
const MOST_VALUES = 65_536;

/** The fields that the data has; fewer than the manifest names where it is cut, or of another version. */
export function readFields(
  view: DataView,
  start: number,
  end: number,
  fields: readonly ManifestField[],
  is32Bit: boolean,
): ReadField[] {
  const reader = new FieldReader(new TypedCursor(view, start, end, is32Bit));
  reader.readAll(fields, reader.event);
  return reader.event;
}

/** `name=value, name=value`. */
export function fieldsText(fields: readonly ReadField[]): string {
  return fields.map(({ name, text }) => `${name}=${text}`).join(', ');
}

class FieldReader {
  /** The fields of the event itself. */
  readonly event: Read[] = [];
  private readonly cursor: TypedCursor;
  private left = MOST_VALUES;

  constructor(cursor: TypedCursor) {
    this.cursor = cursor;
  }

  /** Adds the fields to `into`; false once one does not fit. */
  readAll(fields: readonly ManifestField[], into: Read[]): boolean {
    for (const field of fields) {
      const read = this.field(field, into);
      if (read === null) return false;
      into.push(read);
    }
    return true;
  }

  private field(field: ManifestField, before: readonly Read[]): Read | null {
    const length = this.amount(field.length, before);
    const count = this.amount(field.count, before);
    if (length === undefined || count === undefined) return null;
    const texts: string[] = [];
    let number: number | null = null;
    for (let element = 0; element < (count ?? 1); element++) {
      const from = this.cursor.at;
      if (--this.left < 0) return null;
      const text = field.members === null ? this.cursor.read(field.type, length) : this.structure(field.members);
      if (text === null) return null;
      number = numberIn(text);
      texts.push(this.shown(field, text, from));
      // What takes no bytes would fit any number of times, so a count of it is not believed.
      if (this.cursor.at === from) break;
    }
    const text = field.count === null ? (texts[0] ?? '') : `[${texts.join(',')}]`;
    return { name: field.name, text, number: field.count === null ? number : null };
  }

  private structure(members: readonly ManifestField[]): string | null {
    const own: Read[] = [];
    return this.readAll(members, own) ? `{${fieldsText(own)}}` : null;
  }

  /** The number; null if none is given, undefined if the field that should have it is not a number. */
  private amount(amount: Amount | null, before: readonly Read[]): number | null | undefined {
    if (amount === null) return null;
    if ('fixed' in amount) return amount.fixed;
    if ('field' in amount) return (amount.ofEvent ? this.event : before)[amount.field]?.number ?? undefined;
    if (!this.cursor.has(2)) return undefined;
    this.cursor.at += 2;
    return this.cursor.view.getUint16(this.cursor.at - 2, true);
  }

  private shown({ map, out }: ManifestField, text: string, from: number): string {
    if (map !== null && /^\d+$/.test(text)) return mapped(map, text);
    return out === null ? text : shownAs(out, text, this.cursor.view, from, this.cursor.at);
  }
}

function numberIn(text: string): number | null {
  return /^(\d{1,9}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : null;
}

function mapped({ bits, names }: ValueMap, text: string): string {
  if (!bits) return names.get(Number(text)) ?? text;
  const value = BigInt(text);
  const named: string[] = [];
  let unnamed = value;
  for (const [bit, name] of names) {
    const mask = BigInt(bit);
    if (mask === 0n || (value & mask) !== mask) continue;
    named.push(name);
    unnamed &= ~mask;
  }
  if (named.length === 0) return text;
  return unnamed === 0n ? named.join('|') : `${named.join('|')}|0x${unnamed.toString(16)}`;
}
