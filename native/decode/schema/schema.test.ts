/** What schemas say of payloads: each kind by an example, and both readers of a payload held against each other. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../core/test-support.ts';
import { compileType } from './compile.ts';
import { misfitText } from './misfit.ts';
import { SCHEMA_LIMITS } from './model.ts';
import { decodePlainly } from './plain.ts';
import { renderMessage } from './render.ts';
import { SchemaSet } from './schema-set.ts';
import { anySchema, bytesOf, oneType, schemaOf, typeOf } from './test-support.ts';
import { fieldsJson, fieldsText } from './value-text.ts';

/** All fields of a payload on one line, or why it does not fit. */
function told(text: string, hex: string): string {
  const type = typeOf(text);
  const decoded = compileType(type).decode(bytesOf(hex));
  return decoded.values === null ? misfitText(decoded.misfit) : fieldsText(type.fields, decoded.values);
}

const field = (more: object): object => ({ name: 'x', ...more });

describe('a field', () => {
  it.each<[object, string, string]>([
    [{ type: 'u8' }, 'ff', 'x 255'],
    [{ type: 'i8' }, 'ff', 'x -1'],
    [{ type: 'u16' }, '0102', 'x 513'],
    [{ type: 'u16', endian: 'big' }, '0102', 'x 258'],
    [{ type: 'i32', show: 'hex' }, 'ffffffff', 'x 0xffffffff'],
    [{ type: 'u64' }, 'ffffffffffffffff', 'x 18446744073709551615'],
    [{ type: 'i64', endian: 'big' }, 'fffffffffffffffe', 'x -2'],
    [{ type: 'bool' }, '02', 'x true'],
    [{ type: 'bool', bytes: 4 }, '00000000', 'x false'],
    [{ type: 'u8', enum: { 1: 'start', 2: 'end' } }, '02', 'x end'],
    [{ type: 'u8', enum: { 1: 'start' } }, '07', 'x 7'],
    [{ type: 'i8', enum: { '-1': 'none' } }, 'ff', 'x none'],
    [{ type: 'u8', enum: { 1: 'start' }, only: true }, '07', 'x at offset 0: 7 is none of the numbers that it may be'],
    [{ type: 'u32', none: '0xffffffff' }, 'ffffffff', ''],
    [{ type: 'u16', flags: { 1: 'read', 2: 'write', '0x10': 'raw' } }, '5300', 'x read|write|raw|0x40'],
    [{ type: 'u16', flags: { 1: 'read' } }, '0000', 'x 0'],
    [{ type: 'ntstatus' }, '020100ee', 'x 0xee000102'],
    [{ type: 'ntstatus' }, 'b50000c0', 'x STATUS_IO_TIMEOUT'],
    [{ type: 'win32' }, '05000000', 'x ERROR_ACCESS_DENIED'],
    [{ type: 'hresult', endian: 'big' }, '80070005', 'x ERROR_ACCESS_DENIED'],
    [{ type: 'pointer' }, '0010000000f8ffff', 'x 0xfffff80000001000'],
    [{ type: 'pointer', bytes: 4 }, '00100000', 'x 0x1000'],
    [{ type: 'filetime' }, '0080 3ed5 deb1 9d01', 'x 1970-01-01T00:00:00.0000000Z'],
    [{ type: 'filetime' }, '0000000000000000', 'x 0'],
    [{ type: 'duration' }, '60e3160000000000', 'x 1.5ms'],
    [{ type: 'duration', unit: '100ns', bits: 32 }, '0a000000', 'x 1us'],
    [{ type: 'guid' }, '33221100554477668899aabbccddeeff', 'x 00112233-4455-6677-8899-aabbccddeeff'],
    [{ type: 'mac' }, '0001020a0bff', 'x 00:01:02:0a:0b:ff'],
    [{ type: 'ipv4' }, '7f000001', 'x 127.0.0.1'],
    [{ type: 'ipv6' }, 'fe80000000000000 0000000000000001', 'x fe80::1'],
    [{ type: 'ipv6' }, '00000000000000000000000000000000', 'x ::'],
    [{ type: 'ipv6' }, '00010000000200030004000500060007', 'x 1:0:2:3:4:5:6:7'],
    [{ type: 'utf8', bytes: 4 }, '61620041', 'x ab'],
    [{ type: 'utf8', until: 'nul' }, '616200', 'x ab'],
    [{ type: 'utf8', until: 'nul' }, '6162', 'x at offset 0: no NUL follows in the 2 bytes that are left'],
    [{ type: 'utf8', until: 'end' }, '61c3a4', 'x a\u00e4'],
    [{ type: 'utf16', chars: 2 }, '61006200', 'x ab'],
    [{ type: 'utf16', until: 'end', endian: 'big' }, '00610062', 'x ab'],
    [{ type: 'utf16', until: 'end' }, '610062', 'x at offset 0: 3 bytes are no whole number of UTF-16 units'],
    [{ type: 'bytes', bytes: 2 }, '01ff', 'x 0x01ff'],
    [{ type: 'array', of: { type: 'u16' }, count: 2 }, '01000200', 'x [1, 2]'],
    [{ type: 'array', of: { type: 'u16' }, until: 'end' }, '010002', 'x[1] at offset 2: 2 bytes are needed, 1 is left'],
    [
      {
        type: 'struct',
        fields: [
          { name: 'a', type: 'u8' },
          { name: 'b', type: 'u8' },
        ],
      },
      '0102',
      'x {a 1, b 2}',
    ],
    [{ type: 'u32' }, '0102', 'x at offset 0: 4 bytes are needed, 2 are left'],
  ])('%j of %s is %s', (of, hex, text) => {
    expect(told(oneType([field(of)]), hex)).toBe(text);
  });

  it('is counted or chosen by an earlier one, also from within structs and arrays', () => {
    const text = oneType(
      [
        { name: 'n', type: 'u8' },
        { name: 'family', type: 'u8' },
        { name: 'local', type: 'ip', family: 'family' },
        { name: 'items', type: 'array', count: 'n', of: { type: 'struct', struct: 'item' } },
      ],
      {},
      {
        structs: {
          item: [
            { name: 'length', type: 'u8' },
            { name: 'name', type: 'utf8', bytes: 'length' },
            { name: 'data', type: 'bytes', bytes: 'n' },
          ],
        },
      },
    );
    const address = '0a000001000000000000000000000000';
    expect(told(text, `0204${address} 0161 0102 00 0304`)).toBe(
      'n 2, family 4, local 10.0.0.1, items [{length 1, name a, data 0x0102}, {length 0, name , data 0x0304}]',
    );
    expect(told(text, `0209${address}`)).toBe("local at offset 2: the family 9 in 'family' is neither 4 nor 6");
    expect(told(text, `0104${address} 0561`)).toBe('items[0].name at offset 19: 5 bytes are needed, 1 is left');
  });

  it('stands behind padding and at a multiple', () => {
    const fields = [
      { name: 'a', type: 'u8' },
      { type: 'pad', bytes: 1 },
      { name: 'b', type: 'u8' },
      { type: 'align', bytes: 4 },
      { name: 'c', type: 'u8' },
    ];
    expect(told(oneType(fields), '01ff02ff03')).toBe('a 1, b 2, c 3');
    expect(told(oneType(fields), '01ff02')).toBe('padding at offset 3: 1 byte is needed, 0 are left');
  });
});

