/** Events of manifests by provider, id and version: the fields in their data, and the sentence that is made of them. */
import type { MessageTable } from './message-table.ts';
import type { OutType } from './out-type.ts';

/**
 * A number; or which earlier field has it, of the same structure or, with `ofEvent`, of the event itself; or that it lies in
 * the data, in 16 bits before the value.
 */
export type Amount =
  | { readonly fixed: number }
  | { readonly field: number; readonly ofEvent?: boolean }
  | { readonly inData: true };

export interface ManifestField {
  readonly name: string;
  /** TDH_INTYPE: 1 text, 8 unsigned number of 32 bits ... */
  readonly type: number;
  /** How it is shown, where its type alone does not say. */
  readonly out: OutType | null;
  /** Number of elements of an array; null if it is not one. */
  readonly count: Amount | null;
  /** Characters of a text, bytes of binary data; null if the type itself says where the value ends. */
  readonly length: Amount | null;
  /** Names of its values, or of its bits. */
  readonly map: ValueMap | null;
  /** Of a structure, what lies in it; null for a value. */
  readonly members: readonly ManifestField[] | null;
}

export interface ValueMap {
  readonly bits: boolean;
  readonly names: ReadonlyMap<number, string>;
}

export interface ManifestEvent {
  readonly id: number;
  readonly version: number;
  /** Its symbol, or its task and opcode; null where it has neither. */
  readonly name: string | null;
  /** With `%1`, `%2` ... for its fields; null for none. */
  readonly message: string | null;
  readonly fields: readonly ManifestField[];
}

export interface ManifestProvider {
  /** Lower case, without braces. */
  readonly guid: string;
  readonly name: string | null;
  readonly events: readonly ManifestEvent[];
}

/** The message table of a file, by the file's name without its ending, in lower case. */
export interface MessageFile {
  readonly name: string;
  readonly table: MessageTable;
}

/** Events of all manifests; more are counted as a damaged file. */
export const MOST_EVENTS = 1_000_000;

export class Manifests {
  readonly messageFiles: MessageFile[] = [];
  private readonly events = new Map<string, ManifestEvent>();
  private readonly names = new Map<string, string | null>();

  get isEmpty(): boolean {
    return this.names.size === 0 && this.messageFiles.length === 0;
  }

  /** Takes a provider over; what is said of an event later counts. */
  add({ guid, name, events }: ManifestProvider): void {
    if (name !== null || !this.names.has(guid)) this.names.set(guid, name);
    for (const event of events) {
      if (this.events.size >= MOST_EVENTS) return;
      this.events.set(`${guid} ${event.id} ${event.version}`, event);
    }
  }

  /** `guid` in lower case without braces. */
  find(guid: string, id: number, version: number): ManifestEvent | null {
    return this.events.get(`${guid} ${id} ${version}`) ?? null;
  }

  providerName(guid: string): string | null {
    return this.names.get(guid) ?? null;
  }

  /**
   * The message of an event without a manifest: that of the file that is called like its provider, else of the only one that
   * has such a number. Null if none has, or several do.
   */
  message(provider: string, number: number): string | null {
    const own = provider.toLowerCase();
    for (const { name, table } of this.messageFiles) {
      const text = name === own ? table.find(number) : null;
      if (text !== null) return text;
    }
    let only: string | null = null;
    for (const { table } of this.messageFiles) {
      const text = table.find(number);
      if (text === null) continue;
      if (only !== null) return null;
      only = text;
    }
    return only;
  }
}

/** The most characters of a sentence, which may repeat a value any number of times. */
const MOST_CHARACTERS = 262_144;
const INSERT = /%(?:([1-9]\d{0,2})(?:![^!]*!)?|([ntrb0%. !]))/g;
const WHITE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: ' ',
  '0': '',
  '%': '%',
  '.': '.',
  ' ': ' ',
};

/** A message with values in the places `%1` and on; a place without a value stays. The line break that ends it is taken off. */
export function filledMessage(message: string, values: readonly string[]): string {
  let characters = 0;
  const text = message.replace(INSERT, (whole, number?: string, white?: string) => {
    if (characters > MOST_CHARACTERS) return '';
    if (number !== undefined) {
      const value = values[Number(number) - 1] ?? whole;
      characters += value.length;
      return value;
    }
    return WHITE[white as string] ?? (white as string);
  });
  return text.replace(/[\r\n]+$/, '');
}
