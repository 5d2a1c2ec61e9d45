/** Fields of typed records as columns of the table: which are offered, and which are shown. */
import { fieldColumnId, fieldName } from '../../electron/contract/field-columns.ts';
import type { SchemaField, SchemaType } from '../../electron/contract/schemas.ts';
import { type Column, type SeenColumns, WIDEST_FIELD } from './columns.ts';

/** A field that can be a column. */
export interface OfferedField {
  /** As of electron/contract/field-columns.ts. */
  readonly name: string;
  readonly field: SchemaField;
}

/** The fields of a type. */
export interface OfferedType {
  readonly type: SchemaType;
  readonly fields: readonly OfferedField[];
}

/** What a chooser offers: types that were seen before others, otherwise as their schemas name them. */
export function offeredFields(types: readonly SchemaType[], seen: ReadonlySet<number>): OfferedType[] {
  const offered = types
    .filter(({ fields }) => fields.length > 0)
    .map((type) => ({ type, fields: type.fields.map((field) => ({ name: fieldName(type.name, field.name), field })) }));
  return [...offered.filter(({ type }) => seen.has(type.type)), ...offered.filter(({ type }) => !seen.has(type.type))];
}

/** `network: remote_port`. */
export const fieldLabel = (type: string, field: string): string => `${type}: ${field}`;

/**
 * The columns of the chosen fields, in their order. One is shown once a record of its type was seen, or where it was just
 * chosen, `fresh`: in a log without such records it would be empty. One that no schema has now is kept for when one has.
 */
export function fieldColumns(
  chosen: readonly string[],
  types: readonly SchemaType[],
  seen: Pick<SeenColumns, 'types' | 'characters'>,
  fresh: readonly string[] = [],
): Column[] {
  const found = chosen.flatMap((name) => {
    const of = types.filter((type) => type.fields.some((field) => fieldName(type.name, field.name) === name));
    const type = of.find(({ type: number }) => seen.types.has(number)) ?? (fresh.includes(name) ? of[0] : undefined);
    const field = type?.fields.find((each) => fieldName(type.name, each.name) === name);
    return type === undefined || field === undefined ? [] : [{ name, type, field }];
  });
  return found.map(({ name, type, field }) => {
    const id = fieldColumnId(name);
    const isNumber = field.ordered && field.values.length === 0;
    const longest = Math.min(seen.characters[id] ?? 0, WIDEST_FIELD);
    const alone = found.filter((other) => other.field.name === field.name).length === 1;
    const label = fieldLabel(type.name, field.name);
    const head = alone ? field.name : label;
    return {
      ...{ id, label, head, mode: 'show', optional: true },
      // What is cut of a number would make another of it.
      width: Math.max(Math.min(head.length, LONGEST_HEAD), longest),
      minWidth: isNumber ? Math.max(4, longest) : 4,
      align: isNumber ? 'end' : 'start',
    };
  });
}

/** Characters of a name in the head beyond which it is cut, unless a value is longer. */
const LONGEST_HEAD = 16;

/** The columns of fields stand before the message. */
export function withFields(columns: readonly Column[], fields: readonly Column[]): readonly Column[] {
  if (fields.length === 0) return columns;
  const at = columns.findIndex(({ id }) => id === 'message');
  return [...columns.slice(0, at), ...fields, ...columns.slice(at)];
}
