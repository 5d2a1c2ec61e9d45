/** Of which levels texts of a driver may carry the stack of the call, as a list to choose from. */
import { ALL_LEVELS, stackWords } from '../../native/core/logger-mask.ts';

export interface StackChoice {
  readonly levels: readonly number[];
  readonly words: string;
}

const USUAL: readonly (readonly number[])[] = [[], [0], [0, 1], ALL_LEVELS];

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((level, at) => level === b[at]);
}

/** The usual ones, and what is set now if it is another one, which only the command line can have set. */
export function stackChoices(now: readonly number[]): readonly StackChoice[] {
  const known = USUAL.some((levels) => same(levels, now));
  return (known ? USUAL : [...USUAL, now]).map((levels) => ({ levels, words: stackWords(levels) || 'none' }));
}

/** The place of what is set now. */
export function chosenStacks(choices: readonly StackChoice[], now: readonly number[]): number {
  return choices.findIndex(({ levels }) => same(levels, now));
}
