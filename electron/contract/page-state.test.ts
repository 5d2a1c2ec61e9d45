import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type PageState, parsePageState } from './page-state.ts';

const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const typed = { pattern: fc.string({ maxLength: 50 }), regex: fc.boolean(), caseSensitive: fc.boolean() };
const state: fc.Arbitrary<PageState> = fc.record({
  filter: fc.record(typed),
  find: fc.record({ ...typed, open: fc.boolean() }),
  selection: fc.option(fc.record({ anchor: number, focus: number })),
  place: fc.option(fc.record({ row: number, hiddenPx: fc.nat(1000) })),
  shift: fc.nat(1000),
});

it('keeps every state a page can have, and nothing beside it', () => {
  fc.assert(
    fc.property(state, (given) => {
      expect(parsePageState({ ...given, more: 1 })).toEqual(given);
    }),
  );
});

it('refuses a state of which any part is something else', () => {
  const hostile = fc.constantFrom<unknown>(-1, 1.5, 'x'.repeat(5000), Number.NaN, 2 ** 60, [], undefined, { row: -1 });
  const part = fc.constantFrom('filter', 'find', 'selection', 'place', 'shift');
  fc.assert(
    fc.property(state, part, hostile, (given, name, value) => {
      expect(parsePageState({ ...given, [name]: value })).toBeNull();
    }),
  );
  for (const value of [null, 1, 'x', [], {}]) expect(parsePageState(value)).toBeNull();
});
