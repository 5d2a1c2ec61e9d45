/** Images that the C ring wrote, read by this room: the two sides of the layout meet here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RV } from './layout.ts';
import { RingReader } from './ring-reader.ts';
import { parseRingSession } from './ring-session.ts';
import { ArrayMemory, rowsOf, TestClock, type TestRow } from './test-support.ts';

interface GoldenRecord {
  readonly lostBefore: number;
  readonly cpu: number;
  readonly level: number;
  readonly timestamp: string;
  readonly index: number;
  readonly sequence: number;
  readonly pid: number;
  /** Not in version 1. */
  readonly tid?: number;
  readonly irql?: number;
  readonly type: number;
  readonly origin: number;
  readonly remarks: number;
  readonly flags: number;
  readonly length: number;
  /** Return addresses in hexadecimal, the innermost first; not where there is none. */
  readonly stack?: string[];
  readonly fnv1a32: number;
  /** Hexadecimal; null where the checksum has to do. */
  readonly data: string | null;
}

interface GoldenCpu {
  readonly cpu: number;
  readonly written: number;
  readonly overwritten: number;
  readonly wrapped: number;
  readonly badConsumer: number;
  readonly indexHoles: number;
  readonly lost: Record<string, number>;
  readonly consumedSequence: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  readonly records: GoldenRecord[];
}

interface Golden {
  readonly session: Record<string, number | string>;
  readonly now: string;
  readonly cpus: GoldenCpu[];
  /** [cpu, sequence] in the order of the merge. */
  readonly order: [number, number][];
  /** How many of them may be shown after one look at `now`. */
  readonly emittable: number;
}

