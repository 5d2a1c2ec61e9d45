/**
 * The reader on images that no honest producer leaves: the golden images of the C ring changed in every way there is a
 * field for, rings filled with what libFuzzer found for the C reader, and both changing while they are read. It must name
 * what is wrong or read on; it may not throw, turn for ever, touch a byte outside, or give figures that do not add up.
 *
 * RINGVIEW_HOSTILE is the number of images; `npm run assure` sets it and reads the line of figures at the end, and
 * RINGVIEW_HOSTILE_CORPUS names a further folder of libFuzzer's.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { RowKind } from './entry.ts';
import { CONSUMER, PRODUCER, RECORD, RV, SESSION } from './layout.ts';
import type { ImageMemory } from './memory.ts';
import { RingReader } from './ring-reader.ts';
import { parseRingSession, type RingSessionHeader } from './ring-session.ts';
import { createTestImage, TestClock, testRandom } from './test-support.ts';

const IMAGES = Number(process.env.RINGVIEW_HOSTILE ?? 1500);
const SEED = Number(process.env.RINGVIEW_HOSTILE_SEED ?? 20_261_121);
/** Of an image that stands still: no round may be without progress, and these images are small. */
const MOST_ROUNDS = 200;
const MOST_ACCESSES = 2_000_000;

const figures = { images: 0, refused: 0, read: 0, moving: 0, rows: 0, lost: 0 };

/** The memory of an image that tells any access outside it, and can change under the reader. */
class GuardedMemory implements ImageMemory {
  private readonly bytes: Uint8Array;
  private readonly header: RingSessionHeader;
  private readonly onAccess: (bytes: Uint8Array) => void;
  accesses = 0;

  constructor(bytes: Uint8Array, header: RingSessionHeader, onAccess: (bytes: Uint8Array) => void) {
    this.bytes = bytes;
    this.header = header;
    this.onAccess = onAccess;
  }

  read(offset: number, target: Uint32Array): void {
    this.copyOut(offset, new Uint8Array(target.buffer, target.byteOffset, target.byteLength), 0, target.byteLength);
  }

  copyOut(offset: number, bytes: Uint8Array, at: number, length: number): void {
    this.note();
    const inside = offset >= 0 && length >= 0 && offset + length <= this.bytes.length && offset % 8 === 0;
    if (!inside || at < 0 || at + length > bytes.length) throw new Error(`read of ${length} at ${offset} into ${at}`);
    bytes.set(this.bytes.subarray(offset, offset + length), at);
  }

  writeConsumer(offset: number, source: Uint32Array): void {
    this.note();
    const { consumerOffset, cpuCount } = this.header;
    const end = consumerOffset + cpuCount * RV.PAGE;
    if (offset < consumerOffset || offset + source.byteLength > end || offset % 8 !== 0)
      throw new Error(`write of ${source.byteLength} at ${offset}`);
    this.bytes.set(new Uint8Array(source.buffer, source.byteOffset, source.byteLength), offset);
  }

  barrier(): void {}

  private note(): void {
    if (++this.accesses > MOST_ACCESSES) throw new Error('the reader turns for ever');
    this.onAccess(this.bytes);
  }
}

type Random = ReturnType<typeof testRandom>;

/** Values at which something may change: ends of ranges, signs, sizes of the ring and of a record. */
const EDGES = [
  ...[0n, 1n, 7n, 8n, 40n, 48n, 56n, 4040n, 4096n, 65_536n, 65_537n],
  ...[2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 8n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 8n, 2n ** 63n, 2n ** 64n - 8n],
  2n ** 64n - 1n,
];

