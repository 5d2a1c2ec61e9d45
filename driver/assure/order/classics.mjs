/**
 * Litmus programs whose outcomes on x64 and ARMv8 are settled: the machine of explore.mjs must judge them as the
 * processors' manuals do, or its word on the ring is worth nothing.
 */

/** @typedef {import('./explore.mjs').Step} Step */

/** @param {string} place @param {number} value @returns {Step} */
const W = (place, value, order = 'relaxed') => ({ kind: 'W', order, place, value });
/** @param {string} place @param {string} register @returns {Step} */
const R = (place, register, order = 'relaxed') => ({ kind: 'R', order, place, register });
/** @param {string} place @param {number} value @param {string} register @returns {Step} */
const U = (place, value, register, order = 'acq_rel') => ({ kind: 'U', order, place, value, register });
/** @returns {Step} */
const F = (order = 'seq_cst') => ({ kind: 'F', order, place: '' });

/**
 * `weird`: the outcome that sequential consistency excludes. `x64`, `arm64`: whether that machine may show it.
 * @type {readonly { name: string, threads: readonly (readonly Step[])[], weird: (o: Readonly<Record<string, number>>) => boolean, x64: boolean, arm64: boolean }[]}
 */
export const CLASSICS = [
  {
    name: 'SB',
    threads: [
      [W('x', 1), R('y', 'a')],
      [W('y', 1), R('x', 'b')],
    ],
    weird: (o) => o.a === 0 && o.b === 0,
    x64: true,
    arm64: true,
  },
  {
    name: 'SB+fences',
    threads: [
      [W('x', 1), F(), R('y', 'a')],
      [W('y', 1), F(), R('x', 'b')],
    ],
    weird: (o) => o.a === 0 && o.b === 0,
    x64: false,
    arm64: false,
  },
  {
    name: 'SB+rel-acq',
    threads: [
      [W('x', 1, 'release'), R('y', 'a', 'acquire')],
      [W('y', 1, 'release'), R('x', 'b', 'acquire')],
    ],
    weird: (o) => o.a === 0 && o.b === 0,
    x64: true,
    arm64: false,
  },
  {
    name: 'SB+rmws',
    threads: [
      [U('x', 1, 'c'), R('y', 'a')],
      [U('y', 1, 'd'), R('x', 'b')],
    ],
    weird: (o) => o.a === 0 && o.b === 0,
    x64: false,
    arm64: true,
  },
  {
    name: 'MP',
    threads: [
      [W('x', 1), W('y', 1)],
      [R('y', 'a'), R('x', 'b')],
    ],
    weird: (o) => o.a === 1 && o.b === 0,
    x64: false,
    arm64: true,
  },
  {
    name: 'MP+rel+acq',
    threads: [
      [W('x', 1), W('y', 1, 'release')],
      [R('y', 'a', 'acquire'), R('x', 'b')],
    ],
    weird: (o) => o.a === 1 && o.b === 0,
    x64: false,
    arm64: false,
  },
  {
    name: 'MP+rel+po',
    threads: [
      [W('x', 1), W('y', 1, 'release')],
      [R('y', 'a'), R('x', 'b')],
    ],
    weird: (o) => o.a === 1 && o.b === 0,
    x64: false,
    arm64: true,
  },
  {
    name: 'MP+fences',
    threads: [
      [W('x', 1), F('release'), W('y', 1)],
      [R('y', 'a'), F('acquire'), R('x', 'b')],
    ],
    weird: (o) => o.a === 1 && o.b === 0,
    x64: false,
    arm64: false,
  },
  {
    name: 'LB',
    threads: [
      [R('x', 'a'), W('y', 1)],
      [R('y', 'b'), W('x', 1)],
    ],
    weird: (o) => o.a === 1 && o.b === 1,
    x64: false,
    arm64: true,
  },
  {
    name: 'LB+acqs',
    threads: [
      [R('x', 'a', 'acquire'), W('y', 1)],
      [R('y', 'b', 'acquire'), W('x', 1)],
    ],
    weird: (o) => o.a === 1 && o.b === 1,
    x64: false,
    arm64: false,
  },
  {
    name: 'S',
    threads: [
      [W('x', 2), W('y', 1)],
      [R('y', 'a'), W('x', 1)],
      [R('x', 'b'), R('x', 'c')],
    ],
    weird: (o) => o.a === 1 && o.b === 1 && o.c === 2,
    x64: false,
    arm64: true,
  },
  {
    name: '2+2W',
    threads: [
      [W('x', 1), W('y', 2)],
      [W('y', 1), W('x', 2)],
      [R('x', 'a'), R('x', 'b')],
      [R('y', 'c'), R('y', 'd')],
    ],
    weird: (o) => o.a === 2 && o.b === 1 && o.c === 2 && o.d === 1,
    x64: false,
    arm64: true,
  },
  {
    name: 'IRIW',
    threads: [[W('x', 1)], [W('y', 1)], [R('x', 'a'), R('y', 'b')], [R('y', 'c'), R('x', 'd')]],
    weird: (o) => o.a === 1 && o.b === 0 && o.c === 1 && o.d === 0,
    x64: false,
    arm64: true,
  },
  {
    name: 'IRIW+acqs',
    threads: [[W('x', 1)], [W('y', 1)], [R('x', 'a', 'acquire'), R('y', 'b')], [R('y', 'c', 'acquire'), R('x', 'd')]],
    weird: (o) => o.a === 1 && o.b === 0 && o.c === 1 && o.d === 0,
    x64: false,
    arm64: false,
  },
  {
    name: 'CoRR',
    threads: [[W('x', 1)], [R('x', 'a'), R('x', 'b')]],
    weird: (o) => o.a === 1 && o.b === 0,
    x64: false,
    arm64: false,
  },
];
