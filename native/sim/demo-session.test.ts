/** Shared memory of embedded drivers that crashed: removed by whoever starts next, and nobody else's is touched. */
import { existsSync, rmSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../core/platform.ts';
import { getPlatform } from '../platform.ts';
import { offerSources } from '../sources/offers.ts';
import { openRingSource } from '../sources/ring/ring.ts';
import { ringSessionNames } from '../sources/ring/ring-sessions.ts';
import type { RunningChild } from './child-output.ts';
import { demoSessionName, removeDeadDemos } from './demo-session.ts';
import { runSimulator } from './run.ts';
import { buildChild, startChild } from './spawn-child.ts';

describe.skipIf(process.platform !== 'linux')('sessions of embedded drivers', { timeout: 60_000 }, () => {
  beforeAll(buildChild, 60_000);

  const children: RunningChild[] = [];
  const names: string[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.process.kill('SIGKILL');
      await child.exit;
    }
    for (const name of names.splice(0)) rmSync(fileOf(name), { force: true });
  });

  const fileOf = (name: string): string => `/dev/shm/ringview.${name}`;

  /** Process numbers beyond what Linux gives, so that no demo of this machine has the name. */
  let next = 10_000_000 + process.pid * 100;

  /** A driver in a process of its own, which has its session. */
  async function started(name: string): Promise<RunningChild> {
    const child = startChild({ name, cpus: 1, ringBytes: 65536, waitReader: true });
    children.push(child);
    names.push(name);
    for (let exited = false; !exited; ) {
      const source = openRingSource(name);
      if (source.ok) {
        source.value.close(() => {});
        return child;
      }
      await Promise.race([
        new Promise((resolve) => setImmediate(resolve)),
        child.exit.then(() => {
          exited = true;
        }),
      ]);
    }
    throw new Error(`the driver of ${name} ended first`);
  }

  async function crashed(name: string): Promise<void> {
    const child = await started(name);
    child.process.kill('SIGKILL');
    await child.exit;
  }

  it('are removed when their driver is dead, kept while it lives, and other sessions are left alone', async () => {
    const [dead, alive, other] = [demoSessionName(next++), demoSessionName(next++), `demo.${process.pid}`];
    await started(alive);
    await crashed(other);
    // Last: each of those drivers would have removed it, as any other on this machine may now.
    await crashed(dead);
    const removed = removeDeadDemos();
    expect(removed).not.toContain(alive);
    expect(removed).not.toContain(other);
    expect([dead, alive, other].map((name) => existsSync(fileOf(name)))).toEqual([false, true, true]);
  });

  it('are removed by the start of any simulated driver', async () => {
    const dead = demoSessionName(next++);
    await crashed(dead);
    const io = {
      milliseconds: () => 0,
      sleep: async () => {},
      onStop: (listener: () => void) => {
        listener();
        return () => {};
      },
      print: () => {},
    };
    await runSimulator({ name: `after.${process.pid}`, cpus: 1, ringBytes: 65536, lingerMs: 0 }, io);
    expect(existsSync(fileOf(dead))).toBe(false);
  });

  it('are offered only while their producer lives', async () => {
    const [dead, alive] = [`dead.${process.pid}`, `alive.${process.pid}`];
    await crashed(dead);
    await started(alive);
    expect(ringSessionNames()).toEqual(expect.arrayContaining([dead, alive]));
    const specs = offerSources().map(({ spec }) => spec);
    expect(specs).toContain(`sim:${alive}`);
    expect(specs).not.toContain(`sim:${dead}`);
  });

  it('are those of its scheme only, as the platform names them', () => {
    const asked: string[] = [];
    const platform = getPlatform();
    if (!platform.ok) throw new Error(platform.failure.message);
    const fake: Platform = {
      ...platform.value,
      imageNames: () => ['demo-1', 'demo-', 'demo-1x', 'xdemo-1', 'demo-22', 'lab'],
      removeDead: (name) => {
        asked.push(name);
        return name === 'demo-22';
      },
    };
    expect(removeDeadDemos(fake)).toEqual(['demo-22']);
    expect(asked).toEqual(['demo-1', 'demo-22']);
  });
});