describe('a header that has grown', () => {
  const text = oneType(
    [
      { name: 'name_bytes', type: 'u16' },
      { name: 'size', type: 'u16' },
      { name: 'session', type: 'u16' },
    ],
    {
      header_bytes: 'size',
      first_header_bytes: 4,
      tail: [{ name: 'name', type: 'utf8', bytes: 'name_bytes' }],
      message: 'name {name}[ in {session}]',
    },
  );
  const message = (hex: string): string | null => {
    const type = typeOf(text);
    const { values } = compileType(type).decode(bytesOf(hex));
    return values && renderMessage(type, values);
  };

  it('has null for what a shorter one lacks, and what follows it follows it', () => {
    expect(message('0200 0000 6162')).toBe('name ab');
    expect(message('0200 0400 6162')).toBe('name ab');
    expect(message('0200 0600 0900 6162')).toBe('name ab in 9');
    // A later version has more of it than is known here.
    expect(message('0200 0800 0900 ffff 6162')).toBe('name ab in 9');
    // Half of a field is none.
    expect(message('0200 0500 0a 6162')).toBe('name ab');
  });

  it('does not fit where it is longer than the payload or shorter than itself', () => {
    expect(told(text, '0200 0900 0900 6162')).toBe(
      'size at offset 0: it states a header of 9 bytes, which has 4 at least and of which 8 are there',
    );
    expect(message('0000 0300')).toBeNull();
  });
});

