/**
 * The safety of the protocol as this reader reads it: the real reader against a step-wise writer, interleaved at every
 * access to memory by a seeded scheduler, with nested interrupts, drops, overwriting, and readers that come and go.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CpuAccount } from './cpu-account.ts';
import { RowFlag } from './entry.ts';
import { RV } from './layout.ts';
import { ModelDriver, type ModelRecord } from './model.ts';
import { RingReader } from './ring-reader.ts';
import { parseRingSession } from './ring-session.ts';
import { ArrayMemory, rowsOf, TestClock, type TestRow, testRandom } from './test-support.ts';

interface Scenario {
  readonly seed: number;
  readonly cpus: number;
  readonly mode: 'drop' | 'overwrite';
  readonly order: 'index' | 'clock';
  readonly position: bigint;
  readonly nextIndex: bigint;
  readonly startTicks: bigint;
  /** Most steps of the writers between two accesses of the reader. */
  readonly speed: number;
  /** Steps, about, before another processor stands still. */
  readonly patience: number;
  readonly rounds: number;
  readonly readers: number;
}

const scenario = fc.record<Scenario>({
  seed: fc.integer(),
  cpus: fc.integer({ min: 1, max: 4 }),
  mode: fc.constantFrom('drop', 'overwrite'),
  order: fc.constantFrom('index', 'clock'),
  position: fc.constantFrom(0n, 2n ** 32n - 4096n, 2n ** 53n, 2n ** 63n - 4096n),
  nextIndex: fc.constantFrom(1n, 2n ** 32n - 5n, 2n ** 53n - 1000000n, 2n ** 62n + 1n),
  startTicks: fc.constantFrom(0n, 2n ** 62n + 3n),
  speed: fc.constantFrom(1, 2, 4, 10, 60),
  patience: fc.constantFrom(10, 100, 1000),
  rounds: fc.integer({ min: 1, max: 25 }),
  readers: fc.integer({ min: 1, max: 3 }),
});

interface Run {
  readonly driver: ModelDriver;
  readonly rows: TestRow[];
  readonly accounts: CpuAccount[][];
}

function run(plan: Scenario, holdMs: number): Run {
  const random = testRandom(plan.seed);
  const clock = new TestClock();
  clock.now = plan.startTicks;
  const driver = new ModelDriver({ ...plan, ringBytes: RV.MIN_RING_BYTES }, clock, random);
  let writing = true;
  // One processor stands still for a while, wherever it is: the reader must then find every place a writer can be in.
  let frozen = -1;
  const advance = () => {
    for (let steps = random(plan.speed + 1); steps > 0; steps--) {
      if (random(plan.patience) === 0) frozen = random(plan.cpus + 1);
      const cpu = random(plan.cpus);
      if (cpu !== frozen) driver.step(cpu, writing);
      if (random(4) === 0) clock.now++;
      if (random(200) === 0) clock.ms++;
    }
  };
  const memory = new ArrayMemory(driver.view.buffer, advance);
  const parsed = parseRingSession(new Uint8Array(driver.view.buffer, 0, RV.PAGE), driver.view.byteLength);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  const rows: TestRow[] = [];
  const accounts: CpuAccount[][] = [];
  const collect = (batch: Parameters<typeof rowsOf>[0]) => {
    rows.push(...rowsOf(batch));
  };

  for (let turn = 1; turn <= plan.readers; turn++) {
    const attached = RingReader.attach(parsed.value, memory, clock, { holdMs, batchRows: 7, roundBytes: 65536 });
    if (!attached.ok) throw new Error(attached.failure.message);
    const reader = attached.value;
    for (let round = 0; round < plan.rounds; round++) {
      reader.round(collect, false);
      for (let pause = random(10); pause > 0; pause--) advance();
    }
    if (turn === plan.readers) {
      writing = false;
      while (!driver.idle) advance();
      // Quiet: two rounds for losses at the end to be seen twice, one for what they still held back.
      for (let round = 0; round < 4; round++) {
        clock.now++;
        reader.round(collect, false);
      }
    } else {
      reader.flush(collect);
    }
    accounts.push(reader.accounts());
  }
  return { driver, rows, accounts };
}

/** As `expect`, for what is asked of every row: a matcher a row would be most of the time of this test. */
function must(condition: boolean, what: string): void {
  if (!condition) expect.fail(what);
}

function recordOf({ driver }: Run, row: TestRow): ModelRecord {
  const id = new DataView(row.data.buffer, row.data.byteOffset).getUint32(0, true);
  const record = driver.records[id];
  must(record !== undefined, `no record ${id} was ever written`);
  return record as ModelRecord;
}

