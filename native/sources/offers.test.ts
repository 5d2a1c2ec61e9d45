import { afterEach, describe, expect, it } from 'vitest';
import { fail, ok, type Result } from '../core/result.ts';
import { getPlatform } from '../platform.ts';
import { planSimulator, SimulatedDriver } from '../sim/index.ts';
import type { WindowsSituation } from './machine-situation.ts';
import { offerSources, offersOf } from './offers.ts';

const free: WindowsSituation = { elevated: true, driver: 'running', session: false, global: false, viewers: [] };
const hindrances = (over: Partial<WindowsSituation>) =>
  offersOf({ windows: { ...free, ...over }, ringSessions: new Map() }).map(({ spec, hindrance }) => [spec, hindrance]);

describe('on Windows', () => {
  it('the driver and debug output are offered, the driver first', () => {
    expect(hindrances({})).toEqual([
      ['driver:', null],
      ['dbwin:', null],
      ['dbwin:global', null],
      ['etw:kernel:dbgprint', null],
      ['channel:System', null],
    ]);
  });

  it('with what stands in the way', () => {
    expect(
      hindrances({ elevated: false, driver: 'not-installed', session: true, viewers: ['dbgview.exe (pid 4)'] }),
    ).toEqual([
      ['driver:', 'not installed'],
      ['dbwin:', 'taken by dbgview.exe (pid 4)'],
      ['dbwin:global', 'needs administrator rights'],
      ['etw:kernel:dbgprint', 'needs administrator rights'],
      ['channel:System', null],
    ]);
    expect(hindrances({ driver: 'stopped', global: true })).toEqual([
      ['driver:', 'not started'],
      ['dbwin:', null],
      ['dbwin:global', 'taken by another viewer'],
      ['etw:kernel:dbgprint', null],
      ['channel:System', null],
    ]);
    expect(hindrances({ elevated: false })[0]).toEqual(['driver:', 'needs administrator rights']);
  });

  it('and what the system does not say hinders nothing', () => {
    expect(hindrances({ elevated: null, driver: null, session: null, global: null }).map(([, why]) => why)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('sessions', () => {
  it('are offered while their producer lives', () => {
    const one = { producer: 'p', alive: true, bytes: 1, cpuCount: 1 };
    const sessions = new Map([
      ['a', ok(one)],
      ['b', ok({ ...one, alive: false, cpuCount: 4 })],
      ['d', ok({ ...one, cpuCount: 4 })],
      ['c', fail('bad-magic', 'no session', 'wait') as Result<never>],
    ]);
    expect(offersOf({ windows: null, ringSessions: sessions })).toEqual([
      { spec: 'sim:a', what: 'p, 1 CPU', hindrance: null },
      { spec: 'sim:d', what: 'p, 4 CPUs', hindrance: null },
    ]);
  });

  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  it.runIf(process.platform === 'linux')('are found, and only looked at', () => {
    const name = `offer.${process.pid}`;
    const plan = planSimulator({ name, cpus: 2, ringBytes: 65536 });
    const platform = getPlatform();
    if (!plan.ok || !platform.ok) throw new Error('no simulator here');
    const driver = SimulatedDriver.create(plan.value, platform.value);
    if (!driver.ok) throw new Error(driver.failure.message);
    cleanups.push(() => driver.value.close());
    driver.value.start();
    const mine = () => offerSources().filter(({ spec }) => spec === `sim:${name}`);
    expect(mine()).toEqual([{ spec: `sim:${name}`, what: 'simulated driver, 2 CPUs', hindrance: null }]);
    expect(mine()).toHaveLength(1);
    driver.value.close();
    expect(mine()).toEqual([]);
  });
});
