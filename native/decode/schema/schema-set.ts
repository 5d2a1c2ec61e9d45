/**
 * The schemas that are in use, by the types that they describe. A type that two of them describe is that of the first, and
 * the others are told of it: what a record says must not depend on which file happened to be read last.
 */
import { fail, ok, type Result } from '../../core/result.ts';
import { compileNumber, compileType, type Decoder, type Place } from './compile.ts';
import type { Misfit } from './misfit.ts';
import type { Packet, RecordType, Schema } from './model.ts';
import { fixedPlace, type LeafField, leafFields } from './paths.ts';
import { renderMessage, valueAt } from './render.ts';
import { fieldsJson, type Value } from './value-text.ts';

/** A type with what decodes it. */
export class KnownType {
  readonly type: RecordType;
  /** Whether a person brought its schema; else it is one of RingView's own. */
  readonly added: boolean;
  private compiled: Decoder | null = null;
  private knownLeaves: readonly LeafField[] | null = null;

  constructor(type: RecordType, added: boolean) {
    this.type = type;
    this.added = added;
  }

  /** Compiled with the first payload: most types of a large file never come. */
  private get decoder(): Decoder {
    this.compiled ??= compileType(this.type);
    return this.compiled;
  }

  /** Fields whose values can be asked for. */
  get leaves(): readonly LeafField[] {
    this.knownLeaves ??= leafFields(this.type.fields);
    return this.knownLeaves;
  }

  /** The values of a payload; null where it does not fit. */
  values(payload: Uint8Array): readonly Value[] | null {
    return this.decoder.decode(payload).values;
  }

  misfit(payload: Uint8Array): Misfit | null {
    return this.decoder.decode(payload).misfit;
  }

  /** The values with their places; null where it does not fit. */
  places(payload: Uint8Array): readonly Place[] | null {
    return this.decoder.places(payload);
  }

  /**
   * Reads a number that lies at the same place of every payload, without a look at anything else: null where the payload ends
   * before it. Null for a field that is none.
   */
  quickNumber(leaf: LeafField): ((payload: Uint8Array) => number | bigint | null) | null {
    const place = fixedPlace(this.type, leaf);
    return place === null ? null : compileNumber(leaf.of, place);
  }

  message(payload: Uint8Array): string | null {
    const values = this.values(payload);
    return values === null ? null : renderMessage(this.type, values);
  }

  /** What of a payload is a packet, by its schema; null where it says none, does not fit, or the payload ends before. */
  packet(payload: Uint8Array): { readonly link: Packet['link']; readonly bytes: Uint8Array } | null {
    const { packet, fields } = this.type;
    const values = packet === null ? null : this.values(payload);
    if (packet === null || values === null) return null;
    if ('offset' in packet.from) {
      const { offset } = packet.from;
      return offset < payload.length ? { link: packet.link, bytes: payload.subarray(offset) } : null;
    }
    const { value } = valueAt(fields, values, packet.from.path);
    return value instanceof Uint8Array && value.length > 0 ? { link: packet.link, bytes: value } : null;
  }

  /** All fields as JSON; null where it does not fit. */
  json(payload: Uint8Array): ReturnType<typeof fieldsJson> | null {
    const values = this.values(payload);
    return values === null ? null : fieldsJson(this.type.fields, values);
  }
}

export interface NamedSchema {
  readonly schema: Schema;
  readonly added: boolean;
}

export class SchemaSet {
  private readonly types = new Map<number, KnownType>();
  private readonly names = new Map<string, KnownType[]>();

  /** Failure: bad-argument, for a type that another schema describes too. */
  static of(schemas: readonly NamedSchema[]): Result<SchemaSet> {
    const set = new SchemaSet();
    const owners = new Map<number, string>();
    for (const { schema, added } of schemas) {
      for (const type of schema.types) {
        const owner = owners.get(type.type);
        if (owner !== undefined) {
          return fail(
            'bad-argument',
            `The type ${type.type} of '${schema.name}' is described by '${owner}' already`,
            'Leave one of them out',
          );
        }
        owners.set(type.type, schema.name);
        set.add(new KnownType(type, added));
      }
    }
    return ok(set);
  }

  private add(known: KnownType): void {
    this.types.set(known.type.type, known);
    const name = known.type.name.toLowerCase();
    this.names.set(name, [...(this.names.get(name) ?? []), known]);
  }

  get(type: number): KnownType | undefined {
    return this.types.get(type);
  }

  /** In the order in which they were declared. */
  get all(): readonly KnownType[] {
    return [...this.types.values()];
  }

  /** Types of a name, whatever the case of its letters. */
  called(name: string): readonly KnownType[] {
    return this.names.get(name.toLowerCase()) ?? [];
  }
}
