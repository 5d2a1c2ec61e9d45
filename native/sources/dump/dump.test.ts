import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { EntryBatch } from '../../core/entry.ts';
import { imageGeometry, RECORD, RV, SESSION } from '../../core/layout.ts';
import { countCases, HandSession, rowsOf, testRandom } from '../../core/test-support.ts';
import { openDump } from './dump-source.ts';
import { BitmapLayout, type PageLayout, RunLayout, rawLayout } from './page-layout.ts';
import { findAddresses, translate } from './page-tables.ts';
import { type CrashedMachine, crashedMemory, IMAGE_KINDS, type ImageKind } from './test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-dump-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'MEMORY.DMP');

const CPUS = 2;
const RING = 8192;

/** A session of two CPUs with a few records of text. */
function session(texts: readonly string[] = ['one', 'two', 'three', 'four']): Uint8Array {
  const hand = new HandSession({ cpus: CPUS, ringBytes: RING });
  texts.forEach((text, at) => {
    hand.clock.now = BigInt((at + 1) * 1000);
    hand.write(at % CPUS, text);
  });
  return new Uint8Array(hand.view.buffer);
}

function save(bytes: Uint8Array, machine: Partial<CrashedMachine> & { readonly kind: ImageKind }): void {
  writeFileSync(path, crashedMemory(bytes, { random: testRandom(7), cpus: CPUS, ringBytes: RING, ...machine }));
}

function read() {
  const opened = openDump(path);
  if (!opened.ok)
    return { failure: opened.failure, rows: [], state: 'failed', broken: [], info: null, format: null, providers: [] };
  const source = opened.value;
  const rows: ReturnType<typeof rowsOf> = [];
  const providers: (string | null)[] = [];
  const take = (batch: EntryBatch): void => {
    rows.push(...rowsOf(batch));
    const events = batch.event.subarray(0, batch.count);
    providers.push(...Array.from(events, (event) => source.eventNames.at(event)?.provider ?? null));
  };
  for (let polls = 0; source.poll(take).more; polls++) {
    if (polls > 10_000) throw new Error('it does not end');
  }
  const { state, failure, file } = source.stats();
  source.close();
  source.close();
  return {
    rows,
    state,
    failure,
    broken: (file?.broken.places ?? []).map(({ problem }) => problem),
    info: source.info,
    format: file?.format,
    providers,
  };
}

const texts = ({ rows }: Pick<ReturnType<typeof read>, 'rows'>): string[] =>
  rows.map(({ data, kind, remarks }) => (kind === 'gap' ? `${remarks} lost` : new TextDecoder().decode(data)));

const D1 = { code: 0xd1, parameters: [0x28n, 2n, 0n, 0xfffff80012345678n] };
/** 2024-01-18 and half an hour of running. */
const CRASHED = 133_500_000_000_000_000n + 600n * 10_000_000n;
const UP = 1800n * 10_000_000n;

