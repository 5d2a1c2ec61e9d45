/** What a filter of terms shows: term by term, and against its plain twin for any filter over any rows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_NAME_FIELDS, type EventNames } from '../../../native/core/event-names.ts';
import { filterTree } from '../../contract/filter/parse.ts';
import { printFilter } from '../../contract/filter/print.ts';
import { type FilterTree, group, NUMBER_FIELDS, negated, termsOf } from '../../contract/filter/tree.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import type { Segment } from '../store/segment.ts';
import { entry, gap, segmentOf } from '../test-support.ts';
import { compileFilter } from './filter.ts';
import { bindNames, type FilterNames } from './name-binding.ts';
import { showsRow } from './plain-terms.ts';
import { planOf } from './term-plan.ts';

const EVENT_NAMES: readonly (EventNames | null)[] = [
  null,
  { provider: 'Nic-Driver', event: 'Send', function: 'NicSend', source_file: 'nic.c' },
  { provider: 'Nic-Driver', event: 'Reset', function: null, source_file: null },
  { provider: 'Disk', event: 'Send', function: null, source_file: 'disk.c' },
];

const NAMES: FilterNames = {
  version: '1',
  startUnixMs: Date.UTC(2026, 2, 1, 10),
  sources: [
    { id: 0, name: 'sim:lab' },
    { id: 1, name: 'driver:' },
  ],
  processes: [
    { source: 0, pid: 4, name: 'System' },
    { source: 0, pid: 7, name: 'nicd.exe' },
    { source: 1, pid: 7, name: 'NicTray.exe' },
  ],
  events: [
    // Numbers up to 2 mean the same for all sources, 3 is known of the second alone.
    { source: null, table: { size: 3, at: (number) => EVENT_NAMES[number] ?? null } },
    { source: 1, table: { size: 4, at: (number) => (number === 3 ? (EVENT_NAMES[number] ?? null) : null) } },
  ],
};

const specOf = (text: string, more: Partial<FilterSpec> = {}): FilterSpec => ({
  ...SHOW_ALL,
  ...more,
  terms: { text, caseSensitive: false },
});

function shown(spec: FilterSpec, segment: Segment, from = 0, to = segment.count, beforeNs = Number.NaN): number[] {
  const filter = compileFilter(spec, bindNames(spec, NAMES));
  if (!filter.ok) throw new Error(filter.failure.message);
  const out = new Uint32Array(to - from);
  return [...out.subarray(0, filter.value.scan(segment, from, to, out, beforeNs))];
}

const MS = 1e6;
const ROWS = [
  entry(0, 'read 512 bytes at 0x1f00', { cpu: 0, level: 0, pid: 4, timeNs: 0 }),
  entry(1, 'read 4096 bytes at 0x2a00', { cpu: 3, level: 1, pid: 7, timeNs: 2 * MS }),
  gap(2, 3, 9),
  entry(3, 'Noise "here"', { cpu: 5, level: 2, pid: 7, source: 1, timeNs: 3 * MS }),
  entry(4, 'line\none', { cpu: 7, level: 7, origin: 1, type: 0, remarks: 16, timeNs: 9 * MS }),
  entry(5, '\x01\x02', { cpu: 1, level: 3, type: 12, timeNs: 9 * MS }),
] as const;

/** The same codes in all their forms, and the same digits where they are none. */
const STATUS_ROWS = [
  entry(0, 'write: 0xC00000B5'),
  entry(1, 'write: 0x00000000c00000b5 again'),
  gap(2, 3, 9),
  entry(3, 'rc 3221225653, gave up'),
  entry(4, 'returned -1073741643'),
  entry(5, 'STATUS_IO_TIMEOUT'),
  entry(6, 'handle 0xC00000B50'),
  entry(7, 'c00000b5 bytes'),
  entry(8, 'NtStatus=c00000b5'),
  entry(9, 'wait: status 258'),
  entry(10, 'read 258 bytes at 0x102'),
  entry(11, 'STATUS_TIMEOUT'),
  entry(12, 'open: error 5'),
  entry(13, 'open: hr = 0x80070005'),
  entry(14, 'line 5'),
] as const;

