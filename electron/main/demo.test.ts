import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';

class FakeProcess extends EventEmitter {
  killed = false;
  kill(): boolean {
    this.killed = true;
    return true;
  }
}

const started: FakeProcess[] = [];
vi.mock('electron', () => ({
  utilityProcess: {
    fork: () => {
      const child = new FakeProcess();
      started.push(child);
      return child;
    },
  },
}));
// Test files share their modules, and those before may have put something else in Electron's place.
vi.resetModules();
const { EmbeddedSimulator } = await import('./demo.ts');

beforeEach(() => {
  started.length = 0;
});

/** Whether a promise is settled by now. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  promise.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return done;
}

describe('EmbeddedSimulator', () => {
  it('lets a second call wait for the same process, and a later one not at all', async () => {
    const simulator = new EmbeddedSimulator(() => {});
    const first = simulator.start();
    const second = simulator.start();
    expect(started.length).toBe(1);
    expect([await settled(first), await settled(second)]).toEqual([false, false]);
    started[0]?.emit('message', 'ready');
    await Promise.all([first, second]);
    await simulator.start();
    expect(started.length).toBe(1);
  });

  it('tells every caller that the process ended too early, and starts another one then', async () => {
    const reports: string[] = [];
    const simulator = new EmbeddedSimulator((line) => reports.push(line));
    const calls = [simulator.start(), simulator.start()];
    started[0]?.emit('exit', 3);
    for (const call of calls) await expect(call).rejects.toThrow('ended with code 3 before it was ready');
    expect(reports).toEqual(['the simulated driver ended with code 3']);
    const again = simulator.start();
    started[1]?.emit('message', 'ready');
    await again;
  });

  it('starts anew after it was stopped, whenever the old process ends', async () => {
    const simulator = new EmbeddedSimulator(() => {});
    const first = simulator.start();
    started[0]?.emit('message', 'ready');
    await first;
    simulator.stop();
    expect(started[0]?.killed).toBe(true);
    const second = simulator.start();
    started[0]?.emit('exit', 0);
    started[1]?.emit('message', 'ready');
    await second;
    await simulator.start();
    expect(started.length).toBe(2);
  });
});
