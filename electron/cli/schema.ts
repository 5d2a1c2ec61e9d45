/** `ringview schema`: looks at schemas, and makes them and C headers of each other. */
import { basename } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { headerOf } from '../../native/decode/schema/c-header.ts';
import { schemaTextOf } from '../../native/decode/schema/c-reader.ts';
import { parseSchema } from '../../native/decode/schema/parse.ts';
import { MOST_SCHEMA_BYTES } from '../contract/schemas.ts';
import { readSmallFile } from '../files/read-small.ts';
import { replaceFile } from '../files/replacing-file.ts';
import { readSchemaFile } from '../files/schema-file.ts';
import { failureOfSystemError } from '../files/system-failure.ts';
import { SchemaDraft } from '../session/text/schemas.ts';
import { encodeUtf8 } from '../session/text/text.ts';
import type { SchemaRequest } from './schema-args.ts';

/** What is to be printed. */
export async function schema(request: SchemaRequest): Promise<Result<string>> {
  if (request.verb === 'check') return check(request.paths);
  const made = request.verb === 'header' ? headerText(request.path, request.prefix) : schemaText(request.path);
  if (!made.ok || request.out === null) return made;
  const written = await replaceFile(request.out, encodeUtf8(made.value));
  return written.ok ? ok('') : written;
}

/** All of them together, as a command would use them. */
function check(paths: readonly string[]): Result<string> {
  const draft = new SchemaDraft();
  const lines: string[] = [];
  for (const path of paths) {
    const text = readSchemaFile(path);
    if (!text.ok) return text;
    const types = draft.add(text.value);
    if (!types.ok) return types;
    lines.push(...types.value.map(({ type, name }) => `${path}: ${name}, type ${type} (0x${type.toString(16)})\n`));
  }
  return ok(lines.join(''));
}

const stem = (path: string): string => basename(path).replace(/\.[^.]*$/, '');

function headerText(path: string, prefix: string | null): Result<string> {
  const text = readSchemaFile(path);
  if (!text.ok) return text;
  const parsed = parseSchema(text.value);
  const given = prefix ?? stem(path).toLowerCase().replace(/\W/g, '_');
  return parsed.ok ? headerOf(parsed.value, { prefix: given }) : parsed;
}

function schemaText(path: string): Result<string> {
  let header: string;
  try {
    header = readSmallFile(path, MOST_SCHEMA_BYTES).toString('utf8');
  } catch (error) {
    return { ok: false, failure: failureOfSystemError(error, `The header ${path} could not be read`) };
  }
  const made = schemaTextOf(header, stem(path));
  if (made.ok) return made;
  const { code, message, action } = made.failure;
  return fail(code, `${basename(path)}: ${message}`, action);
}
