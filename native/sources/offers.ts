/**
 * Lists what can be captured on this machine now, for a person to choose from. It only looks and opens nothing for
 * capture.
 */
import { lookAtMachine, type MachineSituation } from './machine-situation.ts';
import { SOURCE_KINDS } from './registry.ts';
import type { SourceOffer } from './source-kind.ts';

export type { SourceOffer } from './source-kind.ts';

export function offerSources(): SourceOffer[] {
  return offersOf(lookAtMachine());
}

/** What each kind of source offers on such a machine. Pure. */
export function offersOf(machine: MachineSituation): SourceOffer[] {
  return SOURCE_KINDS.flatMap((kind) => kind.offers(machine));
}
