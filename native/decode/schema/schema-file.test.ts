/** Files of schemas: what is wrong with one is said in one sentence with its line and its place, whatever it holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../core/test-support.ts';
import { SCHEMA_LIMITS } from './model.ts';
import { parseSchema } from './parse.ts';
import { anySchema, oneType } from './test-support.ts';

function wrong(text: string): string {
  const parsed = parseSchema(text);
  if (parsed.ok) throw new Error('it is a schema');
  return parsed.failure.message;
}

const many = (count: number, make: (at: number) => object): object[] =>
  Array.from({ length: count }, (_, at) => make(at));
const u8 = (name: string): object => ({ name, type: 'u8' });
const type = (...fields: object[]): string => oneType(fields);
const deep = (depth: number): object =>
  depth === 0 ? { name: 'a', type: 'u8' } : { name: 'a', type: 'struct', fields: [deep(depth - 1)] };

describe('a file that is no schema', () => {
  it.each<[string, string]>([
    ['', 'line 1: a value was expected where the text ends'],
    ['{"a":1,\n"a":2}', 'line 2: the key "a" stands here for the second time'],
    ['{"ringview_schema":1,\n"types":}', "line 2: a value was expected where '}' stands"],
    ['{"a":tru}', "line 1: a value was expected where 'tru}' stands"],
    ['{"a":1} x', "line 1: the end was expected where 'x' stands"],
    [`${'['.repeat(50_000)}`, `line 1: values lie more than ${SCHEMA_LIMITS.jsonDepth} deep`],
    [`[${'1,'.repeat(30_000)}1]`, `line 1: there are more than ${SCHEMA_LIMITS.fileValues} values`],
    [
      ' '.repeat(SCHEMA_LIMITS.fileLength + 1),
      `It has ${SCHEMA_LIMITS.fileLength + 1} characters, more than the ${SCHEMA_LIMITS.fileLength} it may have`,
    ],
    ['[]', 'line 1: an object was expected'],
    ['{}', "line 1: 'ringview_schema' is missing"],
    ['{"ringview_schema":2}', 'line 1: ringview_schema: version 2 is not known here, only 1'],
    [
      '{"ringview_schema":1,"kinds":{}}',
      "line 1: 'kinds' is not known here: ringview_schema, name, description, endian, enums, flags, structs, types",
    ],
    ['{"ringview_schema":1,"types":{}}', 'line 1: types: there is no type'],
    [
      '{"ringview_schema":1,"types":{"0":{}}}',
      "line 1: types.0: '0' is no type number from 1 to 65535, such as 16 or 0x10",
    ],
    [
      '{"ringview_schema":1,"types":{"65536":{}}}',
      "line 1: types.65536: '65536' is no type number from 1 to 65535, such as 16 or 0x10",
    ],
    [
      '{"ringview_schema":1,\n"types":{"16":\n{"name":"a b","fields":[]}}}',
      "line 3: types.16.name: 'a b' is no name: it needs letters, figures and _ and may not begin with a figure",
    ],
    [type(), 'line 1: types.16.fields: the type has no field'],
    [
      type({ name: 'a', type: 'u17' }),
      "line 1: types.16.fields[0]: the type 'u17' is not known: u8 to u64, i8 to i64, bool, ntstatus, win32, hresult, pointer, filetime, duration, guid, mac, ipv4, ipv6, ip, utf8, utf16, bytes, array, struct, pad, align",
    ],
    [
      type({ name: 'a' }).replace('"type":', '"typ":'),
      "line 1: types.16.fields[0]: 'type' is missing: u8 to u64, i8 to i64, bool, ntstatus, win32, hresult, pointer, filetime, duration, guid, mac, ipv4, ipv6, ip, utf8, utf16, bytes, array, struct, pad, align",
    ],
    [
      type({ name: 'a', type: 'constructor' }),
      "line 1: types.16.fields[0]: the type 'constructor' is not known: u8 to u64, i8 to i64, bool, ntstatus, win32, hresult, pointer, filetime, duration, guid, mac, ipv4, ipv6, ip, utf8, utf16, bytes, array, struct, pad, align",
    ],
    [
      type({ name: 'a', type: 'u8', bytes: 1 }),
      "line 1: types.16.fields[0]: 'bytes' is not known here: type, name, description, endian, show, enum, only, flags, none",
    ],
    [type(u8('a'), u8('A')), "line 1: types.16.fields[1].name: another field is called 'A', too"],
    [
      type({ name: 'a'.repeat(65), type: 'u8' }),
      'line 1: types.16.fields[0].name: the name is longer than 64 characters',
    ],
    [
      type({ name: 'a', type: 'utf8' }),
      "line 1: types.16.fields[0]: where it ends is missing: one of 'bytes', 'chars' (of utf16) and 'until' was expected",
    ],
    [
      type({ name: 'a', type: 'utf8', bytes: 'n' }, u8('n')),
      "line 1: types.16.fields[0].bytes: no earlier field is called 'n'",
    ],
    [
      type({ name: 'n', type: 'guid' }, { name: 'a', type: 'utf8', bytes: 'n' }),
      "line 1: types.16.fields[1].bytes: the field 'n' is no number that counts",
    ],
    [
      type({ name: 'a', type: 'bytes', bytes: 65_537 }),
      'line 1: types.16.fields[0].bytes: a whole number from 1 to 65536 was expected',
    ],
    [
      type({ name: 'a', type: 'array', count: 65_536, of: { type: 'u16' } }),
      'line 1: types.16.fields[0]: it takes 131072 bytes, a payload has at most 65536',
    ],
    [
      type({ name: 'a', type: 'u8', enum: 'none' }),
      "line 1: types.16.fields[0].enum: 'none' is not declared in 'enums'",
    ],
    [type({ name: 'a', type: 'u8', enum: { x: 'y' } }), "line 1: types.16.fields[0].enum: 'x' is no number of 64 bits"],
    [
      type({ name: 'a', type: 'u8', enum: { 1: 'a b' } }),
      "line 1: types.16.fields[0].enum.1: a name of at most 64 characters without blanks, quotes, brackets, ',' and '|' was expected",
    ],
    [
      type({ name: 'a', type: 'u8', enum: { 1: 'a', '0x1': 'b' } }),
      'line 1: types.16.fields[0].enum: the number 0x1 stands here for the second time',
    ],
    [
      type({ name: 'a', type: 'u8', flags: { 0: 'none' } }),
      'line 1: types.16.fields[0].flags: a flag has a bit that is set',
    ],
    [
      type(deep(SCHEMA_LIMITS.depth + 1)),
      `line 1: types.16.fields[0]${'.fields[0]'.repeat(SCHEMA_LIMITS.depth)}: structs and arrays lie more than ${SCHEMA_LIMITS.depth} deep`,
    ],
    [
      oneType(
        [{ name: 'a', type: 'struct', struct: 's' }],
        {},
        { structs: { s: [{ name: 'b', type: 'struct', struct: 's' }] } },
      ),
      "line 1: structs.s[0].struct: the struct 's' lies within itself",
    ],
    [
      oneType(
        many(200, (at) => ({ name: `f${at}`, type: 'struct', struct: 's' })),
        {},
        { structs: { s: many(200, (at) => u8(`g${at}`)) } },
      ),
      `line 1: structs.s[18]: the type has more than ${SCHEMA_LIMITS.fieldsAType} fields with those in its structs`,
    ],
    [oneType(many(257, (at) => u8(`f${at}`))), 'line 1: types.16.fields: there are more than 256 fields'],
    [
      oneType([u8('a')], { header_bytes: 'b' }),
      "line 1: types.16.header_bytes: 'b' is no unsigned number among the fields",
    ],
    [
      oneType([u8('a'), { name: 't', type: 'utf8', until: 'end' }], { header_bytes: 'a' }),
      'line 1: types.16.fields: fields whose length varies belong into the tail of a header',
    ],
    [
      oneType([u8('a')], { tail: [] }),
      "line 1: types.16: 'tail' and 'first_header_bytes' need 'header_bytes', the field that states them",
    ],
    [oneType([u8('a')], { message: '{b}' }), "line 1: types.16.message: there is no field 'b'"],
    [oneType([u8('a')], { message: '{a' }), "line 1: types.16.message: '{' is not closed"],
    [oneType([u8('a')], { message: 'a]' }), "line 1: types.16.message: ']' stands alone; write it twice for itself"],
    [oneType([u8('a')], { message: '[a]' }), 'line 1: types.16.message: between [ and ] stands no field'],
    [
      oneType([u8('a')], { message: [{ when: 'a == 1', text: '' }] }),
      "line 1: types.16.message[0].when: 'a == 1' is no condition such as 'pid', '!pid', 'action = start', 'a != b' or 'flags has cut'",
    ],
    [oneType([u8('a')], { packet: 'wifi' }), `line 1: types.16.packet: a packet is "ethernet" or "ip", not 'wifi'`],
  ])('%#', (text, message) => {
    expect(wrong(text)).toBe(message);
  });

  it('is told in one line, of a file that was damaged anywhere', () => {
    const cases = countCases('schema', 'fault');
    fc.assert(
      fc.property(anySchema, fc.nat(), fc.nat({ max: 30 }), fc.string({ maxLength: 12 }), (text, at, gone, put) => {
        const place = at % text.length;
        const parsed = parseSchema(text.slice(0, place) + put + text.slice(place + gone));
        cases.note(parsed.ok ? 'schema' : 'fault');
        if (!parsed.ok) {
          expect(parsed.failure.message).toMatch(/^line \d+: .+/su);
          expect(parsed.failure.message.length).toBeLessThan(600);
        }
      }),
      { numRuns: 500 },
    );
    cases.expectEach(2);
  });

  it('is refused in a time in proportion to its length, whatever repeats in it', () => {
    const names = many(2000, (at) => ({ name: `f${at}`, type: 'u8' }));
    expect(wrong(oneType(names))).toContain('more than 256 fields');
    expect(wrong(`"${'\\'.repeat(200_000)}`)).toContain('a text in quotes was expected');
    expect(wrong(oneType([u8('a')], { message: '['.repeat(1025) }))).toContain('longer than 1024 characters');
  });
});
