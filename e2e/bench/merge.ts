/**
 * `drain.merge.store`: eight rings of randomly interleaved records, from shared memory into the store, by the reader the
 * product uses. The rings are filled by the simulated driver of the same process, while no clock runs. Measured in both
 * ways to reach the memory: mapped, as the driver's is on Windows and as the reference in C does, and by pread
 * (`drain.merge.store.pread`), as the simulated driver's is on Linux, where a mapped object that is cut off ends the reader.
 */

import type { Platform } from '../../native/core/platform.ts';
import type { Result } from '../../native/core/result.ts';
import { createPosixPlatform } from '../../native/posix/platform.ts';
import { posixSystem } from '../../native/posix/system.ts';
import { planSimulator, SimulatedDriver } from '../../native/sim/index.ts';
import { openRingSource } from '../../native/sources/ring/ring.ts';
import { messages } from './bench-log.ts';
import type { Environment } from './environment.ts';
import { compile, rounds } from './programs.ts';
import { type BenchResult, measured } from './results.ts';
import { BenchSession } from './session.ts';
import { median, spread } from './statistics.ts';

const ROWS = 400_000;
const RING_BYTES = 8 * 1024 * 1024;
const MEMORY = 256 * 1024 ** 2;
const PAYLOAD_BYTES = 107;
/** Rounds until the history has been written through once. */
const HISTORY_ROUNDS = Math.ceil(MEMORY / (ROWS * PAYLOAD_BYTES));
/** Rounds measured between two runs of the reference. */
const MEASURED = 4;
const CPUS = 8;

export function mergeRings(environment: Environment, quick: boolean): BenchResult[] {
  const program = compile(environment, 'merge');
  const system = posixSystem(process.platform);
  if (system === null) throw new Error(`there is no simulated driver on ${process.platform}`);
  const mapped = must(createPosixPlatform({ ...system, access: 'mapping' }));
  const results = [
    measure(program, quick, {
      figure: 'drain.merge.store',
      goal: 0.35,
      platform: mapped,
      way: 'mapped, as on Windows',
    }),
  ];
  if (system.access === 'mapping') return results;
  const platform = must(createPosixPlatform(system));
  const way = 'by pread, as the simulated driver is read here';
  return [...results, measure(program, quick, { figure: 'drain.merge.store.pread', goal: null, platform, way })];
}

interface Way {
  readonly figure: string;
  /** Parts of the speed of C; null where the figure is only reported. */
  readonly goal: number | null;
  readonly platform: Platform;
  readonly way: string;
}

function measure(program: string, quick: boolean, { figure, goal, platform, way }: Way): BenchResult {
  const name = `bench-${process.pid}`;
  const replay = Buffer.from(messages(4096).join('\n'), 'latin1');
  const driver = must(
    SimulatedDriver.create(must(planSimulator({ name, cpus: CPUS, ringBytes: RING_BYTES, replay })), platform),
  );
  const session = BenchSession.open(MEMORY);
  try {
    driver.start();
    const source = must(openRingSource(name, { platform }));
    const own: number[] = [];
    const reference: number[] = [];
    const turns = quick ? 4 : 10;
    // Until the store evicts and the engine has compiled everything: that is how a viewer spends its day.
    const warmUp = HISTORY_ROUNDS + 2;
    const drain = () => {
      let rows = 0;
      for (;;) {
        const outcome = source.poll(session.append, session.lease);
        rows += outcome.rows;
        if (!outcome.more && outcome.rows === 0) return rows;
      }
    };
    // A capture begins with small batches; an engine that first sees full ones compiles for loops that never end.
    for (let rows = 1; rows < ROWS; rows = Math.ceil(rows * 1.2)) {
      driver.step(rows);
      drain();
    }
    for (let round = 0; round < warmUp + turns * (HISTORY_ROUNDS + MEASURED); round++) {
      driver.step(ROWS);
      const before = process.cpuUsage();
      const rows = drain();
      const { user, system } = process.cpuUsage(before);
      if (rows !== ROWS) throw new Error(`${rows} rows came out of the rings, ${ROWS} went in`);
      // Starting the reference forks this process: until each page of the history is written again, writing copies it.
      const inTurn = (round - warmUp) % (HISTORY_ROUNDS + MEASURED);
      if (inTurn < HISTORY_ROUNDS) continue;
      own.push((rows * 1e6) / (user + system));
      if (inTurn === HISTORY_ROUNDS + MEASURED - 1) {
        reference.push(...rounds<{ perSecond: number }>(program, [ROWS, 4]).map((each) => each.perSecond));
      }
    }
    source.close(() => {});
    const ratio = median(own) / median(reference);
    return measured({
      name: figure,
      value: median(own),
      unit: 'rows/s',
      reference: median(reference),
      referenceName: 'the same in C, mapped',
      goal: goal === null ? 'reported' : `at least ${goal}x C`,
      holds: goal === null ? null : ratio >= goal,
      spread: spread(own),
      note: `${CPUS} rings, random order, 80-byte entries, ${way}; time of all threads of the process`,
    });
  } finally {
    driver.stop();
    driver.close();
    session.close();
  }
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.message}. ${result.failure.action}`);
  return result.value;
}
