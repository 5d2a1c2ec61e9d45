/** The runner with a clock of its own: waiting moves it, so no test takes as long as it says. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../core/result.ts';
import { openRingSource } from '../sources/ring/ring.ts';
import type { LogSource } from '../sources/source.ts';
import type { SimulatorResult } from './driver.ts';
import type { SimulatorOptions } from './options.ts';
import { runSimulator, type SimulatorIo } from './run.ts';

let sessions = 0;

class World implements SimulatorIo {
  readonly name = `run.${process.pid}.${sessions++}`;
  readonly printed: string[] = [];
  now = 0;
  listeners = new Set<() => void>();
  /** Runs whenever the simulator waits. */
  meanwhile: () => void = () => {};

  readonly milliseconds = () => {
    // Even a clock that is only looked at goes on.
    this.now += 0.01;
    return this.now;
  };

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.now += milliseconds;
    this.meanwhile();
  };

  readonly onStop = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly print = (line: string) => {
    this.printed.push(line);
  };

  stop(): void {
    for (const listener of this.listeners) listener();
  }

  run(options: Partial<SimulatorOptions>): Promise<Result<SimulatorResult>> {
    return runSimulator({ ringBytes: 65536, ...options, name: this.name }, this);
  }
}

const open: LogSource[] = [];

afterEach(() => {
  for (const source of open.splice(0)) source.close(() => {});
});

function attach(name: string): LogSource {
  const source = openRingSource(name);
  if (!source.ok) throw new Error(source.failure.message);
  open.push(source.value);
  return source.value;
}

function attempted(result: Result<SimulatorResult>): number {
  return result.ok ? result.value.cpus.reduce((sum, cpu) => sum + cpu.attempted, 0) : -1;
}

describe.skipIf(process.platform !== 'linux')('runSimulator', () => {
  it('keeps its pace, stops at its count, reports, lingers, and takes the session away', async () => {
    const world = new World();
    const result = await world.run({ rate: 1000, count: 500, lingerMs: 2000 });
    expect(attempted(result)).toBe(500);
    expect(world.printed).toEqual([JSON.stringify(result.ok && result.value)]);
    expect(world.now).toBeGreaterThan(2450);
    expect(world.now).toBeLessThan(2700);
    const gone = openRingSource(world.name);
    expect(gone.ok ? 'ok' : gone.failure.code).toBe('source-not-found');
    expect(world.listeners.size).toBe(0);
  });

  it('does not linger once the reader has everything', async () => {
    const world = new World();
    let source: LogSource | undefined;
    let rows = 0;
    world.meanwhile = () => {
      source ??= attach(world.name);
      rows += source.poll(() => {}).rows;
    };
    await world.run({ rate: 10_000, count: 1000, lingerMs: 60_000 });
    expect(rows).toBe(1000);
    expect(world.now).toBeLessThan(1000);
    expect(source?.stats().state).toBe('ended');
  });

  it('waits for its reader when told to', async () => {
    const world = new World();
    world.meanwhile = () => {
      if (world.now > 300 && open.length === 0) attach(world.name);
      if (world.now < 300) expect(world.printed).toEqual([]);
      for (const source of open) source.poll(() => {});
    };
    expect(attempted(await world.run({ rate: 'max', count: 100, waitReader: true }))).toBe(100);
    expect(world.now).toBeGreaterThan(300);
  });

  it('can be stopped while it waits for its reader', async () => {
    const world = new World();
    world.meanwhile = () => world.stop();
    const result = await world.run({ waitReader: true });
    expect(result.ok ? 'ok' : result.failure.code).toBe('cancelled');
    expect(world.printed).toEqual([]);
  });

  it('stops at a request, lingers, and stops lingering at a second one', async () => {
    const world = new World();
    world.meanwhile = () => {
      if (world.now > 1000 && world.printed.length === 0) world.stop();
      if (world.now > 1500 && world.printed.length > 0) world.stop();
    };
    const result = await world.run({ rate: 1000, lingerMs: 60_000 });
    expect(attempted(result)).toBeGreaterThan(900);
    expect(attempted(result)).toBeLessThan(1100);
    expect(world.printed).toHaveLength(1);
    expect(world.now).toBeLessThan(1600);
  });

  it('stops soon at a rate of one attempt in months, without a wait that no timer holds', async () => {
    const world = new World();
    const waits: number[] = [];
    const { sleep } = world;
    Object.assign(world, {
      sleep: (ms: number) => {
        waits.push(ms);
        return sleep(ms);
      },
    });
    world.meanwhile = () => {
      if (world.now > 250) world.stop();
    };
    expect(attempted(await world.run({ rate: 0.0000001, lingerMs: 0 }))).toBe(0);
    expect(world.now).toBeLessThan(400);
    expect(Math.max(...waits)).toBeLessThan(1000);
    expect(waits.length).toBeLessThan(10);
  });

  it('writes a replay once unless asked for more', async () => {
    const replay = new TextEncoder().encode('a\nb\nc\n');
    expect(attempted(await new World().run({ replay, lingerMs: 0 }))).toBe(3);
    expect(attempted(await new World().run({ replay, count: 8, lingerMs: 0 }))).toBe(8);
    const empty = await new World().run({ replay: new Uint8Array(0) });
    expect(empty.ok ? 'ok' : empty.failure.code).toBe('bad-argument');
  });

  it('with one CPU writes all of it there, and with seed 0 other messages than with seed 1', async () => {
    const texts: string[] = [];
    for (const seed of [0, 0, 1]) {
      const world = new World();
      const bytes: number[] = [];
      let source: LogSource | undefined;
      world.meanwhile = () => {
        source ??= attach(world.name);
        source.poll((batch) => {
          bytes.push(...batch.bytes.subarray(0, batch.bytesUsed));
          expect(batch.cpu.subarray(0, batch.count).every((cpu) => cpu === 0)).toBe(true);
        });
      };
      expect(attempted(await world.run({ cpus: 1, seed, rate: 10_000, count: 200, lingerMs: 60_000 }))).toBe(200);
      expect(source?.stats().cpus).toMatchObject([{ cpu: 0, read: 200, lost: 0 }]);
      texts.push(Buffer.from(bytes).toString('latin1'));
    }
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).not.toBe(texts[0]);
  });

  it('says source-busy while another one has the name', async () => {
    const world = new World();
    let code = '';
    world.meanwhile = () => {
      world.meanwhile = () => {};
      void runSimulator({ name: world.name, ringBytes: 65536 }, new World()).then((second) => {
        code = second.ok ? 'ok' : second.failure.code;
      });
    };
    expect(attempted(await world.run({ rate: 1000, count: 100, lingerMs: 100 }))).toBe(100);
    expect(code).toBe('source-busy');
  });
});