describe('a crash dump', () => {
  it.each(IMAGE_KINDS)('is read in the order of the records: %s', (kind) => {
    save(session(), { kind });
    const found = read();
    expect(texts(found)).toEqual(['one', 'two', 'three', 'four']);
    expect(found.state).toBe('ended');
    expect(found.rows.map(({ cpu }) => cpu)).toEqual([0, 1, 0, 1]);
  });

  it.each(['complete', 'bitmap', 'small'] as const)(
    'ends with the bug check in words, at the time of the crash: %s',
    (kind) => {
      save(session(), { kind, bugCheck: D1, systemTime: CRASHED, upTime: UP });
      const found = read();
      expect(texts(found).slice(0, 4)).toEqual(['one', 'two', 'three', 'four']);
      const last = found.rows.at(-1);
      expect(texts({ rows: found.rows.slice(-1) })[0]).toMatch(
        /^Bug check 0xd1 DRIVER_IRQL_NOT_LESS_OR_EQUAL \(0x28, 0x2, 0x0, 0xfffff80012345678\)/,
      );
      expect([last?.level, last?.timeNs]).toEqual([0, 1800e9]);
      // So one begins to read it there.
      expect(found.info?.file?.fromEnd).toBe(true);
      // Times are counted from the start of the machine: the session began 1200 s after it.
      expect(found.rows[0]?.timeNs).toBeCloseTo(1200e9 + 1000, -3);
      expect(found.info?.startUnixMs).toBe(Number((CRASHED - UP - 116_444_736_000_000_000n) / 10_000n));
    },
  );

  it.each(IMAGE_KINDS)('names the drivers that had logged: %s', (kind) => {
    const bytes = session();
    const { ringsOffset, ringStride } = imageGeometry(CPUS, RING);
    bytes.set(new TextEncoder().encode('nic'), SESSION.loggers + 3 * RV.LOGGER_NAME_BYTES);
    // The first record of the second CPU.
    bytes[ringsOffset + ringStride + RV.PAGE + RECORD.origin] = RV.ORIGIN_LOGGER + 3;
    save(bytes, { kind, bugCheck: D1 });
    expect(read().providers.slice(0, 4)).toEqual([null, 'nic', null, null]);
  });

  it('of a machine without rings says the bug check, and one without either is refused with what to look at', () => {
    const nothing = new Uint8Array(imageGeometry(CPUS, RING).imageBytes);
    save(nothing, { kind: 'bitmap', bugCheck: D1 });
    expect(texts(read())[0]).toContain('Bug check 0xd1');
    expect(read().broken.join()).toContain('no ring of ringview.sys');
    save(nothing, { kind: 'raw' });
    expect(read()).toMatchObject({ state: 'failed', failure: { code: 'source-not-found' } });
    expect(read().failure?.message).toContain('raw memory image');
  });

  it('has the lines that the kernel kept of DbgPrint, oldest first, behind what has times', () => {
    const data = new Uint8Array(RV.PAGE);
    const at = 0xfffff80000400000n;
    const view = new DataView(data.buffer);
    data.set(new TextEncoder().encode('KDBG'), 0x10);
    const buffer = new Uint8Array(RV.PAGE);
    // It has gone around: what is behind the place of writing is older.
    buffer.set(new TextEncoder().encode('newest\nst\nsecond\n'));
    buffer.set(new TextEncoder().encode('th'), RV.PAGE - 2);
    const written = 'newest\n'.length;
    [at + 4096n, at + 8192n, at + 512n, at + 520n].forEach((value, n) => {
      view.setBigUint64(480 + n * 8, value, true);
    });
    view.setBigUint64(512, at + 4096n + BigInt(written), true);
    view.setUint32(520, 1, true);
    const more = [
      { address: at, bytes: data },
      { address: at + 4096n, bytes: buffer },
    ];
    save(session(), { kind: 'bitmap', bugCheck: D1, more, debuggerData: at });
    const found = read();
    expect(texts(found).slice(4, -1)).toEqual(['st', 'second', 'thnewest']);
    expect(found.rows.slice(4, -1).map(({ origin }) => origin)).toEqual([1, 1, 1]);
    expect(found.broken.join()).toContain("3 lines of the kernel's own DbgPrint buffer have no times");
  });

  it('is said to be what it is where it cannot be read', () => {
    const refusal = (bytes: Uint8Array): string => {
      writeFileSync(path, bytes);
      const { failure } = read();
      return `${failure?.code}: ${failure?.message}`;
    };
    const text = (letters: string, length = 64): Uint8Array => {
      const bytes = new Uint8Array(length);
      bytes.set(new TextEncoder().encode(letters));
      return bytes;
    };
    expect(refusal(text('PAGEDUMP'))).toContain('32-bit Windows');
    expect(refusal(text('PAGEDU64'))).toContain('its header alone has 8192');
    expect(refusal(text('PAGEDU64', 8192))).toContain('machine of kind 0x0');
    expect(refusal(text('abc', 10))).toContain('less than a page');
    expect(openDump(folder)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    expect(openDump(join(folder, 'none'))).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
  });

  it('that is cut keeps what is there and says how much is not', () => {
    const whole = crashedMemory(session(), { kind: 'bitmap', random: testRandom(7), cpus: CPUS, ringBytes: RING });
    writeFileSync(path, whole.subarray(0, whole.length - 3 * RV.PAGE));
    expect(read().broken.join()).toMatch(/the dump is cut: 3 of its \d+ pages are not in the file/);
  });

  it('never throws and always ends, whatever of it was changed', () => {
    const cases = countCases('rows', 'refused');
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      early: fc.boolean(),
      value: fc.nat(255),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...IMAGE_KINDS),
        fc.array(change, { minLength: 1, maxLength: 40 }),
        (kind, changes) => {
          const bytes = crashedMemory(session(), {
            kind,
            random: testRandom(3),
            cpus: CPUS,
            ringBytes: RING,
            frames: 64,
          });
          for (const { at, early, value } of changes) {
            bytes[Math.floor(at * (early ? Math.min(0x2080, bytes.length) : bytes.length - 1))] = value;
          }
          writeFileSync(path, bytes);
          const found = read();
          expect(found.rows.length).toBeLessThan(200);
          cases.note('rows', found.rows.length > 0);
          cases.note('refused', found.failure !== null && found.failure !== undefined);
        },
      ),
      { numRuns: 200 },
    );
    cases.expectEach(5);
  });
});

