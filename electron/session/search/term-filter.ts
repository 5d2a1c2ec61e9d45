/**
 * Applies a filter of terms to rows of a segment: columns first, then text, each part to the rows that the parts before it
 * have left undecided. What a row is worth is told plainly by plain-terms.ts, which the tests hold this against.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { ok, type Result } from '../../../native/core/result.ts';
import { statusQuery } from '../../../native/decode/status-query.ts';
import { filterTree } from '../../contract/filter/parse.ts';
import { type FilterTerm, queryOf, termsOf } from '../../contract/filter/tree.ts';
import type { FilterTerms } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import { fieldTests } from './field-tests.ts';
import { fieldMatcher } from './match-field.ts';
import { hexMatcher } from './match-hex.ts';
import { literalFilter } from './match-region.ts';
import { statusMatcher } from './match-status.ts';
import { templateMatcher } from './match-template.ts';
import { compileTextQuery, type TextMatcher } from './match-text.ts';
import type { NameBinding } from './name-binding.ts';
import { nameKeeper, numberKeeper, type RowKeeper } from './term-columns.ts';
import { type Plan, planOf } from './term-plan.ts';

export interface TermFilter {
  /** Whether it looks at messages, and whether it runs a person's expressions. */
  readonly readsText: boolean;
  readonly runsExpressions: boolean;
  /** Whether it has to know the time of the row before a segment. */
  readonly readsBefore: boolean;
  /** Whether what it shows depends on what its names stand for. */
  readonly readsNames: boolean;
  readonly keep: RowKeeper;
}

/** Kinds of terms that look at messages, or at the bytes of records. */
const TEXT_TERMS: ReadonlySet<FilterTerm['kind']> = new Set(['text', 'regex', 'like', 'status', 'hex', 'field']);

/**
 * Failure: bad-pattern for a text that is no filter, for a status code of no name, and for what no field can be. What looks at text is compiled with
 * the first rows.
 */
export function compileTerms(terms: FilterTerms, bindings: readonly NameBinding[]): Result<TermFilter> {
  const tree = filterTree(terms.text);
  if (!tree.ok) return tree;
  const all = [...termsOf(tree.value)].map(({ term }) => term);
  for (const term of all) {
    const known = term.kind === 'status' ? statusQuery(term.patterns) : term.kind === 'field' ? fieldTests(term) : null;
    if (known?.ok === false) return known;
  }
  let keep: RowKeeper | null = null;
  return ok({
    readsText: all.some(({ kind }) => TEXT_TERMS.has(kind)),
    runsExpressions: all.some(({ kind }) => kind === 'regex'),
    readsBefore: all.some((term) => term.kind === 'number' && term.field === 'delta'),
    // What a field is can change with the schemas.
    readsNames: all.some(({ kind }) => kind === 'name' || kind === 'clock' || kind === 'field'),
    keep: (segment, rows, count, beforeNs) => {
      keep ??= keeperOf(planOf(tree.value, bindings), terms.caseSensitive);
      return keep(segment, rows, count, beforeNs);
    },
  });
}

function keeperOf(plan: Plan, caseSensitive: boolean): RowKeeper {
  switch (plan.kind) {
    case 'number':
      return numberKeeper(plan.field, plan.ranges);
    case 'names':
      return nameKeeper(plan.field, plan.binding, plan.hides);
    case 'texts':
      return textKeeper(textsMatcher(plan.texts, caseSensitive), plan.hides);
    case 'field':
      return textKeeper(fieldMatcher(required(fieldTests(plan.term))), plan.hides);
    case 'regex':
    case 'like':
    case 'status':
    case 'hex':
      return textKeeper(termMatcher(plan.term, caseSensitive), plan.hides);
    case 'and':
      return all(plan.items.map((item) => keeperOf(item, caseSensitive)));
    case 'or':
      return any(plan.items.map((item) => keeperOf(item, caseSensitive)));
  }
}

function all(keepers: readonly RowKeeper[]): RowKeeper {
  return (segment, rows, count, beforeNs) => {
    let kept = count;
    for (const keep of keepers) if (kept > 0) kept = keep(segment, rows, kept, beforeNs);
    return kept;
  };
}

/** Marks of rows, by their distance from the first one looked at. All are clear between two uses. */
class Marks {
  private marks = new Uint8Array(0);
  private base = 0;

  begin(rows: Uint32Array, count: number): void {
    this.base = rows[0] ?? 0;
    const span = count === 0 ? 0 : (rows[count - 1] as number) - this.base + 1;
    if (this.marks.length < span) this.marks = new Uint8Array(span);
  }

