import { describe, expect, it } from 'vitest';
import { LONGEST_MS, ProcessWaiter, STUCK_MS, type Waiter, waitPatiently } from './waiter.ts';

/** A clock that moves by each wait after a stop; `script` plays what happens meanwhile. */
class ScriptedWaiter implements Waiter {
  stops = 0;
  private ms = 0;
  private readonly script: (ms: number) => void;

  constructor(script: (ms: number) => void) {
    this.script = script;
  }
  get stopped(): boolean {
    return this.stops > 0;
  }
  now(): number {
    return this.ms;
  }
  async wait(): Promise<void> {}
  async waitFor(): Promise<void> {
    this.script(this.ms);
  }
  async waitOut(_: Promise<unknown>, ms: number): Promise<void> {
    this.ms += ms;
    this.script(this.ms);
    await Promise.resolve();
  }
}

const never = new Promise<void>(() => {});

describe('waitPatiently', () => {
  it('waits for as long as it takes while nobody asks for a stop', async () => {
    let rounds = 0;
    let finish = (): void => {};
    const what = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const waiter = new ScriptedWaiter(() => {
      if (++rounds === 100_000) finish();
    });
    expect(await waitPatiently(what, () => 0, waiter)).toBe(true);
    expect(rounds).toBeGreaterThanOrEqual(100_000);
  });

  it('gives up what is stuck after a stop', async () => {
    const waiter = new ScriptedWaiter(() => {
      waiter.stops = 1;
    });
    expect(await waitPatiently(never, () => 0, waiter)).toBe(false);
    expect(waiter.now()).toBe(STUCK_MS);
  });

  it('waits after a stop while there are steps, but not for ever', async () => {
    const waiter = new ScriptedWaiter(() => {
      waiter.stops = 1;
    });
    expect(await waitPatiently(never, () => waiter.now(), waiter)).toBe(false);
    expect(waiter.now()).toBe(LONGEST_MS);
  });

  it('gives up at once when a stop is asked for again', async () => {
    const waiter = new ScriptedWaiter((ms) => {
      waiter.stops = ms >= 500 ? 2 : 1;
    });
    expect(await waitPatiently(never, () => waiter.now(), waiter)).toBe(false);
    expect(waiter.now()).toBe(500);
  });

  it('is done with what fails', async () => {
    const waiter = new ScriptedWaiter(() => {});
    expect(await waitPatiently(Promise.reject(new Error('no')), () => 0, waiter)).toBe(true);
  });
});

describe('ProcessWaiter', () => {
  it('takes a signal that npm passes on for the one the terminal sent', () => {
    let ms = 1000;
    const waiter = new ProcessWaiter(() => ms);
    let told = 0;
    const unlisten = waiter.onStop(() => told++);
    waiter.stop();
    ms += 20;
    waiter.stop();
    expect([waiter.stopped, waiter.stops, told]).toEqual([true, 1, 1]);
    ms += 1000;
    waiter.stop();
    unlisten();
    ms += 1000;
    waiter.stop();
    expect([waiter.stops, told]).toEqual([3, 2]);
    waiter.release();
  });

  it('ends a wait at a stop, and one after a stop at the next', async () => {
    let ms = 0;
    const waiter = new ProcessWaiter(() => ms);
    const first = waiter.waitFor(never, Number.POSITIVE_INFINITY);
    waiter.stop();
    await first;
    await waiter.waitFor(never, Number.POSITIVE_INFINITY);
    await waiter.wait(1e9);
    ms += 1000;
    const second = waiter.waitOut(never, Number.POSITIVE_INFINITY);
    waiter.stop();
    await second;
    waiter.release();
  });
});
