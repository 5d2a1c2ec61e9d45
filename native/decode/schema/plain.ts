/**
 * Reads a payload by a schema as the schema stands, field by field and byte by byte: the plain twin of compile.ts. What
 * each kind is, is told once more here; numbers are put together of their bytes.
 */
import { familyOf, guidText, ipv4Text, ipv6Text, macText } from './address-text.ts';
import { type Misfit, needs, PADDING } from './misfit.ts';
import { type Count, type Field, fixedBytes, type Kind, type RecordType, type Ref, SCHEMA_LIMITS } from './model.ts';
import { decodeText, upToNul } from './text-decoder.ts';
import type { Value } from './value-text.ts';

export type PlainDecoded = { readonly values: readonly Value[] } | { readonly misfit: Misfit };

interface State {
  readonly payload: Uint8Array;
  at: number;
  count: number;
}

class Stop extends Error {
  readonly misfit: Misfit;
  constructor(misfit: Misfit) {
    super(misfit.problem);
    this.misfit = misfit;
  }
}

/** What a payload of the type holds. */
export function decodePlainly({ fields, header }: RecordType, payload: Uint8Array): PlainDecoded {
  const state: State = { payload, at: 0, count: 0 };
  const values: Value[] = [];
  let end = payload.length;
  try {
    for (const [at, field] of fields.entries()) {
      if (header !== null && at === header.fields) state.at = end;
      const inHeader = header !== null && at < header.fields && at > header.at;
      if (inHeader && state.at + (fixedBytes(field.of) as number) > end) {
        values.push(null);
        // What is absent takes no bytes, but those behind it lie further on.
        state.at += fixedBytes(field.of) as number;
        continue;
      }
      values.push(readValue(state, field.of, [values], nameOf(field)));
      if (header === null || at !== header.at) continue;
      const stated = Number(values[at]);
      end = stated === 0 ? header.first : stated;
      if (end < state.at || end > payload.length) {
        const problem = `it states a header of ${end} bytes, which has ${state.at} at least and of which ${payload.length} are there`;
        throw new Stop({ field: field.name, offset: 0, problem });
      }
    }
    return { values };
  } catch (error) {
    if (error instanceof Stop) return { misfit: error.misfit };
    throw error;
  }
}

function take(state: State, bytes: number, name: string): number[] {
  const left = state.payload.length - state.at;
  if (bytes > left) throw new Stop({ field: name, offset: state.at, problem: needs(bytes, left) });
  const taken = [...state.payload.subarray(state.at, state.at + bytes)];
  state.at += bytes;
  return taken;
}

function whole(bytes: readonly number[], big: boolean, signed: boolean): bigint {
  const ordered = big ? bytes : [...bytes].reverse();
  const value = ordered.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return signed && (ordered[0] as number) >= 128 ? value - 256n ** BigInt(bytes.length) : value;
}

function readValue(state: State, of: Kind, scopes: readonly (readonly Value[])[], name: string): Value {
  const stop = (problem: string, offset = state.at): Stop => new Stop({ field: name, offset, problem });
  const number = (bytes: number, big = false, signed = false): number | bigint => {
    const value = whole(take(state, bytes, name), big, signed);
    return bytes === 8 ? value : Number(value);
  };
  const refer = ({ up, at }: Ref): number | bigint | null =>
    scopes[scopes.length - 1 - up]?.[at] as number | bigint | null;
  const counted = (count: Count): number | null => {
    if ('fixed' in count) return count.fixed;
    const value = refer(count.ref);
    if (value !== null && value < 0) throw stop(`'${count.ref.name}' says ${value} of them`);
    return value === null ? null : Number(value);
  };
  if (of.kind === 'pad') {
    take(state, of.bytes, name);
    return null;
  }
  if (of.kind === 'align') {
    while (state.at % of.bytes !== 0) {
      const left = of.bytes - (state.at % of.bytes);
      if (left > state.payload.length - state.at) throw stop(needs(left, state.payload.length - state.at));
      take(state, left, name);
    }
    return null;
  }
  if (++state.count > SCHEMA_LIMITS.values) throw stop(`the record has more than ${SCHEMA_LIMITS.values} values`);
  switch (of.kind) {
    case 'int': {
      const begin = state.at;
      const value = number(of.bits / 8, of.big, of.signed);
      if (of.none !== null && BigInt(value) === of.none) return null;
      if (of.only && !of.enum?.values.some((each) => each.value === BigInt(value))) {
        throw stop(`${value} is none of the numbers that it may be`, begin);
      }
      return value;
    }
    case 'bool':
      return number(of.bytes) !== 0;
    case 'status':
      return number(4, of.big);
    case 'pointer':
      return number(of.bytes);
    case 'filetime':
      return number(8);
    case 'duration':
      return number(of.bits / 8, of.big);
    case 'guid':
      return guidText(Uint8Array.from(take(state, 16, name)), 0);
    case 'mac':
      return macText(Uint8Array.from(take(state, 6, name)), 0);
    case 'ipv4':
      return ipv4Text(Uint8Array.from(take(state, 4, name)), 0);
    case 'ipv6':
      return ipv6Text(Uint8Array.from(take(state, 16, name)), 0);
    case 'ip': {
      const begin = state.at;
      const bytes = Uint8Array.from(take(state, 16, name));
      const family = refer(of.family);
      if (family === null) return null;
      const version = familyOf(family);
      if (version === null) throw stop(`the family ${family} in '${of.family.name}' is neither 4 nor 6`, begin);
      return version === 4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0);
    }
    case 'text':
    case 'bytes': {
      const { extent } = of;
      const isText = of.kind === 'text';
      if (extent.by === 'nul') return toNul(state, of as Kind & { kind: 'text' }, stop);
      const units = extent.by === 'rest' ? state.payload.length - state.at : counted(extent.count);
      if (units === null) return null;
      const bytes = extent.by === 'rest' ? units : units * extent.unit;
      if (isText && of.encoding === 'utf16' && bytes % 2 === 1) {
        throw stop(`${bytes} bytes are no whole number of UTF-16 units`);
      }
      const taken = Uint8Array.from(take(state, bytes, name));
      if (!isText) return taken;
      const text = decodeText(of.encoding, of.big, taken);
      return extent.by === 'count' && 'fixed' in extent.count ? upToNul(text) : text;
    }
    case 'array': {
      const most = of.count === 'rest' ? null : counted(of.count);
      if (of.count !== 'rest' && most === null) return null;
      const values: Value[] = [];
      while (most === null ? state.at < state.payload.length : values.length < most) {
        values.push(readValue(state, of.of, [...scopes, []], `${name}[${values.length}]`));
      }
      return values;
    }
    case 'struct': {
      const values: Value[] = [];
      for (const field of of.fields) {
        values.push(readValue(state, field.of, [...scopes, values], nameWithin(name, field)));
      }
      return values;
    }
  }
}

const nameOf = (field: Field): string => (field.name === '' ? PADDING : field.name);
const nameWithin = (outer: string, field: Field): string => `${outer}.${nameOf(field)}`;

function toNul(state: State, of: Kind & { kind: 'text' }, stop: (problem: string) => Stop): string {
  const unit = of.encoding === 'utf8' ? 1 : 2;
  const left = state.payload.subarray(state.at);
  for (let at = 0; at + unit <= left.length; at += unit) {
    if (!left.subarray(at, at + unit).every((byte) => byte === 0)) continue;
    state.at += at + unit;
    return decodeText(of.encoding, of.big, left.subarray(0, at));
  }
  throw stop(`no NUL follows in the ${left.length} bytes that are left`);
}
