/** Names of the status codes that Windows and its drivers meet: NTSTATUS, HRESULT, Win32. */
import { HRESULT_NAMES, NTSTATUS_NAMES, WIN32_NAMES } from './status-table.ts';

export type StatusKind = 'ntstatus' | 'hresult' | 'win32';

const TEXTS: Readonly<Record<StatusKind, string>> = {
  ntstatus: NTSTATUS_NAMES,
  hresult: HRESULT_NAMES,
  win32: WIN32_NAMES,
};
const tables = new Map<StatusKind, Map<number, string>>();

function tableOf(kind: StatusKind): Map<number, string> {
  let table = tables.get(kind);
  if (table === undefined) {
    table = new Map(
      TEXTS[kind].split('\n').map((line) => {
        const space = line.indexOf(' ');
        return [Number.parseInt(line.slice(0, space), 16), line.slice(space + 1)];
      }),
    );
    tables.set(kind, table);
  }
  return table;
}

/** The facility of an HRESULT that holds a Win32 code in its lower half. */
const FACILITY_WIN32 = 0x80070000;

/** The name of a code, 32 bits unsigned; null if it has none. An HRESULT of facility Win32 has the Win32 name. */
export function statusName(kind: StatusKind, code: number): string | null {
  const unsigned = code >>> 0;
  if (kind === 'hresult' && (unsigned & 0xffff0000) >>> 0 === FACILITY_WIN32) {
    return tableOf('win32').get(unsigned & 0xffff) ?? null;
  }
  return tableOf(kind).get(unsigned) ?? null;
}

/** `0xc0000022(STATUS_ACCESS_DENIED)`: a number of 32 bits with the name it has, or alone. */
export function namedCode(code: number, name: string | null): string {
  return `0x${code.toString(16).padStart(8, '0')}${name === null ? '' : `(${name})`}`;
}
