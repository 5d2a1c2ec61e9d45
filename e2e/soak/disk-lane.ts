/** Episodes with a disk that is full, that stalls, or that is slow. */
import type { AppLane } from './app-lane.ts';
import type { SmallDisk } from './disk.ts';
import { type Chance, sleep, type World } from './world.ts';

export interface DiskPace {
  /** Between two episodes, and of a full disk, milliseconds. */
  readonly betweenMs: readonly [number, number];
  readonly fullMs: readonly [number, number];
  readonly longestStallMs: number;
}

/** A slow disk stands still for this long, then takes writes for that long, milliseconds. */
const SLOW_MS = [120, 40] as const;

export async function runDiskLane(
  world: World,
  chance: Chance,
  pace: DiskPace,
  disk: SmallDisk,
  app: AppLane | null,
): Promise<void> {
  for (;;) {
    const until = performance.now() + chance.whole(...pace.betweenMs);
    while (!world.over && performance.now() < until) await sleep(50);
    if (world.over) return;
    switch (chance.pick(['full', 'stall', 'slow'] as const)) {
      case 'full':
        await full(world, chance.whole(...pace.fullMs), disk, app);
        break;
      case 'stall': {
        const ms = chance.whole(300, pace.longestStallMs);
        world.log(`the disk stalls for ${ms} ms`);
        world.tally.stalls++;
        await disk.freeze();
        await sleep(ms);
        await disk.thaw();
        break;
      }
      case 'slow': {
        const times = chance.whole(5, Math.ceil(pace.longestStallMs / 100));
        world.log(`the disk is slow for ${times} short stalls`);
        world.tally.stalls++;
        for (let n = 0; n < times; n++) {
          await disk.freeze();
          await sleep(SLOW_MS[0]);
          await disk.thaw();
          await sleep(SLOW_MS[1]);
        }
        break;
      }
    }
  }
}

/** Fills the disk, and checks that an app that had to drop rows because of it says why. */
async function full(world: World, ms: number, disk: SmallDisk, app: AppLane | null): Promise<void> {
  const viewer = app?.viewer ?? null;
  const before = (await quietly(viewer?.status()))?.evictedRows;
  world.log(`the disk is full for ${ms} ms`);
  world.tally.fullDisk++;
  await disk.fill();
  await sleep(ms);
  // Only if it is the same app as before, because another one counts from zero.
  const status = app?.viewer === viewer ? await quietly(viewer?.status()) : null;
  await disk.empty();
  if (before === undefined || status === null || status === undefined || status.evictedRows <= before) return;
  const code = status.retention.failure?.code;
  if (code !== 'disk-full') {
    world.fail(`the app dropped ${status.evictedRows - before} rows on a full disk and told ${code ?? 'nothing'}`);
  }
  world.tally.fullDiskTold++;
  world.log(`the app told that the disk is full, and dropped ${status.evictedRows - before} rows`);
}

/** The app may be killed or closed while it is asked; its own lane checks it. */
async function quietly<T>(answer: Promise<T> | undefined): Promise<T | null> {
  try {
    return (await answer) ?? null;
  } catch {
    return null;
  }
}
