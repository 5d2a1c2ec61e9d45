/** The values of terms: numbers with their ranges and names, lengths of time with their units. Both ways, exactly. */
import { LEVEL_NAMES } from '../../../native/core/entry.ts';
import { OTHER_LEVEL } from '../rows.ts';
import { knownNames } from './known-names.ts';
import { MOST, type NumberField, type NumberRange, ORIGIN_NAMES, type Relation } from './tree.ts';

/** What a value means, or what was expected in its place: the end of a sentence. */
export type Read = { readonly range: NumberRange } | { readonly expected: string };

interface TimeUnit {
  readonly names: readonly string[];
  readonly ns: number;
  /** How many decimals of it a nanosecond has. */
  readonly digits: number;
}

const UNITS: readonly TimeUnit[] = [
  { names: ['min'], ns: 60e9, digits: 9 },
  { names: ['ms'], ns: 1e6, digits: 6 },
  { names: ['us', 'µs', 'μs'], ns: 1e3, digits: 3 },
  { names: ['ns'], ns: 1, digits: 0 },
  { names: ['s', ''], ns: 1e9, digits: 9 },
  { names: ['h'], ns: 3600e9, digits: 9 },
];
const LENGTH = /^(-?)(\d{1,16})(?:\.(\d{1,12}))?(min|ms|us|µs|μs|ns|s|h|)$/;
const WHOLE = /^(?:\d{1,16}|0x[0-9a-f]{1,14})$/i;

/** The unit of time that a name stands for, seconds for the empty one; undefined for a name of none. */
export const timeUnit = (name: string): TimeUnit | undefined => UNITS.find(({ names }) => names.includes(name));

/** Nanoseconds that a text like `12.5s` means; without a unit they are seconds. `step`: that of its last digit. */
export function lengthOf(text: string): { readonly ns: number; readonly step: number } | null {
  const [, sign, whole = '', fraction = '', name = ''] = LENGTH.exec(text) ?? [];
  const unit = timeUnit(name);
  if (unit === undefined || whole === '') return null;
  const scaled = Number(fraction.slice(0, unit.digits).padEnd(unit.digits, '0')) * (unit.ns / 10 ** unit.digits);
  const ns = Number(whole) * unit.ns + Math.round(scaled);
  if (ns > Number.MAX_SAFE_INTEGER) return null;
  return { ns: sign === '-' && ns !== 0 ? -ns : ns, step: Math.max(1, Math.floor(unit.ns / 10 ** fraction.length)) };
}

/** `12.5s`: the shortest text of that many nanoseconds in seconds, milliseconds, microseconds or nanoseconds. */
export function lengthText(ns: number): string {
  if (ns < 0) return `-${lengthText(-ns)}`;
  if (ns === 0) return '0s';
  const [digits, unit] = ns >= 1e9 ? [9, 's'] : ns >= 1e6 ? [6, 'ms'] : ns >= 1e3 ? [3, 'us'] : [0, 'ns'];
  const text = String(ns).padStart(digits + 1, '0');
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return `${text.slice(0, text.length - digits)}${digits === 0 || fraction === '' ? '' : `.${fraction}`}${unit}`;
}

const LEVELS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(LEVEL_NAMES.map((name, level) => [name, level])),
  ...{ err: 0, warn: 1 },
};
const ORIGINS: Readonly<Record<string, number>> = Object.fromEntries(ORIGIN_NAMES.map((name, at) => [name, at]));

const EXPECTED: Readonly<Record<NumberField, string>> = {
  level: `a level was expected: ${LEVEL_NAMES.join(', ')}, other, or a number`,
  origin: `an origin was expected: ${ORIGIN_NAMES.join(', ')}, or a number`,
  time: 'a time was expected, such as 12.5s, 12s-13s or 14:03:22',
  delta: 'a length of time was expected, such as 1ms',
  ...{ cpu: 'numbers were expected, such as 3 or 3,5-7', pid: 'a number was expected' },
  ...{ tid: 'a number was expected', type: 'a number, or the name of a type that a schema describes, was expected' },
  ...{ remarks: 'a number was expected, such as 16 or 0x10', index: 'a number was expected, such as 100-200' },
};

