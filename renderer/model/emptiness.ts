/** Why no row is shown, and what a filter says that shows losses alone: decided in one place, so that nothing contradicts it. */

/** What is known of a view and of what is captured. */
export interface EmptyFacts {
  /** Records the view shows, and those it chooses from: all that came before a pause. */
  readonly matchedEntries: number;
  readonly searchedEntries: number;
  /** Records of the session, also those that came while paused. */
  readonly sessionEntries: number;
  readonly paused: boolean;
  /** Something is hidden or asked to be. */
  readonly filtering: boolean;
  /** The filter has rows to come to. */
  readonly scanning: boolean;
  /** Records that the filter hid when they arrived, and that the history does not keep. */
  readonly droppedHidden: number;
  readonly standing: 'capturing' | 'ended' | 'none';
}

/**
 * `no-match`, `no-match-yet`: there are records, and the filter shows none of them. `held-back`: they came while paused.
 * `not-kept`: they came and are gone. `waiting`: none has come. `ended`: none will. `first-steps`: nothing is captured.
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

/** Whether a filter shows no record although there are some: losses may be shown all the same. Null if it does. */
export function noMatch(
  facts: Pick<EmptyFacts, 'matchedEntries' | 'searchedEntries' | 'filtering' | 'scanning'>,
): 'no-match' | 'no-match-yet' | null {
  if (!facts.filtering || facts.searchedEntries === 0 || facts.matchedEntries > 0) return null;
  return facts.scanning ? 'no-match-yet' : 'no-match';
}
