/** Logs in zip files that are read in no order of their bytes: read as they are outside of one, and their traces on the disk. */
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntryBatch } from '../../core/entry.ts';
import { filetimeToUnixMs } from '../../core/filetime.ts';
import { fail, ok } from '../../core/result.ts';
import { HandSession, testRandom } from '../../core/test-support.ts';
import { crashedMemory } from '../dump/test-support.ts';
import { at, PROVIDER, traceFile, wppMessage } from '../etl/test-support.ts';
import { chunkOf, EVENT, event, eventLog } from '../evtx/test-support.ts';
import { rowsOf } from '../file/test-support.ts';
import { openFileSource } from '../open-file.ts';
import type { LogSource } from '../source.ts';
import { type ZipFile, zipOf } from './test-support.ts';
import { roomFor } from './unpacked-source.ts';
import { logsAt } from './zip-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-unpacked-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = join(folder, 'scratch');
const scratch = () => ok(place);
const path = join(folder, 'sent by a colleague ü.zip');

beforeEach(() => rmSync(place, { recursive: true, force: true }));

const left = (): readonly string[] => readdirSync(place);

function opened(name: string, options = {}): LogSource {
  const source = openFileSource(name, { scratch, ...options });
  if (!source.ok) throw new Error(source.failure.message);
  return source.value;
}

/** Reads a source to its end, and closes it: its rows, by what they have whatever numbers its events have, and what is known of it. */
async function readAll(source: LogSource) {
  const rows: unknown[] = [];
  const take = (batch: EntryBatch): void => {
    for (const [row, { timeNs, level, pid, text }] of rowsOf(batch).entries())
      rows.push({ timeNs, level, pid, text, event: source.eventNames?.at(batch.event[row] as number) ?? null });
  };
  let last = 0;
  for (;;) {
    const { state, more } = source.poll(take);
    const { readBytes = 0, totalBytes = 0 } = source.stats().file ?? {};
    expect(readBytes).toBeGreaterThanOrEqual(last);
    expect(readBytes).toBeLessThanOrEqual(totalBytes ?? 0);
    last = readBytes;
    if (state !== 'capturing') break;
    if (!more) await new Promise((done) => setImmediate(done));
  }
  const { state, failure, file } = source.stats();
  source.close(() => {});
  return { rows, state, failure, file, startUnixMs: source.info.startUnixMs };
}

/** 28 November 2026, 12:00 UTC. */
const START = 134403408000000000n;
const EVENTS = eventLog([
  chunkOf(
    EVENT,
    Array.from({ length: 20 }, (_, n) => event(n + 1)),
  ),
]);
const TRACE = traceFile(
  [
    {
      events: Array.from({ length: 50 }, (_, n) =>
        wppMessage(PROVIDER, 10, Buffer.from('a\0'), { ticks: at(n), pid: 4 }),
      ),
    },
  ],
  { bufferBytes: 16_384 },
);

function dump(kind: 'bitmap' | 'raw' | 'small' = 'bitmap'): Uint8Array {
  const hand = new HandSession({ cpus: 2, ringBytes: 8192 });
  ['one', 'two', 'three'].forEach((text, n) => {
    hand.clock.now = BigInt((n + 1) * 1000);
    hand.write(n % 2, text);
  });
  return crashedMemory(new Uint8Array(hand.view.buffer), {
    ...{ kind, random: testRandom(5), cpus: 2, ringBytes: 8192 },
    bugCheck: { code: 0xd1, parameters: [1n, 2n, 3n, 4n] },
    ...{ systemTime: 133_500_000_000_000_000n, upTime: 3000n * 10_000_000n },
  });
}

const KINDS: [string, string, Uint8Array][] = [
  ['an event log', 'System.evtx', EVENTS],
  ['a trace', 'boot/trace.etl', TRACE],
  ['a crash dump', 'MEMORY.DMP', dump()],
  ['a small dump', '010126.dmp', dump('small')],
  ['an image that its name tells', 'vm/a.VMEM', dump('raw')],
];

