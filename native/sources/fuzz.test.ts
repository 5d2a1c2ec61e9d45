/**
 * Mutated traces and event logs: whatever was done to a file, it is read to its end or refused, in bounded work and memory,
 * without an exception. Some seconds by default, a minute in CI; RINGVIEW_FUZZ_SECONDS for more, RINGVIEW_FUZZ_SEED to see one
 * run again.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  at,
  classicEvent,
  described,
  fullEvent,
  instanceEvent,
  PROVIDER,
  perfinfoEvent,
  systemEvent,
  traceFile,
  wppMessage,
} from './etl/test-support.ts';
import { chunkOf, EVENT, event, eventLog } from './evtx/test-support.ts';
import { realLogs } from './file/test-support.ts';
import { messageTable, peFile, wevtTemplate } from './manifest/test-support.ts';
import { openFileSource } from './open-file.ts';

/** In CI a minute, and no less than 10^8 bytes however slow the machine is. */
const IN_CI = process.env.CI === 'true';
const SECONDS = Number(process.env.RINGVIEW_FUZZ_SECONDS ?? (IN_CI ? 60 : 4));
const LEAST_BYTES = IN_CI ? 100_000_000 : 0;
const SEED = Number(process.env.RINGVIEW_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31)) || 1;
/** What the readers may have in memory besides what a test already has: parts of buffers, names, a batch of rows. */
const MOST_MEMORY = 256 * 1024 * 1024;

let state = SEED;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

const ITEMS =
  'String WString PString PWString Sid HexDump Guid Double Timestamp Ptr ListLong(a,b) SetLong(a,b) NTSTATUS'.split(
    ' ',
  );
const TMF = `${PROVIDER} test // SRC=x.c MJ= MN=
#typev x_c1 10 "%0${ITEMS.map((_, place) => `%${place + 10}!s! %${place + 10}!08I64X! `).join('')}" // LEVEL=E FUNC=F
{
${ITEMS.map((type, place) => `v${place}, Item${type} -- ${place + 10}`).join('\n')}
}
`;

function trace(bits: 32 | 64): Buffer {
  const stamp = (ms: number) => ({ ticks: at(ms), pid: 9, bits });
  const data = Buffer.from(Array.from({ length: 160 }, (_, place) => (place * 7) & 0x7f));
  const schema = described('Event', [
    ...[1, 2, 3, 8, 10, 14, 15, 19, 20, 22, 23].map((type) => [`f${type}`, type] as const),
  ]);
  const kernel = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 15, 20, 24].flatMap((group) =>
    [0, 1, 10, 11, 14, 26, 32, 36, 64, 67, 68, 72, 76].map((type) =>
      systemEvent(group, type, data, stamp(group), { version: 2 + (type % 3), compact: type % 2 === 0 }),
    ),
  );
  return traceFile(
    [
      { cpu: 0, events: kernel.slice(0, 70) },
      { cpu: 1, events: [...kernel.slice(70, 130), perfinfoEvent(15, 68, data, stamp(1))], flags: 2 },
      { cpu: 3, events: kernel.slice(130), flags: 0x40 },
      {
        cpu: 2,
        events: [
          classicEvent(PROVIDER, 1, data, stamp(2)),
          instanceEvent(PROVIDER, 2, data, stamp(3)),
          fullEvent(PROVIDER, 1, data, stamp(4), { extended: [{ type: 6, bytes: data }, schema] }),
          fullEvent(PROVIDER, 7, data, stamp(5)),
          fullEvent(PROVIDER, 8, data, stamp(6)),
          fullEvent(PROVIDER, 9, Buffer.concat([Buffer.from([3]), data]), stamp(6)),
          wppMessage(PROVIDER, 10, Buffer.concat([Buffer.from('ansi\0w\0i\0\0\0', 'latin1'), data]), stamp(7)),
        ],
      },
    ],
    { bits, bufferBytes: 16_384, eventsLost: 5 },
  );
}

function samples(): Buffer[] {
  const own = [
    trace(32),
    trace(64),
    Buffer.from(eventLog([chunkOf(EVENT, [event(1), event(2)]), chunkOf(EVENT, [event(3)])])),
  ];
  const real = ['etl/', 'evtx/'].map((name) => fileURLToPath(realLogs(name))).filter((folder) => existsSync(folder));
  const files = real.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return [...own, ...files.filter((name) => /\.(etl|evtx)$/.test(name)).map((name) => readFileSync(name))].filter(
    ({ length }) => length < 200_000,
  );
}