describe('terms', () => {
  const segment = segmentOf(ROWS.map((row) => (row.kind === 1 ? { ...row, timeNs: 2 * MS } : row)));

  it.each<[string, number[]]>([
    ['cpu:3,5-7', [1, 2, 3, 4]],
    ['-cpu:3', [0, 3, 4, 5]],
    ['level>=warning', [0, 1, 2]],
    ['level:other', [2, 4]],
    ['pid:7', [1, 2, 3]],
    ['type:12', [2, 5]],
    ['remarks:0x10', [2, 4]],
    ['index:1-3', [1, 2, 3]],
    ['time<3ms', [0, 1, 2]],
    ['time:3ms', [3]],
    ['delta>=2ms', [1, 2, 4]],
    ['delta:0ns', [0, 2, 5]],
    ['source:sim:lab', [0, 1, 2, 4, 5]],
    ['source:dbgprint', [2, 4]],
    ['-source:dbgprint', [0, 1, 2, 3, 5]],
    ['-source:sim:lab', [3]],
    ['process:nic*', [1, 2, 3]],
    ['-process:nic*,system', [2, 4, 5]],
    ['"noise"', [2, 3]],
    ['-noise', [0, 1, 2, 4, 5]],
    ['/READ \\d{3} /i', [0, 2]],
    ['/READ/', [2]],
    ['(read or noise)', [0, 1, 2, 3]],
    ['-read -noise', [2, 4, 5]],
    ['like:"read # bytes at #"', [0, 1, 2]],
    ['-like:"read # bytes at #"', [2, 3, 4, 5]],
    ['like:line␊one', [2, 4]],
    ['cpu:3 or noise', [1, 2, 3]],
    ['cpu:3 "noise"', [2]],
    ['not (cpu:3 or noise)', [0, 4, 5]],
    ['level:error level:warning', [2]],
    ['0x0102', [2, 5]],
  ])('show what they say, and losses unless their CPU, source or time is hidden: %s', (text, rows) => {
    expect(shown(specOf(text), segment)).toEqual(rows);
  });

  it('are applied to what the chips and the text of a filter show', () => {
    expect(shown(specOf('read'.padEnd(4), { hiddenCpus: [3] }), segment)).toEqual([0]);
    const text = { pattern: '4096', regex: false, caseSensitive: false };
    expect(shown(specOf('cpu:0-3', { text }), segment)).toEqual([1, 2]);
  });

  it('judge the first row of a segment by the row before it', () => {
    expect(shown(specOf('delta>1ms'), segment, 0, 1, -5 * MS)).toEqual([0]);
    expect(shown(specOf('delta>1ms'), segment, 0, 1)).toEqual([]);
  });

  it('say what of a row they have to see', () => {
    const facts = (spec: FilterSpec) => {
      const filter = compileFilter(spec);
      if (!filter.ok) throw new Error(filter.failure.message);
      const { showsAll, readsText, runsExpressions, readsBefore, readsNames } = filter.value;
      return [showsAll, readsText, runsExpressions, readsBefore, readsNames];
    };
    expect(facts(specOf('cpu:3'))).toEqual([false, false, false, false, false]);
    expect(facts(specOf('cpu:3 foo'))).toEqual([false, true, false, false, false]);
    expect(facts(specOf('cpu:3 /foo/'))).toEqual([false, true, true, false, false]);
    expect(facts(specOf('-like:"a #"'))).toEqual([false, true, false, false, false]);
    expect(facts(specOf('delta>1 process:x'))).toEqual([false, false, false, true, true]);
    expect(facts(SHOW_ALL)).toEqual([true, false, false, false, false]);
  });

  it('that are none are refused with their place', () => {
    expect(compileFilter(specOf('cpu:x'))).toMatchObject({
      ok: false,
      failure: { code: 'bad-pattern', message: expect.stringContaining('at character 5') },
    });
  });
});

