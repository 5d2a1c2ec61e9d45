/**
 * Runs a simulated driver from start to end: waits for a reader if asked to, keeps the pace, stops at the count or when
 * told to, reports, and then keeps the memory for a reader that has not read everything. The clock and the process are
 * injected.
 */

import type { Platform } from '../core/platform.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { getPlatform } from '../platform.ts';
import { removeDeadDemos } from './demo-session.ts';
import { SimulatedDriver, type SimulatorResult } from './driver.ts';
import { planSimulator, type SimulatorOptions, type SimulatorPlan } from './options.ts';
import { nextSlice, SLICE_MS, sliceCap } from './pacing.ts';
import { splitLines } from './replay.ts';

export interface SimulatorIo {
  /** Milliseconds on a clock that only grows. */
  readonly milliseconds: () => number;
  /**
   * Waits at least that long while everything else of the process runs; 0 waits only until the next turn of the event
   * loop.
   */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Calls `listener` at each request to stop; returns how to stop listening. */
  readonly onStop: (listener: () => void) => () => void;
  /** Receives the result as one line of JSON, as soon as the last record is written. */
  readonly print: (line: string) => void;
  /** Default: that of this process. */
  readonly platform?: Platform;
}

/** The injected parts taken from this process: its clock, SIGINT and SIGTERM, standard output. */
export function processIo(): SimulatorIo {
  return {
    milliseconds: () => performance.now(),
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        if (milliseconds <= 0) setImmediate(resolve);
        else setTimeout(resolve, milliseconds);
      }),
    onStop: (listener) => {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
    print: (line) => {
      process.stdout.write(`${line}\n`);
    },
  };
}

/** How often a waiting simulator looks for its reader, and a finished one whether all was read; milliseconds. */
const WATCH_MS = 5;
/** Attempts between two looks at the clock when there is no rate to keep. */
const UNPACED_STEP = 1024;

/**
 * Runs until done, then until the reader is done or the linger time is over. The first request to stop ends the
 * writing, a second one the lingering. Failures: bad-argument, source-unsupported, source-busy, permission-denied,
 * disk-full, io-error, cancelled (stopped while it waited for a reader).
 */
export async function runSimulator(
  options: SimulatorOptions,
  io: SimulatorIo = processIo(),
): Promise<Result<SimulatorResult>> {
  const planned = planSimulator(options);
  if (!planned.ok) return planned;
  const platform = io.platform ? ok(io.platform) : getPlatform();
  if (!platform.ok) return platform;
  removeDeadDemos(platform.value);
  const created = SimulatedDriver.create(planned.value, platform.value);
  if (!created.ok) return created;
  const driver = created.value;

  let stops = 0;
  const unlisten = io.onStop(() => {
    stops++;
  });
  try {
    const plan = withReplayCount(planned.value);
    while (plan.waitReader && !driver.hasReader()) {
      if (stops > 0) {
        return fail('cancelled', `No reader came to '${plan.name}' before it was stopped`, 'Start the reader first');
      }
      await io.sleep(WATCH_MS);
    }
    driver.start();
    await produce(driver, plan, io, () => stops > 0);
    const result = driver.stop();
    io.print(JSON.stringify(result));
    const patience = stops + 1;
    await linger(driver, plan.lingerMs, io, () => stops >= patience);
    return ok(result);
  } finally {
    unlisten();
    driver.close();
  }
}

function withReplayCount(plan: SimulatorPlan): SimulatorPlan {
  if (!plan.replay || Number.isFinite(plan.count)) return plan;
  return { ...plan, count: splitLines(plan.replay).length };
}

async function produce(
  driver: SimulatedDriver,
  plan: SimulatorPlan,
  io: SimulatorIo,
  stopped: () => boolean,
): Promise<void> {
  const start = io.milliseconds();
  const cap = sliceCap(plan.cpus, plan.ringBytes);
  while (!stopped() && driver.attempted < plan.count) {
    const left = plan.count - driver.attempted;
    if (plan.rate === Number.POSITIVE_INFINITY) {
      const sliceEnd = io.milliseconds() + SLICE_MS;
      for (let made = 0; made < left && io.milliseconds() < sliceEnd; made += UNPACED_STEP) {
        driver.step(Math.min(UNPACED_STEP, left - made));
      }
      await io.sleep(0);
    } else {
      const slice = nextSlice(plan.rate, io.milliseconds() - start, driver.attempted, cap);
      driver.step(Math.min(slice.attempts, left));
      if (driver.attempted < plan.count) await io.sleep(slice.waitMs);
    }
  }
}

async function linger(
  driver: SimulatedDriver,
  lingerMs: number,
  io: SimulatorIo,
  stopped: () => boolean,
): Promise<void> {
  const end = io.milliseconds() + lingerMs;
  while (!stopped() && io.milliseconds() < end) {
    if (driver.checkDrained()) return;
    await io.sleep(WATCH_MS);
  }
}
