/**
 * Words in the filter box that look like terms and are none, for no field has that name: they are looked for as text, which
 * nobody would guess from an empty table. Says so, with the names that may be meant.
 */
import { knownNames } from '../../electron/contract/filter/known-names.ts';
import { tokensOf } from '../../electron/contract/filter/lex.ts';
import { FIELD_NAMES } from '../../electron/contract/filter/tree.ts';
import type { Typed } from '../../electron/contract/page-state.ts';

export interface UnknownField {
  /** As it is typed. */
  readonly name: string;
  /** Names of fields that may be meant, the likeliest first; may be empty. */
  readonly near: readonly string[];
}

/** Two letters at least, for drives have one; two colons are a scope of C++, a slash or backslash begins a path. */
const LIKE_TERM = /^([a-z_][a-z0-9_.]+)(:(?!:)|<=|>=|<(?!=)|>(?!=))(?=[^\s\\/])/i;
const MOST_NEAR = 2;
/** Parts of names with fewer letters would be found in too many. */
const LEAST_PART = 3;

/** The first word in the box that looks like a term with a name that no field has; null if there is none. */
export function unknownField({ pattern, regex }: Pick<Typed, 'pattern' | 'regex'>): UnknownField | null {
  if (regex) return null;
  for (const { kind, from, to } of tokensOf(pattern)) {
    const name = kind === 'word' ? LIKE_TERM.exec(pattern.slice(from, to))?.[1] : undefined;
    if (name !== undefined) return { name, near: nearNames(name) };
  }
  return null;
}

/** `port:` is no field and was looked for as text; did you mean ...? */
export function unknownFieldWords({ name, near }: UnknownField): string {
  const meant = near.map((each) => `\`${each}:\``).join(' or ');
  return `\`${name}:\` is no field and was looked for as text${meant === '' ? '.' : `; did you mean ${meant}?`}`;
}

/** All names that a filter knows, those of records as `type.field`. */
function allNames(): string[] {
  return [
    ...FIELD_NAMES,
    ...knownNames().types.flatMap(({ name, fields }) => fields.map((each) => `${name}.${each.name}`)),
  ];
}

/** Names of fields that a person may mean by a name that none has, at most two, the likeliest first. */
export function nearNames(name: string): readonly string[] {
  const wanted = name.toLowerCase();
  const ranked = allNames()
    .map((each) => ({ each, rank: rankOf(each.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank);
  // Beside the very name, others are not meant.
  const meant = ranked[0]?.rank === 0 ? ranked.filter(({ rank }) => rank === 0) : ranked;
  return meant.slice(0, MOST_NEAR).map(({ each }) => each);
}

/** How far a name is from the wanted one: its own field, letters typed otherwise, a part of it, letters within it. */
function rankOf(name: string, wanted: string): number {
  const [type, field] = halves(name);
  const [wantedType, wantedField] = halves(wanted);
  const far = distance(name, wanted);
  // Another type has other fields, so only a typing mistake leads there.
  if (wantedType !== '' && type !== wantedType) return far <= allowed(wanted) ? 10 + far : Number.POSITIVE_INFINITY;
  if (field === wantedField) return 0;
  const near = Math.min(far, distance(field, wantedField));
  if (near <= allowed(wanted)) return 10 + near;
  const parts = field.split(/[._]/);
  if (wantedField.length >= LEAST_PART && parts.includes(wantedField)) return 20 - (isRemote(parts) ? 1 : 0);
  if (wantedField.split(/[._]/).some((part) => part.length >= LEAST_PART && part === field)) return 30;
  return wantedField.length >= LEAST_PART && field.includes(wantedField) ? 40 : Number.POSITIVE_INFINITY;
}

/** Who asks for a port or an address of a connection mostly means that of the other end. */
const isRemote = (parts: readonly string[]): boolean => parts[0] === 'remote';

function halves(name: string): readonly [string, string] {
  const at = name.indexOf('.');
  return at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)];
}

/** How many letters may be typed otherwise. */
const allowed = (name: string): number => (name.length < 4 ? 0 : name.length < 7 ? 1 : 2);

/** Letters to add, leave out, change, or exchange with their neighbour, to make one name of the other. */
function distance(a: string, b: string): number {
  // Names are short, and what is far apart need not be measured.
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] as number;
}
