/** Takes values out of the JSON of a schema, with what is wrong where one is none that was expected. */
import type { Kind, NameTable } from './model.ts';
import { SCHEMA_LIMITS } from './model.ts';
import type { Placed, PlacedEntry } from './placed-json.ts';

/** Why a file is no schema, and where. */
export class SchemaFault extends Error {
  /** Offset in the text. */
  readonly at: number;
  /** Which part: `types.0x10.fields[2]`. */
  readonly place: string;

  constructor(at: number, place: string, message: string) {
    super(message);
    this.at = at;
    this.place = place;
  }
}

/** In the place of what is taken where a text is left out: it may not be. */
export const MISSING = Symbol('missing');

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const WHOLE = /^-?(?:0x[0-9a-fA-F]{1,16}|\d{1,20})$/;

/** The integer that a text such as `-5` or `0x10` is; null for none of 64 bits, signed or not. */
export function integerOf(text: string): bigint | null {
  if (!WHOLE.test(text)) return null;
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  return value < -(2n ** 63n) || value >= 2n ** 64n ? null : value;
}

/** One object of the file. */
export class ObjectReader {
  readonly at: number;
  readonly place: string;
  private readonly values: ReadonlyMap<string, PlacedEntry>;

  constructor(at: number, place: string, values: ReadonlyMap<string, PlacedEntry>) {
    this.at = at;
    this.place = place;
    this.values = values;
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  get keys(): readonly string[] {
    return [...this.values.keys()];
  }

  /** What is wrong with the value of a key, or with the object (''). */
  fault(key: string, message: string): SchemaFault {
    const at = this.values.get(key)?.value.at ?? this.at;
    return new SchemaFault(at, key === '' ? this.place : this.inner(key), message);
  }

  inner(key: string): string {
    return this.place === '' ? key : `${this.place}.${key}`;
  }

  get(key: string): Placed {
    const found = this.values.get(key);
    if (found === undefined) throw new SchemaFault(this.at, this.place, `'${key}' is missing`);
    return found.value;
  }

  text(key: string, otherwise: string | typeof MISSING): string {
    if (!this.has(key) && otherwise !== MISSING) return otherwise;
    const value = this.get(key);
    if (value.is !== 'string') throw this.fault(key, 'a text was expected');
    if (value.value.length > SCHEMA_LIMITS.text) {
      throw this.fault(key, `the text is longer than ${SCHEMA_LIMITS.text} characters`);
    }
    return value.value;
  }

  name(key: string): string {
    const text = this.text(key, MISSING);
    const problem = nameProblem(text);
    if (problem !== null) throw this.fault(key, problem);
    return text;
  }

  choice<T extends string>(key: string, among: readonly T[], otherwise: T): T {
    if (!this.has(key)) return otherwise;
    const value = this.get(key);
    const found = among.find((each) => value.is === 'string' && each === value.value);
    if (found === undefined) throw this.fault(key, `one of ${among.join(', ')} was expected`);
    return found;
  }

  integer(key: string, least: number, most: number, otherwise?: number): number {
    if (!this.has(key) && otherwise !== undefined) return otherwise;
    const value = this.get(key);
    const number = value.is === 'number' ? value.value : Number.NaN;
    if (!Number.isSafeInteger(number) || number < least || number > most) {
      throw this.fault(key, `a whole number from ${least} to ${most} was expected`);
    }
    return number;
  }

  flag(key: string): boolean {
    if (!this.has(key)) return false;
    const value = this.get(key);
    if (value.is !== 'boolean') throw this.fault(key, 'true or false was expected');
    return value.value;
  }

  items(key: string): readonly Placed[] {
    const value = this.get(key);
    if (value.is !== 'array') throw this.fault(key, 'a list was expected');
    return value.items;
  }

  entries(key: string): { readonly key: string; readonly keyAt: number; readonly value: Placed }[] {
    const value = this.get(key);
    if (value.is !== 'object') throw this.fault(key, 'an object was expected');
    return [...value.entries].map(([name, entry]) => ({ key: name, ...entry }));
  }
}

/** What is wrong with a name, or null. */
export function nameProblem(text: string): string | null {
  if (text.length > SCHEMA_LIMITS.name) return `the name is longer than ${SCHEMA_LIMITS.name} characters`;
  if (NAME.test(text)) return null;
  return `'${text}' is no name: it needs letters, figures and _ and may not begin with a figure`;
}

type TableKind = 'enums' | 'flags';

/** The whole file: what is declared once and named elsewhere. */
export class FileReader {
  private big = false;
  private readonly tables: Readonly<Record<TableKind, Map<string, NameTable>>> = { enums: new Map(), flags: new Map() };
  private readonly structs = new Map<string, Placed>();
  /** Structs whose fields are being read: one within itself would have no end. */
  private readonly open: string[] = [];
  private fieldsLeft = 0;
  private readonly root: Placed;

