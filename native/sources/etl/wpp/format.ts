/** Puts the values of a WPP message into its format, as tracefmt does. Pure. */
import { type ItemContext, readItem } from './items.ts';
import type { TmfMessage } from './tmf.ts';

/** `%10!05d!`, `%11!s!`, `%0` (the standard prefix), `%%`. */
const PLACE = /%(?:(\d+)(?:!([^!]*)!)?|%|!(\w+)!)/g;
/** Items are numbered from here. */
const FIRST_ITEM = 10;

/** The text of a message whose data lies in `start..`; what could not be read says so at its place. */
export function formatMessage(message: TmfMessage, start: number, context: ItemContext): string {
  const values = readValues(message, start, context);
  return message.format.replace(PLACE, (whole: string, number?: string, spec?: string, name?: string) => {
    if (whole === '%%') return '%';
    if (name !== undefined) return named(message, name) ?? whole;
    const at = Number(number);
    if (at === 0) return '';
    if (at < FIRST_ITEM) return known(message, at);
    const value = values.get(at);
    return value === undefined ? '<missing>' : formatted(value, spec ?? 's', context.is32Bit);
  });
}

/** The items in the order in which they lie: that of their numbers. */
function readValues(message: TmfMessage, start: number, context: ItemContext): Map<number, bigint | number | string> {
  const values = new Map<number, bigint | number | string>();
  let at = start;
  for (const number of [...message.items.keys()].sort((a, b) => a - b)) {
    const item = message.items.get(number);
    const read = item === undefined ? null : readItem(item, at, context);
    if (read === null) break;
    values.set(number, read.value);
    at = read.next;
  }
  return values;
}

/** Numbers below 10 stand for what the header has; the text of a row leaves them to its columns. */
function known(message: TmfMessage, number: number): string {
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
      return message.module;
    case 'STDPREFIX':
      return '';
    default:
      return null;
  }
}

const SPEC = /^([-+ #0]*)(\d*)(?:\.(\d+))?(?:I64|I32|I|ll|l|h|w|q|j|z|t)?([diouxXcCsSpeEfFgG])$/;

/** A value by a printf specification. Text under a number's specification, and what is no specification, stays as it is. */
export function formatted(value: bigint | number | string, spec: string, is32Bit: boolean): string {
  const parts = SPEC.exec(spec);
  if (!parts) return String(value);
  const [, flags = '', width = '', precision, kind = 's'] = parts;
  return padded(
    digitsOf(value, kind, flags, precision, spec, is32Bit),
    flags,
    Number(width),
    typeof value !== 'string',
  );
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
