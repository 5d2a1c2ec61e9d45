/** Commented JSON: what it says, where it breaks, and that a change leaves all else as it was. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { endOfRemark, lineAt, memberOf, plainValue, readCommented } from './commented-json.ts';
import { withFields } from './edit-commented.ts';

const read = (text: string): unknown => {
  const { root, broken } = readCommented(text);
  return broken === null && root !== null ? plainValue(root) : broken;
};

/** What may stand between two parts of such a text; a number keeps comments apart. */
const trivia = fc
  .array(
    fc.constantFrom(' ', '\n', '\t', '\r\n', '/* a */', '/* "b": [1, */', '// c: {"d"\n', '/**/', '\uFEFF', '// "\n'),
    {
      maxLength: 3,
    },
  )
  .map((parts) => parts.join(''));

/** A text that says a value, with comments and last commas anywhere. */
function textOf(value: unknown, between: () => string, last: () => boolean): string {
  const all = (parts: string[], open: string, close: string): string => {
    const body = parts.map((part) => between() + part + between()).join(',');
    return `${open}${body}${parts.length > 0 && last() ? ',' : ''}${between()}${close}`;
  };
  if (Array.isArray(value))
    return all(
      value.map((each) => textOf(each, between, last)),
      '[',
      ']',
    );
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    const member = ([name, each]: [string, unknown]) =>
      `${JSON.stringify(name)}${between()}:${between()}${textOf(each, between, last)}`;
    return all(members.map(member), '{', '}');
  }
  return JSON.stringify(value);
}

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const names = fc.constantFrom('a', 'b', 'c', 'd', 'e e', '"', '\\', '\u2028', '__proto__');
const small = fc.oneof(fc.nat({ max: 9 }), fc.constantFrom('x', '// no comment', null, true, '\n'));
const inner = fc.oneof(
  small,
  fc.array(fc.oneof(small, fc.array(small, { maxLength: 2 })), { maxLength: 4 }),
  fc.dictionary(names, fc.oneof(small, fc.array(small, { maxLength: 3 })), { maxKeys: 4 }),
);
/** Made by definition, as JSON.parse does: a name that JavaScript knows is one like any other. */
const fields = fc
  .array(fc.tuple(names, inner), { maxLength: 5 })
  .map((all) => Object.fromEntries(all.map(([name, each]) => [name, plain(each)])));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

interface Written {
  readonly text: string;
  readonly value: Record<string, unknown>;
}

const written = fc
  .tuple(
    fields,
    fc.array(trivia, { minLength: 5, maxLength: 40 }),
    fc.array(fc.boolean(), { minLength: 3, maxLength: 7 }),
  )
  .map(([value, gaps, commas]): Written => {
    let gap = 0;
    let comma = 0;
    const text = textOf(
      value,
      () => gaps[gap++ % gaps.length] as string,
      () => commas[comma++ % commas.length] as boolean,
    );
    return { text, value };
  });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a change must come to. */
function merged(there: Record<string, unknown>, change: Record<string, unknown>): unknown {
  const own = (from: Record<string, unknown>, name: string) => (Object.hasOwn(from, name) ? from[name] : undefined);
  return Object.fromEntries([
    ...Object.entries(there),
    ...Object.entries(change).map(([name, to]) => {
      const from = own(there, name);
      const both = isObject(from) && isObject(to);
      return [name, both ? Object.fromEntries([...Object.entries(from), ...Object.entries(to)]) : to] as const;
    }),
  ]);
}

