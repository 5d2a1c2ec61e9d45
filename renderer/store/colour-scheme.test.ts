import { expect, it } from 'vitest';
import { colourSchemeOf } from './colour-scheme.ts';

/** A media query that matches from `turnDark` on, and tells of it later. */
function fakeQuery() {
  let matches = false;
  const listeners: (() => void)[] = [];
  return {
    query: {
      get matches() {
        return matches;
      },
      addEventListener: (_: 'change', listener: () => void) => void listeners.push(listener),
    },
    listeners,
    turnDark: () => {
      matches = true;
    },
    tell: () => {
      for (const listener of listeners) listener();
    },
  };
}

it('is the same for whoever is drawn before the change was told and for whoever is told', () => {
  const { query, turnDark, tell } = fakeQuery();
  const scheme = colourSchemeOf(query);
  const seen: boolean[] = [];
  scheme.follow(() => seen.push(scheme.isDark()));
  turnDark();
  // Drawn for another reason just now: with the colours that all others still have.
  expect(scheme.isDark()).toBe(false);
  tell();
  expect(scheme.isDark()).toBe(true);
  expect(seen).toEqual([true]);
});

it('listens once, however often followers come and go', () => {
  const { query, listeners, turnDark, tell } = fakeQuery();
  const scheme = colourSchemeOf(query);
  let told = 0;
  for (let at = 0; at < 3; at++) scheme.follow(() => told++)();
  scheme.follow(() => told++);
  turnDark();
  tell();
  expect([listeners.length, told]).toEqual([1, 1]);
});
