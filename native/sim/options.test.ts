import { expect, it } from 'vitest';
import { planSimulator, type SimulatorOptions } from './options.ts';

it('fills in defaults', () => {
  const plan = planSimulator({ name: 'demo' });
  expect(plan.ok && plan.value).toMatchObject({
    name: 'demo',
    cpus: 4,
    rate: 1000,
    count: Number.POSITIVE_INFINITY,
    ringBytes: 4194304,
    overwrite: false,
    byClock: false,
    lingerMs: 2000,
  });
});

it.each<Partial<SimulatorOptions>>([
  { name: 'no spaces' },
  { name: '../x' },
  { cpus: 0 },
  { cpus: 2.5 },
  { cpus: 2049 },
  { ringBytes: 1000 },
  { ringBytes: 2048 },
  { rate: 0 },
  { rate: -1 },
  { rate: Number.NaN },
  { count: -1 },
  { count: 1.5 },
  { lingerMs: -1 },
  { seed: 0.5 },
])('refuses %j', (options) => {
  const plan = planSimulator({ name: 'demo', ...options });
  expect(plan.ok ? 'ok' : plan.failure.code).toBe('bad-argument');
});

it('takes the smallest values that mean something as they are', () => {
  const plan = planSimulator({
    name: 'demo',
    cpus: 1,
    seed: 0,
    rate: 0.0000001,
    ringBytes: 4096,
    lingerMs: 0,
    count: 1,
  });
  expect(plan.ok && plan.value).toMatchObject({
    cpus: 1,
    seed: 0,
    rate: 0.0000001,
    ringBytes: 4096,
    lingerMs: 0,
    count: 1,
  });
});

it('takes the largest, and max for a rate without end', () => {
  const plan = planSimulator({ name: 'demo', cpus: 2048, rate: 'max', ringBytes: 2 ** 30, seed: -5 });
  expect(plan.ok && plan.value).toMatchObject({
    cpus: 2048,
    rate: Number.POSITIVE_INFINITY,
    ringBytes: 2 ** 30,
    seed: -5,
  });
});