describe('where pages lie', () => {
  const plainly = (layout: PageLayout): Map<number, number> => {
    const places = new Map<number, number>();
    for (const { frame, pages, offset } of layout.spans()) {
      for (let page = 0; page < pages; page++) places.set(frame + page, offset + page * RV.PAGE);
    }
    return places;
  };

  it('is the same by looking a page up and by going through all, by bits and by runs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bits) => {
        const layout = new BitmapLayout(bits, 8192);
        const places = plainly(layout);
        expect(places.size).toBe(layout.pages);
        const runs = new RunLayout([...layout.spans()].reverse());
        for (let frame = 0; frame < bits.length * 8 + 9; frame++) {
          expect(layout.offsetOf(frame)).toBe(places.get(frame) ?? -1);
          expect(runs.offsetOf(frame)).toBe(places.get(frame) ?? -1);
        }
      }),
    );
  });

  it('of a .vmem file leaves the hole below 4 GiB out', () => {
    const layout = rawLayout(5 * 2 ** 30, true);
    expect(layout.offsetOf(0xc0000 - 1)).toBe(0xc0000000 - RV.PAGE);
    expect(layout.offsetOf(0xc0000)).toBe(-1);
    expect(layout.offsetOf(0x100000)).toBe(0xc0000000);
    expect(rawLayout(5 * 2 ** 30, false).offsetOf(0xc0000)).toBe(0xc0000000);
  });
});

describe('page tables', () => {
  const tables = (entries: Record<number, Record<number, bigint>>) => (frame: number) => {
    const found = entries[frame];
    if (found === undefined) return null;
    const words = new BigUint64Array(512);
    for (const [at, value] of Object.entries(found)) words[Number(at)] = value;
    return new Uint32Array(words.buffer);
  };

  it('translate small and large pages, and find the addresses of a page in both', () => {
    const read = tables({
      1: { 256: 0x2003n, 300: 0x1003n },
      2: { 0: 0x3003n, 1: 0x40000083n },
      3: { 5: 0x4003n, 6: 0x800083n },
      4: { 7: 0x9003n },
    });
    const base = 256 * 512 ** 3;
    expect(translate(read, 1, base + 5 * 512 + 7)).toBe(9);
    expect(translate(read, 1, base + 5 * 512 + 8)).toBe(-1);
    expect(translate(read, 1, base + 6 * 512 + 3)).toBe(0x803);
    expect(translate(read, 1, base + 512 ** 2 + 70_000)).toBe(0x40000 + 70_000);
    const found = new Map<number, number[]>();
    const walk = findAddresses(read, 1, new Set([9, 0x803, 0x40000 + 70_000]), found);
    let step = walk.next();
    while (!step.done) step = walk.next();
    expect(step.value).toBe(true);
    expect([...found].sort((a, b) => a[0] - b[0])).toEqual([
      [9, [base + 5 * 512 + 7]],
      [0x803, [base + 6 * 512 + 3]],
      [0x40000 + 70_000, [base + 512 ** 2 + 70_000]],
    ]);
  });

  it('that lead into themselves without end are left after a bounded number', () => {
    const own: Record<number, bigint> = {};
    for (let entry = 0; entry < 512; entry++) own[entry] = 0x2003n;
    const read = tables({ 1: own, 2: own });
    const walk = findAddresses(read, 1, new Set([9]), new Map());
    let steps = 0;
    let step = walk.next();
    for (; !step.done; step = walk.next()) steps++;
    expect(step.value).toBe(false);
    expect(steps).toBe(200_000);
  });
});
