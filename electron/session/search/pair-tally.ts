/** Finds the starts and ends of intervals in a piece of the log, and what each captures: done by a scanning thread. */
import { RowKind } from '../../../native/core/entry.ts';
import { ok, type Result } from '../../../native/core/result.ts';
import { filterTree } from '../../contract/filter/parse.ts';
import { hexValue, queryOf, termsOf } from '../../contract/filter/tree.ts';
import type { IntervalQuery } from '../../contract/intervals.ts';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { textExpression } from '../../contract/text-pattern.ts';
import type { Segment } from '../store/segment.ts';
import { payloadText } from '../text/text.ts';
import { compileFilter, type Filter } from './filter.ts';
import type { NameBinding } from './name-binding.ts';

/** What a query for intervals looks for, its names bound. */
export interface PairQuery {
  readonly pairs: IntervalQuery;
  readonly bindings: readonly [readonly NameBinding[], readonly NameBinding[]];
}

/**
 * Starts and ends of a piece in the order of rows; of a row that is both, the end first. Each list has one element for each:
 * lists of numbers and texts go from thread to thread faster than a list of objects.
 */
export interface PieceEnds {
  readonly offsets: readonly number[];
  readonly areStarts: readonly boolean[];
  readonly keys: readonly string[];
}

/** A captured value that is longer is cut: nothing that pairs records is. */
const LONGEST_KEY = 128;
/** Rows of a step: an expression that takes long is noticed between two of them. */
const ROWS = 8192;

/** The filter of one end of intervals. */
export const pairFilter = (text: string): FilterSpec => ({ ...SHOW_ALL, terms: { text, caseSensitive: false } });

interface Side {
  readonly filter: Filter;
  /** Null: nothing is captured. */
  readonly expression: RegExp | null;
}

/** Failure: bad-pattern. */
function sideOf(text: string, bindings: readonly NameBinding[]): Result<Side> {
  const filter = compileFilter(pairFilter(text), bindings);
  const tree = filterTree(text);
  if (!filter.ok) return filter;
  if (!tree.ok) return tree;
  for (const { term, hides } of termsOf(tree.value)) {
    if (term.kind !== 'regex' || hides) continue;
    const expression = textExpression(queryOf(term, false));
    if (!expression.ok) return expression;
    return ok({ filter: filter.value, expression: expression.value });
  }
  return ok({ filter: filter.value, expression: null });
}

/** What a query looks for; failure: bad-pattern, before anything is looked at. */
export function checkPairs({ start, end }: IntervalQuery): Result<null> {
  for (const text of [start, end]) {
    const side = sideOf(text, []);
    if (!side.ok) return side;
  }
  return ok(null);
}

export class PairTally {
  private readonly start: Side;
  private readonly end: Side;
  private readonly starts = new Uint32Array(ROWS);
  private readonly ends = new Uint32Array(ROWS);
  private readonly offsets: number[] = [];
  private readonly areStarts: boolean[] = [];
  private readonly keys: string[] = [];

  private constructor(start: Side, end: Side) {
    this.start = start;
    this.end = end;
  }

  static of({ pairs, bindings }: PairQuery): Result<PairTally> {
    const start = sideOf(pairs.start, bindings[0]);
    if (!start.ok) return start;
    const end = sideOf(pairs.end, bindings[1]);
    return end.ok ? ok(new PairTally(start.value, end.value)) : end;
  }

  /** Looks at offsets `from..to-1`. */
  add(segment: Segment, from: number, to: number, beforeNs?: number): void {
    for (let at = from; at < to; at += ROWS) this.addSome(segment, at, Math.min(to, at + ROWS), beforeNs);
  }

  /** What was found since the last call. */
  take(): PieceEnds {
    const { offsets, areStarts, keys } = this;
    return { offsets: offsets.splice(0), areStarts: areStarts.splice(0), keys: keys.splice(0) };
  }

  private addSome(segment: Segment, from: number, to: number, beforeNs?: number): void {
    const { starts, ends } = this;
    const startCount = this.start.filter.scan(segment, from, to, starts, beforeNs);
    const endCount = this.end.filter.scan(segment, from, to, ends, beforeNs);
    for (let a = 0, b = 0; a < startCount || b < endCount; ) {
      const [start, end] = [a < startCount ? starts[a] : undefined, b < endCount ? ends[b] : undefined];
      if (end !== undefined && (start === undefined || end <= start)) {
        this.note(segment, end, false, this.end);
        b++;
      } else {
        this.note(segment, start as number, true, this.start);
        a++;
      }
    }
  }

  private note(segment: Segment, offset: number, isStart: boolean, { expression }: Side): void {
    if (segment.kind.get(offset) !== RowKind.Entry) return;
    const key =
      expression === null ? '' : captured(expression, payloadText(segment.type.get(offset), segment.payload(offset)));
    if (key === null) return;
    this.offsets.push(offset);
    this.areStarts.push(isStart);
    this.keys.push(key);
  }
}

/** What an expression captures, numbers in one form; empty where it has no group, null where it does not match. */
function captured(expression: RegExp, message: string): string | null {
  expression.lastIndex = 0;
  const match = expression.exec(message);
  if (match === null) return null;
  const value = match.slice(1).find((each) => each !== undefined) ?? '';
  const number = /\d/.test(value) || value.length >= 8 ? hexValue(value) : null;
  return number ?? value.slice(0, LONGEST_KEY);
}
