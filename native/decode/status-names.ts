/** Names of the status codes that Windows and its drivers meet: NTSTATUS, HRESULT, Win32. */
import { HRESULT_NAMES, NTSTATUS_NAMES, WIN32_NAMES } from './status-table.ts';
import { lazily, lazyTable, type NameTable } from './table.ts';

export type StatusKind = 'ntstatus' | 'hresult' | 'win32';

export const STATUS_KINDS: readonly StatusKind[] = ['ntstatus', 'hresult', 'win32'];

const TABLES: Readonly<Record<StatusKind, () => NameTable>> = {
  ntstatus: lazyTable(NTSTATUS_NAMES),
  hresult: lazyTable(HRESULT_NAMES),
  win32: lazyTable(WIN32_NAMES),
};

/** The upper half of an HRESULT, and of an NTSTATUS, that holds a Win32 code in its lower one. */
export const HRESULT_OF_WIN32 = 0x8007_0000;
export const NTSTATUS_OF_WIN32 = 0xc007_0000;

const upperHalf = (code: number): number => (code & 0xffff_0000) >>> 0;

/** The names of a code, 32 bits: the one that is used first, then others for the same; of the kind alone. */
export function statusNames(kind: StatusKind, code: number): readonly string[] {
  return TABLES[kind]().get(code >>> 0) ?? [];
}

/** The name of a code, 32 bits; null if it has none. An HRESULT of facility Win32 has the Win32 name. */
export function statusName(kind: StatusKind, code: number): string | null {
  if (kind === 'hresult' && upperHalf(code) === HRESULT_OF_WIN32) {
    return statusNames('win32', code & 0xffff)[0] ?? null;
  }
  return statusNames(kind, code)[0] ?? null;
}

/** The name of the Win32 code that an HRESULT or an NTSTATUS holds; null if it holds none that has a name. */
export function wrappedWin32Name(kind: StatusKind, code: number): string | null {
  const upper = kind === 'hresult' ? HRESULT_OF_WIN32 : NTSTATUS_OF_WIN32;
  return kind !== 'win32' && upperHalf(code) === upper ? (statusNames('win32', code & 0xffff)[0] ?? null) : null;
}

export interface NamedStatus {
  readonly kind: StatusKind;
  /** 32 bits unsigned. */
  readonly code: number;
  readonly name: string;
}

/** Every name there is: NTSTATUS before HRESULT before Win32, each in the order of its numbers. */
export const allStatuses: () => readonly NamedStatus[] = lazily(() =>
  STATUS_KINDS.flatMap((kind) =>
    [...TABLES[kind]()].flatMap(([code, names]) => names.map((name) => ({ kind, code, name }))),
  ),
);

const byName = lazily(() => {
  const found = new Map<string, NamedStatus[]>();
  for (const each of allStatuses()) {
    const name = each.name.toLowerCase();
    const known = found.get(name);
    if (known === undefined) found.set(name, [each]);
    else known.push(each);
  }
  return found;
});

/** What a whole name stands for, whatever the case of its letters; empty where it is none. */
export const statusesCalled = (name: string): readonly NamedStatus[] => byName().get(name.toLowerCase()) ?? [];

/** `0xc0000022(STATUS_ACCESS_DENIED)`: a number of 32 bits with the name it has, or alone. */
export function namedCode(code: number, name: string | null): string {
  return `0x${code.toString(16).padStart(8, '0')}${name === null ? '' : `(${name})`}`;
}
