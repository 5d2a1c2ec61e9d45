/**
 * The schemas that are in use in this program or thread: RingView's own, and those that a person added. There is one set
 * for all sessions, as there is one of settings. Threads that look at rows are told by `schemaTexts`.
 */
import type { Result } from '../../../native/core/result.ts';
import { ok } from '../../../native/core/result.ts';
import type { Place } from '../../../native/decode/schema/compile.ts';
import { misfitText } from '../../../native/decode/schema/misfit.ts';
import type { Kind, Schema } from '../../../native/decode/schema/model.ts';
import { ourSchemas } from '../../../native/decode/schema/ours.ts';
import { parseSchema } from '../../../native/decode/schema/parse.ts';
import { type KnownType, SchemaSet } from '../../../native/decode/schema/schema-set.ts';
import { valueMeaning, valueText } from '../../../native/decode/schema/value-text.ts';
import { fieldName } from '../../contract/field-columns.ts';
import { knowTypes, termOf } from '../../contract/filter/known-names.ts';
import { type DetailField, type DetailRecord, MOST_DETAIL_FIELDS, type SchemaType } from '../../contract/schemas.ts';

interface InUse {
  readonly set: SchemaSet;
  /** Of those that were added. */
  readonly texts: readonly string[];
  readonly version: number;
}

let inUse: InUse | null = null;
knowTypes(schemaTypes);

function current(): InUse {
  if (inUse !== null) return inUse;
  const ours = checkSchemas([]);
  if (!ours.ok) throw new Error(ours.failure.message);
  return take(ours.value, [], 0);
}

function take(set: SchemaSet, texts: readonly string[], version: number): InUse {
  inUse = { set, texts, version };
  knowTypes(set.all.map(typeInfo));
  return inUse;
}

/** The schemas with RingView's own. Failure: bad-argument, for a type that two of them describe. */
export function checkSchemas(added: readonly Schema[]): Result<SchemaSet> {
  return SchemaSet.of([
    ...ourSchemas().map((schema) => ({ schema, added: false })),
    ...added.map((schema) => ({ schema, added: true })),
  ]);
}

/** Whether a text is a schema that could be used beside RingView's own. Failure: as of parseSchema and checkSchemas. */
export function checkSchemaText(text: string): Result<Schema> {
  const parsed = parseSchema(text);
  if (!parsed.ok) return parsed;
  const set = checkSchemas([parsed.value]);
  return set.ok ? parsed : set;
}

/** Schemas that are put together one after another, each of which is looked at once. */
export class SchemaDraft {
  private readonly schemas: Schema[] = [];
  private readonly good: string[] = [];

  /** Those that could be used together. */
  get texts(): readonly string[] {
    return this.good;
  }

  /** Adds the schema in a text, and says which types it describes. Failure: as of parseSchema and checkSchemas; it is left out then. */
  add(text: string): Result<readonly { readonly type: number; readonly name: string }[]> {
    const parsed = parseSchema(text);
    if (!parsed.ok) return parsed;
    const set = checkSchemas([...this.schemas, parsed.value]);
    if (!set.ok) return set;
    this.schemas.push(parsed.value);
    this.good.push(text);
    return ok(parsed.value.types.map(({ type, name }) => ({ type, name })));
  }
}

/** Uses schemas from now on, those of these texts besides RingView's own. Failure: as of parseSchema and checkSchemas. */
export function setSchemas(texts: readonly string[]): Result<void> {
  // Nothing is told anew that has not changed.
  if (JSON.stringify(texts) === JSON.stringify(current().texts)) return ok(undefined);
  const schemas: Schema[] = [];
  for (const text of texts) {
    const parsed = parseSchema(text);
    if (!parsed.ok) return parsed;
    schemas.push(parsed.value);
  }
  const set = checkSchemas(schemas);
  if (!set.ok) return set;
  take(set.value, texts, (inUse?.version ?? 0) + 1);
  return ok(undefined);
}

/** What makes another thread use the same. */
export const schemaTexts = (): readonly string[] => current().texts;

/** Changes when other schemas are used. */
export const schemaVersion = (): number => current().version;

/** Whether a person added any. */
export const hasAddedSchemas = (): boolean => current().texts.length > 0;

/** Types of a name, whatever the case of its letters. */
export const schemasCalled = (name: string): readonly KnownType[] => current().set.called(name);

export const schemaOfType = (type: number): KnownType | undefined => current().set.get(type);

/** All types that are known, as a page and a filter know them. */
export function schemaTypes(): readonly SchemaType[] {
  return current().set.all.map(typeInfo);
}

function typeInfo({ type, added, leaves }: KnownType): SchemaType {
  return {
    type: type.type,
    name: type.name,
    description: type.description,
    added,
    fields: leaves.map(({ name, description, of, steps }) => ({
      name,
      description,
      values: namesOf(of),
      ordered: isOrdered(of),
      ...(steps.includes(null) ? { several: true } : {}),
    })),
  };
}

const namesOf = (of: Kind): readonly string[] =>
  of.kind === 'int'
    ? ((of.enum ?? of.flags)?.values.map(({ name }) => name) ?? [])
    : of.kind === 'bool'
      ? ['true', 'false']
      : [];

/** Whether values of a kind are numbers that can be compared. */
export const isOrdered = (of: Kind): boolean =>
  of.kind === 'int' || of.kind === 'duration' || of.kind === 'pointer' || of.kind === 'status';

/** All that the details say of a payload; null for text and for a type that no schema describes. */
export function recordDetails(type: number, payload: Uint8Array): DetailRecord | null {
  const known = schemaOfType(type);
  if (known === undefined) return null;
  const places = known.places(payload);
  if (places === null) {
    const misfit = known.misfit(payload);
    return { type: known.type.name, fields: [], more: 0, misfit: misfit && misfitText(misfit) };
  }
  const shown = places.slice(0, MOST_DETAIL_FIELDS);
  return {
    type: known.type.name,
    fields: shown.map((place, at) => detailField(known, place, termName(known, shown, at))),
    more: places.length - shown.length,
    misfit: null,
  };
}

/** What a filter calls the value at a place: names from the outside in, those of elements left out. */
function termName(known: KnownType, places: readonly Place[], at: number): string | null {
  const { depth, of } = places[at] as Place;
  if (of.kind === 'struct' || of.kind === 'array') return null;
  const names: string[] = [];
  for (let i = at, wanted = depth; i >= 0 && wanted >= 0; i--) {
    const place = places[i] as Place;
    if (place.depth !== wanted) continue;
    if (!place.name.startsWith('[')) names.unshift(place.name);
    wanted--;
  }
  return termOf({ name: known.type.name, added: known.added }, names.join('.'));
}

function detailField(
  known: KnownType,
  { name, of, value, offset, bytes, depth }: Place,
  term: string | null,
): DetailField {
  const absent = value === null;
  const whole = of.kind === 'struct' || (of.kind === 'array' && (of.of.kind === 'struct' || of.of.kind === 'array'));
  const path = known.leaves.find((leaf) => termOf({ name: known.type.name, added: known.added }, leaf.name) === term);
  return {
    name,
    // What lies within has lines of its own.
    value: whole ? '' : valueText(of, value),
    meaning: valueMeaning(of, value),
    description: path?.description ?? '',
    offset,
    bytes,
    depth,
    absent,
    term,
    column: path === undefined ? null : fieldName(known.type.name, path.name),
  };
}