describe('a term with names of events', () => {
  const segment = segmentOf([
    entry(0, 'a', { event: 1 }),
    entry(1, 'b', { event: 2, source: 1 }),
    gap(2, 3, 9),
    entry(3, 'c', { event: 3, source: 1 }),
    entry(4, 'd', { event: 3 }),
    entry(5, 'e'),
  ]);

  it.each<[string, number[]]>([
    ['provider:nic*', [0, 1, 2]],
    ['-provider:nic*', [2, 3, 4, 5]],
    ['provider:disk', [2, 3]],
    ['event:send', [0, 2, 3]],
    ['event:send,reset -source_file:disk.c', [0, 1, 2]],
    ['function:NicSend', [0, 2]],
    ['-function:*', [1, 2, 3, 4, 5]],
    ['source_file:*.c', [0, 2, 3]],
    ['event:none', [2]],
  ])('shows events of that name, and hides no loss: %s', (text, rows) => {
    expect(shown(specOf(text), segment)).toEqual(rows);
  });
});

describe('a term with status codes', () => {
  const segment = segmentOf(STATUS_ROWS);

  it.each<[string, number[]]>([
    ['status:STATUS_IO_TIMEOUT', [0, 1, 2, 3, 4, 5, 8]],
    ['status:status_io_timeout', [0, 1, 2, 3, 4, 5, 8]],
    ['status:0xC00000B5', [0, 1, 2, 3, 4, 5, 8]],
    ['status:-1073741643', [0, 1, 2, 3, 4, 5, 8]],
    ['status:STATUS_TIMEOUT', [2, 9, 11]],
    ['status:*timeout*', [0, 1, 2, 3, 4, 5, 8, 9, 11]],
    ['status:STATUS_TIMEOUT,ERROR_ACCESS_DENIED', [2, 9, 11, 12, 13]],
    ['-status:*timeout*', [2, 6, 7, 10, 12, 13, 14]],
    ['status:STATUS_IO_TIMEOUT -write', [2, 3, 4, 5, 8]],
  ])('shows messages that have one of them in any of its forms: %s', (text, rows) => {
    expect(shown(specOf(text), segment)).toEqual(rows);
  });

  it('is refused where nothing has that name', () => {
    expect(compileFilter(specOf('cpu:1 status:STATUS_NO_SUCH_THING'))).toMatchObject({
      ok: false,
      failure: { code: 'bad-pattern', message: "No status code is called 'STATUS_NO_SUCH_THING'" },
    });
  });

  it('reads text, and no expression of a person', () => {
    const filter = compileFilter(specOf('status:5'));
    if (!filter.ok) throw new Error(filter.failure.message);
    expect([filter.value.readsText, filter.value.runsExpressions]).toEqual([true, false]);
  });
});

describe('a plan', () => {
  const plan = (text: string) => {
    const tree = filterTree(text);
    if (!tree.ok) throw new Error(tree.failure.message);
    return planOf(tree.value, []);
  };

  it('looks at each column once, looks for several texts at once, and begins with what is cheap', () => {
    expect(plan('/x/ foo -bar -baz cpu>=2 cpu:1-5 -cpu:4 level:error')).toMatchObject({
      kind: 'and',
      items: [
        {
          kind: 'number',
          field: 'cpu',
          ranges: [
            { from: 2, to: 3 },
            { from: 5, to: 5 },
          ],
        },
        { kind: 'number', field: 'level' },
        { kind: 'texts', texts: ['foo'], hides: false },
        { kind: 'texts', texts: ['bar', 'baz'], hides: true },
        { kind: 'regex' },
      ],
    });
    expect(plan('(a or b or cpu:1 or cpu:2)')).toMatchObject({
      kind: 'or',
      items: [
        { kind: 'number', ranges: [{ from: 1, to: 2 }] },
        { kind: 'texts', texts: ['a', 'b'], hides: false },
      ],
    });
  });
});