describe('a message', () => {
  const fields = [
    { name: 'action', type: 'u8', enum: { 1: 'start', 2: 'end' } },
    { name: 'pid', type: 'u8' },
    { name: 'parent', type: 'u8' },
    { name: 'path', type: 'utf8', until: 'end' },
  ];
  const rendered = (message: unknown, hex: string): string => {
    const type = typeOf(oneType(fields, message === undefined ? {} : { message }));
    const { values } = compileType(type).decode(bytesOf(hex));
    return values === null ? '' : renderMessage(type, values);
  };
  const messages = [
    { when: ['action = end'], text: '{pid} ended' },
    { when: ['parent != pid', 'parent'], text: '{pid} of {parent}[: {path}]' },
    { when: '!parent', text: '{pid} [[alone]] {{}}' },
  ];

  it.each<[unknown, string, string]>([
    ['{action} {pid}', '010500', 'start 5'],
    [messages, '02050361', '5 ended'],
    [messages, '01050361', '5 of 3: a'],
    [messages, '010503', '5 of 3'],
    [messages, '010500', '5 [alone] {}'],
    [messages, '010505', 'thing: action start, pid 5, parent 5, path '],
    [undefined, '0105', ''],
    [undefined, '010501', 'thing: action start, pid 5, parent 1, path '],
    [[{ when: 'action = 0x2', text: 'b' }], '020000', 'b'],
  ])('%j says of %s: %s', (message, hex, text) => {
    expect(rendered(message, hex)).toBe(text);
  });

  it('is not longer than a message may be, however often it names a field', () => {
    const long = 'ff'.repeat(60_000);
    const message = '{data}'.repeat(150);
    const type = typeOf(oneType([{ name: 'data', type: 'bytes', until: 'end' }], { message }));
    const { values } = compileType(type).decode(bytesOf(long));
    expect(renderMessage(type, values ?? []).length).toBe(SCHEMA_LIMITS.message);
  });
});

it('the example of the documentation is a schema, and says what it says', () => {
  const page = readFileSync(new URL('../../../.github/docs/schemas.md', import.meta.url), 'utf8');
  const type = typeOf(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const payload = '01 00 0500 00000000 0a000001 01bb 0a000002 0050 dc05000000000000 612e657865';
  const { values } = compileType(type).decode(bytesOf(payload));
  expect(renderMessage(type, values ?? [])).toBe('open 10.0.0.1:443 -> 10.0.0.2:80 by a.exe');
  const closed = compileType(type).decode(bytesOf(payload.replace(/^01/, '02'))).values;
  expect(renderMessage(type, closed ?? [])).toBe('close 10.0.0.1:443 after 1.5ms');
});

describe('JSON of the fields', () => {
  it('has numbers as numbers while a double is exact, and what has a name as its name', () => {
    const type = typeOf(
      oneType([
        { name: 'small', type: 'u64' },
        { name: 'large', type: 'u64' },
        { name: 'status', type: 'ntstatus' },
        { name: 'on', type: 'bool' },
        { name: 'took', type: 'duration', unit: 'us', bits: 32 },
        { name: 'list', type: 'array', of: { type: 'u8', show: 'hex' }, count: 2 },
        { name: '__proto__', type: 'u8' },
      ]),
    );
    const { values } = compileType(type).decode(
      bytesOf('0900000000000000 0000000000002000 b50000c0 01 02000000 0a0b 07'),
    );
    expect(JSON.stringify(fieldsJson(type.fields, values ?? []))).toBe(
      '{"small":9,"large":"9007199254740992","status":"STATUS_IO_TIMEOUT","on":true,"took":2000,"list":["0xa","0xb"],"__proto__":7}',
    );
  });
});

/** Small numbers often, as counts and families need them. */
const anyPayload = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1, 2, 6) }, fc.nat({ max: 255 })), {
    maxLength: 160,
    size: 'large',
  })
  .map((bytes) => Uint8Array.from(bytes));