const folder = new URL('../../driver/test/golden/', import.meta.url);
/** Those that the ring writes today, and those of version 1, which nothing writes any more. */
const names = ['', 'version-1/'].flatMap((version) =>
  readdirSync(new URL(version, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${version}${name.slice(0, -5)}`),
);

function fnv1a(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
}

/** The data of a row as it is shown: of a text with the line of its stack. */
function shownData({ data, type, stack }: GoldenRecord): string | null {
  if (data === null || stack === undefined || type !== RV.TYPE_TEXT) return data;
  const line = `stack: ${stack.map((frame) => `0x${frame}`).join(' ')}`;
  return data + Buffer.from(data.endsWith('0a') ? line : `\n${line}`).toString('hex');
}

function load(name: string): { golden: Golden; image: Uint8Array<ArrayBuffer> } {
  const golden = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Golden;
  const packed = new URL(`${name}.bin.gz`, folder);
  const bytes = existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(new URL(`${name}.bin`, folder));
  return { golden, image: new Uint8Array(bytes) };
}

it('finds the golden images of both versions', () => {
  const old = names.filter((name) => name.startsWith('version-1/'));
  expect(old.length).toBeGreaterThan(5);
  expect(names.length - old.length).toBeGreaterThan(old.length);
});

describe.each(names)('golden image %s', (name) => {
  const { golden, image } = load(name);
  const records = new Map(
    golden.cpus.flatMap(({ records }) => records.map((record) => [`${record.cpu}:${record.sequence}`, record])),
  );
  const expected = golden.order.map(([cpu, sequence]) => records.get(`${cpu}:${sequence}`) as GoldenRecord);

  function open() {
    const parsed = parseRingSession(image.subarray(0, RV.PAGE), image.length);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const clock = new TestClock();
    clock.now = BigInt(golden.now);
    const reader = RingReader.attach(parsed.value, new ArrayMemory(image.slice().buffer), clock);
    if (!reader.ok) throw new Error(reader.failure.message);
    return { header: parsed.value, reader: reader.value };
  }

  function shown(rows: TestRow[]) {
    return rows.filter(({ kind }) => kind === 'entry');
  }

  it('has the header that was written', () => {
    const { header } = open();
    const { session } = golden;
    expect(header.versionMajor).toBe(session.versionMajor);
    expect(header.versionMajor).toBe(name.startsWith('version-1/') ? 1 : 2);
    expect(header.sessionId).toBe(BigInt(session.sessionId ?? 0));
    expect(header.cpuCount).toBe(session.cpuCount);
    expect(header.ringMode).toBe(session.ringMode === RV.MODE_DROP_NEW ? 'drop' : 'overwrite');
    expect(header.orderMode).toBe(session.orderMode === RV.ORDER_INDEX ? 'index' : 'clock');
    expect(header.ringBytes).toBe(session.ringBytes);
    expect(header.clockFrequency).toBe(Number(session.qpcFrequency));
    expect(header.startTicks).toBe(BigInt(session.startQpc ?? 0));
    expect(header.startUnixMs).toBe((Number(session.startFiletime) - 116444736000000000) / 10000);
    expect(header.producer).toBe(session.producer);
    expect(header.producerPid).toBe(session.producerPid);
  });

  it('shows after one look what is safe to show', () => {
    const rows: TestRow[] = [];
    open().reader.round((batch) => rows.push(...rowsOf(batch)), false);
    const entries = shown(rows);
    expect(entries).toHaveLength(golden.emittable);
    expect(entries.map(({ cpu, data }, at) => [cpu, fnv1a(data.subarray(0, expected[at]?.length))])).toEqual(
      expected.slice(0, golden.emittable).map(({ cpu, fnv1a32 }) => [cpu, fnv1a32]),
    );
  });

  it('decodes every record, in order, with every field, and places what was lost', () => {
    const { header, reader } = open();
    const rows: TestRow[] = [];
    reader.round((batch) => rows.push(...rowsOf(batch)), true);
    reader.flush((batch) => rows.push(...rowsOf(batch)));
    const nsPerTick = 1e9 / header.clockFrequency;

    expect(shown(rows)).toEqual(
      expected.map((record) => ({
        kind: 'entry',
        index: record.index,
        timeNs: Number(BigInt(record.timestamp) - header.startTicks) * nsPerTick,
        cpu: record.cpu,
        level: record.level,
        flags: record.flags,
        type: record.type,
        origin: record.origin,
        pid: record.pid,
        tid: record.tid ?? null,
        irql: record.irql ?? null,
        remarks: record.remarks,
        data: expect.any(Uint8Array),
      })),
    );
    shown(rows).forEach(({ data }, at) => {
      const record = expected[at] as GoldenRecord;
      expect(fnv1a(data.subarray(0, record.length))).toBe(record.fnv1a32);
      if (record.data === null) expect(data.length).toBe(record.length);
      else expect(Buffer.from(data).toString('hex')).toBe(shownData(record));
    });

    for (const cpu of golden.cpus) {
      const own = rows.filter((row) => row.cpu === cpu.cpu);
      const losses = own.flatMap((row, at) => (row.kind === 'gap' ? [[at, row.remarks]] : []));
      const placed: number[][] = [];
      cpu.records.forEach(({ lostBefore }, record) => {
        // A position counts the gap rows before it too.
        if (lostBefore > 0) placed.push([record + placed.length, lostBefore]);
      });
      if (cpu.lostAfter > 0) placed.push([own.length - 1, cpu.lostAfter]);
      expect(losses).toEqual(placed);
    }
  });

  it('knows the counters and where earlier readers stopped', () => {
    const { reader } = open();
    reader.round(() => {}, true);
    reader.flush(() => {});
    for (const account of reader.accounts()) {
      const cpu = golden.cpus[account.cpu] as GoldenCpu;
      expect(account).toMatchObject({
        written: cpu.written,
        attempted: cpu.written + (cpu.lost.total ?? 0),
        overwritten: cpu.overwritten,
        wrapped: cpu.wrapped,
        badConsumer: cpu.badConsumer,
        indexHoles: cpu.indexHoles,
        attemptedBefore: cpu.consumedSequence,
        read: cpu.records.length,
        lost: cpu.lostBefore + cpu.lostAfter,
      });
      expect(account.attempted).toBe(account.attemptedBefore + account.read + account.lost);
    }
  });
});
