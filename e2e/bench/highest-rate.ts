/** The highest rate that something holds without a loss. */

/** A rate that every machine should hold; entries a second. */
export const FIRST_RATE = 100_000;
/** How close the highest rate that was held and the lowest that was not come: closer than what is to be told apart. */
const FINE = 1.04;
const COARSE = 1.2;

export interface HighestRate<T> {
  /** Entries a second; 0 where not even the first one is held. */
  readonly rate: number;
  /** What the run at that rate gave. */
  readonly run: T | null;
}

/** Doubled until a rate is not held, then halved between the two until they are close, less close where it is to be `quick`. */
export async function highestRate<T extends { readonly held: boolean }>(
  run: (rate: number) => Promise<T>,
  quick: boolean,
): Promise<HighestRate<T>> {
  let best: HighestRate<T> = { rate: 0, run: null };
  let above = FIRST_RATE;
  const isHeld = async (rate: number): Promise<boolean> => {
    // One attempt more: another program may have had the machine.
    let tried = await run(rate);
    if (!tried.held) tried = await run(rate);
    if (tried.held) best = { rate, run: tried };
    return tried.held;
  };
  while (await isHeld(above)) above *= 2;
  while (best.rate > 0 && above / best.rate > (quick ? COARSE : FINE)) {
    const between = Math.sqrt(best.rate * above);
    if (!(await isHeld(between))) above = between;
  }
  return best;
}
