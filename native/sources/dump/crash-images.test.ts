/**
 * Rings as the C writers leave them when they are stopped anywhere, in dumps of every kind, read by this program, by a second reader
 * in C, and held against what the writers know they wrote.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSUMER, imageGeometry, RV, SESSION } from '../../core/layout.ts';
import { countCases, rowsOf, testRandom } from '../../core/test-support.ts';
import { openDump } from './dump-source.ts';
import { crashedMemory, IMAGE_KINDS } from './test-support.ts';

/** Half of them whole, half with missing pages and damaged records. */
const IMAGES = 210;
const driver = fileURLToPath(new URL('../../../driver', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ringview-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compiled = (name: string): string => join(driver, '..', 'build', 'driver', name);

/** Whether the C programs could be built; where they cannot, the tests are skipped, but not in CI. */
function build(): string | null {
  try {
    for (const name of ['rvcrash', 'rvrecover']) execFileSync('make', ['-s', '-C', driver, `../build/driver/${name}`]);
    return null;
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    return `SKIPPED: make and gcc are needed (${(error as Error).message.split('\n')[0]})`;
  }
}

interface Whole {
  readonly cpu: number;
  readonly seed: number;
  readonly length: number;
  readonly position: number;
}

interface Crash {
  readonly session: Uint8Array;
  readonly cpus: number;
  readonly ringBytes: number;
  readonly attempts: readonly number[];
  readonly whole: readonly Whole[];
  /** Of each CPU: where a reader had stopped. What lies before it may be there or not. */
  readonly consumed: readonly number[];
}

function crashOf(seed: number): Crash {
  const image = join(folder, 'session');
  const truth = join(folder, 'truth');
  execFileSync(compiled('rvcrash'), [String(seed), image, truth]);
  const session = new Uint8Array(readFileSync(image));
  const lines = readFileSync(truth, 'utf8').trimEnd().split('\n');
  const numbers = lines.map((line) => line.split(' ').slice(1).map(Number));
  return {
    session,
    cpus: 4,
    consumed: [0, 1, 2, 3].map((cpu) =>
      Number(new DataView(session.buffer).getBigUint64(RV.GRANULE + cpu * RV.PAGE + CONSUMER.consumed, true)),
    ),
    ringBytes: Number(new DataView(session.buffer).getBigUint64(SESSION.ringBytes, true)),
    attempts: lines.flatMap((line, at) =>
      line.startsWith('attempts') ? [(numbers[at] as number[])[1] as number] : [],
    ),
    whole: lines
      .flatMap((line, at) => {
        const [cpu = 0, record = 0, length = 0, position = 0] = numbers[at] as number[];
        return line.startsWith('record') ? [{ cpu, seed: record, length, position }] : [];
      })
      .sort((a, b) => a.cpu - b.cpu || a.position - b.position),
  };
}

/** What this program reads of a file: its records by CPU, its losses, and its figures. */
function readDump(path: string) {
  const opened = openDump(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const source = opened.value;
  const rows: ReturnType<typeof rowsOf> = [];
  for (let polls = 0; source.poll((batch) => rows.push(...rowsOf(batch))).more; polls++) {
    if (polls > 10_000) throw new Error('it does not end');
  }
  const stats = source.stats();
  source.close();
  return { rows, stats, entries: rows.filter((row) => row.kind === 'entry' && row.type === 7) };
}

function secondReader(path: string): string[] {
  return execFileSync(compiled('rvrecover'), [path], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ').slice(0, 3).join(' '));
}

/**
 * Everything that was found is a whole record, in the order of the ring, and everything is found that can be and that no reader had
 * read before the crash.
 */
function judge(crash: Crash, found: readonly string[], canBe: (record: Whole) => boolean, said: string): void {
  const name = ({ cpu, seed, length }: Whole): string => `${cpu} ${seed} ${length}`;
  const possible = crash.whole.filter(canBe);
  const there = new Set(found);
  expect(
    possible.map(name).filter((each) => there.has(each)),
    said,
  ).toEqual(found);
  const overwrites = new DataView(crash.session.buffer).getUint32(SESSION.ringMode, true) === RV.MODE_OVERWRITE_OLD;
  // Near the end of a lap may lie records of the lap before: those that nothing proves to be of this one are not shown.
  const proven = new Set<number>();
  const due = possible.filter((each) => {
    const { cpu, position } = each;
    if (there.has(name(each))) proven.add(cpu);
    const fresh = overwrites || position >= (crash.consumed[cpu] as number);
    return fresh && (proven.has(cpu) || position % crash.ringBytes <= (crash.ringBytes * 3) / 4);
  });
  expect(
    due.map(name).filter((each) => !there.has(each)),
    said,
  ).toEqual([]);
}

const payload = (seed: number, length: number): number[] =>
  Array.from({ length }, (_, at) => (seed * 31 + at * 7 + 1) & 0xff);

describe('the memory of machines that crashed while drivers logged', () => {
  const built = build();
  const cases = countCases('unpublished', 'a page is missing', 'damaged', 'lost', 'wrapped', 'by the clock');
  let path = '';
  beforeAll(() => {
    path = join(folder, 'dump');
  });

  it.each(IMAGE_KINDS)('gives every whole record of a %s dump, in order, and counts the rest', (kind) => {
    if (built !== null) return console.warn(built);
    for (let seed = 1; seed <= IMAGES / 2 / IMAGE_KINDS.length; seed++) {
      const crash = crashOf(seed * 31 + IMAGE_KINDS.indexOf(kind));
      const { cpus, ringBytes } = crash;
      const random = testRandom(seed);
      writeFileSync(path, crashedMemory(crash.session, { kind, random, cpus, ringBytes }));
      const { entries, rows, stats } = readDump(path);
      const found = Array.from({ length: cpus }, (_, cpu) =>
        entries.filter((row) => row.cpu === cpu).map((row) => `${cpu} ${row.remarks} ${row.data.length}`),
      );
      judge(crash, found.flat(), () => true, `seed ${seed}`);
      expect(secondReader(path)).toEqual(found.flat());
      for (const row of entries) expect([...row.data]).toEqual(payload(row.remarks, row.data.length));
      for (const { cpu, read, lost, ring } of stats.cpus) {
        const before = ring?.attemptedBefore ?? 0;
        expect(ring?.attempted, `CPU ${cpu}, seed ${seed}`).toBe(read + lost);
        expect(before + read + lost).toBe(crash.attempts[cpu]);
      }
      const byClock = new DataView(crash.session.buffer).getUint32(SESSION.orderMode, true) === RV.ORDER_CLOCK;
      const keys = entries.map((row) => (byClock ? row.timeNs : row.index));
      expect(keys).toEqual([...keys].sort((a, b) => a - b));
      cases.note('by the clock', byClock);
      cases.note(
        'unpublished',
        stats.file?.broken.places.some(({ problem }) => problem.includes('not been published')),
      );
      cases.note('lost', rows.filter((row) => row.kind === 'gap').length);
      cases.note(
        'wrapped',
        stats.cpus.some(({ ring }) => (ring?.wrapped ?? 0) > 0),
      );
    }
  });

  it.each(IMAGE_KINDS)('gives what is left of a %s dump with missing pages and damaged records', (kind) => {
    if (built !== null) return console.warn(built);
    for (let seed = 1; seed <= IMAGES / 2 / IMAGE_KINDS.length; seed++) {
      const crash = crashOf(seed * 37 + IMAGE_KINDS.indexOf(kind));
      const { cpus, ringBytes, session } = crash;
      const { ringsOffset, ringStride } = imageGeometry(cpus, ringBytes);
      const random = testRandom(seed);
      const dataOf = (cpu: number) => ringsOffset + cpu * ringStride + RV.PAGE;
      // A raw image has no missing pages: what it has not is zeroes.
      const gone = new Set(
        Array.from(
          { length: kind === 'raw' ? 0 : random(4) },
          () => dataOf(random(cpus)) + random(ringBytes / RV.PAGE) * RV.PAGE,
        ),
      );
      const damaged = new Set<number>();
      for (let times = random(4); times > 0 && crash.whole.length > 0; times--) {
        const victim = crash.whole[random(crash.whole.length)] as Whole;
        const at = dataOf(victim.cpu) + (victim.position % ringBytes);
        damaged.add(victim.seed);
        for (let byte = 0; byte < 32; byte++) session[at + byte] = 0xa5 ^ random(256);
      }
      const isMissing = (offset: number) => gone.has(offset);
      writeFileSync(path, crashedMemory(session, { kind, random, cpus, ringBytes, isMissing }));
      const { entries, stats } = readDump(path);
      const isThere = ({ cpu, position, length }: Whole): boolean => {
        const from = dataOf(cpu) + (position % ringBytes);
        for (let at = from - (from % RV.PAGE); at < from + RV.RECORD_HEADER_BYTES + length; at += RV.PAGE) {
          if (gone.has(at)) return false;
        }
        return true;
      };
      const found = Array.from({ length: cpus }, (_, cpu) =>
        entries.filter((row) => row.cpu === cpu).map((row) => `${cpu} ${row.remarks} ${row.data.length}`),
      ).flat();
      expect(secondReader(path), `seed ${seed}`).toEqual(found);
      judge(crash, found, (each) => isThere(each) && !damaged.has(each.seed), `seed ${seed}`);
      for (const row of entries) expect([...row.data]).toEqual(payload(row.remarks, row.data.length));
      for (const { cpu, read, lost, ring } of stats.cpus) {
        expect((ring?.attemptedBefore ?? 0) + read + lost, `CPU ${cpu}, seed ${seed}`).toBeLessThanOrEqual(
          crash.attempts[cpu] as number,
        );
        expect(ring?.attempted).toBe(read + lost);
      }
      cases.note('a page is missing', gone.size > 0);
      cases.note('damaged', damaged.size > 0);
    }
  });

  it('met each case', () => {
    if (built === null) cases.expectEach(3);
  });
});
