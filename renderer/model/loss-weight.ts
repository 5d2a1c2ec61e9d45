/**
 * How heavy a loss is, so that one record does not look like a quarter of a million: by how many were lost, and by which
 * share of what was logged meanwhile that is. Pure.
 */
import type { LogRow } from '../../electron/contract/rows.ts';
import { formatShare } from './format.ts';

export type LossWeight = 'few' | 'some' | 'many';

/** Fewer are few, whatever else came: a person can think of them one by one. */
const ALWAYS_FEW = 10;
/** Below these, and from these on, the share says it. */
const FEW = 100;
const MANY = 1000;
/** So many are many, though others got through. */
const ALWAYS_MANY = 10_000;
/** From this share on, most of what was logged is missing. */
const MOST = 0.5;

/** The share of what was logged meanwhile, 0..1. `meanwhile`: records of other CPUs that came. */
export const lossShare = (lost: number, meanwhile: number): number => (lost === 0 ? 0 : lost / (lost + meanwhile));

/** `lost` and `meanwhile` are numbers of records. */
export function lossWeight(lost: number, meanwhile: number): LossWeight {
  if (lost < ALWAYS_FEW) return 'few';
  if (lost >= ALWAYS_MANY) return 'many';
  const most = lossShare(lost, meanwhile) >= MOST;
  if (lost < FEW) return most ? 'some' : 'few';
  return lost >= MANY && most ? 'many' : 'some';
}

/** How many of other CPUs came while the records of a loss did not; 0 where that is not known. */
export const meanwhileOf = ({ meanwhile = 0 }: Pick<LogRow, 'meanwhile'>): number => meanwhile;

/** `84 % of what was logged meanwhile`; empty where nothing else is known to have come. */
export function shareWords(lost: number, meanwhile: number): string {
  return meanwhile === 0 ? '' : `${formatShare(lossShare(lost, meanwhile))} of what was logged meanwhile`;
}