describe('commented JSON', () => {
  it('says what JSON says, whatever stands between', () => {
    fc.assert(
      fc.property(json, fc.array(trivia, { minLength: 1, maxLength: 9 }), fc.boolean(), (value, gaps, comma) => {
        let at = 0;
        const gap = () => gaps[at++ % gaps.length] as string;
        expect(read(`${gap()}${textOf(value, gap, () => comma)}${gap()}`)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('says what JSON.parse says of any JSON, and breaks where that throws', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '}', ',', '1', 'x', '\\', '\u0001'),
        (text, at, put) => {
          const place = at % (text.length + 1);
          const changed = text.slice(0, place) + put + text.slice(place + 1);
          let expected: { value: unknown } | null = null;
          try {
            expected = { value: JSON.parse(changed) };
          } catch {}
          const { root, broken } = readCommented(changed);
          if (expected !== null) expect(root === null ? root : plainValue(root)).toEqual(expected.value);
          // A comma after the last member is the one thing that is allowed besides comments.
          else if (!/,\s*[}\]]/.test(changed) && !/\/\/|\/\*/.test(changed) && changed.trim() !== '')
            expect(broken).not.toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never throws, and gives what was whole before the break', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readCommented(text)));
    expect(() => readCommented('['.repeat(1e6))).not.toThrow();
    const { root, broken } = readCommented('{"a": 1, "b": [1, 2 3], "c": 4}');
    expect(broken).toEqual({ at: 20, expected: 'a comma, or ]' });
    expect(root && plainValue(root)).toEqual({ a: 1, b: [1, 2] });
    expect(read('{"a": 1, /* b }')).toEqual({ at: 9, expected: 'the end of this comment, */' });
    expect(read('{a: 1}')).toEqual({ at: 1, expected: 'a name in quotes, or }' });
    expect(read('{"a": "b\nc"}')).toMatchObject({ at: 6 });
    expect(read('{} 1')).toEqual({ at: 3, expected: 'nothing more' });
    expect(readCommented('// nothing')).toEqual({ root: null, broken: null });
  });

  it('knows lines and remarks', () => {
    expect([0, 1, 2, 5, 7].map((at) => lineAt('a\nb\r\nc\rd', at))).toEqual([1, 1, 2, 3, 4]);
    expect(endOfRemark('1, /* a */ // b\n2', 2)).toBe(15);
    expect(endOfRemark('1, /* a\n */ 2', 2)).toBe(2);
  });
});

describe('a change of commented JSON', () => {
  it('says what was changed and all that was there', () => {
    const cases = countCases('same', 'more', 'list', 'removed', 'nested');
    fc.assert(
      fc.property(written, fields, ({ text, value }, change) => {
        const after = withFields(text, change);
        expect(after).not.toBeNull();
        expect(read(after ?? '')).toEqual(merged(value, change));
        if (isDeepStrictEqual(merged(value, change), value)) {
          cases.note('same');
          expect(after).toBe(text);
        }
        for (const [name, to] of Object.entries(change)) {
          const from = Object.hasOwn(value, name) ? value[name] : undefined;
          if (from === undefined) cases.note('more');
          else if (Array.isArray(from) && Array.isArray(to)) cases.note(to.length < from.length ? 'removed' : 'list');
          else if (isObject(from) && isObject(to)) cases.note('nested');
        }
      }),
      { numRuns: 3000 },
    );
    cases.expectEach(20);
  });

  it('of one value leaves every other byte', () => {
    fc.assert(
      fc.property(written, fc.nat(), small, ({ text, value }, pick, to) => {
        const all = Object.keys(value);
        const name = all[pick % all.length];
        const node = name === undefined ? undefined : memberOf(readCommented(text).root, name)?.value;
        if (name === undefined || node === undefined || isDeepStrictEqual(plainValue(node), to)) return;
        const expected = text.slice(0, node.start) + JSON.stringify(to) + text.slice(node.end);
        expect(withFields(text, Object.fromEntries([[name, to]]))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('puts what is new behind the remark of what was last, in the ends of lines of the file', () => {
    expect(withFields('{\r\n\t"a": 1 // one\r\n}\r\n', { b: { c: 2 } })).toBe(
      '{\r\n\t"a": 1, // one\r\n\t"b": {\r\n\t  "c": 2\r\n\t}\r\n}\r\n',
    );
    expect(withFields('{}', { a: 1 })).toBe('{\n  "a": 1\n}');
    expect(withFields('{"a": 1}', { b: 2 })).toBe('{"a": 1,\n  "b": 2\n}');
  });

  it('of a list keeps the remarks of entries that stay', () => {
    const text = '{"l": [\n  // one\n  1,\n  // two\n  2, // so\n  3\n]}';
    expect(withFields(text, { l: [0, 1, 2, 3] })).toBe(text.replace('  1,', '  0,\n  1,'));
    expect(withFields(text, { l: [1, 2, 3, 4] })).toBe(text.replace('3\n', '3,\n  4\n'));
    expect(withFields(text, { l: [1, 3] })).toBe(text.replace('  2, // so', '   // so'));
    expect(withFields(text, { l: [1, 2] })).toBe(text.replace('2, // so\n  3\n', '2 // so\n'));
  });

  it('is none of what is no object, or breaks', () => {
    for (const text of ['', '[]', '1', '{"a": 1', '{} {}', '// a']) expect(withFields(text, { a: 1 })).toBeNull();
  });
});
