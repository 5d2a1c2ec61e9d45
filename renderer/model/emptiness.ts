/**
 * Decides why no row is shown, or why a filter shows nothing but losses. It is decided in one place, so that parts of
 * the window cannot contradict each other.
 */

/** What is known of a view and of what is captured. */
export interface EmptyFacts {
  /** Records that the view shows, and those among which it chooses: all that came before a pause. */
  readonly matchedEntries: number;
  readonly searchedEntries: number;
  /** Records of the session, including those that came while paused. */
  readonly sessionEntries: number;
  readonly paused: boolean;
  /** True if something is hidden or a filter was asked for. */
  readonly filtering: boolean;
  /** True if the filter has not reached all rows yet. */
  readonly scanning: boolean;
  /** Records that the capture filter dropped when they arrived. */
  readonly droppedHidden: number;
  readonly standing: 'capturing' | 'ended' | 'none';
}

/**
 * `no-match`, `no-match-yet`: there are records, but the filter shows none of them (so far). `held-back`: they came
 * while paused. `not-kept`: they came and were dropped. `waiting`: none has come. `ended`: none will come.
 * `first-steps`: nothing is captured.
 */
export type Emptiness = 'no-match' | 'no-match-yet' | 'held-back' | 'not-kept' | 'waiting' | 'ended' | 'first-steps';

/** Why a view without rows has none. */
export function emptiness(facts: EmptyFacts): Emptiness {
  const lacking = noMatch(facts);
  if (lacking !== null) return lacking;
  if (facts.paused && facts.sessionEntries > facts.searchedEntries) return 'held-back';
  if (facts.droppedHidden > 0) return 'not-kept';
  return facts.standing === 'capturing' ? 'waiting' : facts.standing === 'ended' ? 'ended' : 'first-steps';
}

/**
 * Whether a filter shows no record although there are some; losses may be shown all the same. Null if it shows records.
 */
export function noMatch(
  facts: Pick<EmptyFacts, 'matchedEntries' | 'searchedEntries' | 'filtering' | 'scanning'>,
): 'no-match' | 'no-match-yet' | null {
  if (!facts.filtering || facts.searchedEntries === 0 || facts.matchedEntries > 0) return null;
  return facts.scanning ? 'no-match-yet' : 'no-match';
}
