/**
 * Names that a filter knows of the schemas that are in use: those of types, `type:tcp`, and of their fields. A field is
 * called by its type and itself, `tcp.port:443`; one of a schema that a person added also by itself, `port:443`, unless a
 * term has that name already. Each program tells it once what is in use (`knowTypes`), for a text is read by many.
 */
import type { SchemaType } from '../schemas.ts';
import { FIELD_NAMES } from './tree.ts';

export interface KnownNames {
  /** Changes when they do. */
  readonly version: number;
  readonly types: readonly SchemaType[];
  /** In small letters: what can stand before the relation of a term. */
  readonly fields: ReadonlySet<string>;
  /** Numbers of types by their names in small letters. */
  readonly typeNumbers: ReadonlyMap<string, number>;
  readonly typeNames: ReadonlyMap<number, string>;
}

const NONE: KnownNames = { version: 0, types: [], fields: new Set(), typeNumbers: new Map(), typeNames: new Map() };
let known = NONE;
let tell: (() => readonly SchemaType[]) | null = null;

export function knownNames(): KnownNames {
  if (tell !== null) take(tell());
  return known;
}

/** What types there are from now on. A function is asked when a name is first looked for. */
export function knowTypes(types: readonly SchemaType[] | (() => readonly SchemaType[])): void {
  if (typeof types === 'function') tell = types;
  else take(types);
}

function take(types: readonly SchemaType[]): void {
  tell = null;
  const fields = new Set<string>();
  const typeNumbers = new Map<string, number>();
  const typeNames = new Map<number, string>();
  for (const { type, name, added, fields: own } of types) {
    typeNames.set(type, name);
    const small = name.toLowerCase();
    if (!typeNumbers.has(small)) typeNumbers.set(small, type);
    for (const field of own) {
      const each = field.name.toLowerCase();
      fields.add(`${small}.${each}`);
      fields.add(termOf({ name, added }, each).toLowerCase());
    }
  }
  known = { version: known.version + 1, types, fields, typeNumbers, typeNames };
}

/** The types with a field of that name, and what it is called within each. */
export function fieldsCalled(name: string): readonly { readonly type: number; readonly field: string }[] {
  const sought = name.toLowerCase();
  return knownNames().types.flatMap(({ type, name: of, added, fields }) =>
    fields
      .map((field) => field.name)
      .filter((field) =>
        [termOf({ name: of, added }, field), `${of}.${field}`].some((each) => each.toLowerCase() === sought),
      )
      .map((field) => ({ type, field })),
  );
}

/** What a term calls a field. */
export function termOf({ name, added }: Pick<SchemaType, 'name' | 'added'>, field: string): string {
  const isTaken = (FIELD_NAMES as readonly string[]).includes(field.toLowerCase());
  return added && !isTaken ? field : `${name}.${field}`;
}

/** What the type of a record is called; undefined where no schema says. */
export const typeNameOf = (type: number): string | undefined => knownNames().typeNames.get(type);
