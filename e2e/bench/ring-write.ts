/** `ring.write.64B`: what a record costs its writer, beside a floor in C and beside LTTng-UST. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { compile, output, rounds } from './programs.ts';
import { type BenchResult, measured, skipped } from './results.ts';
import { median, spread } from './statistics.ts';

interface RingRound {
  readonly index: number;
  readonly clock: number;
  readonly floor: number;
  /** Reading the clock, once. */
  readonly read: number;
}

const GOAL_FLOOR = 'at most 1.5x the floor';
const GOAL_LOCKED = 'at most 0.8x the locked one';
const GOAL_LTTNG = 'at most 0.5x LTTng-UST';
const FLOOR = 'C floor: 1 clock, 1 locked operation, 1 copy, 1 release store';

export function ringWrite(environment: Environment, quick: boolean): BenchResult[] {
  const program = compile(environment, 'ring_write');
  const lockedProgram = compile(environment, 'ring_write_locked');
  const records = quick ? 300_000 : 1_000_000;
  const takes = quick ? 3 : 6;
  const ring: RingRound[] = [];
  const locked: RingRound[] = [];
  const lttng: number[] = [];
  const why = environment.lacking.lttng;
  const session = why === undefined ? new LttngSession() : null;
  try {
    const tracer = session === null ? null : compile(environment, 'lttng_write');
    session?.start();
    // In turn, so that a busy moment of the machine meets both.
    for (let take = 0; take < takes; take++) {
      ring.push(...rounds<RingRound>(program, [records, 3]));
      locked.push(...rounds<RingRound>(lockedProgram, [records, 3]));
      if (tracer !== null && session !== null) {
        lttng.push(...rounds<{ lttng: number }>(tracer, [records, 3], session.env).map((round) => round.lttng));
      }
    }
  } finally {
    session?.stop();
  }

  const floor = median(ring.map((round) => round.floor));
  const beside = (name: string, order: 'index' | 'clock'): BenchResult => {
    const values = ring.map((round) => round[order]);
    return measured({
      name,
      value: median(values),
      unit: 'ns',
      reference: floor,
      referenceName: FLOOR,
      goal: GOAL_FLOOR,
      holds: median(ring.map((round) => round[order] / round.floor)) <= 1.5,
      spread: spread(values),
      note: `${order} order, drop-new, one CPU`,
    });
  };
  const results = [
    beside('ring.write.64B', 'index'),
    beside('ring.write.64B.clock', 'clock'),
    besideLocked(ring, locked),
  ];
  if (why !== undefined) return [...results, skipped('ring.write.64B.lttng', why)];
  const cost = median(ring.map((round) => round.index));
  const reference = median(lttng);
  return [
    ...results,
    measured({
      name: 'ring.write.64B.lttng',
      value: cost,
      unit: 'ns',
      reference,
      referenceName: 'LTTng-UST, snapshot session',
      goal: GOAL_LTTNG,
      holds: cost <= reference / 2,
      spread: spread(lttng),
      note: `the floor itself is ${(floor / reference).toFixed(2)}x LTTng-UST; both read the same clock`,
    }),
  ];
}

/**
 * What a record costs beyond the clock that every writer reads, beside what it did with a lock on each exchange of the ring
 * and data copied word by word into lines that were not fetched before.
 */
function besideLocked(ring: readonly RingRound[], locked: readonly RingRound[]): BenchResult {
  const withoutClock = (all: readonly RingRound[]): number[] => all.map(({ index, read }) => index - read);
  const values = withoutClock(ring);
  const reference = median(withoutClock(locked));
  return measured({
    name: 'ring.write.64B.unlocked',
    value: median(values),
    unit: 'ns',
    reference,
    referenceName: 'the same with locked exchanges and a plain copy',
    goal: GOAL_LOCKED,
    holds: median(values) <= 0.8 * reference,
    spread: spread(values),
    note: 'index order, without the clock, in turn with its twin',
  });
}

/** A session daemon of its own with one snapshot session, in a folder that is removed afterwards. */
class LttngSession {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ringview-lttng-'));
  private readonly name = `ringview-bench-${process.pid}`;
  readonly env: NodeJS.ProcessEnv = { ...process.env, LTTNG_HOME: this.folder };

  start(): void {
    const pidFile = join(this.folder, 'pid');
    // Where one runs already for this user, that one serves and this call does nothing.
    spawnSync('lttng-sessiond', ['--no-kernel', '--daemonize', '--pidfile', pidFile], {
      env: this.env,
      timeout: 20_000,
    });
    this.lttng('create', this.name, '--snapshot', '--output', join(this.folder, 'traces'));
    this.lttng('enable-event', '--userspace', 'ringview_bench:record', '--session', this.name);
    this.lttng('start', this.name);
  }

  stop(): void {
    spawnSync('lttng', ['--no-sessiond', 'destroy', this.name], { env: this.env, timeout: 20_000 });
    try {
      process.kill(Number(readFileSync(join(this.folder, 'pid'), 'utf8')), 'SIGTERM');
    } catch {
      // The daemon was somebody else's, or is gone already.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private lttng(...args: string[]): void {
    output('lttng', ['--no-sessiond', ...args], this.env);
  }
}
