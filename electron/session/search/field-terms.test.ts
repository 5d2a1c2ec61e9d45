/** What filter terms about fields of records show: by examples, and held against the plain reading of every record. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filterTree, readFilter } from '../../contract/filter/parse.ts';
import { printFilter } from '../../contract/filter/print.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { countCases } from '../../contract/test-support.ts';
import type { Segment } from '../store/segment.ts';
import { entry, gap, type PlainRow, segmentOf } from '../test-support.ts';
import { setSchemas } from '../text/schemas.ts';
import { compileFilter } from './filter.ts';
import { showsRow } from './plain-terms.ts';

const SCHEMA = JSON.stringify({
  ringview_schema: 1,
  enums: { action: { 1: 'open', 2: 'close' } },
  types: {
    16: {
      name: 'tcp',
      fields: [
        { name: 'port', type: 'u16' },
        { name: 'action', type: 'u8', enum: 'action' },
        { name: 'bits', type: 'u8', flags: { 1: 'urgent', 2: 'push' } },
        { name: 'result', type: 'ntstatus' },
        { name: 'took', type: 'duration', unit: 'us', bits: 32 },
        { name: 'pid', type: 'u8' },
        { name: 'path', type: 'utf8', until: 'nul' },
        { name: 'hops', type: 'array', of: { type: 'ipv4' }, until: 'end' },
      ],
    },
    17: {
      name: 'block',
      // Its line does not name the address.
      message: [{ text: 'block at port {port}' }],
      fields: [
        { name: 'port', type: 'u64' },
        { name: 'where', type: 'struct', fields: [{ name: 'address', type: 'pointer' }] },
        { name: 'on', type: 'bool' },
      ],
    },
    18: { name: 'lanes', fields: [{ name: 'lane', type: 'array', of: { type: 'u8' }, count: 3 }] },
  },
});

beforeAll(() => {
  expect(setSchemas([SCHEMA])).toMatchObject({ ok: true });
});
afterAll(() => {
  setSchemas([]);
});

interface Tcp {
  readonly port: number;
  readonly action: number;
  readonly bits: number;
  readonly result: number;
  readonly took: number;
  readonly pid: number;
  readonly path: string;
  readonly hops: readonly number[];
}

function tcp({ port, action, bits, result, took, pid, path, hops }: Tcp): Uint8Array {
  const name = new TextEncoder().encode(path);
  const bytes = new Uint8Array(13 + name.length + 1 + 4 * hops.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, port, true);
  bytes.set([action, bits], 2);
  view.setUint32(4, result, true);
  view.setUint32(8, took, true);
  bytes[12] = pid;
  bytes.set(name, 13);
  for (const [at, hop] of hops.entries()) bytes.set([10, 0, 0, hop], 14 + name.length + 4 * at);
  return bytes;
}

function block(port: bigint, address: bigint, on: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(17));
  view.setBigUint64(0, port, true);
  view.setBigUint64(8, address, true);
  view.setUint8(16, on);
  return new Uint8Array(view.buffer);
}

const A: Tcp = {
  port: 443,
  action: 1,
  bits: 3,
  result: 0xc00000b5,
  took: 1500,
  pid: 9,
  path: 'C:\\nic.sys',
  hops: [1, 2],
};
const B: Tcp = { port: 80, action: 2, bits: 2, result: 0, took: 10, pid: 4, path: '', hops: [] };
const typed = (index: number, type: number, payload: Uint8Array): PlainRow => entry(index, '', { type, payload });

const specOf = (text: string): FilterSpec => ({ ...SHOW_ALL, terms: { text, caseSensitive: false } });

function shown(text: string, segment: Segment): number[] {
  const filter = compileFilter(specOf(text));
  if (!filter.ok) throw new Error(filter.failure.message);
  const out = new Uint32Array(segment.count);
  return [...out.subarray(0, filter.value.scan(segment, 0, segment.count, out))];
}

describe('a term about a field', () => {
  let segment: Segment;
  beforeAll(() => {
    segment = segmentOf([
      typed(0, 16, tcp(A)),
      typed(1, 16, tcp(B)),
      gap(2, 3, 9),
      entry(3, 'port:443'),
      typed(4, 17, block(443n, 0xfffff80000001000n, 1)),
      // Neither fits: it has no fields.
      typed(5, 16, tcp(A).subarray(0, 12)),
      typed(6, 18, tcp(A)),
      typed(7, 17, block(2n ** 64n - 1n, 0n, 0)),
    ]);
  });

  it.each<[string, number[]]>([
    ['port:443', [0, 2, 4]],
    ['-port:443', [1, 2, 3, 5, 6, 7]],
    ['tcp.port:443', [0, 2]],
    ['PORT:0x1bb', [0, 2, 4]],
    ['port:80,440-450', [0, 1, 2, 4]],
    ['port:80..100', [1, 2]],
    ['port>=443', [0, 2, 4, 7]],
    ['port>18446744073709551614', [2, 7]],
    ['port<443', [1, 2]],
    ['action:open', [0, 2]],
    ['action:OP*,2', [0, 1, 2]],
    ['bits:urgent', [0, 2]],
    ['bits:push', [0, 1, 2]],
    ['bits:2', [1, 2]],
    ['result:STATUS_IO_TIMEOUT', [0, 2]],
    ['result:*timeout*', [0, 2]],
    ['result:-1073741643', [0, 2]],
    ['result:0', [1, 2]],
    ['took>1ms', [0, 2]],
    ['took:1.5ms', [0, 2]],
    ['took:10us', [1, 2]],
    ['took<=10us', [1, 2]],
    ['path:*.SYS', [0, 2]],
    ['hops:10.0.0.2', [0, 2]],
    ['hops:10.*', [0, 2]],
    ['where.address:0xfffff80000001000', [2, 4]],
    ['where.address:0xfffff800`00001000', [2, 4]],
    ['on:true', [2, 4]],
    ['on:0', [2, 7]],
    ['tcp.pid:9', [0, 2]],
    ['type:tcp', [0, 1, 2, 5]],
    ['type:tcp,block -port:443', [1, 2, 5, 7]],
    ['status:STATUS_IO_TIMEOUT', [0, 2]],
    ['hex:0xfffff80000001000', [2, 4]],
    ['hex:0xf000', [2]],
    ['port:443 (action:open or on:true)', [0, 2, 4]],
  ])('%s', (text, rows) => {
    expect(shown(text, segment)).toEqual(rows);
    const tree = filterTree(text);
    if (!tree.ok) throw new Error(tree.failure.message);
    expect(filterTree(printFilter(tree.value))).toEqual(tree);
    const plain = Array.from({ length: segment.count }, (_, offset) => offset).filter((offset) =>
      showsRow(tree.value, false, [], { segment, offset, deltaNs: 0 }),
    );
    expect(rows).toEqual(plain);
  });

  it('that no field can have is refused, and says what was expected', () => {
    for (const [text, expected] of [
      ['port:many', "'many' cannot be a value of 'port': a number was expected, such as 16, 0x10 or 16-20"],
      ['action:start', "'start' cannot be a value of 'action': one of its names or a number was expected"],
      ['path>a', "'a' cannot be a value of 'path': it is a text, which cannot be compared"],
      ['took>soon', "'soon' cannot be a value of 'took': a length of time was expected, such as 1ms"],
      ['on:maybe', "'maybe' cannot be a value of 'on': true or false was expected"],
    ] as const) {
      expect(compileFilter(specOf(text))).toMatchObject({
        ok: false,
        failure: { code: 'bad-pattern', message: expected },
      });
    }
    expect(readFilter('port>1,2')).toMatchObject({ as: 'fault' });
    expect(readFilter('path:""')).toMatchObject({ as: 'fault' });
  });

  it('is text where no schema has a field of that name', () => {
    for (const text of ['none:443', 'local_port:443', 'tcp.none:1', 'tcp::port', 'port: 443']) {
      expect(readFilter(text)).toEqual({ as: 'text' });
    }
    expect(readFilter('network.local_port:443')).toMatchObject({ as: 'terms', tree: { kind: 'field' } });
    // A name of a term stays one.
    expect(readFilter('pid:9')).toMatchObject({ as: 'terms', tree: { kind: 'number' } });
  });

  it('looks at rows of text by their type alone', () => {
    const rows = segmentOf([entry(0, 'a'), entry(1, 'b')]);
    const payload = rows.payload.bind(rows);
    let looked = 0;
    rows.payload = (offset) => {
      looked++;
      return payload(offset);
    };
    expect(shown('port:443', rows)).toEqual([]);
    expect(looked).toBe(0);
  });
});

const anyTcp = fc.record({
  port: fc.constantFrom(80, 443, 8080),
  action: fc.nat({ max: 3 }),
  bits: fc.nat({ max: 7 }),
  result: fc.constantFrom(0, 0xc00000b5, 0xc0000022),
  took: fc.constantFrom(0, 10, 1500, 1_500_000),
  pid: fc.nat({ max: 255 }),
  path: fc.constantFrom('', 'C:\\nic.sys', 'ärger'),
  hops: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
});
const anyRow = fc.oneof(
  anyTcp.map((tcpOf) => typed(0, 16, tcp(tcpOf))),
  fc.tuple(anyTcp, fc.nat({ max: 20 })).map(([tcpOf, length]) => typed(0, 16, tcp(tcpOf).subarray(0, length))),
  fc
    .tuple(fc.constantFrom(80n, 2n ** 64n - 1n), fc.nat({ max: 1 }))
    .map(([port, on]) => typed(0, 17, block(port, 0x1000n, on))),
  fc.array(fc.nat({ max: 4 }), { maxLength: 4 }).map((lanes) => typed(0, 18, Uint8Array.from(lanes))),
  fc.constant(entry(0, 'port:443')),
  fc.constant(gap(0, 1, 1)),
);
const anyTerm = fc.constantFrom(
  ...[
    'port:80',
    'port>80',
    'port<=443,',
    'tcp.port:443',
    'port:70-90,443',
    'action:open',
    'action:3',
    'bits:push',
    'result:0',
  ],
  ...[
    'result:*denied',
    'took>1ms',
    'took:1.5s',
    'path:*sys',
    'path:*',
    'hops:10.0.0.1',
    'lane:2',
    'lanes.lane>2',
    'on:1',
    'where.address>=0x1000',
    'type:block',
  ],
  ...['status:STATUS_ACCESS_DENIED', 'hex:0x1000', 'hex:0x2000,0x50'],
);

it('asks each element of an array, also of one that has its place in every record', () => {
  const lanes = [
    [1, 2, 3],
    [2, 0, 0],
    [0, 0, 2],
    [3, 3, 3],
    [2, 2],
  ].map((each) => typed(0, 18, Uint8Array.from(each)));
  expect(shown('lane:2', segmentOf(lanes))).toEqual([0, 1, 2]);
  expect(shown('-lane:2', segmentOf(lanes))).toEqual([3, 4]);
});

it('any filter of such terms shows the rows that its plain twin shows', () => {
  const cases = countCases('some', 'all', 'none');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyTerm, fc.boolean()), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      fc.array(anyRow, { minLength: 1, maxLength: 30 }),
      (terms, either, rows) => {
        const text = terms
          .map(([term, hides]) => `${hides ? '-' : ''}${term.replace(/,$/, '')}`)
          .join(either ? ' or ' : ' ');
        const segment = segmentOf(rows);
        const tree = filterTree(text);
        if (!tree.ok) throw new Error(tree.failure.message);
        const plain = rows.flatMap((_, offset) =>
          showsRow(tree.value, false, [], { segment, offset, deltaNs: 0 }) ? [offset] : [],
        );
        expect(shown(text, segment)).toEqual(plain);
        cases.note(plain.length === 0 ? 'none' : plain.length === rows.length ? 'all' : 'some');
      },
    ),
  );
  cases.expectEach();
});
