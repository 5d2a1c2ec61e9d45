/** Calls about schemas. None carries a path: the person is asked for files, and a page names those there are by ids. */
import { result } from '../call.ts';
import { nothing, object, reject, text } from '../check.ts';
import type { SchemaState } from '../schemas.ts';

const ID = /^[0-9a-f]{16}$/;

export const schemaCalls = {
  /** The files as they are now: what a person has changed in one counts from then on. */
  'schemas.read': result<SchemaState>()(nothing),
  /**
   * Asks for files of schemas, and uses them for all sessions from then on; null if the person dismissed the dialog. A file
   * that is none is listed with what is wrong. Failure: overloaded.
   */
  'schemas.add': result<SchemaState | null>()(nothing),
  /** Uses a file no more. */
  'schemas.remove': result<SchemaState>()((value) => {
    const id = text(object(value).id, 'id');
    return ID.test(id) ? { id } : reject('id: that of a file was expected');
  }),
};