  set(rows: Uint32Array, count: number): void {
    const { marks, base } = this;
    for (let i = 0; i < count; i++) marks[(rows[i] as number) - base] = 1;
  }

  /** Those with the mark, or without it, to `out`. `out` may be `rows`. */
  pick(rows: Uint32Array, count: number, marked: 0 | 1, out: Uint32Array): number {
    const { marks, base } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const offset = rows[i] as number;
      out[kept] = offset;
      kept += (marks[offset - base] as number) === marked ? 1 : 0;
    }
    return kept;
  }

  clear(rows: Uint32Array, count: number): void {
    const { marks, base } = this;
    for (let i = 0; i < count; i++) marks[(rows[i] as number) - base] = 0;
  }
}

function roomFor(scratch: Uint32Array<ArrayBuffer>, count: number): Uint32Array<ArrayBuffer> {
  return scratch.length < count ? new Uint32Array(count) : scratch;
}

/** Each part looks only at the rows that no part before it has let through. */
function any(keepers: readonly RowKeeper[]): RowKeeper {
  const marks = new Marks();
  let passed = new Uint32Array(0);
  let scratch = new Uint32Array(0);
  return (segment, rows, count, beforeNs) => {
    scratch = roomFor(scratch, count);
    passed = roomFor(passed, count);
    marks.begin(rows, count);
    for (const keep of keepers) {
      const left = marks.pick(rows, count, 0, scratch);
      if (left === 0) break;
      marks.set(scratch, keep(segment, scratch, left, beforeNs));
    }
    const found = marks.pick(rows, count, 1, passed);
    marks.clear(passed, found);
    rows.set(passed.subarray(0, found));
    return found;
  };
}

/** Losses pass; of entries those whose message matches, or those whose does not. */
function textKeeper(matcher: TextMatcher, hides: boolean): RowKeeper {
  if (!hides) return (segment, rows, count) => keepText(segment, rows, count, matcher);
  const marks = new Marks();
  let scratch = new Uint32Array(0);
  return (segment, rows, count) => {
    scratch = roomFor(scratch, count);
    scratch.set(rows.subarray(0, count));
    marks.begin(rows, count);
    let matching = keepText(segment, scratch, count, matcher);
    if (segment.kind.data !== null || segment.kind.constant !== RowKind.Entry) {
      let entries = 0;
      for (let i = 0; i < matching; i++) {
        if (segment.kind.get(scratch[i] as number) === RowKind.Entry) scratch[entries++] = scratch[i] as number;
      }
      matching = entries;
    }
    marks.set(scratch, matching);
    const kept = marks.pick(rows, count, 0, rows);
    marks.clear(scratch, matching);
    return kept;
  };
}

/** Losses pass; the matcher sees the entries alone, in runs between them. */
export function keepText(segment: Segment, rows: Uint32Array, count: number, text: TextMatcher): number {
  const { kind } = segment;
  if (kind.data === null) return kind.constant === RowKind.Entry ? text.filter(segment, rows, count) : count;
  let kept = 0;
  let from = 0;
  while (from < count) {
    if (kind.get(rows[from] as number) !== RowKind.Entry) {
      rows[kept++] = rows[from++] as number;
      continue;
    }
    let to = from + 1;
    while (to < count && kind.get(rows[to] as number) === RowKind.Entry) to++;
    const matching = text.filter(segment, rows.subarray(from, to), to - from);
    rows.copyWithin(kept, from, from + matching);
    kept += matching;
    from = to;
  }
  return kept;
}

function required<T>(compiled: Result<T>): T {
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value;
}

function termMatcher(term: (Plan & { kind: 'regex' })['term'], caseSensitive: boolean): TextMatcher {
  if (term.kind === 'like') return templateMatcher(term.template);
  if (term.kind === 'hex') return hexMatcher(term.values);
  if (term.kind === 'status') return statusMatcher(required(statusQuery(term.patterns)));
  return required(compileTextQuery(queryOf(term, caseSensitive)));
}

/** Finds messages that hold one of several texts; more than one are ASCII, and found with one search. */
function textsMatcher(texts: readonly string[], caseSensitive: boolean): TextMatcher {
  const each = texts.map((pattern) => required(compileTextQuery({ pattern, regex: false, caseSensitive })));
  const [alone] = each;
  if (alone !== undefined && each.length === 1) return alone;
  const matches = (segment: Segment, offset: number): boolean => each.some((one) => one.matches(segment, offset));
  const needles = caseSensitive ? texts : texts.map((text) => text.toLowerCase());
  return {
    test: (text) => each.some((one) => one.test(text)),
    matches,
    filter: literalFilter(needles, !caseSensitive, false, matches),
  };
}