const VALUES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function mutated(sample: Buffer): Buffer {
  const file = Buffer.from(sample);
  const place = (): number => (random(3) === 0 ? random(Math.min(file.length, 8192)) : random(file.length));
  for (let changes = 1 + random(12); changes > 0; changes--) {
    const to = place();
    switch (random(5)) {
      case 0:
        file[to] = random(256);
        break;
      case 1:
        if (to + 4 <= file.length) file.writeUInt32LE(VALUES[random(VALUES.length)] as number, to);
        break;
      case 2:
        if (to + 2 <= file.length) file.writeUInt16LE((VALUES[random(VALUES.length)] as number) & 0xffff, to);
        break;
      case 3: {
        const from = place();
        file.copyWithin(to, from, from + random(512));
        break;
      }
      default:
        file.fill(random(256), to, Math.min(file.length, to + random(64)));
    }
  }
  return random(6) === 0 ? file.subarray(0, random(file.length)) : file;
}

it(
  'mutated traces and event logs are read or refused: no exception, no endless loop, bounded memory',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-fuzz-'));
    const symbols = join(folder, 'symbols');
    const all = samples();
    const events = [
      {
        id: 7,
        version: 1,
        message: 1,
        fields: [
          { name: 'a', type: 1 },
          { name: 'n', type: 6 },
          { name: 'l', type: 4, flags: 4, count: 1 },
        ],
      },
      {
        id: 8,
        version: 1,
        fields: [
          { name: 'b', type: 14, length: 8 },
          { name: 'p', type: 16 },
          { name: 's', type: 19 },
        ],
      },
      {
        id: 9,
        version: 1,
        fields: [
          { name: 'n', type: 4 },
          {
            ...{ name: 's', type: 0, flags: 4, count: 0 },
            members: [
              { name: 'm', type: 4 },
              { name: 'b', type: 14, flags: 2, length: 2 },
              { name: 'a', type: 6, out: 22 },
            ],
          },
        ],
      },
    ];
    const driver = peFile([
      { type: 11, bytes: messageTable({ 1: '%1 %2 %3 %1', 4001: 'of %1' }) },
      { type: 'WEVT_TEMPLATE', bytes: wevtTemplate(PROVIDER, events) },
    ]);
    writeFileSync(`${symbols}.tmf`, TMF);
    writeFileSync(`${symbols}.sys`, driver);
    const memory = (): number => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = memory();
    const end = performance.now() + SECONDS * 1000;
    let files = 0;
    let bytes = 0;
    let rows = 0;
    let refused = 0;
    let broken = 0;
    try {
      for (; performance.now() < end || bytes < LEAST_BYTES; files++) {
        const file = mutated(all[random(all.length)] as Buffer);
        const path = join(folder, 'x');
        writeFileSync(path, file);
        bytes += file.length;
        const opened = openFileSource(path, { symbols: [`${symbols}.tmf`, `${symbols}.sys`], locale: 'en-US' });
        if (!opened.ok) {
          refused++;
          continue;
        }
        const source = opened.value;
        let own = 0;
        let polls = 0;
        for (let state = source.stats().state; state === 'capturing' && polls <= file.length; polls++) {
          state = source.poll((batch) => {
            own += batch.count;
          }).state;
        }
        source.close(() => {});
        expect(source.stats().state).toBe('ended');
        // A row takes some bytes of a file, and a poll looks at some.
        expect(own).toBeLessThanOrEqual(file.length + 16);
        rows += own;
        broken += source.stats().file?.broken.count ?? 0;
        if (files % 64 === 0) expect(memory() - before).toBeLessThan(MOST_MEMORY);
      }
    } catch (error) {
      throw new Error(`file ${files} of RINGVIEW_FUZZ_SEED=${SEED}: ${(error as Error).stack}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    if (IN_CI || process.env.RINGVIEW_FUZZ_SECONDS !== undefined) {
      process.stderr.write(
        `fuzz: ${files} files, ${bytes} bytes, ${rows} rows, ${broken} broken places, ${refused} refused\n`,
      );
    }
    expect([files > 10, rows > 100, broken > 10]).toEqual([true, true, true]);
  },
  SECONDS * 1000 + (IN_CI ? 600_000 : 120_000),
);
