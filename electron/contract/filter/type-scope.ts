/**
 * Beside `type:network`, a field of that type is called by itself: `type:network remote_port:443`. Alone it is not, for
 * `path:` and `offset:` stand in the messages of many drivers and are looked for as text.
 */
import { type KnownNames, knownNames } from './known-names.ts';
import { FIELD_NAMES } from './tree.ts';

/** What a field is called in full, by what it is called beside its type; both in small letters. */
export type TypeScope = ReadonlyMap<string, string>;

/** Of a word (lex.ts), what matters here. */
interface Word {
  readonly kind: string;
  readonly name?: string;
  readonly relation?: string;
  readonly values?: readonly { readonly text: string }[];
}

export const NO_SCOPE: TypeScope = new Map();

/** The fields of the types that these words ask for, but for names that more than one of them has. */
export function scopeOf(tokens: readonly Word[]): TypeScope {
  const names = knownNames();
  const types = new Set<number>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'term' || token.name !== 'type' || token.relation !== ':') continue;
    const before = tokens[at - 1]?.kind;
    if (before === 'minus' || before === 'not') continue;
    for (const { text } of token.values ?? []) {
      const type =
        names.typeNumbers.get(text.toLowerCase()) ?? (/^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : null);
      if (type !== null) types.add(type);
    }
  }
  return types.size === 0 ? NO_SCOPE : fieldsOf(names, types);
}

/** The fields of all types: every word that can be a term beside some type is one. */
export const widestScope = (): TypeScope => {
  const names = knownNames();
  return fieldsOf(names, new Set(names.types.map(({ type }) => type)), true);
};

function fieldsOf(names: KnownNames, wanted: ReadonlySet<number>, shared = false): TypeScope {
  const scope = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { type, name, fields } of names.types) {
    if (!wanted.has(type)) continue;
    for (const field of fields) {
      const small = field.name.toLowerCase();
      if ((FIELD_NAMES as readonly string[]).includes(small) || names.fields.has(small)) continue;
      if (scope.has(small)) ambiguous.add(small);
      scope.set(small, `${name.toLowerCase()}.${small}`);
    }
  }
  if (!shared) for (const name of ambiguous) scope.delete(name);
  return scope;
}
