/** The registry below HKEY_LOCAL_MACHINE in its 64-bit view: reads, lists, writes and removes numbers, reads and writes texts. */
import { filetimeToUnixMs } from '../core/filetime.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { ERROR } from './errors.ts';
import { systemError, wideText } from './library.ts';
import { registryCalls } from './registry-calls.ts';

const HKEY_LOCAL_MACHINE = 0xffffffff80000002n;
const KEY_READ = 0x20019;
const KEY_SET_VALUE = 0x0002;
const KEY_WOW64_64KEY = 0x0100;
const RRF_RT_REG_DWORD = 0x10;
/** Accepts REG_SZ, and REG_EXPAND_SZ without expanding it. */
const RRF_RT_TEXT = 0x10000006;
const REG_SZ = 1;
const REG_DWORD = 4;

function refused(what: string, error: number): Result<never> {
  const system = systemError(error);
  if (error === ERROR.ACCESS_DENIED) return fail('permission-denied', what, 'Run RingView as administrator', system);
  return fail('io-error', what, 'See the system error', system);
}

/** A REG_DWORD below HKLM; null if there is none of this name. Failures: permission-denied, io-error, source-unsupported. */
export function readDword(path: string, name: string): Result<number | null> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const data = new Uint32Array(1);
  const error = loaded.value.getValue(
    HKEY_LOCAL_MACHINE,
    path,
    name,
    RRF_RT_REG_DWORD,
    null,
    data,
    new Uint32Array([data.byteLength]),
  );
  if (error === 0) return ok(data[0] as number);
  if (error === ERROR.FILE_NOT_FOUND || error === ERROR.PATH_NOT_FOUND) return ok(null);
  return refused(`HKLM\\${path}\\${name} cannot be read`, error);
}

/** A text below HKLM, not expanded; null if there is none of this name. Failures: as readDword. */
export function readText(path: string, name: string): Result<string | null> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const data = new Uint16Array(32768);
  const bytes = new Uint32Array([data.byteLength]);
  const error = loaded.value.getValue(HKEY_LOCAL_MACHINE, path, name, RRF_RT_TEXT, null, data, bytes);
  if (error === 0) return ok(wideText(data));
  if (error === ERROR.FILE_NOT_FOUND || error === ERROR.PATH_NOT_FOUND) return ok(null);
  return refused(`HKLM\\${path}\\${name} cannot be read`, error);
}

/** Every REG_DWORD of a key below HKLM, by name; empty if the key does not exist. Failures: as readDword. */
export function listDwords(path: string): Result<Map<string, number>> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const { openKey, enumValue, closeKey } = loaded.value;
  const opened = new BigUint64Array(1);
  const openError = openKey(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | KEY_WOW64_64KEY, opened);
  if (openError === ERROR.FILE_NOT_FOUND) return ok(new Map());
  if (openError !== 0) return refused(`HKLM\\${path} cannot be opened`, openError);
  const values = new Map<string, number>();
  const name = new Uint16Array(16384);
  const units = new Uint32Array(1);
  const type = new Uint32Array(1);
  const data = new Uint8Array(4);
  const bytes = new Uint32Array(1);
  let error = 0;
  for (let index = 0; error === 0; index++) {
    units[0] = name.length;
    bytes[0] = data.length;
    error = enumValue(opened[0], index, name, units, null, type, data, bytes);
    // A value longer than a number is skipped.
    if (error === ERROR.MORE_DATA) error = 0;
    else if (error === 0 && type[0] === REG_DWORD && bytes[0] === 4) {
      values.set(wideText(name, units[0]), new DataView(data.buffer).getUint32(0, true));
    }
  }
  closeKey(opened[0]);
  return error === ERROR.NO_MORE_ITEMS ? ok(values) : refused(`HKLM\\${path} cannot be listed`, error);
}

/** When a value of a key below HKLM was last set or removed, milliseconds since 1970; null if there is no such key. Failures: as readDword. */
export function lastWritten(path: string): Result<number | null> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const { openKey, queryInfo, closeKey } = loaded.value;
  const opened = new BigUint64Array(1);
  const openError = openKey(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | KEY_WOW64_64KEY, opened);
  if (openError === ERROR.FILE_NOT_FOUND) return ok(null);
  if (openError !== 0) return refused(`HKLM\\${path} cannot be opened`, openError);
  const time = new BigUint64Array(1);
  const error = queryInfo(opened[0], null, null, null, null, null, null, null, null, null, null, time);
  closeKey(opened[0]);
  if (error !== 0) return refused(`HKLM\\${path} cannot be asked when it was written`, error);
  return ok(filetimeToUnixMs(time[0] as bigint));
}

/** Writes a REG_DWORD below HKLM, creating its key. Failures: permission-denied, io-error, source-unsupported. */
export function writeDword(path: string, name: string, value: number): Result<void> {
  return write(path, name, REG_DWORD, new Uint32Array([value]));
}

/** Writes a REG_SZ below HKLM, creating its key. Failures: as writeDword. */
export function writeText(path: string, name: string, value: string): Result<void> {
  return write(
    path,
    name,
    REG_SZ,
    Uint16Array.from(`${value}\0`, (unit) => unit.charCodeAt(0)),
  );
}

function write(path: string, name: string, type: number, data: Uint16Array | Uint32Array): Result<void> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const { createKey, setValue, closeKey } = loaded.value;
  const opened = new BigUint64Array(1);
  const created = createKey(
    HKEY_LOCAL_MACHINE,
    path,
    0,
    null,
    0,
    KEY_SET_VALUE | KEY_WOW64_64KEY,
    null,
    opened,
    new Uint32Array(1),
  );
  if (created !== 0) return refused(`HKLM\\${path} cannot be opened for writing`, created);
  const error = setValue(opened[0], name, 0, type, data, data.byteLength);
  closeKey(opened[0]);
  return error === 0 ? ok(undefined) : refused(`HKLM\\${path}\\${name} cannot be written`, error);
}

/** Removes a value below HKLM; harmless if it is not there. Failures: permission-denied, io-error, source-unsupported. */
export function removeValue(path: string, name: string): Result<void> {
  const loaded = registryCalls();
  if (!loaded.ok) return loaded;
  const opened = new BigUint64Array(1);
  const openError = loaded.value.openKey(HKEY_LOCAL_MACHINE, path, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, opened);
  if (openError === ERROR.FILE_NOT_FOUND) return ok(undefined);
  if (openError !== 0) return refused(`HKLM\\${path} cannot be opened for writing`, openError);
  const error = loaded.value.removeValue(opened[0], name);
  loaded.value.closeKey(opened[0]);
  if (error === 0 || error === ERROR.FILE_NOT_FOUND) return ok(undefined);
  return refused(`HKLM\\${path}\\${name} cannot be removed`, error);
}
