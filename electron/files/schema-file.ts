/** Reads files of schemas, for the command line and the app alike. */
import { basename } from 'node:path';
import { fail, ok, type Result } from '../../native/core/result.ts';
import { MOST_SCHEMA_BYTES } from '../contract/schemas.ts';
import { checkSchemaText } from '../session/text/schemas.ts';
import { readSmallFile } from './read-small.ts';
import { failureOfSystemError } from './system-failure.ts';

/** The text of a file that is a schema. Failure: what cannot be read, bad-argument for what is none, with the file's name. */
export function readSchemaFile(path: string): Result<string> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readSmallFile(path, MOST_SCHEMA_BYTES));
  } catch (error) {
    if (error instanceof TypeError) return fail('bad-argument', `${path} is not UTF-8`, 'A schema is JSON in UTF-8');
    return { ok: false, failure: failureOfSystemError(error, `The schema ${path} could not be read`) };
  }
  const checked = checkSchemaText(text);
  if (checked.ok) return ok(text);
  const { code, message, action } = checked.failure;
  return fail(code, `${basename(path)}: ${message}`, action);
}
