/** What drivers deal in, taken apart: bug checks, functions of IRPs, control codes, levels, pool tags. */
import {
  BUG_CHECK_NAMES,
  CONTROL_CODE_NAMES,
  DEVICE_TYPE_NAMES,
  GUID_NAMES,
  IRP_MAJOR_NAMES,
  IRP_MINOR_NAMES,
  IRQL_X64_NAMES,
  IRQL_X86_NAMES,
} from './driver-table.ts';
import { hexText, type Reading } from './reading.ts';
import { lazily, lazyTable, linesOf, type NameTable } from './table.ts';

const bugChecks = lazyTable(BUG_CHECK_NAMES);
const majors = lazyTable(IRP_MAJOR_NAMES);
/** By major function. */
const minors = lazily(() => {
  const tables = new Map<number, Map<number, readonly string[]>>();
  for (const [major, [minor = '', ...names]] of linesOf(IRP_MINOR_NAMES)) {
    const of = Number.parseInt(major, 16);
    const table = tables.get(of) ?? new Map<number, readonly string[]>();
    tables.set(of, table.set(Number.parseInt(minor, 16), names));
  }
  return tables;
});
const levelsX64 = lazyTable(IRQL_X64_NAMES);
const levelsX86 = lazyTable(IRQL_X86_NAMES);
const deviceTypes = lazyTable(DEVICE_TYPE_NAMES);
const controlCodes = lazyTable(CONTROL_CODE_NAMES);
const guids = lazily(() => new Map([...linesOf(GUID_NAMES)].map(([guid, [name = '']]) => [guid, name])));

const first = (table: NameTable, number: number): string | null => table.get(number)?.[0] ?? null;

/** `parameters`: as they were written, at most four. */
export function bugCheckReading(code: number, parameters: readonly string[] = []): Reading {
  const detail = parameters.map((value, at) => `parameter ${at + 1} ${value}`).join(', ');
  return { as: 'bug check', name: first(bugChecks(), code), detail: detail === '' ? hexText(code, 2) : detail };
}

export function majorReading(major: number): Reading | null {
  const name = first(majors(), major);
  return name === null ? null : { as: 'IRP major function', name, detail: hexText(major, 2) };
}

/** What a minor function is: of one major function, or of each that has one of this number. */
export function minorReadings(minor: number, major: number | null): readonly Reading[] {
  return [...minors()].flatMap(([of, names]) => {
    const name = major === null || of === major ? first(names, minor) : null;
    if (name === null) return [];
    return [{ as: 'IRP minor function', name, detail: `${hexText(minor, 2)} of ${first(majors(), of)}` }] as const;
  });
}

const METHODS = ['METHOD_BUFFERED', 'METHOD_IN_DIRECT', 'METHOD_OUT_DIRECT', 'METHOD_NEITHER'] as const;
const ACCESSES = ['FILE_ANY_ACCESS', 'FILE_READ_ACCESS', 'FILE_WRITE_ACCESS', 'read and write access'] as const;
/** Device types and functions from here on are free for anybody. */
const FIRST_OWN_TYPE = 0x8000;
const FIRST_OWN_FUNCTION = 0x800;

/** A control code, 32 bits unsigned, as CTL_CODE puts it together: device type, access, function, method. */
export function controlCodeReading(code: number): Reading {
  const type = code >>> 16;
  const called = (code >>> 2) & 0xfff;
  const device = first(deviceTypes(), type) ?? (type >= FIRST_OWN_TYPE ? 'of a vendor' : null);
  const detail = [
    `device ${hexText(type)}${device === null ? '' : ` (${device})`}`,
    `function ${hexText(called)}${called >= FIRST_OWN_FUNCTION ? ' (of a vendor)' : ''}`,
    METHODS[code & 3],
    ACCESSES[(code >>> 14) & 3],
  ].join(', ');
  return { as: 'control code', name: first(controlCodes(), code), detail };
}

export const isKnownControlCode = (code: number): boolean => controlCodes().has(code);

const MOST_LEVEL = 31;

/** An interrupt request level. The lowest three are the same on every processor. Null for a number that is none. */
export function levelReading(level: number): Reading | null {
  if (level > MOST_LEVEL) return null;
  const x64 = levelsX64().get(level)?.join(', ');
  const x86 = levelsX86().get(level)?.join(', ');
  if (x64 !== undefined && x64 === x86 && level <= 2) {
    return { as: 'IRQL', name: first(levelsX64(), level), detail: `${level} on every processor` };
  }
  const said = [...(level > 15 ? [] : [`x64: ${x64 ?? 'of a device'}`]), `x86: ${x86 ?? 'of a device'}`];
  return { as: 'IRQL', name: null, detail: said.join('; ') };
}

/** A pool tag as a number: its four characters lie in memory from the lowest byte on. Null where it is no text. */
export function poolTagReading(tag: number): Reading | null {
  const characters = [0, 8, 16, 24].map((shift) => (tag >>> shift) & 0xff);
  if (characters.some((byte) => byte < 0x20 || byte > 0x7e)) return null;
  const text = String.fromCharCode(...characters);
  const written = [...text].reverse().join('');
  return { as: 'pool tag', name: `'${text}'`, detail: `as tools show it; written '${written}' in C` };
}

/** A GUID in its usual form without braces; null where it has no name. */
export function guidReading(guid: string): Reading | null {
  const name = guids().get(guid.toLowerCase());
  return name === undefined ? null : { as: 'GUID', name, detail: '' };
}

/** What whole names stand for: of bug checks, functions of IRPs, control codes. */
const named = lazily(() => {
  const found = new Map<string, Reading[]>();
  const add = (name: string, reading: Reading) => found.set(name, [...(found.get(name) ?? []), reading]);
  for (const [code, names] of bugChecks()) {
    for (const name of names) add(name, { as: 'bug check', name: null, detail: hexText(code, 2) });
  }
  for (const [major, names] of majors()) {
    for (const name of names) add(name, { as: 'IRP major function', name: null, detail: hexText(major, 2) });
  }
  for (const [major, table] of minors()) {
    for (const [minor, names] of table) {
      const detail = `${hexText(minor, 2)} of ${first(majors(), major)}`;
      for (const name of names) add(name, { as: 'IRP minor function', name: null, detail });
    }
  }
  for (const [code, names] of controlCodes()) {
    const { detail } = controlCodeReading(code);
    for (const name of names) add(name, { as: 'control code', name: null, detail: `${hexText(code)}, ${detail}` });
  }
  return found;
});

/** What a whole name stands for, in upper case as it is declared; empty where it is none. */
export const readingsCalled = (name: string): readonly Reading[] => named().get(name) ?? [];
