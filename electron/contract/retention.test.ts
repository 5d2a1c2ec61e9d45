import { expect, it } from 'vitest';
import { LEAST_MEMORY_CAP, largestMemoryCap } from './retention.ts';

const MIB = 1024 ** 2;

it.each([
  ['of much memory, three quarters of it', 32_768, 24_576],
  ['of little memory, what leaves the program a gigabyte beside its rows', 2048, 1024],
  ['between the two, the smaller of both', 4096, 3072],
  ['of hardly any memory, the least that the program can work with', 512, LEAST_MEMORY_CAP / MIB],
])('rows may take, on a machine %s', (_, system, most) => {
  expect(largestMemoryCap(system * MIB)).toBe(most * MIB);
});
