/**
 * What a filter of terms says of one row, term by term as it is written: the plain twin of term-filter.ts. Of a loss only
 * CPU, source and time are known; it is shown unless these hide it, whatever else the filter asks for.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { hexValues } from '../../../native/decode/modules/addresses.ts';
import { type StatusQuery, statusQuery } from '../../../native/decode/status-query.ts';
import { type FilterTerm, type FilterTree, queryOf, type StatusTerm } from '../../contract/filter/tree.ts';
import { textExpression } from '../../contract/text-pattern.ts';
import type { Segment } from '../store/segment.ts';
import { payloadText, TYPE_TEXT } from '../text/text.ts';
import { shownTemplate } from './match-template.ts';
import { type NameBinding, NOTHING } from './name-binding.ts';
import { holdsField, plainHexes, plainStatuses } from './plain-fields.ts';
import { holdsStatus } from './plain-status.ts';

const known = new WeakMap<StatusTerm, StatusQuery>();

/** Looked up once for all rows: there are thousands of names. */
function codesOf(term: StatusTerm): StatusQuery {
  const before = known.get(term);
  if (before !== undefined) return before;
  const query = statusQuery(term.patterns);
  if (!query.ok) throw new Error(query.failure.message);
  known.set(term, query.value);
  return query.value;
}

/** Null: it cannot be told. */
type Verdict = boolean | null;

export interface PlainRow {
  readonly segment: Segment;
  readonly offset: number;
  /** Nanoseconds since the row before it; 0 for the first. */
  readonly deltaNs: number;
}

/** Whether a filter shows a row. `bindings`: of the terms with names, in their order. */
export function showsRow(
  tree: FilterTree,
  caseSensitive: boolean,
  bindings: readonly NameBinding[],
  row: PlainRow,
): boolean {
  const left = [...bindings];
  const judge = (part: FilterTree): Verdict => {
    if (part.kind === 'not') {
      const inner = judge(part.item);
      return inner === null ? null : !inner;
    }
    if (!('items' in part)) return judgeTerm(part, row, caseSensitive, () => left.shift());
    const verdicts = part.items.map(judge);
    const decides = part.kind === 'or';
    if (verdicts.includes(decides)) return decides;
    return verdicts.includes(null) ? null : !decides;
  };
  return judge(tree) !== false;
}

function judgeTerm(
  term: FilterTerm,
  { segment, offset, deltaNs }: PlainRow,
  caseSensitive: boolean,
  nextBinding: () => NameBinding | undefined,
): Verdict {
  const isLoss = segment.kind.get(offset) !== RowKind.Entry;
  if (term.kind === 'clock') {
    const timeNs = segment.timeNs[offset] as number;
    return (nextBinding()?.times ?? []).some(({ from, to }) => timeNs >= from && timeNs <= to);
  }
  if (term.kind === 'name') {
    const { sources, origins, processes, events } = nextBinding() ?? NOTHING;
    const source = segment.source.get(offset);
    if (term.field === 'process') {
      return isLoss ? null : processes.some((each) => each.source === source && each.pid === segment.pid.get(offset));
    }
    if (term.field !== 'source') {
      const number = segment.event.get(offset);
      const ofRow = events.filter((each) => each.source === null || each.source === source);
      return isLoss
        ? null
        : ofRow.some(({ numbers }) => numbers.some(({ from, to }) => from <= number && number <= to));
    }
    if (sources.includes(source)) return true;
    if (isLoss) return origins.length > 0 ? null : false;
    return origins.includes(segment.origin.get(offset));
  }
  if (term.kind === 'number') {
    const { field } = term;
    if (isLoss && field !== 'cpu' && field !== 'time') return null;
    const column = field === 'time' ? segment.timeNs : field === 'delta' ? null : segment[field];
    const value = column === null ? deltaNs : 'get' in column ? column.get(offset) : (column[offset] as number);
    return term.ranges.some(({ from, to }) => value >= from && value <= to);
  }
  if (isLoss) return null;
  if (term.kind === 'field') return holdsField(term, segment.type.get(offset), segment.payload(offset));
  const message = payloadText(segment.type.get(offset), segment.payload(offset));
  if (term.kind === 'like') return shownTemplate(message) === term.template;
  if (term.kind === 'status') {
    const { codes } = codesOf(term);
    const record =
      segment.type.get(offset) === TYPE_TEXT ? [] : plainStatuses(segment.type.get(offset), segment.payload(offset));
    return holdsStatus(codesOf(term), message) || record.some((code) => codes.includes(code));
  }
  if (term.kind === 'hex') {
    const type = segment.type.get(offset);
    const record = type === TYPE_TEXT ? [] : plainHexes(type, segment.payload(offset));
    const named = [...hexValues(message).map(({ value }) => value), ...record];
    return named.some((value) => term.values.some((each) => BigInt(each) === value));
  }
  const expression = textExpression(queryOf(term, caseSensitive));
  if (!expression.ok) throw new Error(expression.failure.message);
  return expression.value.test(message);
}
