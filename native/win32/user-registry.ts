/** Texts in the registry below HKEY_CURRENT_USER, for which no rights are needed, and telling the desktop of them. */
import { fail, ok, type Result } from '../core/result.ts';
import { ERROR } from './errors.ts';
import { bound, systemError } from './library.ts';
import { registryCalls } from './registry-calls.ts';

const HKEY_CURRENT_USER = 0xffffffff80000001n;
const KEY_READ = 0x20019;
const KEY_SET_VALUE = 0x0002;
const REG_SZ = 1;
const SHCNE_ASSOCCHANGED = 0x08000000;
const SHCNF_IDLIST = 0;

const shell = bound('shell32.dll', (declare) => ({
  changed: declare('void __stdcall SHChangeNotify(int32_t event, uint32_t flags, void *first, void *second)'),
}));

/** One text of the registry; an empty name is the value that a key has by itself. */
export interface UserText {
  /** Below HKEY_CURRENT_USER. */
  readonly key: string;
  readonly name: string;
  readonly text: string;
}

const isAbsent = (error: number): boolean => error === ERROR.FILE_NOT_FOUND || error === ERROR.PATH_NOT_FOUND;

function refused(key: string, what: string, error: number): Result<never> {
  const code = error === ERROR.ACCESS_DENIED ? 'permission-denied' : 'io-error';
  return fail(code, `HKCU\\${key} ${what}`, 'See the system error', systemError(error));
}

/** Writes a text (REG_SZ), creating its key. Failures: permission-denied, io-error, source-unsupported. */
export function writeUserText({ key, name, text }: UserText): Result<void> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const { createKey, setValue, closeKey } = loaded.value;
  const opened = new BigUint64Array(1);
  const made = createKey(HKEY_CURRENT_USER, key, 0, null, 0, KEY_SET_VALUE, null, opened, new Uint32Array(1));
  if (made !== 0) return refused(key, 'cannot be opened for writing', made);
  // With the NUL that ends it.
  const units = new Uint16Array(text.length + 1);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  const error = setValue(opened[0], name, 0, REG_SZ, units, units.byteLength);
  closeKey(opened[0]);
  return error === 0 ? ok(undefined) : refused(key, 'cannot be written', error);
}

/** Removes a key with all that is in it; harmless if there is none. Failures: as writeUserText. */
export function removeUserKey(key: string): Result<void> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const error = loaded.value.deleteTree(HKEY_CURRENT_USER, key);
  return error === 0 || isAbsent(error) ? ok(undefined) : refused(key, 'cannot be removed', error);
}

/** Removes a value; harmless if there is none. Failures: as writeUserText. */
export function removeUserValue(key: string, name: string): Result<void> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const error = loaded.value.removeValueOf(HKEY_CURRENT_USER, key, name);
  return error === 0 || isAbsent(error) ? ok(undefined) : refused(key, `cannot be rid of ${name}`, error);
}

/** Removes a key that has neither values nor keys; harmless if it has, or if there is none. Failures: as writeUserText. */
export function removeEmptyUserKey(key: string): Result<void> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const { openKey, queryInfo, deleteKey, closeKey } = loaded.value;
  const opened = new BigUint64Array(1);
  const found = openKey(HKEY_CURRENT_USER, key, 0, KEY_READ, opened);
  if (isAbsent(found)) return ok(undefined);
  if (found !== 0) return refused(key, 'cannot be opened', found);
  const keys = new Uint32Array(1);
  const values = new Uint32Array(1);
  const asked = queryInfo(opened[0], null, null, null, keys, null, null, values, null, null, null, null);
  closeKey(opened[0]);
  if (asked !== 0) return refused(key, 'cannot be asked what it holds', asked);
  if (keys[0] !== 0 || values[0] !== 0) return ok(undefined);
  const error = deleteKey(HKEY_CURRENT_USER, key);
  return error === 0 || isAbsent(error) ? ok(undefined) : refused(key, 'cannot be removed', error);
}

/** Has the desktop look again which programs open which files. Failure: source-unsupported. */
export function tellOfAssociations(): Result<void> {
  const loaded = shell();
  if (!loaded.ok) return loaded;
  loaded.value.changed(SHCNE_ASSOCCHANGED, SHCNF_IDLIST, null, null);
  return ok(undefined);
}
