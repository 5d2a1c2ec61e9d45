/** Values of fields as text, as JSON, and what they mean. */
import { filetimeToUnixMs } from '../../core/filetime.ts';
import { statusName } from '../status-names.ts';
import { type Field, type Kind, type RecordType, SCHEMA_LIMITS } from './model.ts';

/**
 * A value that was read: whole numbers of 64 bits as bigint, smaller ones as number; of a struct a value for each of its
 * fields, of an array for each element. Addresses, MACs and GUIDs are text; null is what a shorter header has not.
 */
export type Value = number | bigint | boolean | string | Uint8Array | null | readonly Value[];

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `0x` and two digits a byte; empty for no bytes. */
export function bytesText(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  let text = '0x';
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i] as number] as string;
  return text;
}

/** A FILETIME, 100 ns since 1601, in UTC; the number where it is none that a date can be made of. */
export function filetimeText(ticks: bigint): string {
  const date = new Date(filetimeToUnixMs(ticks));
  if (ticks === 0n || Number.isNaN(date.getTime())) return `${ticks}`;
  const fraction = String(ticks % 10_000_000n).padStart(7, '0');
  return `${date.toISOString().slice(0, -5)}.${fraction}Z`;
}

/** `1.5ms`, exactly. */
export function durationText(ns: bigint): string {
  if (ns < 0n) return `-${durationText(-ns)}`;
  const [digits, unit] = ns >= 10n ** 9n ? [9, 's'] : ns >= 10n ** 6n ? [6, 'ms'] : ns >= 1000n ? [3, 'us'] : [0, 'ns'];
  const text = String(ns).padStart(digits + 1, '0');
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return `${text.slice(0, text.length - digits)}${digits === 0 || fraction === '' ? '' : `.${fraction}`}${unit}`;
}

type IntKind = Kind & { readonly kind: 'int' };

const numberNames = new WeakMap<object, ReadonlyMap<bigint, string>>();

/** The name of a number in the enum of a field; undefined for none. */
export function enumName(of: IntKind, value: number | bigint): string | undefined {
  if (of.enum === null) return undefined;
  let names = numberNames.get(of.enum);
  if (names === undefined) {
    names = new Map(of.enum.values.map((each) => [each.value, each.name]));
    numberNames.set(of.enum, names);
  }
  return names.get(BigInt(value));
}

/** `read|write|0x40`: the names of flags that are set, and the rest of the bits. */
function flagsText(of: IntKind, value: bigint): string {
  let left = BigInt.asUintN(of.bits, value);
  const whole = left;
  const names: string[] = [];
  for (const flag of of.flags?.values ?? []) {
    if ((whole & flag.value) !== flag.value) continue;
    names.push(flag.name);
    left &= ~flag.value;
  }
  if (left !== 0n || names.length === 0) names.push(left === 0n ? '0' : `0x${left.toString(16)}`);
  return names.join('|');
}

/** A negative number in hex is that of its bits. */
const hexOf = (value: number | bigint, bits: number): string => `0x${BigInt.asUintN(bits, BigInt(value)).toString(16)}`;

function intText(of: IntKind, value: number | bigint): string {
  if (of.flags !== null) return flagsText(of, BigInt(value));
  const name = enumName(of, value);
  if (name !== undefined) return name;
  return of.hex ? hexOf(value, of.bits) : `${value}`;
}

/** A value in the text of a record, and wherever else it is shown. */
export function valueText(of: Kind, value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  switch (of.kind) {
    case 'int':
      return intText(of, value as number | bigint);
    case 'status': {
      const code = value as number;
      return statusName(of.of, code) ?? `0x${code.toString(16).padStart(8, '0')}`;
    }
    case 'pointer':
      return hexOf(value as number | bigint, of.bytes * 8);
    case 'filetime':
      return filetimeText(value as bigint);
    case 'duration':
      return durationText(BigInt(value as number | bigint) * BigInt(of.unitNs));
    case 'bytes':
      return bytesText(value as Uint8Array);
    case 'array':
      return `[${(value as readonly Value[]).map((each) => valueText(of.of, each)).join(', ')}]`;
    case 'struct':
      return `{${fieldsText(of.fields, value as readonly Value[])}}`;
    default:
      return String(value);
  }
}

/** `pid 4, name a.exe`: all fields that are there. */
export function fieldsText(fields: readonly Field[], values: readonly Value[]): string {
  const parts: string[] = [];
  for (const [at, field] of fields.entries()) {
    const value = values[at];
    if (field.name !== '' && value !== null && value !== undefined) {
      parts.push(`${field.name} ${valueText(field.of, value)}`);
    }
  }
  return parts.join(', ');
}

/** What a value is besides its text: the number behind a name, what a status is of. Empty where there is no more to say. */
export function valueMeaning(of: Kind, value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  switch (of.kind) {
    case 'int': {
      const number = value as number | bigint;
      const text = intText(of, number);
      const forms = [`${number}`, hexOf(number, of.bits)].filter((form) => form !== text);
      return (of.enum ?? of.flags) !== null || of.hex ? [...new Set(forms)].join(', ') : '';
    }
    case 'status': {
      const kind = { ntstatus: 'NTSTATUS', hresult: 'HRESULT', win32: 'Win32' }[of.of];
      const code = value as number;
      return statusName(of.of, code) === null ? kind : `${kind} 0x${code.toString(16).padStart(8, '0')}`;
    }
    case 'duration':
      return of.unitNs === 1 ? `${value} ns` : `${BigInt(value as number | bigint) * BigInt(of.unitNs)} ns`;
    case 'filetime':
      return 'FILETIME';
    case 'bytes':
      return `${(value as Uint8Array).length} bytes`;
    case 'array':
      return `${(value as readonly Value[]).length} elements`;
    default:
      return '';
  }
}

/** What JSON has of a value; numbers beyond 2^53 are text there, for readers that take numbers for doubles. */
export type JsonValue =
  | number
  | boolean
  | string
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

function integerJson(value: number | bigint): number | string {
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : `${value}`;
}

export function valueJson(of: Kind, value: Value | undefined): JsonValue {
  if (value === null || value === undefined) return null;
  switch (of.kind) {
    case 'int':
      return of.enum === null && of.flags === null && !of.hex
        ? integerJson(value as number | bigint)
        : intText(of, value as number | bigint);
    case 'bool':
      return value as boolean;
    case 'duration':
      return integerJson(BigInt(value as number | bigint) * BigInt(of.unitNs));
    case 'array':
      return (value as readonly Value[]).map((each) => valueJson(of.of, each));
    case 'struct':
      return fieldsJson(of.fields, value as readonly Value[]);
    default:
      return valueText(of, value);
  }
}

/** An object with all fields by their names; durations are nanoseconds. */
export function fieldsJson(fields: readonly Field[], values: readonly Value[]): { readonly [name: string]: JsonValue } {
  const entries = fields.flatMap((field, at) =>
    field.name === '' ? [] : [[field.name, valueJson(field.of, values[at])] as const],
  );
  return Object.fromEntries(entries);
}

/** Whether a value is there and neither empty nor zero. */
export function isPresent(value: Value | undefined): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  return typeof value !== 'object' || value.length > 0;
}

/** A text that is not longer than the text of a record may be. */
export const bounded = (text: string): string =>
  text.length <= SCHEMA_LIMITS.message ? text : `${text.slice(0, SCHEMA_LIMITS.message - 1)}\u2026`;

/** What stands in place of a message where a type has none: its name and its fields. */
export const plainMessage = ({ name, fields }: RecordType, values: readonly Value[]): string =>
  bounded(`${name}: ${fieldsText(fields, values)}`);