  constructor(root: Placed) {
    this.root = root;
  }

  get bigEndian(): boolean {
    return this.big;
  }

  object(value: Placed, place: string, keys: readonly string[]): ObjectReader {
    if (value.is !== 'object') throw new SchemaFault(value.at, place, 'an object was expected');
    for (const [key, { keyAt }] of value.entries) {
      if (!keys.includes(key)) {
        throw new SchemaFault(
          keyAt,
          place,
          `'${key.slice(0, SCHEMA_LIMITS.name)}' is not known here: ${keys.join(', ')}`,
        );
      }
    }
    return new ObjectReader(value.at, place, value.entries);
  }

  /** Takes over what is declared beside the types. */
  declare(top: ObjectReader): void {
    this.big = top.choice('endian', ['little', 'big'], 'little') === 'big';
    for (const kind of ['enums', 'flags'] as const) {
      if (!top.has(kind)) continue;
      for (const { key, keyAt, value } of top.entries(kind)) {
        this.checkName(key, keyAt, kind);
        this.tables[kind].set(key, this.table(value, `${kind}.${key}`, key));
      }
    }
    if (!top.has('structs')) return;
    for (const { key, keyAt, value } of top.entries('structs')) {
      this.checkName(key, keyAt, 'structs');
      this.structs.set(key, value);
    }
  }

  private checkName(key: string, keyAt: number, place: string): void {
    const problem = nameProblem(key);
    if (problem !== null) throw new SchemaFault(keyAt, place, problem);
  }

  private table(value: Placed, place: string, name: string | null): NameTable {
    if (value.is !== 'object') throw new SchemaFault(value.at, place, 'an object of numbers and names was expected');
    if (value.entries.size > SCHEMA_LIMITS.namesATable) {
      throw new SchemaFault(value.at, place, `there are more than ${SCHEMA_LIMITS.namesATable} names`);
    }
    const values: { value: bigint; name: string }[] = [];
    const seen = new Set<bigint>();
    for (const [key, entry] of value.entries) {
      const number = integerOf(key);
      if (number === null) throw new SchemaFault(entry.keyAt, place, `'${key.slice(0, 32)}' is no number of 64 bits`);
      if (seen.has(number))
        throw new SchemaFault(entry.keyAt, place, `the number ${key} stands here for the second time`);
      seen.add(number);
      const text = entry.value.is === 'string' ? entry.value.value : '';
      if (text === '' || text.length > SCHEMA_LIMITS.name || !/^[^\s|,"()]+$/u.test(text)) {
        const expected = `a name of at most ${SCHEMA_LIMITS.name} characters without blanks, quotes, brackets, ',' and '|' was expected`;
        throw new SchemaFault(entry.value.at, `${place}.${key}`, expected);
      }
      values.push({ value: number, name: text });
    }
    return { name, values };
  }

  /** The table that a field names or has in itself. */
  tableOf(reader: ObjectReader, key: 'enum' | 'flags'): NameTable | null {
    if (!reader.has(key)) return null;
    const value = reader.get(key);
    if (value.is !== 'string') return this.table(value, reader.inner(key), null);
    const kind = key === 'enum' ? 'enums' : 'flags';
    const found = this.tables[kind].get(value.value);
    if (found === undefined) {
      throw reader.fault(key, `'${value.value.slice(0, SCHEMA_LIMITS.name)}' is not declared in '${kind}'`);
    }
    return found;
  }

  /** Reads the fields of a struct that is declared, where it is used. */
  within<T>(reader: ObjectReader, key: string, read: (value: Placed, place: string) => T): T {
    const name = reader.text(key, MISSING);
    const value = this.structs.get(name);
    if (value === undefined) {
      throw reader.fault(key, `'${name.slice(0, SCHEMA_LIMITS.name)}' is not declared in 'structs'`);
    }
    if (this.open.includes(name)) throw reader.fault(key, `the struct '${name}' lies within itself`);
    this.open.push(name);
    const result = read(value, `structs.${name}`);
    this.open.pop();
    return result;
  }

  beginType(): void {
    this.fieldsLeft = SCHEMA_LIMITS.fieldsAType;
  }

  /** Counts a field of the type that is being read. */
  countField(at: number, place: string): void {
    if (--this.fieldsLeft < 0) {
      throw new SchemaFault(
        at,
        place,
        `the type has more than ${SCHEMA_LIMITS.fieldsAType} fields with those in its structs`,
      );
    }
  }

  /** Where the file as a whole stands. */
  get begin(): number {
    return this.root.at;
  }
}

/** Whether values of a kind can say how many. */
export const canCount = (of: Kind): boolean => of.kind === 'int' && !(of.bits === 64 && of.signed);
