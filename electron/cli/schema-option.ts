/** `--schema FILE`: read before all other arguments, for a filter may name the fields that it declares. */
import type { ParseArgsConfig } from 'node:util';
import { ok, type Result } from '../../native/core/result.ts';
import { readSchemaFile } from '../files/schema-file.ts';
import { setSchemas } from '../session/text/schemas.ts';

/** Of each command that shows or writes records. */
export const SCHEMA_OPTION = {
  schema: { type: 'string', multiple: true },
} as const satisfies ParseArgsConfig['options'];

/** The files that arguments name, up to those of another command (`--`). */
export function schemaPaths(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  return own.flatMap((argument, at) => {
    if (argument.startsWith('--schema=')) return [argument.slice('--schema='.length)];
    const path = own[at + 1];
    return argument === '--schema' && path !== undefined ? [path] : [];
  });
}

/** Uses the schemas that arguments name. Failure: as of readSchemaFile; bad-argument for a type that two describe. */
export function takeNamedSchemas(argv: readonly string[]): Result<void> {
  const texts: string[] = [];
  for (const path of new Set(schemaPaths(argv))) {
    const text = readSchemaFile(path);
    if (!text.ok) return text;
    texts.push(text.value);
  }
  return texts.length === 0 ? ok(undefined) : setSchemas(texts);
}
