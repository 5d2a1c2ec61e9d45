/** What is known of types of records by their schemas: what a filter may name, what the details have, what is listed. */

/** A field of a type that can be asked for. */
export interface SchemaField {
  /** `local.port`: within its type. */
  readonly name: string;
  readonly description: string;
  /** Names that its values have: of an enum, of flags. */
  readonly values: readonly string[];
  /** Whether it can be compared by `<` and `>`. */
  readonly ordered: boolean;
  /** It lies in an array: a record has any number of its values. */
  readonly several?: true;
}

export interface SchemaType {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  /** Whether a person brought its schema; else it is one of RingView's own. */
  readonly added: boolean;
  readonly fields: readonly SchemaField[];
}

/** A file of schemas that a person added. */
export interface SchemaFile {
  readonly id: string;
  /** Its name without its folder. */
  readonly name: string;
  /** What its types are called; none where it cannot be used. */
  readonly types: readonly { readonly type: number; readonly name: string }[];
  /** Why it cannot be used, in one sentence. */
  readonly problem: string | null;
}

/** Files at a time. */
export const MOST_SCHEMA_FILES = 32;
/** Bytes of one; more than the characters that it may have. */
export const MOST_SCHEMA_BYTES = 1 << 20;

/** A value of a record, as the details show it. */
export interface DetailField {
  readonly name: string;
  readonly value: string;
  /** What else is known of the value: the number behind a name. */
  readonly meaning: string;
  readonly description: string;
  readonly offset: number;
  readonly bytes: number;
  /** How deep it lies in structs and arrays. */
  readonly depth: number;
  /** Whether the record has it: the header of an earlier version has not all. */
  readonly absent: boolean;
  /** What a filter calls it; null for what it cannot ask for. */
  readonly term: string | null;
  /** What its column of the table is called (field-columns.ts); null for what can be none. */
  readonly column: string | null;
}

/** What is known of a payload that is not text. */
export interface DetailRecord {
  /** What its type is called. */
  readonly type: string;
  readonly fields: readonly DetailField[];
  /** Values beyond these are left out. */
  readonly more: number;
  /** Where the payload is not what its schema says: it is shown as bytes then. */
  readonly misfit: string | null;
}

/** Values of a record that the details show at most. */
export const MOST_DETAIL_FIELDS = 512;

/** The schemas of the program, as a page has them. */
export interface SchemaState {
  readonly files: readonly SchemaFile[];
  /** All types that are known, RingView's own among them. */
  readonly types: readonly SchemaType[];
}

export const NO_SCHEMAS: SchemaState = { files: [], types: [] };
