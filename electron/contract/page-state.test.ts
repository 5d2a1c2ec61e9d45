import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checked } from './check.ts';
import { MAX_SQL_TEXT, MOST_VIEWS } from './limits.ts';
import { MAX_EARLIER_QUESTIONS, type PageState, pageState, type ViewState } from './page-state.ts';

const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const typed = { pattern: fc.string({ maxLength: 50 }), regex: fc.boolean(), caseSensitive: fc.boolean() };
const reference = fc.record({
  row: number,
  epoch: number,
  index: number,
  timeNs: fc.maxSafeInteger(),
  used: fc.boolean(),
});
const parts = {
  filter: fc.record(typed),
  find: fc.record({ ...typed, open: fc.boolean() }),
  selection: fc.option(
    fc.record(
      {
        ...{ anchor: number, focus: number },
        others: fc.array(fc.record({ first: number, last: number }), { maxLength: 5 }),
        aside: fc.boolean(),
      },
      { requiredKeys: ['anchor', 'focus'] },
    ),
  ),
  place: fc.option(fc.record({ row: number, hiddenPx: fc.nat(1000) })),
  shift: fc.nat(1000),
};
const state: fc.Arbitrary<ViewState> = fc.oneof(fc.record(parts), fc.record({ ...parts, reference }));

/** The state rebuilt, null if it is refused. */
function parsePageState(value: unknown): PageState | null {
  const state = checked(pageState, value);
  return state.ok ? state.value : null;
}

const page = (...states: readonly unknown[]) => ({
  active: 1,
  views: states.map((each, at) => ({ view: at + 1, state: each })),
});

it('keeps every state a page can have, and nothing beside it', () => {
  fc.assert(
    fc.property(fc.array(state, { maxLength: 5 }), (given) => {
      const more = { ...page(...given.map((each) => ({ ...each, more: 1 }))), more: 1 };
      expect(parsePageState(more)).toEqual(page(...given));
    }),
  );
});

it('refuses a state of which any part is something else', () => {
  const hostile = fc.constantFrom<unknown>(-1, 1.5, 'x'.repeat(5000), Number.NaN, 2 ** 60, [], undefined, { row: -1 });
  const part = fc.constantFrom('filter', 'find', 'selection', 'place', 'shift');
  fc.assert(
    fc.property(state, part, hostile, (given, name, value) => {
      expect(parsePageState(page(given, { ...given, [name]: value }))).toBeNull();
    }),
  );
  const bad = fc.constantFrom<unknown>(-1, 1.5, 'x', Number.NaN, 2 ** 60, [], null, { row: 1 });
  fc.assert(
    fc.property(
      state,
      reference,
      fc.constantFrom('row', 'epoch', 'index', 'used'),
      bad,
      (given, whole, name, value) => {
        expect(parsePageState(page(given, { ...given, reference: { ...whole, [name]: value } }))).toBeNull();
        expect(parsePageState(page(given, { ...given, reference: value }))).toBeNull();
      },
    ),
  );
  const [given] = fc.sample(state, { numRuns: 1, seed: 1 });
  for (const active of [-1, '1', undefined]) expect(parsePageState({ ...page(given), active })).toBeNull();
  expect(parsePageState({ active: 1, views: [{ view: -1, state: given }] })).toBeNull();
  expect(parsePageState({ active: 1, views: new Array(2) })).toBeNull();
  expect(parsePageState(page(...new Array(MOST_VIEWS).fill(given)))).not.toBeNull();
  expect(parsePageState(page(...new Array(MOST_VIEWS + 1).fill(given)))).toBeNull();
  for (const value of [null, 1, 'x', [], {}]) expect(parsePageState(value)).toBeNull();
});

it('keeps what was asked in SQL, as far as it can be asked, and no more of it than there may be', () => {
  const sql = { open: true, text: 'x'.repeat(MAX_SQL_TEXT), earlier: Array(MAX_EARLIER_QUESTIONS).fill('from log') };
  expect(parsePageState({ ...page(), sql: { ...sql, more: 1 } })).toEqual({ ...page(), sql });
  for (const bad of [
    { open: 1 },
    { text: 'x'.repeat(MAX_SQL_TEXT + 1) },
    { text: null },
    { earlier: [...sql.earlier, ''] },
    { earlier: ['x'.repeat(MAX_SQL_TEXT + 1)] },
    { earlier: [1] },
  ])
    expect(parsePageState({ ...page(), sql: { ...sql, ...bad } })).toBeNull();
  expect(parsePageState({ ...page(), sql: null })).toBeNull();
});