const WORDS = [
  'alpha',
  'Alpha beta',
  'beta 12',
  'gamma 0x1f00',
  'Ärger',
  'ärger alpha',
  '',
  'a',
  'line\nalpha',
  'kelvin \u212a',
];

/** Messages made of parts of addresses, so that some name one and others nearly do. */
const NUMBERS = fc
  .array(
    fc.constantFrom(
      ...['0x', '0X', '00', '1f', '1F', 'ffffc01a', 'FFFFC01A', '2b3c4d50', '2B3C4D50', '804d7000', '00000000', '0'],
      ...['0xffffc01a2b3c4d50', 'ffffc01a`2b3c4d50', '0000001f', '`', ' ', '-', '.', 'irp', '_', ', ', 'ärger'],
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));

/** Messages made of parts of codes, so that some hold one and others nearly do. */
const CODES = fc
  .array(
    fc.constantFrom(
      ...[
        'status',
        'hr',
        'error code',
        ' is',
        ' ',
        '=',
        ': ',
        '0x',
        '0X',
        '00',
        'ffffffff',
        'c00000b5',
        'C00000B5',
        '102',
      ],
      ...[
        '258',
        '0',
        '5',
        '-',
        '3221225653',
        '1073741643',
        'STATUS_TIMEOUT',
        'status_io_timeout',
        '.',
        ',',
        '_',
        '`',
        'Ä',
      ],
      ...['\u017f', '80070005', '00000102'],
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));
const row = fc.record({
  loss: fc.boolean(),
  cpu: fc.nat({ max: 3 }),
  level: fc.nat({ max: 5 }),
  origin: fc.nat({ max: 1 }),
  source: fc.nat({ max: 1 }),
  pid: fc.constantFrom(4, 7),
  event: fc.nat({ max: 3 }),
  type: fc.constantFrom(0, 0, 0, 12),
  remarks: fc.nat({ max: 3 }),
  timeNs: fc.nat({ max: 9 }),
  text: fc.oneof(fc.constantFrom(...WORDS), CODES),
});
const rowsOf = fc
  .array(row, { minLength: 1, maxLength: 40 })
  .map((rows) =>
    rows.map(({ text, loss, ...columns }, at) => entry(at, loss ? '' : text, { ...columns, kind: loss ? 1 : 0 })),
  );
const number = fc.constantFrom(...NUMBER_FIELDS).chain((field) =>
  fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.boolean()).map(
    ([a, b, open]): FilterTree => ({
      kind: 'number',
      field,
      ranges: [{ from: Math.min(a, b), to: open ? Number.POSITIVE_INFINITY : Math.max(a, b) }],
    }),
  ),
);
const status = fc
  .uniqueArray(
    fc.constantFrom('STATUS_TIMEOUT', 'status_io_timeout', '*timeout*', '0', '5', 'ERROR_ACCESS_DENIED', '0xffffffff'),
    { minLength: 1, maxLength: 3 },
  )
  .map((patterns): FilterTree => ({ kind: 'status', patterns }));
const hex = fc
  .uniqueArray(fc.constantFrom('0x1f', '0xffffc01a2b3c4d50', '0x804d7000', '0x0'), { minLength: 1, maxLength: 3 })
  .map((values): FilterTree => ({ kind: 'hex', values }));
