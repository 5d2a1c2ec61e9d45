import { expect, it } from 'vitest';
import { MAX_CPUS } from '../../electron/contract/limits.ts';
import type { Status } from '../../electron/contract/status.ts';
import { cpuCountOf } from './cpu-count.ts';

const live = (id: number, cpuCount: number, ...cpus: number[]): unknown => ({
  id,
  info: { cpuCount },
  cpus: cpus.map((cpu) => ({ cpu })),
});
const status = (parts: Partial<Record<keyof Status, unknown>>): Status =>
  ({ sources: [], sourceNames: [], ...parts }) as unknown as Status;
const names = (...ids: number[]): unknown => ids.map((id) => ({ id, name: `source ${id}` }));
const noCpu = [{ id: 0, fields: ['cpu'], zeroPidIsNone: false }];

it('counts the CPUs of producers, and those that their records name', () => {
  expect(cpuCountOf(null)).toBe(0);
  expect(cpuCountOf(status({ sources: [live(0, 8)], sourceNames: names(0) }))).toBe(8);
  expect(cpuCountOf(status({ sources: [live(0, 0, 1, 5)], sourceNames: names(0) }))).toBe(6);
});

it('counts those of the rows where there is no producer any more', () => {
  expect(cpuCountOf(status({ sourceNames: names(0), cpuCount: 8 }))).toBe(8);
  expect(cpuCountOf(status({ sourceNames: names(0), cpuCount: 3000 }))).toBe(MAX_CPUS);
  expect(cpuCountOf(status({ cpuCount: 8 }))).toBe(0);
});

it('counts none of a source that states no CPU', () => {
  expect(cpuCountOf(status({ sources: [live(0, 1, 0)], sourceNames: names(0), cpuCount: 1, lacking: noCpu }))).toBe(0);
  expect(cpuCountOf(status({ sourceNames: names(0, 1), cpuCount: 4, lacking: noCpu }))).toBe(4);
});