/** No torn, invented or repeated record; each CPU in its own order; losses exactly where they happened. */
function checkCpus(result: Run): void {
  const { driver, rows } = result;
  driver.cpus.forEach((cpu, number) => {
    let accounted = 0n;
    for (const row of rows.filter((candidate) => candidate.cpu === number)) {
      if (row.kind === 'gap') {
        accounted += BigInt(row.remarks);
        continue;
      }
      const record = recordOf(result, row);
      must(record.cpu === number, `record ${record.id} on CPU ${number}`);
      must(row.data.length === record.length, `record ${record.id} has ${row.data.length} bytes`);
      must(
        row.data.subarray(4).every((byte) => byte === (record.id & 255)),
        `record ${record.id} is torn`,
      );
      accounted += 1n;
      must(record.sequence === accounted, `record ${record.id} is number ${record.sequence}, shown as ${accounted}`);
    }
    expect(accounted).toBe(BigInt(cpu.attempts));
  });
}

function checkAccounts(result: Run, plan: Scenario): void {
  const { driver, rows, accounts } = result;
  driver.cpus.forEach((cpu, number) => {
    const own = accounts.map((perReader) => perReader[number] as CpuAccount);
    let before = 0;
    for (const account of own) {
      expect(account.attemptedBefore).toBe(before);
      before += account.read + account.lost;
      expect(Object.values(account.lostByCause).reduce((sum, count) => sum + count, 0)).toBe(account.lost);
    }
    expect(before).toBe(cpu.attempts);
    expect(own.at(-1)?.attempted).toBe(cpu.attempts);
    const entries = rows.filter((row) => row.kind === 'entry' && row.cpu === number).length;
    expect(own.reduce((sum, { read }) => sum + read, 0)).toBe(entries);
    if (plan.readers === 1) {
      const { lostByCause } = own[0] as CpuAccount;
      expect(lostByCause).toMatchObject({ ...cpu.lost, missingData: 0, corrupt: 0 });
      expect(lostByCause.overwritten).toBe(cpu.published.length - entries);
    }
    if (plan.mode === 'drop') expect(entries).toBe(cpu.published.length);
  });
}

function keyOf(result: Run, row: TestRow, plan: Scenario): [bigint, number] {
  const record = recordOf(result, row);
  return plan.order === 'index' ? [record.index, 0] : [record.timestamp, record.cpu];
}

function isBefore(a: [bigint, number], b: [bigint, number]): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

const runs = { numRuns: 40 };

describe('reader against the model of a writer', () => {
  it('shows one order, loses nothing silently, and counts every loss', () => {
    let entries = 0;
    let losses = 0;
    let holes = 0n;
    fc.assert(
      fc.property(scenario, (plan) => {
        const result = run(plan, Number.POSITIVE_INFINITY);
        checkCpus(result);
        checkAccounts(result, plan);
        if (plan.readers > 1) return;
        let last: [bigint, number] = [-1n, 0];
        for (const row of result.rows) {
          if (row.kind === 'gap') continue;
          const key = keyOf(result, row, plan);
          must(!isBefore(key, last), `${key} after ${last}`);
          must((row.flags & RowFlag.Late) === 0, `${key} is late`);
          last = key;
        }
        entries += result.rows.length;
        for (const [cpu] of result.accounts) losses += cpu?.lost ?? 0;
        for (const { page } of result.driver.cpus) holes += result.driver.view.getBigUint64(page + 344, true);
      }),
      runs,
    );
    // What is claimed above must have happened, or nothing was tested.
    expect(entries).toBeGreaterThan(500);
    expect(losses).toBeGreaterThan(20);
    expect(holes).toBeGreaterThan(0n);
  });

  it('flags exactly what comes out behind a later entry once it stops waiting', () => {
    let late = 0;
    fc.assert(
      fc.property(scenario, (plan) => {
        const alone = { ...plan, readers: 1 };
        const result = run(alone, 0);
        checkCpus(result);
        checkAccounts(result, alone);
        let latest: [bigint, number] = [-1n, 0];
        let gaps = 0;
        for (const row of result.rows) {
          if (row.kind === 'gap') {
            gaps++;
            continue;
          }
          const key = keyOf(result, row, alone);
          const behind = isBefore(key, latest);
          const flagged = (row.flags & RowFlag.Late) !== 0;
          // A loss at the end of a ring is a row of its own, and what comes out below it is late as well.
          must(flagged === behind || (flagged && gaps > 0), `${key} after ${latest}: ${row.flags}`);
          if (behind) late++;
          else latest = key;
        }
      }),
      runs,
    );
    expect(late).toBeGreaterThan(0);
  });
});
