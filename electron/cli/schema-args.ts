/** `ringview schema`: its arguments and its help. */
import type { ParseArgsConfig } from 'node:util';
import { BadOption, oneOf, parseAll, required, type Topic } from './arg-values.ts';

export const SCHEMA_VERBS = ['check', 'header', 'from'] as const;

export type SchemaRequest =
  | { readonly verb: 'check'; readonly paths: readonly string[] }
  /** `out` null: to standard output. */
  | { readonly verb: 'header'; readonly path: string; readonly prefix: string | null; readonly out: string | null }
  | { readonly verb: 'from'; readonly path: string; readonly out: string | null };

export const SCHEMA = {
  help: { type: 'boolean', short: 'h' },
  out: { type: 'string', short: 'o' },
  prefix: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const SCHEMA_HELP = `ringview schema check FILE...                 say which types schemas describe, or what is wrong with them
ringview schema header FILE [options]         make a C header of a schema
ringview schema from HEADER [options]         make a schema of a C header

  --out FILE            where to write; without it to standard output
  --prefix NAME         header: what all names begin with; default the name of FILE

A schema is JSON that says what the bytes of typed records are, those of a driver's SendData: their fields, and a line of
text made of them. With it, tail, capture, convert, query and the app tell such records in words, filter by their fields
(tcp.port:443) and export these: give it as --schema FILE there, or add it in the settings of the app.

The header has a struct for the part of each type that always lies at the same place, with asserts of its size and
offsets. The schema of a header has what the header says: fixed-width integers, char arrays, structs, holes; the number of a
struct lab_request by #define LAB_TYPE_REQUEST, names of numbers where the comment of a field names their group, LAB_ACTION_*.

  ringview schema from lab.h --out lab.json
  ringview tail sim:lab --schema lab.json --filter 'request.size>4096'

.github/docs/schemas.md has the format. Exit code: 0 done, 1 failed, 2 wrong arguments, or what is no schema.
`;

const topic: Topic = 'schema';

/** The request in the arguments; null if help is asked for. */
export function schemaArguments(args: string[]): SchemaRequest | null {
  const { values, positionals } = parseAll(args, SCHEMA, topic, true);
  if (values.help) return null;
  const [word, ...paths] = positionals;
  const verb = oneOf(required(word, `one of ${SCHEMA_VERBS.join(', ')}`, topic), SCHEMA_VERBS, 'schema', topic);
  const [first, more] = paths;
  const path = required(first, verb === 'from' ? 'HEADER' : 'FILE', topic);
  if (values.prefix !== undefined && verb !== 'header') throw new BadOption('--prefix is for header', topic);
  if (verb === 'check') {
    if (values.out !== undefined) throw new BadOption('--out is for header and from', topic);
    return { verb, paths };
  }
  if (more !== undefined) throw new BadOption(`'${more}' is one too many: one file at a time`, topic);
  const out = values.out ?? null;
  return verb === 'from' ? { verb, path, out } : { verb: 'header', path, prefix: values.prefix ?? null, out };
}