/** Where a change matters most: every field of every page, and the headers of the records of each ring. */
function targetsOf(image: Uint8Array): { fields: number[]; records: number[] } {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const fields = Object.values(SESSION).map((at) => at - (at % 8));
  const records: number[] = [];
  const parsed = parseRingSession(image.subarray(0, RV.PAGE), image.length);
  if (!parsed.ok) return { fields, records };
  const { cpuCount, consumerOffset, ringsOffset, ringStride, ringBytes } = parsed.value;
  for (let cpu = 0; cpu < cpuCount; cpu++) {
    const page = ringsOffset + cpu * ringStride;
    for (const at of Object.values(PRODUCER)) fields.push(page + at - (at % 8));
    for (const at of Object.values(CONSUMER)) fields.push(consumerOffset + cpu * RV.PAGE + at - (at % 8));
    const data = page + RV.PAGE;
    for (let at = 0; at < ringBytes; at += 8) {
      const kind = view.getUint8(data + at + RECORD.kind);
      if ((kind !== RV.KIND_RECORD && kind !== RV.KIND_PAD) || view.getUint16(data + at + RECORD.cpu, true) !== cpu)
        continue;
      for (const word of [0, 8, 16, 24, 40, 48]) if (at + word < ringBytes) records.push(data + at + word);
    }
  }
  return { fields, records };
}

function change(image: Uint8Array, targets: ReturnType<typeof targetsOf>, random: Random): void {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const { fields, records } = targets;
  const from =
    records.length > 0 && random(2) === 0 ? records : random(8) === 0 ? [random(image.length / 8) * 8] : fields;
  const at = from[random(from.length)] as number;
  const old = view.getBigUint64(at, true);
  const edge = EDGES[random(EDGES.length)] as bigint;
  switch (random(6)) {
    case 0:
      view.setBigUint64(at, old ^ (1n << BigInt(random(64))), true);
      break;
    case 1:
      view.setBigUint64(at, edge, true);
      break;
    case 2:
      view.setBigUint64(at, BigInt.asUintN(64, old + edge), true);
      break;
    case 3:
      view.setBigUint64(at, BigInt.asUintN(64, old - edge), true);
      break;
    case 4:
      view.setUint32(at + 4 * random(2), random(2 ** 32), true);
      break;
    default:
      view.setUint8(at + random(8), random(256));
  }
}

/** Opens and reads an image to its end, and holds the figures against the rows. */
function examine(image: Uint8Array, moving: ((bytes: Uint8Array) => void) | null): void {
  figures.images++;
  const parsed = parseRingSession(image.subarray(0, RV.PAGE), image.length);
  if (!parsed.ok) {
    expect(parsed.failure.message).not.toBe('');
    figures.refused++;
    return;
  }
  const header = parsed.value;
  const memory = new GuardedMemory(image, header, moving ?? (() => {}));
  const clock = new TestClock();
  clock.now = header.startTicks + 1_000_000n;
  const attached = RingReader.attach(header, memory, clock, { batchRows: 64 });
  if (!attached.ok) {
    expect(attached.failure.message).not.toBe('');
    figures.refused++;
    return;
  }
  const reader = attached.value;
  const entries = new Float64Array(header.cpuCount);
  const lost = new Float64Array(header.cpuCount);
  const sink: Parameters<typeof reader.round>[0] = (batch) => {
    for (let row = 0; row < batch.count; row++) {
      const cpu = batch.cpu[row] as number;
      if (cpu >= header.cpuCount) throw new Error(`a row of CPU ${cpu}`);
      const end = (batch.dataStart[row] as number) + (batch.dataLength[row] as number);
      if (end > batch.bytesUsed) throw new Error(`a payload up to ${end} of ${batch.bytesUsed}`);
      const gap = batch.kind[row] === RowKind.Gap;
      if (gap) lost[cpu] = (lost[cpu] as number) + (batch.remarks[row] as number);
      else entries[cpu] = (entries[cpu] as number) + 1;
      figures.rows++;
    }
  };
  for (let round = 0; round < 3; round++) {
    reader.round(sink, false);
    clock.ms += 60;
  }
  let drained = false;
  for (let round = 0; round < MOST_ROUNDS && !drained; round++) {
    drained = reader.round(sink, true).drained;
    clock.ms += 60;
  }
  if (moving === null) expect(drained).toBe(true);
  // Losses behind the last record are counted in a round of their own.
  reader.round(sink, true);
  reader.flush(sink);
  for (const account of reader.accounts()) {
    const { cpu } = account;
    expect(entries[cpu]).toBe(account.read);
    // A marker holds 32 bits; a sequence that lies may tell of more.
    if (account.lost < 2 ** 32) expect(lost[cpu]).toBe(account.lost);
    const causes = Object.values(account.lostByCause).reduce((sum, count) => sum + count, 0);
    if (account.lost < 2 ** 53) expect(causes).toBe(account.lost);
    expect(Object.values(account.lostByCause).every((count) => count >= 0)).toBe(true);
    figures.lost += account.lost;
    const found = account.attemptedBefore + account.read + account.lost;
    // A producer that admits to fewer attempts than it numbered is not believed; any other is to be accounted for.
    if (moving === null && account.attempted < 2 ** 53 && found < 2 ** 53) {
      expect(found).toBeGreaterThanOrEqual(account.attempted);
      if (found > account.attempted) expect(numbered(image, header, cpu)).toBe(true);
    }
  }
  figures.read++;
  if (moving !== null) figures.moving++;
}

