import { describe, expect, it } from 'vitest';
import { type EmptyFacts, emptiness, noMatch } from './emptiness.ts';

const facts: EmptyFacts = {
  matchedEntries: 0,
  searchedEntries: 0,
  sessionEntries: 0,
  paused: false,
  filtering: false,
  scanning: false,
  droppedHidden: 0,
  standing: 'capturing',
};

describe('what an empty table says', () => {
  it('is that nothing has come only if nothing has', () => {
    expect(emptiness(facts)).toBe('waiting');
    expect(emptiness({ ...facts, filtering: true })).toBe('waiting');
    expect(emptiness({ ...facts, paused: true })).toBe('waiting');
    // Beside "4,627 held back".
    expect(emptiness({ ...facts, paused: true, sessionEntries: 4627 })).toBe('held-back');
    expect(emptiness({ ...facts, paused: true, sessionEntries: 4627, filtering: true })).toBe('held-back');
    expect(emptiness({ ...facts, filtering: true, droppedHidden: 12 })).toBe('not-kept');
  });

  it('is not that it waits where what it waits for has ended', () => {
    expect(emptiness({ ...facts, standing: 'ended' })).toBe('ended');
    expect(emptiness({ ...facts, standing: 'none' })).toBe('first-steps');
  });

  it('is that the filter hides what there is, also that from before a pause', () => {
    const hidden = { ...facts, filtering: true, searchedEntries: 10, sessionEntries: 10 };
    expect(emptiness(hidden)).toBe('no-match');
    expect(emptiness({ ...hidden, scanning: true })).toBe('no-match-yet');
    expect(emptiness({ ...hidden, paused: true, sessionEntries: 12 })).toBe('no-match');
  });
});

describe('a filter that matches nothing', () => {
  it('says so, whether or not losses are shown', () => {
    const shown = { matchedEntries: 0, searchedEntries: 500, filtering: true, scanning: false };
    expect(noMatch(shown)).toBe('no-match');
    expect(noMatch({ ...shown, scanning: true })).toBe('no-match-yet');
    expect(noMatch({ ...shown, matchedEntries: 1 })).toBeNull();
    expect(noMatch({ ...shown, searchedEntries: 0 })).toBeNull();
    expect(noMatch({ ...shown, filtering: false })).toBeNull();
  });
});
