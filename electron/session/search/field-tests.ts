/**
 * What a filter term about a field of records asks of each type that has such a field: `tcp.port:443,8000-8100`,
 * `status:STATUS_TIMEOUT`, `duration>1ms`, `path:*.sys`. Compiled once; a record whose bytes its schema does not fit has no
 * fields. A field that lies in an array is asked of each element.
 */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import { patternTest } from '../../../native/core/wildcard.ts';
import { integerOf } from '../../../native/decode/schema/file-reader.ts';
import type { Kind } from '../../../native/decode/schema/model.ts';
import type { LeafField } from '../../../native/decode/schema/paths.ts';
import type { KnownType } from '../../../native/decode/schema/schema-set.ts';
import { type Value, valueText } from '../../../native/decode/schema/value-text.ts';
import { codeOf, statusQuery } from '../../../native/decode/status-query.ts';
import { fieldsCalled } from '../../contract/filter/known-names.ts';
import type { FieldTerm, Relation } from '../../contract/filter/tree.ts';
import { lengthOf } from '../../contract/filter/values.ts';
import { schemaOfType } from '../text/schemas.ts';

/** Whether a payload of the type has what is sought. */
export type PayloadTest = (payload: Uint8Array) => boolean;
export type ValueTest = (value: Value) => boolean;

/** A field that a term means, and what it asks of a value of it. */
export interface FieldTest {
  readonly known: KnownType;
  readonly leaf: LeafField;
  readonly test: ValueTest;
}

/** By type. Failure: bad-pattern, for a value that none of the fields can have. */
export function fieldTests({ name, relation, values }: FieldTerm): Result<readonly FieldTest[]> {
  const fields = fieldsCalled(name).flatMap(({ type, field }) => {
    const known = schemaOfType(type);
    const leaf = known?.leaves.find((each) => each.name === field);
    return known === undefined || leaf === undefined ? [] : [{ known, leaf }];
  });
  const tests = fields.map(({ known, leaf }) => ({
    known,
    leaf,
    of: values.map((text) => valueTest(leaf.of, relation, text)),
  }));
  for (const [at, text] of values.entries()) {
    if (tests.length === 0 || tests.some(({ of }) => of[at] !== null)) continue;
    const expected = expectedOf(fields[0]?.leaf.of as Kind, relation);
    return fail(
      'bad-pattern',
      `'${text}' cannot be a value of '${name}': ${expected}`,
      'Correct it, or put it in quotes to look for the text',
    );
  }
  return ok(
    tests.map(({ known, leaf, of }) => {
      const any = of.filter((test) => test !== null);
      const [only] = any;
      return {
        known,
        leaf,
        test: any.length === 1 && only !== undefined ? only : (value) => any.some((test) => test(value)),
      };
    }),
  );
}

function expectedOf(of: Kind, relation: Relation): string {
  switch (of.kind) {
    case 'int':
      if (relation !== ':') return 'a number was expected, such as 16 or 0x10';
      return of.enum !== null || of.flags !== null
        ? 'one of its names or a number was expected'
        : 'a number was expected, such as 16, 0x10 or 16-20';
    case 'status':
      return 'a name such as STATUS_TIMEOUT or a number such as 0xC00000B5 was expected';
    case 'duration':
      return 'a length of time was expected, such as 1ms';
    case 'bool':
      return 'true or false was expected';
    case 'pointer':
      return 'an address was expected, such as 0xfffff80000001000';
    default:
      return 'it is a text, which cannot be compared';
  }
}

/** What one value of a term asks; null where a field of the kind cannot have it. */
function valueTest(of: Kind, relation: Relation, text: string): ValueTest | null {
  switch (of.kind) {
    case 'int': {
      const named = relation === ':' ? namedTest(of, text) : null;
      return named ?? numberTest(relation, text, integerOf, 1n);
    }
    case 'status':
      return relation === ':' ? statusTest(text) : numberTest(relation, text, integerOf, 1n);
    case 'pointer':
      return numberTest(relation, text.replace('`', ''), integerOf, 1n);
    case 'duration':
      return durationTest(relation, text, BigInt(of.unitNs));
    case 'bool':
      if (relation !== ':' || !/^(?:true|false|1|0)$/i.test(text)) return null;
      return (value) => value === /^(?:true|1)$/i.test(text);
    default: {
      if (relation !== ':') return null;
      const fits = patternTest([text]);
      return (value) => value !== null && fits(valueText(of, value));
    }
  }
}

function namedTest(of: Kind & { readonly kind: 'int' }, text: string): ValueTest | null {
  const names = (of.enum ?? of.flags)?.values ?? [];
  const fits = patternTest([text]);
  const meant = names.filter(({ name }) => fits(name)).map(({ value }) => value);
  if (meant.length === 0) return null;
  if (of.flags === null) {
    const all = new Set(meant);
    return (value) => value !== null && all.has(BigInt(value as number | bigint));
  }
  return (value) => {
    if (value === null) return false;
    const bits = BigInt.asUintN(of.bits, BigInt(value as number | bigint));
    return meant.some((mask) => (bits & mask) === mask);
  };
}

