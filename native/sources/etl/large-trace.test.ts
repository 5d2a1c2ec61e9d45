/** Traces of more buffers than are known ahead: what comes when, and what is far from its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EtlFile, LATER } from './etl-file.ts';
import {
  at,
  EVENTS_LOST,
  readTrace,
  systemEvent,
  traceFile,
  type WrittenBuffer,
  type WrittenTrace,
} from './test-support.ts';

const BUFFER_BYTES = 1024;
const MANY = 12_000;

const say = (ms: number, what: string): Buffer =>
  systemEvent(10, 32, Buffer.concat([Buffer.alloc(8), Buffer.from(`${what}\0`)]), { ticks: at(ms) });

/** A buffer with one event, which says its number, a millisecond behind the one before. */
const numbered = (number: number, more: Partial<WrittenBuffer> = {}): WrittenBuffer => ({
  cpu: number % 2,
  sequence: number,
  events: [say(number, String(number))],
  ...more,
});
const manyBuffers = (count = MANY): WrittenBuffer[] => Array.from({ length: count }, (_, place) => numbered(place + 1));
const large = (buffers: readonly WrittenBuffer[], trace: WrittenTrace = {}): Buffer =>
  traceFile(buffers, { bufferBytes: BUFFER_BYTES, ...trace });

/** Steps of bounded work until the first event of a buffer is there. */
function stepsToFirst(file: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-large-'));
  const path = join(folder, 'x.etl');
  writeFileSync(path, file);
  const opened = EtlFile.open(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  let steps = 0;
  while (opened.value.next() === LATER) steps++;
  opened.value.close();
  rmSync(folder, { recursive: true, force: true });
  return steps;
}

it('a large trace has its first rows before all of its buffers were looked at', () => {
  const some = stepsToFirst(large(manyBuffers(4000)));
  const many = stepsToFirst(large(manyBuffers(MANY)));
  // Not a step more for three times the length.
  expect(many).toBe(some);
});

it('a large trace is read to its end in order, every buffer once', () => {
  const { texts, broken } = readTrace(large(manyBuffers()));
  expect(texts).toEqual(Array.from({ length: MANY }, (_, place) => String(place + 1)));
  expect(broken).toEqual([]);
});

it('a CPU that says little has its first events at their time, though its buffer was written at the end', () => {
  const quiet = numbered(5, { cpu: 7, events: [say(5.5, 'quiet')] });
  const buffers = manyBuffers().filter(({ sequence }) => sequence !== 5);
  const { texts, broken, source } = readTrace(large([...buffers, quiet], { cpus: 8 }));
  expect(texts.slice(3, 6)).toEqual(['4', 'quiet', '6']);
  expect(texts.length).toBe(MANY);
  expect(broken).toEqual([]);
  expect(source.stats().cpus.map(({ late }) => late)).toEqual([0, 0, 0]);
});

it('a CPU that is silent for more buffers than are known ahead is heard again, at its time', () => {
  const speaks = [5, 4000, 4001, 9000];
  const buffers = manyBuffers().map((buffer) =>
    speaks.includes(buffer.sequence ?? 0) ? { ...buffer, cpu: 7 } : buffer,
  );
  const { texts, rows, broken } = readTrace(large(buffers, { cpus: 8 }));
  expect(texts).toEqual(Array.from({ length: MANY }, (_, place) => String(place + 1)));
  expect(rows.flatMap(({ cpu }, place) => (cpu === 7 ? [place + 1] : []))).toEqual(speaks);
  expect(broken).toEqual([]);
});

it('a buffer far behind its place is read, its events are late, and it is named', () => {
  const moved = numbered(5, { cpu: 7, events: [say(5.5, 'moved')] });
  const buffers = manyBuffers().filter(({ sequence }) => sequence !== 5);
  buffers.splice(8000, 0, moved);
  const { rows, texts, broken, source } = readTrace(large(buffers, { cpus: 8 }));
  expect(texts.filter((said) => said !== '').length).toBe(MANY);
  expect(texts.indexOf('moved')).toBeGreaterThan(4000);
  expect(source.stats().cpus.map(({ cpu, late }) => [cpu, late])).toEqual([
    [0, 0],
    [1, 0],
    [7, 1],
  ]);
  // That it is missing was said where it was looked for.
  expect(rows.filter(({ lost }) => lost).map(({ remarks }) => remarks)).toEqual([1]);
  expect(broken[0]).toContain('buffer 5 of the logging session is missing before this one');
  expect(broken[1]).toMatch(/buffer 5 of the logging session comes so far behind buffer \d+ that its events are late/);
});

it('a circular trace of many buffers begins where the oldest one lies', () => {
  const buffers = manyBuffers().map((_, place) => numbered(place < 5000 ? MANY + 1 + place : place + 1));
  const { texts, broken } = readTrace(large(buffers, { logFileMode: 2 }));
  expect(texts).toEqual(Array.from({ length: MANY }, (_, place) => String(5001 + place)));
  expect(broken).toEqual([]);
});

it('sessions of many buffers that were appended come one after the other', () => {
  const { texts } = readTrace(Buffer.concat([large(manyBuffers(4000)), large(manyBuffers(3000))]));
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, place) => String(place + 1));
  expect(texts).toEqual([...numbers(4000), ...numbers(3000)]);
});

it('a logging session that was appended without a header to a large trace is read behind it', () => {
  for (const more of [100, 3000]) {
    const first = large(manyBuffers(4000), { logFileMode: 4, buffersWritten: 4001 + more });
    const texts = readTrace(Buffer.concat([first, large(manyBuffers(more)).subarray(BUFFER_BYTES)])).texts;
    const numbers = (count: number): string[] => Array.from({ length: count }, (_, place) => String(place + 1));
    expect(texts).toEqual([...numbers(4000), ...numbers(more)]);
  }
});

it('losses of a large trace stand where they are known, and add up to what the logging session counts', () => {
  const buffers = manyBuffers().map((buffer) =>
    buffer.sequence === 9000 ? { ...buffer, flags: EVENTS_LOST } : buffer,
  );
  const missing = buffers.filter(({ sequence = 0 }) => sequence < 6000 || sequence > 6002);
  const { rows, texts } = readTrace(large(missing, { eventsLost: 10, buffersLost: 4 }));
  const losses = rows.flatMap((row, place) => (row.lost ? [[texts[place + 1] ?? 'end', row.remarks]] : []));
  expect(losses).toEqual([
    ['6003', 3],
    ['9000', 1],
    ['', 9],
    ['end', 1],
  ]);
});
