/** The doctor on the machine that runs the tests. */
import { afterEach, expect, it } from 'vitest';
import type { Result } from '../core/result.ts';
import { getPlatform } from '../platform.ts';
import { planSimulator, SimulatedDriver } from '../sim/index.ts';
import { examine, setDebugMask } from './index.ts';

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

it.runIf(process.platform === 'linux')('finds a session and its producer, and leaves it as it was', () => {
  const name = `doctor.${process.pid}`;
  const driver = unwrap(
    SimulatedDriver.create(unwrap(planSimulator({ name, cpus: 1, ringBytes: 65536 })), unwrap(getPlatform())),
  );
  cleanups.push(() => driver.close());
  driver.start();
  const about = () => examine().findings.flatMap(({ what }) => (what.includes(name) ? [what] : []));
  const found = about();
  expect(found).toEqual([expect.stringContaining(`sim:${name} is written by a living simulated driver`)]);
  expect(about()).toEqual(found);
  driver.close();
  expect(about()).toEqual([]);
});

it('refuses a mask that Windows would not know, and any off Windows', () => {
  expect(setDebugMask('NOSUCH=1')).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  if (process.platform !== 'win32') {
    expect(setDebugMask('DEFAULT=0xf')).toMatchObject({ ok: false, failure: { code: 'source-unsupported' } });
  }
});
