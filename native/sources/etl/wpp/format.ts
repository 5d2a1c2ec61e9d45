/** Puts the values of a WPP message into its format, as tracefmt does. Pure. */
import { type ItemContext, readItem } from './items.ts';
import type { TmfItem, TmfMessage } from './tmf.ts';

/** `%10!05d!`, `%11!s!`, `%0` (the standard prefix), `%%`. */
const PLACE = /%(?:(\d+)(?:!([^!]*)!)?|%|!(\w+)!)/g;
/** Characters of a text: a format may take one value any number of times, and a row has no room for more anyway. */
const MOST_CHARACTERS = 262_144;
/** The number of the first item; smaller ones stand for parts of the header. */
const FIRST_ITEM = 10;

/** A part of a format: text as it is, or the place of an item. */
type Part = string | { readonly number: number; readonly spec: string };

/** A format taken apart, once for all messages that have it. */
interface Prepared {
  readonly parts: readonly Part[];
  /** In the order of their numbers, which is the order of their values in the data. */
  readonly items: readonly (readonly [number, TmfItem])[];
}

const prepared = new WeakMap<TmfMessage, Prepared>();

/** The text of a message whose data lies in `start..`; what could not be read says so at its place. */
export function formatMessage(message: TmfMessage, start: number, context: ItemContext): string {
  const { parts, items } = prepare(message);
  const values = readValues(items, start, context);
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else if (text.length <= MOST_CHARACTERS) {
      const value = values.get(part.number);
      text += value === undefined ? '<missing>' : formatted(value, part.spec, context.is32Bit);
    }
  }
  return text;
}

function prepare(message: TmfMessage): Prepared {
  const known = prepared.get(message);
  if (known !== undefined) return known;
  const parts: Part[] = [];
  let at = 0;
  for (const found of message.format.matchAll(PLACE)) {
    parts.push(message.format.slice(at, found.index));
    at = found.index + found[0].length;
    const [whole, number, spec = 's', name] = found;
    if (whole === '%%') parts.push('%');
    else if (name !== undefined) parts.push(named(message, name) ?? whole);
    else if (Number(number) >= FIRST_ITEM) parts.push({ number: Number(number), spec });
    else parts.push(headerPart(message, Number(number)));
  }
  parts.push(message.format.slice(at));
  const items = [...message.items].sort(([a], [b]) => a - b);
  const made = { parts, items };
  prepared.set(message, made);
  return made;
}

function readValues(
  items: Prepared['items'],
  start: number,
  context: ItemContext,
): Map<number, bigint | number | string> {
  const values = new Map<number, bigint | number | string>();
  let at = start;
  for (const [number, item] of items) {
    const read = readItem(item, at, context);
    if (read === null) break;
    values.set(number, read.value);
    at = read.next;
  }
  return values;
}

/** Numbers below 10 stand for parts of the header. Most of these are columns of a row, so its text leaves them out. */
function headerPart(message: TmfMessage, number: number): string {
  return number === 1 ? message.module : number === 2 ? message.sourceFile : '';
}

function named(message: TmfMessage, name: string): string | null {
  switch (name) {
    case 'FUNC':
      return message.function;
    case 'LEVEL':
      return message.level;
    case 'FLAGS':
      return message.flags;
    case 'FILE':
      return message.sourceFile;
    case 'LINE':
      return String(message.line);
    case 'MOD':
    case 'COMPNAME':
      return message.module;
    case 'TYP':
      return message.name;
    case 'SPACE':
      return ' ';
    case 'STDPREFIX':
      return '';
    default:
      return null;
  }
}

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: string | undefined;
  readonly kind: string;
}

/** Specifications that were taken apart; there are few different ones. Null if a text is not a specification. */
const specs = new Map<string, Spec | null>();
const MOST_SPECS = 1000;

function specOf(text: string): Spec | null {
  let spec = specs.get(text);
  if (spec === undefined) {
    const [, flags = '', width = '', precision, kind = 's'] = SPEC.exec(text) ?? [];
    spec = SPEC.test(text) ? { flags, width: Number(width), precision, kind } : null;
    if (specs.size < MOST_SPECS) specs.set(text, spec);
  }
  return spec;
}

