/** Headers out of schemas, judged by a C compiler, and schemas out of headers; our own schemas and headers are one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { headerOf } from './c-header.ts';
import { schemaTextOf } from './c-reader.ts';
import { type Field, fixedBytes, type Kind, type NameTable, type RecordType } from './model.ts';
import { ourSchemas } from './ours.ts';
import { anySchema, oneType, schemaOf } from './test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-header-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function header(text: string, prefix = 'lab'): string {
  const made = headerOf(schemaOf(text), { prefix });
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

function compile(...headers: readonly string[]): void {
  const path = join(folder, 'x.c');
  writeFileSync(path, headers.join('\n'));
  execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-std=c11', '-fsyntax-only', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function read(text: string): RecordType[] {
  const made = schemaTextOf(text, 'x');
  if (!made.ok) throw new Error(made.failure.message);
  return [...schemaOf(made.value).types];
}

/** Where each named field of the fixed part lies. */
function layoutOf(
  fields: readonly Field[],
): { readonly name: string; readonly offset: number; readonly bytes: number }[] {
  const found: { name: string; offset: number; bytes: number }[] = [];
  let offset = 0;
  for (const { name, of } of fields) {
    const bytes = fixedBytes(of);
    if (bytes === null) break;
    if (name !== '') found.push({ name, offset, bytes });
    offset += bytes;
  }
  return found;
}

const SCHEMA = oneType(
  [
    { name: 'action', type: 'u32', enum: { 1: 'start', 2: 'end' }, description: 'what */ happens' },
    { name: 'flags', type: 'u8', flags: 'flags' },
    { name: 'register', type: 'u16', endian: 'big' },
    { type: 'pad', bytes: 1 },
    { name: 'where', type: 'struct', struct: 'place' },
    { name: 'tags', type: 'array', of: { type: 'u16' }, count: 3 },
    { name: 'name', type: 'utf8', bytes: 'action' },
  ],
  { description: 'a thing' },
  {
    flags: { flags: { 1: 'a', 2: 'b' } },
    structs: {
      place: [
        { name: 'address', type: 'pointer' },
        { name: 'id', type: 'guid' },
      ],
    },
  },
);