describe('any schema on any bytes', () => {
  it('is read the same by the compiled decoder and by the plain one, within bounds, and never throws', () => {
    const cases = countCases('fits', 'misfit', 'header');
    fc.assert(
      fc.property(anySchema, anyPayload, (text, payload) => {
        const type = typeOf(text);
        // Within a larger buffer, so that a read beyond the payload would find something.
        const around = new Uint8Array(payload.length + 32).fill(1);
        around.set(payload, 16);
        const decoder = compileType(type);
        const own = around.subarray(16, 16 + payload.length);
        const decoded = decoder.decode(own);
        const plain = decodePlainly(type, payload);
        if (decoded.values === null) {
          cases.note('misfit');
          expect({ misfit: decoded.misfit }).toEqual(plain);
          expect(decoded.misfit.offset).toBeLessThanOrEqual(payload.length);
          expect(decoder.places(own)).toBeNull();
          return;
        }
        cases.note('fits');
        cases.note('header', type.header !== null);
        expect(plain).toEqual({ values: decoded.values });
        expect(decoded.end).toBeLessThanOrEqual(payload.length);
        expect(typeof renderMessage(type, decoded.values)).toBe('string');
        JSON.stringify(fieldsJson(type.fields, decoded.values));
        const places = decoder.places(own) ?? [];
        expect(places.filter(({ depth }) => depth === 0).map(({ value }) => value)).toEqual(
          decoded.values.filter((_, at) => type.fields[at]?.name !== ''),
        );
        for (const { offset, bytes } of places) expect(offset + bytes).toBeLessThanOrEqual(payload.length);
      }),
      { numRuns: 1000 },
    );
    cases.expectEach(20);
  });

  it('ends where counts promise more than a record may have', () => {
    const empty = oneType([
      { name: 'n', type: 'u64' },
      { name: 'z', type: 'u8' },
      { name: 'a', type: 'array', count: 'n', of: { type: 'utf8', bytes: 'z' } },
    ]);
    const payload = bytesOf('ffffffffffffffff 00');
    const type = typeOf(empty);
    const { misfit } = compileType(type).decode(payload);
    expect(misfit?.problem).toBe(`the record has more than ${SCHEMA_LIMITS.values} values`);
    expect(decodePlainly(type, payload)).toEqual({ misfit });
  });
});

describe('a set of schemas', () => {
  it('refuses a type that two of them describe', () => {
    const schema = schemaOf(oneType([field({ type: 'u8' })], {}, { name: 'one' }));
    const both = SchemaSet.of([
      { schema, added: false },
      { schema: { ...schema, name: 'two' }, added: true },
    ]);
    expect(both).toMatchObject({
      ok: false,
      failure: { message: "The type 16 of 'two' is described by 'one' already" },
    });
  });

  it('finds types by number and by name', () => {
    const set = SchemaSet.of([{ schema: schemaOf(oneType([field({ type: 'u8' })])), added: true }]);
    if (!set.ok) throw new Error(set.failure.message);
    expect(set.value.get(16)?.message(bytesOf('05'))).toBe('thing: x 5');
    expect(set.value.get(16)?.message(new Uint8Array(0))).toBeNull();
    expect(set.value.called('THING').map(({ type }) => type.type)).toEqual([16]);
    expect(set.value.get(17)).toBeUndefined();
  });
});