/** Whether something in the ring's memory bears a number above what its producer counts. */
function numbered(image: Uint8Array, header: RingSessionHeader, cpu: number): boolean {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const page = header.ringsOffset + cpu * header.ringStride;
  const attempted = view.getBigUint64(page + PRODUCER.written, true) + view.getBigUint64(page + PRODUCER.lost, true);
  if (view.getBigUint64(page + PRODUCER.sequence, true) > attempted) return true;
  const consumer = header.consumerOffset + cpu * RV.PAGE;
  return view.getBigUint64(consumer + CONSUMER.consumedSequence, true) > attempted;
}

const golden = new URL('../../driver/test/golden/', import.meta.url);
const images = ['', 'version-1/'].flatMap((version) =>
  readdirSync(new URL(version, golden))
    .filter((name) => name.endsWith('.bin.gz'))
    .map((name) => `${version}${name}`)
    .map((name) => ({ name, bytes: new Uint8Array(gunzipSync(readFileSync(new URL(name, golden)))) })),
);

/** What libFuzzer kept for the C reader (driver/assure/fuzz/fuzz_reader.c), laid out as that program lays it out. */
function fuzzed(input: Uint8Array): Uint8Array {
  const at = (n: number): number => input[n] ?? 0;
  const setting = at(0);
  const ringBytes = RV.MIN_RING_BYTES;
  const mode = (setting & 1) !== 0 ? 'drop' : 'overwrite';
  const image = createTestImage({ cpus: 1, ringBytes, mode, order: (setting & 4) !== 0 ? 'clock' : 'index' });
  const header = parseRingSession(new Uint8Array(image.buffer, 0, RV.PAGE), image.byteLength);
  if (!header.ok) throw new Error(header.failure.message);
  const { ringsOffset, consumerOffset } = header.value;
  const begin = (at(1) | (at(2) << 8)) & ~7;
  const bytes = ((at(3) | (at(4) << 8)) % (ringBytes + 1)) & ~7;
  const withTail = (setting & 2) !== 0;
  const u64 = (offset: number, value: number): void => image.setBigUint64(offset, BigInt(value), true);
  u64(consumerOffset + CONSUMER.consumed, begin);
  u64(ringsOffset + PRODUCER.reserved, begin + bytes);
  u64(ringsOffset + PRODUCER.published, begin + bytes);
  if (withTail) u64(ringsOffset + PRODUCER.tail, begin + at(5) * 8);
  // As many as there can be, so that the records' own numbers decide.
  u64(ringsOffset + PRODUCER.sequence, Number.MAX_SAFE_INTEGER);
  u64(ringsOffset + PRODUCER.written, 64);
  u64(SESSION.nextIndex, 1000);
  const data = input.subarray(withTail ? 6 : 5).subarray(0, ringBytes);
  new Uint8Array(image.buffer).set(data, ringsOffset + RV.PAGE);
  return new Uint8Array(image.buffer);
}