describe('a header out of a schema', () => {
  it('has numbers, structs and asserts, and says what follows', () => {
    const text = header(SCHEMA);
    for (const line of [
      '#define LAB_TYPE_THING 0x0010u',
      '#define LAB_ACTION_START 1u',
      '#define LAB_FLAGS_A 0x1u',
      '/* thing: a thing. Then follow, one behind the other: name (UTF-8, action bytes). */',
      '    uint32_t action; /* what * / happens */',
      '    uint16_t register_; /* big-endian */',
      '    lab_thing_where where;',
      '    uint16_t tags[3];',
      '_Static_assert(sizeof(lab_thing) == 38, "size of lab_thing");',
      '_Static_assert(offsetof(lab_thing, where) == 8, "offset of lab_thing.where");',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    compile(text);
  });

  it('is taken by a C compiler, with its asserts, whatever the schema', () => {
    const headers: string[] = [];
    fc.assert(
      fc.property(anySchema, (text) => {
        headers.push(header(text, `p${headers.length}`));
      }),
      { numRuns: 150 },
    );
    expect(headers.join('\n')).toContain('#pragma pack(push, 1)');
    expect(() => compile(...headers)).not.toThrow();
  });

  it('is refused for a prefix that is none', () => {
    expect(headerOf(schemaOf(SCHEMA), { prefix: 'x; int' }).ok).toBe(false);
  });

  it('gives the same layout back', () => {
    const [type] = read(header(SCHEMA));
    const own = schemaOf(SCHEMA).types[0] as RecordType;
    const renamed = layoutOf(own.fields).map((field) =>
      field.name === 'register' ? { ...field, name: 'register_' } : field,
    );
    expect(layoutOf(type?.fields ?? []).filter(({ name }) => !name.startsWith('padding'))).toEqual(renamed);
  });
});

describe('a schema out of a header', () => {
  it('has the holes that compilers leave, groups of numbers, and comments', () => {
    const made = schemaTextOf(
      `#include <stdint.h>
#define LAB_TYPE_JOB 0x20u
#define LAB_NAMES 2
/* what */
#define LAB_JOB_BEGIN 1u /* it begins */
#define LAB_JOB_END (2u)
#define LAB_JOB_OF_DISK 7

#define LAB_BIT_A 1
#define LAB_BIT_B 2
/* One job. */
typedef struct lab_job {
    uint8_t what; /* LAB_JOB_*, at first */
    uint8_t disk; // LAB_JOB_OF_*
    uint32_t flags; /* LAB_BIT_* */
    uint64_t when;
    char name[LAB_NAMES][4];
    int16_t low;
} lab_job;
static inline int f(struct lab_job *job) { return job->low; }
`,
      'jobs',
    );
    if (!made.ok) throw new Error(made.failure.message);
    expect(JSON.parse(made.value)).toEqual({
      ringview_schema: 1,
      name: 'jobs',
      types: {
        '0x20': {
          name: 'job',
          description: 'One job.',
          fields: [
            { name: 'what', type: 'u8', enum: { 1: 'begin', 2: 'end' }, description: 'LAB_JOB_*, at first' },
            { name: 'disk', type: 'u8', enum: { 7: 'disk' }, description: 'LAB_JOB_OF_*' },
            { type: 'pad', bytes: 2 },
            { name: 'flags', type: 'u32', flags: { 1: 'a', 2: 'b' }, description: 'LAB_BIT_*' },
            { name: 'when', type: 'u64' },
            { name: 'name', type: 'array', of: { type: 'utf8', bytes: 4 }, count: 2 },
            { name: 'low', type: 'i16' },
            { type: 'pad', bytes: 6 },
          ],
        },
      },
    });
    schemaOf(made.value);
  });

  it.each([
    ['', "line 1: no struct has a number, which '#define LAB_TYPE_REQUEST 16' gives to the struct lab_request"],
    [
      'struct x {\nint a; };',
      "line 2: 'int' has no fixed width: uint8_t to uint64_t, int8_t to int64_t, char, and structs above it are known",
    ],
    ['struct x { uint8_t a[0]; };', 'line 1: a count from 1 to 65536 was expected'],
    ['struct x { uint8_t a[9][65536]; };', 'line 1: a is larger than a record can be'],
    ['struct x { uint8_t a', "line 1: ';' was expected behind a"],
    ['struct x {', 'line 1: the header ends within a struct'],
  ])('is refused with the line: %j', (text, message) => {
    expect(schemaTextOf(text, 'x')).toMatchObject({ ok: false, failure: { message } });
  });

  it('is an answer for any text, and a schema where it is one', () => {
    const words = [
      'struct ',
      'typedef ',
      'x',
      '{',
      '}',
      ';',
      'uint8_t ',
      'char ',
      '[',
      '2',
      ']',
      '\n',
      '/*',
      '*/',
      '#define A_TYPE_X 3\n',
      '#pragma pack(1)\n',
      '"',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })), { maxLength: 60 }),
        (parts) => {
          const made = schemaTextOf(parts.join(''), 'x');
          if (made.ok) schemaOf(made.value);
          else expect(made.failure.message).toMatch(/^line \d+: /);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('our own', () => {
  const headers = ['events.h', 'kernel_events.h'].map((name) =>
    readFileSync(new URL(`../../../driver/include/ringview/${name}`, import.meta.url), 'utf8'),
  );
  const declared = headers.flatMap(read);
  const tableOf = (of: Kind): NameTable | null => (of.kind === 'int' ? (of.enum ?? of.flags) : null);

  it.each(ourSchemas().flatMap(({ types }) => types.map((type) => [type.name, type] as const)))(
    '%s: schema and struct are one',
    (name, type) => {
      const struct = declared.find((each) => each.name === name);
      expect(struct?.type).toBe(type.type);
      const fields = struct?.fields ?? [];
      expect(layoutOf(type.fields)).toEqual(layoutOf(fields));
      for (const field of fields) {
        const theirs = tableOf(field.of);
        const own = type.fields.find((each) => each.name === field.name);
        const ours = own === undefined ? null : tableOf(own.of);
        // Numbers of the system's are named by the schema alone.
        if (theirs === null || !field.description.includes('RV_')) continue;
        const names = (table: NameTable | null) => (table?.values ?? []).map(({ value, name: of }) => `${value} ${of}`);
        expect(names(theirs)).toEqual(expect.arrayContaining(names(ours)));
      }
    },
  );

  it('makes headers that a compiler takes', () => {
    const made = ourSchemas().map((schema, at) => headerOf(schema, { prefix: `rv${at}` }));
    compile(...made.map((each) => (each.ok ? each.value : '')));
  });
});
