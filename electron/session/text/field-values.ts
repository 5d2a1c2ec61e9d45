/**
 * The values of some fields of typed records, as text: for columns of the table, and for copies of them. Only payloads of
 * a type that has one of the fields are decoded, so that rows of text cost a look at their type.
 */

import type { LeafField } from '../../../native/decode/schema/paths.ts';
import type { KnownType } from '../../../native/decode/schema/schema-set.ts';
import { type Value, valueText } from '../../../native/decode/schema/value-text.ts';
import { MOST_FIELD_TEXT } from '../../contract/field-columns.ts';
import { schemasCalled, schemaVersion } from './schemas.ts';

/** A field of a type, and which of the names it is. */
interface Wanted {
  readonly at: number;
  readonly leaf: LeafField;
}

interface WantedOfType {
  readonly known: KnownType;
  readonly wanted: readonly Wanted[];
}

export class FieldValues {
  readonly names: readonly string[];
  private version = -1;
  private types: ReadonlyMap<number, WantedOfType> = new Map();

  /** `names` as of contract/field-columns.ts; one that no schema knows has no values. */
  constructor(names: readonly string[]) {
    this.names = [...new Set(names)];
  }

  /** The values of a payload by the names of their fields; null where it has none of them. Long ones are cut. */
  of(type: number, payload: Uint8Array): Readonly<Record<string, string>> | null {
    const texts = this.read(type, payload, MOST_FIELD_TEXT);
    if (texts === null) return null;
    const named = this.names.flatMap((name, at) => {
      const text = texts[at] as string;
      return text === '' ? [] : [[name, cut(text)] as const];
    });
    return named.length === 0 ? null : Object.fromEntries(named);
  }

  /** The values of a payload in the order of the names, whole; empty texts for those that it has not. */
  texts(type: number, payload: Uint8Array): readonly string[] {
    return this.read(type, payload, Number.POSITIVE_INFINITY) ?? this.names.map(() => '');
  }

  /** `most`: characters of each text that matter; no more work is done than for about as many. */
  private read(type: number, payload: Uint8Array, most: number): string[] | null {
    const of = this.known().get(type);
    const values = of?.known.values(payload);
    if (of === undefined || values === undefined || values === null) return null;
    const texts = this.names.map(() => '');
    for (const { at, leaf } of of.wanted) texts[at] = leafText(leaf, values, most);
    return texts;
  }

  /** Which types have some of the fields, by the schemas that are in use now. */
  private known(): ReadonlyMap<number, WantedOfType> {
    if (this.version === schemaVersion()) return this.types;
    const found = new Map<number, WantedOfType>();
    for (const [at, name] of this.names.entries()) {
      const dot = name.indexOf('.');
      for (const known of schemasCalled(name.slice(0, dot))) {
        const leaf = known.leaves.find((each) => each.name === name.slice(dot + 1));
        if (leaf === undefined) continue;
        const { type } = known.type;
        found.set(type, { known, wanted: [...(found.get(type)?.wanted ?? []), { at, leaf }] });
      }
    }
    this.types = found;
    this.version = schemaVersion();
    return found;
  }
}

/** Of names that a request has; null for none. */
export const fieldValues = (names: readonly string[] | undefined): FieldValues | null =>
  names === undefined || names.length === 0 ? null : new FieldValues(names);

/** `[1, 2]` of a field that lies in an array, as arrays are shown elsewhere. */
function leafText(leaf: LeafField, among: Value | undefined, most: number, depth = 0): string {
  if (among === null || among === undefined) return '';
  if (depth === leaf.steps.length) {
    return valueText(leaf.of, among instanceof Uint8Array && among.length > most ? among.subarray(0, most) : among);
  }
  const within = among as readonly Value[];
  const step = leaf.steps[depth] as number | null;
  if (step !== null) return leafText(leaf, within[step], most, depth + 1);
  let text = '';
  for (const [at, each] of within.entries()) {
    if (text.length > most) break;
    text += `${at === 0 ? '' : ', '}${leafText(leaf, each, most, depth + 1)}`;
  }
  return `[${text}]`;
}

/** At most as much as a cell has, never half a character. */
function cut(text: string): string {
  if (text.length <= MOST_FIELD_TEXT) return text;
  const last = text.charCodeAt(MOST_FIELD_TEXT - 2);
  return `${text.slice(0, MOST_FIELD_TEXT - (last >= 0xd800 && last < 0xdc00 ? 2 : 1))}\u2026`;
}
