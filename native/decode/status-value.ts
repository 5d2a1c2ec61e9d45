/**
 * A status code taken apart: its name, how severe it is, where it comes from. The same 32 bits can be an NTSTATUS, an
 * HRESULT and, if they are few, a Win32 code.
 */
import { hexText, type Reading } from './reading.ts';
import { FIRST_DISTINCT } from './status-forms.ts';
import { type StatusKind, statusNames, wrappedWin32Name } from './status-names.ts';
import { HRESULT_FACILITY_NAMES } from './status-table.ts';
import { lazyTable } from './table.ts';

const SEVERITIES = ['success', 'informational', 'warning', 'error'] as const;
const FACILITY = /^FACILITY_/;
const hresultFacilities = lazyTable(HRESULT_FACILITY_NAMES);

/** Up to here a number can be a Win32 code. */
export const MOST_WIN32 = 0xffff;

/** A code, 32 bits unsigned, as one of a kind. */
export function statusReading(kind: StatusKind, code: number): Reading {
  const own = statusNames(kind, code)[0] ?? null;
  const win32 = wrappedWin32Name(kind, code);
  const name = own ?? win32;
  switch (kind) {
    case 'win32':
      return { as: 'Win32', name, detail: `code ${code}` };
    case 'hresult':
      return { as: 'HRESULT', name, detail: hresultParts(code, own === null ? null : win32) };
    case 'ntstatus':
      return { as: 'NTSTATUS', name, detail: ntstatusParts(code, own === null ? null : win32) };
  }
}

/** Bits: 31-30 severity, 29 set by whoever is not Microsoft, 27-16 facility, 15-0 code. */
function ntstatusParts(code: number, win32: string | null): string {
  const parts = [
    `severity ${SEVERITIES[code >>> 30]}`,
    ...((code & 0x2000_0000) !== 0 ? ['customer-defined'] : []),
    `facility ${(code >>> 16) & 0xfff}`,
    `code ${code & 0xffff}`,
  ];
  return withWin32(parts, win32);
}

/** Bits: 31 failure, 29 customer, 28 an NTSTATUS made an HRESULT, 26-16 facility, 15-0 code. */
function hresultParts(code: number, win32: string | null): string {
  if ((code & 0x1000_0000) !== 0) {
    const inner = (code & ~0x1000_0000) >>> 0;
    return `made of NTSTATUS ${hexText(inner, 8)} ${statusNames('ntstatus', inner)[0] ?? ''}`.trimEnd();
  }
  const facility = (code >>> 16) & 0x7ff;
  const name = hresultFacilities().get(facility)?.[0]?.replace(FACILITY, '');
  const parts = [
    code >= 0x8000_0000 ? 'failure' : 'success',
    ...((code & 0x2000_0000) !== 0 ? ['customer-defined'] : []),
    `facility ${facility}${name === undefined ? '' : ` (${name})`}`,
    `code ${code & 0xffff}`,
  ];
  return withWin32(parts, win32);
}

const withWin32 = (parts: readonly string[], name: string | null): string =>
  [...parts, ...(name === null ? [] : [`Win32 ${name}`])].join(', ');

/**
 * What a number can be, of the kinds named, in their order: those as which it has a name. With `always`, where it has
 * none at all, what its parts say as the first kind; below 0x40000000 they would say nothing.
 */
export function statusReadings(code: number, kinds: readonly StatusKind[], always: boolean): readonly Reading[] {
  const named = kinds
    .filter((kind) => kind !== 'win32' || code <= MOST_WIN32)
    .map((kind) => statusReading(kind, code))
    .filter(({ name }) => name !== null);
  const [first] = kinds;
  if (named.length > 0 || !always || first === undefined || first === 'win32' || code < FIRST_DISTINCT) return named;
  return [statusReading(first, code)];
}
