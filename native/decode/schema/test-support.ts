/** Schemas for tests, made at random or by a short hand. */
import fc from 'fast-check';
import type { RecordType, Schema } from './model.ts';
import { parseSchema } from './parse.ts';

/** The schema of one type, 16, with these fields; `more` beside them. */
export function oneType(fields: readonly object[], more: object = {}, top: object = {}): string {
  return JSON.stringify({ ringview_schema: 1, ...top, types: { 16: { name: 'thing', fields, ...more } } });
}

export function schemaOf(text: string): Schema {
  const parsed = parseSchema(text);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

export const typeOf = (text: string): RecordType => schemaOf(text).types[0] as RecordType;

/** Bytes in hex, blanks between them as it pleases. */
export const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const endian = fc.option(fc.constantFrom('little', 'big'), { nil: undefined });
const plainField = fc.oneof(
  fc.record(
    { type: fc.constantFrom('u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64', 'i64'), endian, show: fc.constant('hex') },
    { requiredKeys: ['type'] },
  ),
  fc.record({
    type: fc.constantFrom('u8', 'u32', 'i16'),
    enum: fc.constant({ 0: 'none', 1: 'one' }),
    only: fc.boolean(),
  }),
  fc.record({ type: fc.constantFrom('u8', 'i16', 'u64'), none: fc.constantFrom(0, 1, '0x2') }),
  fc.record({ type: fc.constantFrom('u8', 'u64'), flags: fc.constant({ 1: 'a', 6: 'b' }) }),
  fc.record({ type: fc.constantFrom('ntstatus', 'win32', 'hresult', 'filetime', 'guid', 'mac', 'ipv4', 'ipv6') }),
  fc.record({ type: fc.constant('bool'), bytes: fc.constantFrom(1, 4) }),
  fc.record({ type: fc.constant('pointer'), bytes: fc.constantFrom(4, 8) }),
  fc.record({ type: fc.constant('duration'), bits: fc.constantFrom(32, 64), unit: fc.constantFrom('ns', 'ms', 's') }),
  fc.record({ type: fc.constant('utf8'), until: fc.constantFrom('nul', 'end') }),
  fc.record({ type: fc.constant('utf16'), until: fc.constantFrom('nul', 'end'), endian }),
  fc.record({ type: fc.constantFrom('utf8', 'utf16', 'bytes'), bytes: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ type: fc.constant('pad'), bytes: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('align'), bytes: fc.constantFrom(2, 4, 8) }),
);

/** What lies before it: `count` is the first field of each list. */
const countedField = fc.oneof(
  fc.record({ type: fc.constantFrom('utf8', 'utf16', 'bytes'), bytes: fc.constant('count') }),
  fc.record({ type: fc.constant('utf16'), chars: fc.constant('count'), endian }),
  fc.record({ type: fc.constant('ip'), family: fc.constant('count') }),
);

const listOf = (each: fc.Arbitrary<object>): fc.Arbitrary<object[]> =>
  fc
    .tuple(fc.constantFrom('u8', 'u16', 'i8', 'u64'), fc.array(each, { maxLength: 5 }), fc.boolean())
    .map(([type, more, none]) => [
      { name: 'count', type, ...(none ? { none: 6 } : {}) },
      ...more.map((field, at) =>
        'type' in field && /^(pad|align)$/.test(String(field.type)) ? field : { name: `f${at}`, ...field },
      ),
    ]);

const element = (field: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  field.filter((each) => !('type' in each) || !/^(pad|align)$/.test(String(each.type)));

function nested(depth: number): fc.Arbitrary<object> {
  if (depth === 0) return fc.oneof(plainField, countedField);
  const inner = nested(depth - 1);
  return fc.oneof(
    { weight: 4, arbitrary: fc.oneof(plainField, countedField) },
    { weight: 1, arbitrary: listOf(inner).map((fields) => ({ type: 'struct', fields })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(element(inner), fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant('count')))
        .map(([of, count]) => ({ type: 'array', of, count })),
    },
    { weight: 1, arbitrary: element(inner).map((of) => ({ type: 'array', of, until: 'end' })) },
  );
}

/** Texts of schemas that are read without a fault. */
export const anySchema: fc.Arbitrary<string> = fc.oneof(
  listOf(nested(2)).map((fields) => oneType(fields)),
  // With a header, whose fields are all of fixed length.
  fc
    .tuple(
      listOf(plainField.filter((field) => !('until' in field) && field.type !== 'align')),
      listOf(nested(1)),
      fc.constantFrom('u8', 'u16'),
    )
    .map(([head, tail, type]) =>
      oneType(
        [
          { name: 'header', type },
          ...head.map((field) => ('name' in field && field.name === 'count' ? { ...field, name: 'first' } : field)),
        ],
        {
          header_bytes: 'header',
          tail: tail.map((field) =>
            'name' in field && field.name !== 'count' ? { ...field, name: `t_${field.name}` } : field,
          ),
        },
      ),
    ),
);