type ReadNumber = (text: string) => bigint | null;

/** Numbers of either kind compare exactly. */
function numberTest(relation: Relation, text: string, read: ReadNumber, unit: bigint): ValueTest | null {
  const inUnit = (value: Value): number | bigint =>
    unit === 1n ? (value as number | bigint) : BigInt(value as number | bigint) * unit;
  const whole = read(text);
  if (relation === ':') {
    if (whole !== null) return unit === 1n ? equals(whole) : (value) => value !== null && inUnit(value) === whole;
    const [first = '', last, more] = text.split(text.includes('..') ? '..' : '-');
    const from = read(first);
    const to = last === undefined ? null : read(last);
    if (more !== undefined || from === null || to === null || to < from) return null;
    return (value) => value !== null && inUnit(value) >= from && inUnit(value) <= to;
  }
  if (whole === null) return null;
  switch (relation) {
    case '<':
      return (value) => value !== null && inUnit(value) < whole;
    case '<=':
      return (value) => value !== null && inUnit(value) <= whole;
    case '>':
      return (value) => value !== null && inUnit(value) > whole;
    case '>=':
      return (value) => value !== null && inUnit(value) >= whole;
  }
}

function equals(whole: bigint): ValueTest {
  const number = Number(whole);
  return (value) => (typeof value === 'number' ? value === number : value === whole);
}

/** `1.5ms` is every duration that begins with these figures, as it is of times. */
function durationTest(relation: Relation, text: string, unitNs: bigint): ValueTest | null {
  const nanoseconds: ReadNumber = (each) => {
    const read = lengthOf(each);
    return read === null ? null : BigInt(read.ns);
  };
  const single = relation === ':' ? lengthOf(text) : null;
  if (single === null) return numberTest(relation, text, nanoseconds, unitNs);
  const from = BigInt(single.ns);
  const to = from + BigInt(single.step) - 1n;
  return (value) => {
    if (value === null) return false;
    const ns = BigInt(value as number | bigint) * unitNs;
    return ns >= from && ns <= to;
  };
}

function statusTest(text: string): ValueTest | null {
  const code = codeOf(text);
  if (code !== null) return (value) => value === code;
  const query = statusQuery([text]);
  if (!query.ok) return null;
  const codes = new Set(query.value.codes);
  return (value) => typeof value === 'number' && codes.has(value);
}

/** Values at the end of steps through structs and arrays. */
export function someValue(values: Value, steps: LeafField['steps'], test: ValueTest, from = 0): boolean {
  const step = steps[from];
  if (step === undefined) return test(values);
  if (values === null || typeof values !== 'object') return test(null);
  const within = values as readonly Value[];
  if (step !== null) return someValue(within[step] ?? null, steps, test, from + 1);
  return within.some((each) => someValue(each, steps, test, from + 1));
}

/** The test of a payload: where the field lies at one place, most payloads are judged by it alone. */
export function payloadTest({ known, leaf, test }: FieldTest): PayloadTest {
  const whole: PayloadTest = (payload) => {
    const values = known.values(payload);
    return values !== null && someValue(values, leaf.steps, test);
  };
  const quick = known.quickNumber(leaf);
  if (quick === null) return whole;
  return (payload) => {
    const value = quick(payload);
    // What lies behind it must fit, too.
    return value !== null && test(value) && known.values(payload) !== null;
  };
}

/** Whether a record has one of some status codes in a field. */
export function hasStatus(type: number, payload: Uint8Array, codes: ReadonlySet<number>): boolean {
  const known = schemaOfType(type);
  if (known === undefined || !known.leaves.some(({ of }) => of.kind === 'status')) return false;
  const values = known.values(payload);
  if (values === null) return false;
  const test: ValueTest = (value) => typeof value === 'number' && codes.has(value);
  return known.leaves.some(({ of, steps }) => of.kind === 'status' && someValue(values, steps, test));
}

/** Whether a schema says of a field that it is an address, a handle or the like: a number that is written in hexadecimal digits and has no names. */
export const isHex = (of: Kind): boolean =>
  of.kind === 'pointer' || (of.kind === 'int' && of.hex && of.enum === null && of.flags === null);

/** Whether a record has one of some numbers in such a field. */
export function hasHex(type: number, payload: Uint8Array, numbers: ReadonlySet<bigint>): boolean {
  const known = schemaOfType(type);
  if (known === undefined || !known.leaves.some(({ of }) => isHex(of))) return false;
  const values = known.values(payload);
  if (values === null) return false;
  return known.leaves.some(
    ({ of, steps }) =>
      isHex(of) &&
      someValue(values, steps, (value) => value !== null && numbers.has(unsigned(of, value as number | bigint))),
  );
}

/** As it is written: a number below 0 has the digits of its bits. */
const unsigned = (of: Kind, value: number | bigint): bigint =>
  of.kind === 'int' ? BigInt.asUintN(of.bits, BigInt(value)) : BigInt(value);