describe('a log in a zip file that is no text', () => {
  it.each(KINDS)('is read as outside of one: %s', async (_, name, data) => {
    const beside = join(folder, name.replaceAll('/', '-'));
    writeFileSync(beside, data);
    // As the zip file says: an image of memory says nowhere when it was made.
    const written = new Date(2026, 10, 28, 14, 3, 22);
    utimesSync(beside, written, written);
    const expected = await readAll(opened(beside));
    expect(expected.rows.length).toBeGreaterThan(2);
    for (const method of [8, 0]) {
      writeFileSync(path, zipOf([{ name, data, method }]));
      expect(logsAt(path)).toEqual(ok([path]));
      const source = opened(path);
      expect(source.info).toMatchObject({ name: path, file: { path: `${resolve(path)}/${name}` } });
      const plain = opened(beside);
      expect(source.processNames === undefined).toBe(plain.processNames === undefined);
      expect(source.info.file?.fromEnd).toBe(plain.info.file?.fromEnd);
      plain.close(() => {});
      const found = await readAll(source);
      const { rows, startUnixMs } = expected;
      expect(found).toMatchObject({ rows, startUnixMs, state: 'ended', failure: null });
      const { format, formatName } = expected.file ?? {};
      expect(found.file).toMatchObject({ format, formatName, ended: true });
      expect(found.file?.readBytes).toBe(found.file?.totalBytes);
      expect(left()).toEqual([]);
    }
  });

  it('of several is each by its path, text among them', async () => {
    const files: ZipFile[] = KINDS.map(([, name, data]) => ({ name, data }));
    writeFileSync(
      path,
      zipOf([...files, { name: 'a.txt', data: 'one\ntwo\n' }, { name: 'b.png', data: Buffer.alloc(64) }]),
    );
    const names = [...KINDS.map(([, name]) => name), 'a.txt'];
    expect(logsAt(path)).toEqual(ok(names.map((name) => `${path}/${name}`)));
    expect(openFileSource(path, { scratch })).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    for (const name of names) expect((await readAll(opened(`${path}/${name}`))).rows.length).toBeGreaterThan(1);
    expect(left()).toEqual([]);
  });

  it("is nobody else's to see, and gone when it is closed before it was read", async () => {
    writeFileSync(path, zipOf([{ name: 'System.evtx', data: EVENTS }]));
    const source = opened(path);
    const [file = ''] = left();
    if (process.platform !== 'win32') expect(statSync(join(place, file)).mode & 0o777).toBe(0o600);
    expect(source.poll(() => {})).toMatchObject({ state: 'capturing', rows: 0 });
    expect(source.stats()).toMatchObject({ state: 'capturing', file: { formatName: 'events', ended: false } });
    source.close(() => {});
    source.close(() => {});
    expect(left()).toEqual([]);
    // What was on its way to the disk does not come back.
    for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
    expect(left()).toEqual([]);
    expect(source.poll(() => {})).toMatchObject({ rows: 0, more: false });
  });

  it('has its rows at their times where its begin does not tell when it began', async () => {
    const chunk = (from: number) => chunkOf(EVENT, [{ ...event(from), fileTime: START + BigInt(from) * 10_000_000n }]);
    // A log that went round: what came first lies at its end, which is far from what is unpacked at once.
    const data = eventLog([...Array.from({ length: 150 }, (_, n) => chunk(n + 2)), chunk(1)]);
    writeFileSync(path, zipOf([{ name: 'System.evtx', data }]));
    const source = opened(path);
    const { rows } = await readAll(source);
    const times = (rows as { timeNs: number }[]).map(({ timeNs }) => source.info.startUnixMs + timeNs / 1e6);
    const seconds = Array.from({ length: 151 }, (_, n) => filetimeToUnixMs(START) + (n + 1) * 1000);
    expect(times).toEqual(seconds);
    expect(source.info.startUnixMs).toBe(seconds[1]);
    expect((rows as { timeNs: number }[])[0]?.timeNs).toBe(-1e9);
  });
});

describe('it is refused, or fails, by one sentence', () => {
  const zip = (says: Partial<ZipFile> = {}): void =>
    writeFileSync(path, zipOf([{ name: 'System.evtx', data: EVENTS, ...says }]));
  const failureOf = (options: object): string => {
    const source = openFileSource(path, options);
    if (source.ok) source.value.close(() => {});
    return source.ok ? 'opened' : `${source.failure.code}: ${source.failure.message}. ${source.failure.action}`;
  };

  it('where there is no place to unpack it to', () => {
    zip();
    expect(failureOf({})).toBe(
      `bad-argument: ${path}/System.evtx is an event log of Windows, which is not read within a zip file here. Unpack it first`,
    );
    expect(failureOf({ scratch: () => fail('disk-full', 'No room', 'Make some') })).toBe(
      'disk-full: No room. Make some',
    );
    writeFileSync(join(folder, 'file'), '');
    expect(failureOf({ scratch: () => ok(join(folder, 'file', 'x')) })).toMatch(/^io-error: .*could not be unpacked/);
    expect(failureOf({ scratch, follow: true })).toMatch(/cannot be followed/);
  });

  it.each([
    [
      { bytes: 65 * 1024 ** 3, packedBytes: 70e6 },
      1e15,
      'bad-argument: a.zip/x.dmp unpacks from 70.0 MB to 69.8 GB, more than',
    ],
    [
      { bytes: 6e9, packedBytes: 6e6 },
      11e9,
      'disk-full: a.zip/x.dmp unpacks from 6.0 MB to 6.0 GB, and the disk of /tmp has 11.0 GB',
    ],
    [{ bytes: 6e9, packedBytes: 6e6 }, 12e9, 'ok'],
  ])('where it is a bomb, or would fill the disk: %o on one with %d free', (entry, free, said) => {
    const room = roomFor({ shown: 'a.zip/x.dmp', entry }, '/tmp', free);
    expect(room.ok ? 'ok' : `${room.failure.code}: ${room.failure.message}`).toContain(said);
  });

  it('where it is damaged: what can be read is read, and that is told', async () => {
    zip({ says: { crc32: 7 } });
    const found = await readAll(opened(path));
    expect(found).toMatchObject({ state: 'failed', failure: { code: 'io-error' } });
    expect(found.failure?.message).toMatch(/System\.evtx could not be unpacked: it is damaged/);
    expect(found.rows).toHaveLength(20);
    expect(left()).toEqual([]);
    zip({ says: { bytes: 5000 } });
    expect((await readAll(opened(path))).failure?.message).toContain('unpacks to more');
    expect(left()).toEqual([]);
  });

  it('where it is memory that is not read, by the name that it has in the zip file', () => {
    writeFileSync(
      path,
      zipOf([{ name: 'old.dmp', data: Buffer.concat([Buffer.from('PAGEDUMP'), Buffer.alloc(8192)]) }]),
    );
    expect(failureOf({ scratch })).toMatch(/^source-unsupported: .*old\.dmp: It is a dump of 32-bit Windows/);
    expect(left()).toEqual([]);
  });
});