const kept = new URL('../../driver/assure/fuzz/corpus/reader/', import.meta.url).pathname;
const corpora = [kept, process.env.RINGVIEW_HOSTILE_CORPUS ?? ''].filter((folder) => existsSync(folder));
const inputs = corpora.flatMap((folder) => readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`)));

describe('the reader on hostile images', () => {
  afterAll(() => {
    console.log(`hostile ${JSON.stringify({ ...figures, inputs: inputs.length })}`);
  });

  it('has golden images and a corpus to begin with', () => {
    expect(images.length).toBeGreaterThan(5);
    expect(inputs.length).toBeGreaterThan(20);
  });

  it('reads the golden images or names what was changed in them', { timeout: 600_000 }, () => {
    const random = testRandom(SEED);
    const targets = images.map(({ bytes }) => targetsOf(bytes));
    for (let n = 0; n < IMAGES; n++) {
      const which = n % images.length;
      const { name, bytes } = images[which] as (typeof images)[number];
      const own = targets[which] as (typeof targets)[number];
      const image = bytes.slice();
      for (let changes = 1 + random(4); changes > 0; changes--) change(image, own, random);
      const moving = random(3) === 0 ? (now: Uint8Array) => random(8) === 0 && change(now, own, random) : null;
      try {
        examine(image, moving as ((bytes: Uint8Array) => void) | null);
      } catch (error) {
        throw new Error(`${name}, image ${n} of seed ${SEED}`, { cause: error });
      }
    }
  });

  it('reads rings filled with what libFuzzer found for the C reader, changed and unchanged', {
    timeout: 600_000,
  }, () => {
    const random = testRandom(SEED + 1);
    const rounds = Math.max(1, Math.ceil(IMAGES / 4 / Math.max(1, inputs.length)));
    for (const [number, input] of inputs.entries()) {
      for (let round = 0; round < rounds; round++) {
        const image = fuzzed(input);
        if (round > 0) change(image, targetsOf(image), random);
        try {
          examine(image, null);
        } catch (error) {
          throw new Error(`input ${number}, round ${round} of seed ${SEED}`, { cause: error });
        }
      }
    }
  });

  it.each([1, 3, 7])('never goes on inside a word, with a tail or a published position %d off', (off) => {
    const lapped = images.find(({ name }) => name.startsWith('overwrite-lapped'))?.bytes as Uint8Array;
    for (const field of [PRODUCER.tail, PRODUCER.published]) {
      const image = lapped.slice();
      const header = parseRingSession(image.subarray(0, RV.PAGE), image.length);
      if (!header.ok) throw new Error(header.failure.message);
      const view = new DataView(image.buffer);
      const at = header.value.ringsOffset + field;
      view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(off), true);
      examine(image, null);
    }
  });

  it('names a session page that is not one, whatever it holds', () => {
    const random = testRandom(SEED + 2);
    for (let n = 0; n < Math.max(200, IMAGES / 4); n++) {
      const { bytes } = images[n % images.length] as (typeof images)[number];
      const page = bytes.slice(0, random(4) === 0 ? random(RV.PAGE) : RV.PAGE);
      for (let changes = random(3); changes > 0; changes--)
        page[random(Math.max(1, Math.min(400, page.length)))] = random(256);
      const parsed = parseRingSession(page, random(2) === 0 ? bytes.length : random(bytes.length));
      if (parsed.ok) expect(parsed.value.imageBytes).toBeLessThanOrEqual(bytes.length);
      else expect(parsed.failure.action).not.toBe('');
    }
  });
});