const leaf: fc.Arbitrary<FilterTree> = fc.oneof(
  number,
  fc
    .constantFrom('sim:lab', 'driver:', 'dbgprint', '*')
    .map((name): FilterTree => ({ kind: 'name', field: 'source', patterns: [name] })),
  fc
    .constantFrom('nic*', 'System', 'none')
    .map((name): FilterTree => ({ kind: 'name', field: 'process', patterns: [name] })),
  fc
    .tuple(fc.constantFrom(...EVENT_NAME_FIELDS), fc.constantFrom('nic*', 'send', 'disk*', '*', 'none'))
    .map(([field, name]): FilterTree => ({ kind: 'name', field, patterns: [name] })),
  fc.constantFrom('alpha', 'beta', 'a', 'ärger', '12', 'k').map((text): FilterTree => ({ kind: 'text', text })),
  fc
    .constantFrom('a$', '\\d+', 'al.*a|beta')
    .map((source): FilterTree => ({ kind: 'regex', source, ignoreCase: true })),
  fc
    .constantFrom('beta #', 'gamma #', 'alpha', 'line␊alpha')
    .map((template): FilterTree => ({ kind: 'like', template })),
  status,
  hex,
  fc
    .tuple(fc.constantFrom(...([':', '<', '>='] as const)), fc.nat({ max: 9 }))
    .map(([relation, ns]): FilterTree => ({ kind: 'clock', relation, values: [`10:00:00.00000000${ns}Z`] })),
);
const { tree } = fc.letrec<{ tree: FilterTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('tree').map(negated),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 5 }))
      .map(([kind, items]) => group(kind, items)),
  ),
}));

describe('any filter of terms', () => {
  it('shows the rows that its plain twin shows, wherever a scan begins', () => {
    const cases = countCases('hit', 'miss', 'text term', 'both hits and misses', 'begins later');
    fc.assert(
      fc.property(tree, rowsOf, fc.boolean(), fc.nat({ max: 10 }), (filter, rows, caseSensitive, skipped) => {
        const segment = segmentOf(rows);
        const spec: FilterSpec = { ...SHOW_ALL, terms: { text: printFilter(filter), caseSensitive } };
        const bindings = bindNames(spec, NAMES);
        const from = Math.min(skipped, segment.count - 1);
        const wanted = rows.flatMap((_, offset) => {
          const deltaNs = offset === 0 ? 0 : (rows[offset]?.timeNs ?? 0) - (rows[offset - 1]?.timeNs ?? 0);
          return offset >= from && showsRow(filter, caseSensitive, bindings, { segment, offset, deltaNs })
            ? [offset]
            : [];
        });
        expect(shown(spec, segment, from)).toEqual(wanted);
        const misses = segment.count - from - wanted.length;
        cases.note('hit', wanted.length);
        cases.note('miss', misses);
        cases.note('both hits and misses', wanted.length > 0 && misses > 0);
        cases.note(
          'text term',
          [...termsOf(filter)].some(({ term }) => term.kind === 'text'),
        );
        cases.note('begins later', from > 0);
      }),
    );
    cases.expectEach(10);
  });

  it('of numbers alone shows the rows that name one, whether few are looked at or many', () => {
    const cases = countCases('hit', 'miss');
    fc.assert(
      fc.property(hex, fc.array(NUMBERS, { minLength: 1, maxLength: 40 }), (filter, texts) => {
        const segment = segmentOf(texts.map((text, at) => entry(at, text)));
        const wanted = texts.flatMap((_, offset) =>
          showsRow(filter, false, [], { segment, offset, deltaNs: 0 }) ? [offset] : [],
        );
        cases.note('hit', wanted.length);
        cases.note('miss', texts.length - wanted.length);
        expect(shown(specOf(printFilter(filter)), segment)).toEqual(wanted);
      }),
    );
    cases.expectEach(20);
  });

  it('of status codes alone shows the rows that hold one, whether few are looked at or many', () => {
    fc.assert(
      fc.property(status, fc.array(CODES, { minLength: 1, maxLength: 40 }), (filter, texts) => {
        const segment = segmentOf(texts.map((text, at) => entry(at, text)));
        const wanted = texts.flatMap((_, offset) =>
          showsRow(filter, false, [], { segment, offset, deltaNs: 0 }) ? [offset] : [],
        );
        expect(shown(specOf(printFilter(filter)), segment)).toEqual(wanted);
      }),
    );
  });
});
