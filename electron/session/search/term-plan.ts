/**
 * Puts a filter of terms into the form in which it is applied: `not` only at terms, of the numbers of one column one test,
 * of plain texts that are looked for side by side one search, and what is cheap before what is dear. The plan says the
 * same of each row as the tree.
 */
import {
  type FieldTerm,
  type FilterTree,
  type HexTerm,
  type LikeTerm,
  mergedRanges,
  type NameField,
  type NumberField,
  type NumberRange,
  type RegexTerm,
  type StatusTerm,
} from '../../contract/filter/tree.ts';
import { type NameBinding, NOTHING } from './name-binding.ts';

/** A test of rows; `cost`: about how long a row takes, relative to a look at a column. */
export type Plan = { readonly cost: number } & (
  | { readonly kind: 'and' | 'or'; readonly items: readonly Plan[] }
  | { readonly kind: 'number'; readonly field: NumberField; readonly ranges: readonly NumberRange[] }
  | {
      readonly kind: 'names';
      readonly binding: NameBinding;
      readonly field: NameField;
      readonly hides: boolean;
    }
  /** Messages that hold one of the texts, or none of them. */
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly hides: boolean }
  /** Records with a value in a field, or all others. */
  | { readonly kind: 'field'; readonly term: FieldTerm; readonly hides: boolean }
  | {
      readonly kind: 'regex' | 'like' | 'status' | 'hex';
      readonly term: RegexTerm | LikeTerm | StatusTerm | HexTerm;
      readonly hides: boolean;
    }
);

type NumberPlan = Plan & { kind: 'number' };

const COST = { number: 1, names: 3, field: 5, texts: 10, hex: 12, status: 13, like: 15, regex: 40 } as const;
/** More texts than this are searched for one after the other: with each, a search moves on by smaller steps. */
const TEXTS_TOGETHER = 16;

/** `bindings`: of the terms with names, in their order; those that are missing stand for nothing. */
export function planOf(tree: FilterTree, bindings: readonly NameBinding[]): Plan {
  const left = [...bindings];
  return planned(tree, false, () => left.shift() ?? NOTHING);
}

function planned(tree: FilterTree, hides: boolean, nextBinding: () => NameBinding): Plan {
  switch (tree.kind) {
    case 'not':
      return planned(tree.item, !hides, nextBinding);
    case 'and':
    case 'or': {
      // What is not both is not one or not the other.
      const kind = (tree.kind === 'and') === hides ? 'or' : 'and';
      return joined(
        kind,
        tree.items.map((item) => planned(item, hides, nextBinding)),
      );
    }
    case 'number': {
      const { kind, field } = tree;
      return { kind, field, ranges: hides ? outside(tree.ranges) : tree.ranges, cost: COST.number };
    }
    case 'clock': {
      const { times: ranges = [] } = nextBinding();
      return { kind: 'number', field: 'time', ranges: hides ? outside(ranges) : ranges, cost: COST.number };
    }
    case 'name':
      return { kind: 'names', field: tree.field, binding: nextBinding(), hides, cost: COST.names };
    case 'text':
      return { kind: 'texts', texts: [tree.text], hides, cost: COST.texts };
    case 'field':
      return { kind: 'field', term: tree, hides, cost: COST.field };
    case 'regex':
    case 'like':
    case 'status':
    case 'hex':
      return { kind: tree.kind, term: tree, hides, cost: COST[tree.kind] };
  }
}

function joined(kind: 'and' | 'or', parts: readonly Plan[]): Plan {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.items : [part]));
  const items = withTextsTogether(kind, withNumbersTogether(kind, flat)).sort((a, b) => a.cost - b.cost);
  if (items.length === 1) return items[0] as Plan;
  return { kind, items, cost: items.reduce((sum, { cost }) => sum + cost, 0) };
}

/** Several terms about one column become one set of numbers. */
function withNumbersTogether(kind: 'and' | 'or', parts: readonly Plan[]): Plan[] {
  const byField = new Map<NumberField, NumberPlan>();
  const others: Plan[] = [];
  for (const part of parts) {
    if (part.kind !== 'number') {
      others.push(part);
      continue;
    }
    const before = byField.get(part.field);
    const ranges =
      before === undefined
        ? part.ranges
        : kind === 'or'
          ? mergedRanges([...before.ranges, ...part.ranges])
          : within(before.ranges, part.ranges);
    byField.set(part.field, { ...part, ranges });
  }
  return [...byField.values(), ...others];
}

/**
 * One search can look for several texts. So terms that need any one of their texts are joined, and terms that allow none
 * of them.
 */
function withTextsTogether(kind: 'and' | 'or', parts: readonly Plan[]): Plan[] {
  const mayJoin = (part: Plan): part is Plan & { kind: 'texts' } =>
    part.kind === 'texts' && part.hides === (kind === 'and') && /^[\0-\x7f]*$/.test(part.texts.join(''));
  const texts = parts.filter(mayJoin).flatMap((part) => part.texts);
  const together: Plan[] = [];
  for (let at = 0; at < texts.length; at += TEXTS_TOGETHER) {
    together.push({
      kind: 'texts',
      texts: texts.slice(at, at + TEXTS_TOGETHER),
      hides: kind === 'and',
      cost: COST.texts,
    });
  }
  return [...parts.filter((part) => !mayJoin(part)), ...together];
}

const { NEGATIVE_INFINITY: LEAST, POSITIVE_INFINITY: MOST } = Number;

/** Every number that lies in none of the ranges. */
function outside(ranges: readonly NumberRange[]): NumberRange[] {
  const gaps: NumberRange[] = [];
  let from = LEAST;
  for (const range of ranges) {
    if (range.from > from) gaps.push({ from, to: range.from - 1 });
    from = range.to + 1;
  }
  return from === MOST ? gaps : [...gaps, { from, to: MOST }];
}

/** Every number that lies in one of both. */
function within(some: readonly NumberRange[], others: readonly NumberRange[]): NumberRange[] {
  const both = some.flatMap((a) =>
    others
      .map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }))
      .filter(({ from, to }) => from <= to),
  );
  return mergedRanges(both);
}