/** Whether a field's numbers are nanoseconds. */
export const isLength = (field: NumberField): boolean => field === 'time' || field === 'delta';

/** One number, or the range a single value stands for: `12.5s` is every time that begins with these figures. */
function single(field: NumberField, text: string): NumberRange | null {
  if (isLength(field)) {
    const read = lengthOf(text);
    if (read === null) return null;
    return read.ns < 0
      ? { from: read.ns - read.step + 1, to: read.ns }
      : { from: read.ns, to: read.ns + read.step - 1 };
  }
  const name = text.toLowerCase();
  if (field === 'level' && name === 'other') return { from: OTHER_LEVEL, to: MOST.level };
  const names = field === 'level' ? LEVELS : field === 'origin' ? ORIGINS : {};
  const ofSchema = field === 'type' ? knownNames().typeNumbers.get(name) : undefined;
  if (ofSchema !== undefined) return { from: ofSchema, to: ofSchema };
  const number = Object.hasOwn(names, name) ? names[name] : WHOLE.test(text) ? Number(text) : undefined;
  return number === undefined || number > MOST[field] ? null : { from: number, to: number };
}

/** The exact number a relation compares with. */
function exact(field: NumberField, text: string): number | null {
  if (isLength(field)) return lengthOf(text)?.ns ?? null;
  return single(field, text)?.from ?? null;
}

/** What a value of a term means. Of levels, the more severe is the more: `>=warning` is errors and warnings. */
export function readValue(field: NumberField, relation: Relation, text: string): Read {
  const expected = { expected: EXPECTED[field] };
  if (relation !== ':') {
    const number = exact(field, text);
    if (number === null) return expected;
    const more = relation.startsWith('>') !== (field === 'level');
    const equal = relation.endsWith('=');
    const range = more
      ? { from: equal ? number : number + 1, to: Number.POSITIVE_INFINITY }
      : { from: Number.NEGATIVE_INFINITY, to: equal ? number : number - 1 };
    return { range };
  }
  const whole = single(field, text);
  if (whole !== null) return { range: whole };
  // A hyphen is also the sign of a length before the one it follows, two dots are nothing else.
  const [first, last, more] = text.split(text.includes('..') ? '..' : '-');
  if (first === undefined || last === undefined || more !== undefined) return expected;
  const from = exact(field, first);
  const to = exact(field, last);
  if (from === null || to === null) return expected;
  return to < from ? { expected: 'the range ends before it begins' } : { range: { from, to } };
}

/** A number as it is written in a term. */
export function valueText(field: NumberField, number: number): string {
  if (isLength(field)) return lengthText(number);
  if (field === 'level') return LEVEL_NAMES[number] ?? `${number}`;
  if (field === 'origin') return ORIGIN_NAMES[number] ?? `${number}`;
  return `${number}`;
}

/** A range that one value stands for, as that value; null where it is none. */
export function lengthWithStep(from: number, to: number): string | null {
  const step = to - from + 1;
  const decimals = 9 - Math.log10(step);
  const ns = from < 0 ? to : from;
  if (!Number.isInteger(decimals) || decimals < 0 || ns % step !== 0 || (from < 0 && to >= 0)) return null;
  const [shift, unit] = decimals > 6 ? [3, 'us'] : decimals > 3 ? [6, 'ms'] : decimals > 0 ? [9, 's'] : [9, 's'];
  return withDecimals(ns, shift as number, Math.max(0, decimals - 9 + (shift as number)), unit as string);
}

function withDecimals(ns: number, shift: number, decimals: number, unit: string): string {
  const text = String(Math.abs(ns)).padStart(shift + 1, '0');
  const fraction = text.slice(text.length - shift).slice(0, decimals);
  return `${ns < 0 ? '-' : ''}${text.slice(0, text.length - shift)}${fraction === '' ? '' : `.${fraction}`}${unit}`;
}
