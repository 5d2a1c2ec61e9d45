/** Fields by their names: from the outside in, `local.port`. */
import { type Field, fixedBytes, fixedBytesOf, type Kind, type Path, type RecordType } from './model.ts';

/** A field of a type by its path; null where there is none. What lies in arrays has no path. */
export function pathTo(fields: readonly Field[], name: string): { readonly path: Path; readonly of: Kind } | null {
  const at: number[] = [];
  let within: readonly Field[] | null = fields;
  let of: Kind | null = null;
  for (const part of name.split('.')) {
    if (within === null || part === '') return null;
    const found: number = within.findIndex((field) => field.name === part);
    const field: Field | undefined = within[found];
    if (field === undefined) return null;
    at.push(found);
    of = field.of;
    within = of.kind === 'struct' ? of.fields : null;
  }
  return of === null ? null : { path: { name, at }, of };
}

/** A field whose values can be asked for: neither a struct nor an array, but perhaps within them. */
export interface LeafField {
  /** `local.port`; of an array of ports `ports`. */
  readonly name: string;
  readonly description: string;
  readonly of: Kind;
  /** Which field of each struct from the outside in; null steps into all elements of an array. */
  readonly steps: readonly (number | null)[];
}

/** All of these fields of a type, in their order. */
export function leafFields(fields: readonly Field[]): LeafField[] {
  const found: LeafField[] = [];
  const visit = (of: Kind, name: string, description: string, steps: readonly (number | null)[]): void => {
    if (of.kind === 'array') {
      visit(of.of, name, description, [...steps, null]);
      return;
    }
    if (of.kind !== 'struct') {
      if (of.kind !== 'pad' && of.kind !== 'align') found.push({ name, description, of, steps });
      return;
    }
    for (const [at, field] of of.fields.entries()) {
      if (field.name === '') continue;
      visit(field.of, name === '' ? field.name : `${name}.${field.name}`, field.description, [...steps, at]);
    }
  };
  visit({ kind: 'struct', fields }, '', '', []);
  return found;
}

/**
 * Where a field lies in every payload of its type; null where that depends on the payload, or on the length of its header, and
 * for one in an array, which lies at more places than one.
 */
export function fixedPlace({ fields, header }: RecordType, { steps }: LeafField): number | null {
  const [first] = steps;
  if (first === undefined || first === null || steps.includes(null) || (header !== null && first > header.at))
    return null;
  let within = fields;
  let place = 0;
  for (const step of steps) {
    if (step === null) return null;
    const before = fixedBytesOf(within.slice(0, step));
    const of = within[step]?.of;
    if (before === null || of === undefined) return null;
    place += before;
    if (of.kind !== 'struct') return fixedBytes(of) === null ? null : place;
    within = of.fields;
  }
  return null;
}
