/** The language of the filter box: what is a term and what stays text, what each term means, where mistakes are, and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FILTER_DEPTH, MAX_FILTER_TERMS, MAX_FILTER_VALUES, MAX_PATTERN_TEXT } from '../limits.ts';
import { countCases } from '../test-support.ts';
import { knowTypes } from './known-names.ts';
import { filterTree, readFilter } from './parse.ts';
import { printFilter } from './print.ts';
import { type FilterTree, group, MOST, mergedRanges, NAME_FIELDS, NUMBER_FIELDS, negated, termsOf } from './tree.ts';
import { isLength, lengthText } from './values.ts';

function treeOf(text: string): FilterTree {
  const reading = readFilter(text);
  if (reading.as !== 'terms') throw new Error(`'${text}' is read as ${JSON.stringify(reading)}`);
  return reading.tree;
}

const number = (field: (typeof NUMBER_FIELDS)[number], ...ranges: [number, number][]): FilterTree => ({
  kind: 'number',
  field,
  ranges: ranges.map(([from, to]) => ({ from, to })),
});
const text = (words: string): FilterTree => ({ kind: 'text', text: words });
const field = (name: string) => ({ name, description: '', values: [], ordered: true });
knowTypes([
  { type: 16, name: 'tcp', description: '', added: true, fields: [field('port'), field('pid'), field('who.name')] },
  { type: 17, name: 'net', description: '', added: false, fields: [field('path'), field('offset')] },
  { type: 18, name: 'file', description: '', added: false, fields: [field('path'), field('size')] },
]);

const { POSITIVE_INFINITY: MORE, NEGATIVE_INFINITY: LESS } = Number;

describe('plain words', () => {
  it.each([
    'IRP 0x12 failed',
    'status: 0xC0000022',
    'pid=4 cpu=3',
    'cpu: stuck',
    'level : high',
    'std::type::name',
    'not found',
    'read or write',
    'open and close',
    'failed (5)',
    'f(a or b)',
    '-1',
    '-> next',
    '--verbose',
    'svchost.exe -k netsvcs',
    'a - b',
    '/dev/sda1',
    '//',
    '/a',
    'c:\\windows',
    'http://host/path',
    'say x"hi" twice',
    '"status":"ok"',
    '"unfinished',
    '"',
    '(',
    ')',
    '-',
    'or',
    ' ',
    '  two  blanks ',
    'sim:lab',
    'thread:5',
    'cpu',
    'cpu-3',
    'xcpu:3',
  ])('are looked for as they stand: %s', (typed) => {
    expect(readFilter(typed)).toEqual({ as: 'text' });
    expect(filterTree(typed)).toEqual({ ok: true, value: text(typed) });
  });

  it('are nothing where there are none', () => {
    expect(readFilter('')).toEqual({ as: 'nothing' });
    expect(filterTree('').ok).toBe(false);
  });

  it('are none where a thread is asked for', () => {
    expect(treeOf('tid:4248,0')).toEqual(number('tid', [0, 0], [4248, 4248]));
    expect(filterTree('tid:5000000000').ok).toBe(false);
  });

  it('mean the same text when a term is added to them', () => {
    expect(treeOf('IRP 0x12  failed cpu:3')).toEqual(group('and', [text('IRP 0x12  failed'), number('cpu', [3, 3])]));
  });
});

describe('a term', () => {
  it.each<[string, FilterTree]>([
    ['cpu:3,5-7', number('cpu', [3, 3], [5, 7])],
    ['CPU:7,5,6', number('cpu', [5, 7])],
    ['cpu>=4', number('cpu', [4, MORE])],
    ['cpu<4', number('cpu', [LESS, 3])],
    ['level>=warning', number('level', [LESS, 1])],
    ['level<info', number('level', [3, MORE])],
    ['level:err,warn', number('level', [0, 1])],
    ['level:other', number('level', [4, 255])],
    ['origin:dbgprint', number('origin', [1, 1])],
    ['pid:4', number('pid', [4, 4])],
    ['type:TCP,3', number('type', [3, 3], [16, 16])],
    ['Port>=443', { kind: 'field', name: 'port', relation: '>=', values: ['443'] }],
    ['tcp.pid:4,5-7', { kind: 'field', name: 'tcp.pid', relation: ':', values: ['4', '5-7'] }],
    ['type:12', number('type', [12, 12])],
    ['remarks:0x10', number('remarks', [16, 16])],
    ['index:100..200', number('index', [100, 200])],
    ['time>12.5s', number('time', [12_500_000_001, MORE])],
    ['time:12.5s', number('time', [12_500_000_000, 12_599_999_999])],
    ['time:12s-13s', number('time', [12_000_000_000, 13_000_000_000])],
    ['time<1min', number('time', [LESS, 59_999_999_999])],
    ['delta>1ms', number('delta', [1_000_001, MORE])],
    ['delta>=1.5us', number('delta', [1500, MORE])],
    ['delta<-2ns', number('delta', [LESS, -3])],
    ['source:sim:lab', { kind: 'name', field: 'source', patterns: ['sim:lab'] }],
    ['process:nic*,"a, b"', { kind: 'name', field: 'process', patterns: ['nic*', 'a, b'] }],
    ['like:"read # bytes"', { kind: 'like', template: 'read # bytes' }],
    ['hex:0xFFFFC01A2B3C4D50,ffffc01a`2b3c4d50,1F,0', { kind: 'hex', values: ['0xffffc01a2b3c4d50', '0x1f', '0x0'] }],
    ['status:STATUS_TIMEOUT', { kind: 'status', patterns: ['STATUS_TIMEOUT'] }],
    [
      'Status:*timeout*,0xC00000B5,-1073741643,5,5',
      { kind: 'status', patterns: ['*timeout*', '0xC00000B5', '-1073741643', '5'] },
    ],
    ['"say ""hi"""', text('say "hi"')],
    ['" "', text(' ')],
    ['/io (read|write)/i', { kind: 'regex', source: 'io (read|write)', ignoreCase: true }],
    ['/a\\/b\\\\/', { kind: 'regex', source: 'a/b\\\\', ignoreCase: false }],
    ['-noise', negated(text('noise'))],
    ['-"noise" more words', group('and', [negated(text('noise')), text('more words')])],
    ['-noise more words', group('and', [negated(text('noise')), text('more words')])],
    ['(a or b)', group('or', [text('a'), text('b')])],
    ['(f(x) or b) c', group('and', [group('or', [text('f(x)'), text('b')]), text('c')])],
    ['not cpu:3 and not not "x"', group('and', [negated(number('cpu', [3, 3])), text('x')])],
    ['cpu:1 a or b', group('or', [group('and', [number('cpu', [1, 1]), text('a')]), text('b')])],
    [
      'cpu:1 -(a b or /c/)',
      group('and', [
        number('cpu', [1, 1]),
        negated(group('or', [text('a b'), { kind: 'regex', source: 'c', ignoreCase: false }])),
      ]),
    ],
  ])('%s', (typed, tree) => {
    expect(treeOf(typed)).toEqual(tree);
  });

  it('has all that the example of the box has', () => {
    const typed =
      'cpu:3,5-7 level>=warning source:dbgprint pid:4 process:nic* type:12 remarks:0x10 time>12.5s delta>1ms "text" /regex/i -noise (a or b)';
    expect([...termsOf(treeOf(typed))]).toHaveLength(14);
    expect([...termsOf(treeOf(typed))].filter(({ hides }) => hides)).toEqual([{ term: text('noise'), hides: true }]);
  });
});

describe('a mistake', () => {
  it.each<[string, string, RegExp]>([
    ['cpu:', 'cpu:', /value is missing after 'cpu:'/],
    ['a cpu:3, b', '', /value is missing after 'cpu:3,'/],
    ['level:high x', 'high', /a level was expected/],
    ['cpu:3,x,5', 'x', /numbers were expected/],
    ['cpu:99999', '99999', /numbers/],
    ['cpu:7-5', '7-5', /ends before it begins/],
    ['time:later', 'later', /a time was expected/],
    ['pid>1,2', 'pid>1,2', /compares with one value/],
    ['process>nic', 'process>nic', /cannot be compared/],
    ['like:a,b', 'like:a,b', /one text/],
    ['cpu:1 status:0xC00000B55', '0xC00000B55', /a name such as STATUS_TIMEOUT/],
    ['status:STATUS_TIMEOUT,what?', 'what?', /a name such as/],
    ['status>5', 'status>5', /cannot be compared/],
    ['hex:12,xyz', 'xyz', /at most 16 hexadecimal digits/],
    ['hex:ffff`1', 'ffff`1', /at most 16 hexadecimal digits/],
    ['cpu:3 "foo bar', '"foo bar', /quote is not closed/],
    ['cpu:3 ""', '""', /empty/],
    ['cpu:3 (a or b', '(', /bracket is not closed/],
    ['cpu:3 ()', ')', /missing/],
    ['cpu:3 or', 'or', /missing after 'or'/],
    ['or cpu:3', 'or', /missing/],
    ['cpu:3 and', 'and', /missing/],
    ['cpu:3 not', 'not', /missing/],
    ['cpu:3 /(/', '/(/', /./],
    ['index:9007199254740992', '9007199254740992', /number/],
  ])('is said where it is: %s', (typed, where, words) => {
    const reading = readFilter(typed);
    if (reading.as !== 'fault') throw new Error(`'${typed}' is read as ${reading.as}`);
    const { from, to, failure } = reading.fault;
    expect(typed.slice(from, to)).toBe(where);
    expect(failure.code).toBe('bad-pattern');
    expect(failure.message).toMatch(words);
    const tree = filterTree(typed);
    expect(tree.ok ? '' : tree.failure.message).toContain(`(at character ${from + 1})`);
  });

  it('is to be more than the limits allow, and everything up to them is taken', () => {
    const terms = (count: number) => Array.from({ length: count }, () => 'cpu:1').join(' ');
    const values = (count: number) => `pid:${Array.from({ length: count }, (_, at) => at * 2).join(',')}`;
    const deep = (count: number) => `${'('.repeat(count)}cpu:1${')'.repeat(count)}`;
    const most = [terms(MAX_FILTER_TERMS), values(MAX_FILTER_VALUES), deep(MAX_FILTER_DEPTH)];
    const beyond = [terms(MAX_FILTER_TERMS + 1), values(MAX_FILTER_VALUES + 1), deep(MAX_FILTER_DEPTH + 1)];
    expect(most.map((typed) => readFilter(typed).as)).toEqual(['terms', 'terms', 'terms']);
    expect([...beyond, 'x'.repeat(MAX_PATTERN_TEXT + 1)].map((typed) => readFilter(typed).as)).toEqual(
      Array.from({ length: 4 }, () => 'fault'),
    );
  });
});

const whole = (most: number) => fc.integer({ min: 0, max: Math.min(most, 2 ** 31 - 1) });
const ranges = (most: number) =>
  fc
    .array(
      fc.tuple(whole(most), whole(most)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
      { minLength: 1, maxLength: 4 },
    )
    .map(mergedRanges);
const numberTerm = fc.constantFrom(...NUMBER_FIELDS).chain((field) =>
  fc
    .oneof(
      ranges(MOST[field]),
      whole(MOST[field]).map((from) => [{ from, to: MORE }]),
      whole(MOST[field]).map((to) => [{ from: LESS, to }]),
      ...(isLength(field) ? [whole(1e9).map((ns) => [{ from: -ns - 5, to: 7 }])] : []),
    )
    .map((found): FilterTree => ({ kind: 'number', field, ranges: found })),
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'or',
      'not',
      ' ',
      '"',
      '(',
      ')',
      '-',
      '/',
      '\\',
      'cpu:',
      'path:',
      'type:net',
      '3',
      ',',
      ':',
      '<',
      '*',
      '\n',
    ),
    minLength: 1,
    maxLength: 10,
  }),
);
const term: fc.Arbitrary<FilterTree> = fc.oneof(
  numberTerm,
  fc.record({
    kind: fc.constant('name' as const),
    field: fc.constantFrom(...NAME_FIELDS),
    patterns: fc.uniqueArray(hostile, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('clock' as const),
    relation: fc.constant(':' as const),
    values: fc.uniqueArray(
      fc.constantFrom('12:31:05.5', '2026-03-01 12:31', '12:31:05-12:32:00', '2026-03-01T12:31:05+01:00'),
      { minLength: 1 },
    ),
  }),
  fc.record({ kind: fc.constant('text' as const), text: hostile }),
  fc.record({
    kind: fc.constant('regex' as const),
    source: fc.constantFrom('a', '(x|y)+', '/', 'a/b', '\\\\', '\\d /', '[/]', '\\)'),
    ignoreCase: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('like' as const), template: hostile }),
  fc.record({
    kind: fc.constant('status' as const),
    patterns: fc.uniqueArray(fc.constantFrom('STATUS_TIMEOUT', '*timeout*', '0xC00000B5', '-5', '258'), {
      minLength: 1,
    }),
  }),
  fc.record({
    kind: fc.constant('hex' as const),
    values: fc.uniqueArray(fc.constantFrom('0x0', '0x1f', '0xffffc01a2b3c4d50'), { minLength: 1 }),
  }),
);
const fieldTerm = fc.constantFrom(...([':', '<', '>='] as const)).chain((relation) =>
  fc.record({
    kind: fc.constant('field' as const),
    name: fc.constantFrom('port', 'tcp.port', 'tcp.who.name'),
    relation: fc.constant(relation),
    values: fc.uniqueArray(hostile, { minLength: 1, maxLength: relation === ':' ? 3 : 1 }),
  }),
);
const { tree } = fc.letrec<{ tree: FilterTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.oneof({ weight: 8, arbitrary: term }, { weight: 1, arbitrary: fieldTerm }),
    tie('tree').map(negated),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 4 }))
      .map(([kind, items]) => group(kind, items)),
  ),
}));

describe('a field of a type of ours', () => {
  const term = (name: string, ...values: string[]): FilterTree => ({ kind: 'field', name, relation: ':', values });

  it('is a term by itself beside its type', () => {
    const meant = group('and', [number('type', [17, 17]), term('net.path', 'a', 'b c')]);
    expect(treeOf('type:net path:a,"b c"')).toEqual(meant);
    expect(treeOf('Path:a,"b c" or (type:0x11)')).toEqual(
      group('or', [term('net.path', 'a', 'b c'), number('type', [17, 17])]),
    );
    expect(treeOf('type:net,file offset:4 size:5')).toEqual(
      group('and', [number('type', [17, 18]), term('net.offset', '4'), term('file.size', '5')]),
    );
  });

  it.each([
    'path:a',
    'cpu:3 path:a',
    'type:file offset:4',
    '-type:net path:a',
    '"type:net" path:a',
    'type:net,file path:a',
  ])('is text without its type, beside another one, and where two have it: %s', (typed) => {
    const read = readFilter(typed);
    if (read.as === 'text') return;
    const texts = [...termsOf(treeOf(typed))].map(({ term: each }) => each.kind);
    expect(texts).not.toContain('field');
    expect(texts).toContain('text');
  });

  it('keeps its quotes where it is text beside its type', () => {
    const meant = group('and', [number('type', [17, 17]), text('path:a')]);
    expect(filterTree(printFilter(meant))).toEqual({ ok: true, value: meant });
  });
});

describe('a filter', () => {
  it('written as text is read as itself', () => {
    const cases = countCases(
      'number',
      'clock',
      'name',
      'text',
      'regex',
      'like',
      'status',
      'hex',
      'field',
      'not',
      'and',
      'or',
    );
    fc.assert(
      fc.property(tree, (written) => {
        expect(filterTree(printFilter(written))).toEqual({ ok: true, value: written });
        cases.note(written.kind);
        for (const { term: each } of termsOf(written)) if (each !== written) cases.note(each.kind);
      }),
      { numRuns: 300 },
    );
    cases.expectEach(5);
  });

  it('is read the same from what it is printed as, whatever was typed', () => {
    const cases = countCases('text', 'terms', 'fault');
    fc.assert(
      fc.property(hostile, fc.constantFrom('', ' cpu:3', ' or level:error'), (typed, more) => {
        const read = filterTree(typed + more);
        if (read.ok) expect(filterTree(printFilter(read.value))).toEqual(read);
        const { as } = readFilter(typed + more);
        if (as !== 'nothing') cases.note(as);
      }),
      { numRuns: 400 },
    );
    cases.expectEach(3);
  });

  it('is answered whatever is typed, with a fault that lies in the text', () => {
    const cases = countCases('nothing', 'text', 'terms', 'fault');
    // A whole term in front, where it is a term, makes the rest be read as terms too.
    const begin = fc.constantFrom('', '', 'cpu:3 ', 'level:error or ');
    const pieces = fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 9, arbitrary: fc.array(hostile, { maxLength: 40 }) },
    );
    fc.assert(
      fc.property(begin, pieces, (first, typedPieces) => {
        const typed = (first + typedPieces.join(' ')).slice(0, MAX_PATTERN_TEXT);
        const reading = readFilter(typed);
        cases.note(reading.as);
        if (reading.as !== 'fault') return;
        const { from, to } = reading.fault;
        expect(0 <= from && from <= to && to <= typed.length).toBe(true);
      }),
      { numRuns: 300 },
    );
    cases.expectEach(2);
  });

  it('keeps lengths of time to the nanosecond', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ns) => {
        expect(treeOf(`time>=${lengthText(ns)}`)).toEqual(number('time', [ns, MORE]));
      }),
    );
  });
});