const SPEC = /^([-+ #0]*)(\d*)(?:\.(\d+))?(?:I64|I32|I|ll|l|h|w|q|j|z|t)?([diouxXcCsSpeEfFgG])$/;

/** A value by a printf specification. Text under a number's specification, and what is no specification, stays as it is. */
export function formatted(value: bigint | number | string, spec: string, is32Bit: boolean): string {
  const parts = specOf(spec);
  if (parts === null) return String(value);
  const { flags, width, precision, kind } = parts;
  return padded(digitsOf(value, kind, flags, precision, spec, is32Bit), flags, width, typeof value !== 'string');
}

function digitsOf(
  value: bigint | number | string,
  kind: string,
  flags: string,
  precision: string | undefined,
  spec: string,
  is32Bit: boolean,
): string {
  if (typeof value === 'string') return precision === undefined ? value : value.slice(0, Number(precision));
  if (kind === 'p')
    return BigInt.asUintN(64, BigInt(value))
      .toString(16)
      .toUpperCase()
      .padStart(is32Bit ? 8 : 16, '0');
  if ('cC'.includes(kind)) return String.fromCharCode(Number(value) & 0xffff);
  if ('eEfFgGsS'.includes(kind)) return real(Number(value), kind, precision);
  if (typeof value === 'number' && flags === '' && precision === undefined && (value | 0) === value) {
    const quick = digitsOfWord(value, kind, spec);
    if (quick !== null) return quick;
  }
  const whole = BigInt(typeof value === 'number' ? Math.trunc(value) : value);
  const wide = typeof value === 'bigint' || /I64|ll/.test(spec);
  if ('di'.includes(kind)) {
    const signed = whole < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
    return `${signed}${(whole < 0n ? -whole : whole).toString().padStart(Number(precision ?? 0), '0')}`;
  }
  const unsigned = BigInt.asUintN(wide ? 64 : 32, whole);
  const base = kind === 'o' ? 8 : kind === 'u' ? 10 : 16;
  const digits = unsigned.toString(base).padStart(Number(precision ?? 0), '0');
  const prefix = flags.includes('#') && unsigned !== 0n ? (base === 16 ? '0x' : base === 8 ? '0' : '') : '';
  const text = `${prefix}${digits}`;
  return kind === 'X' ? text.toUpperCase() : text;
}

/** The same for 32 bits and nothing else to mind, which most numbers are; null where the text needs a closer look. */
function digitsOfWord(value: number, kind: string, spec: string): string | null {
  if (kind === 'd' || kind === 'i') return String(value);
  if (/I64|ll/.test(spec)) return null;
  if (kind === 'u') return String(value >>> 0);
  if (kind === 'x') return (value >>> 0).toString(16);
  return kind === 'X' ? (value >>> 0).toString(16).toUpperCase() : null;
}

/** `%s` of a double is what `%g` of six digits makes of it. */
function real(value: number, kind: string, precision: string | undefined): string {
  const digits = precision === undefined ? 6 : Number(precision);
  const lower = kind.toLowerCase();
  if (lower === 'f') return value.toFixed(Math.min(100, digits));
  if (lower === 'e') return value.toExponential(Math.min(100, digits));
  return String(Number(toPrecision(value, Math.min(90, Math.max(1, digits)))));
}

/** C rounds a tie to the even digit, where JavaScript rounds it up. */
function toPrecision(value: number, digits: number): string {
  const exact = value.toPrecision(100);
  const rounded = value.toPrecision(digits);
  const mantissa = exact.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '');
  const isTie = /^50*$/.test(mantissa.slice(digits));
  if (!isTie || Number(mantissa[digits - 1]) % 2 === 1) return rounded;
  // One digit more, cut off again, leaves the even one.
  return value.toPrecision(digits + 1).replace(/5(e.*)?$/, '$1');
}

function padded(text: string, flags: string, width: number, isNumber: boolean): string {
  const most = Math.min(width, 4096);
  if (text.length >= most) return text;
  if (flags.includes('-')) return text.padEnd(most);
  if (!flags.includes('0') || !isNumber) return text.padStart(most);
  const sign = /^[-+ ]/.test(text) ? (text[0] as string) : '';
  return sign + text.slice(sign.length).padStart(most - sign.length, '0');
}
