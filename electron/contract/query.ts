/**
 * Checks of the parts of requests about rows: filters, queries, ranges. Calls about views, sessions and pages share
 * them.
 */
import { flag, integer, integers, list, MAX, object, refuse, reject, taken, text } from './check.ts';
import { filterTree } from './filter/parse.ts';
import { MAX_CPUS, MAX_SOURCE, patternFailure } from './limits.ts';
import { MOST_PARTS, type PositionRange, type PositionSpan } from './output.ts';
import { type FilterSpec, type FilterTerms, MOST_CONTEXT_ROWS, OTHER_LEVEL, type TextQuery } from './rows.ts';

export function textQuery(value: unknown): TextQuery {
  const fields = object(value);
  const pattern = text(fields.pattern, 'pattern');
  if (pattern === '') reject('pattern: must not be empty');
  refuse(patternFailure(pattern));
  return {
    pattern,
    regex: flag(fields.regex, 'regex'),
    caseSensitive: flag(fields.caseSensitive, 'caseSensitive'),
  };
}

export function filterSpec(value: unknown): FilterSpec {
  const fields = object(value);
  return {
    hiddenCpus: integers(fields.hiddenCpus, MAX_CPUS - 1, 'hiddenCpus'),
    hiddenLevels: integers(fields.hiddenLevels, OTHER_LEVEL, 'hiddenLevels'),
    hiddenSources: integers(fields.hiddenSources, MAX_SOURCE, 'hiddenSources'),
    text: fields.text === null ? null : textQuery(fields.text),
    ...(fields.types === undefined ? {} : { types: integers(fields.types, 0xffff, 'types') }),
    ...(fields.pids === undefined ? {} : { pids: integers(fields.pids, 0xffff_ffff, 'pids') }),
    ...(fields.origins === undefined ? {} : { origins: integers(fields.origins, 0xffff, 'origins') }),
    ...(fields.time === undefined ? {} : { time: timeRange(fields.time) }),
    ...(fields.terms === undefined ? {} : { terms: filterTerms(fields.terms) }),
    ...(fields.context === undefined ? {} : { context: integer(fields.context, 1, MOST_CONTEXT_ROWS, 'context') }),
  };
}

function filterTerms(value: unknown): FilterTerms {
  const fields = object(value);
  const typed = text(fields.text, 'terms');
  taken(filterTree(typed));
  return { text: typed, caseSensitive: flag(fields.caseSensitive, 'caseSensitive') };
}

function timeRange(value: unknown): { readonly fromNs: number; readonly toNs: number } {
  const fields = object(value);
  return { fromNs: integer(fields.fromNs, 0, MAX, 'fromNs'), toNs: integer(fields.toNs, 0, MAX, 'toNs') };
}

export function positionRange(value: unknown): PositionRange {
  const fields = object(value);
  const range = {
    generation: integer(fields.generation, 0, MAX, 'generation'),
    first: integer(fields.first, 0, MAX, 'first'),
    last: integer(fields.last, 0, MAX, 'last'),
  };
  return fields.parts === undefined ? range : { ...range, parts: parts(fields.parts, range) };
}

/** Parts of a range in order, so that nobody who goes through them comes back to a row or leaves the range. */
function parts(value: unknown, { first, last }: PositionSpan): readonly PositionSpan[] {
  let from = first;
  return list(value, MOST_PARTS, 'parts', (each) => {
    const fields = object(each);
    const part = {
      first: integer(fields.first, from, last, 'first'),
      last: integer(fields.last, 0, last, 'last'),
    };
    if (part.last < part.first) reject('parts: a part ends before it begins');
    from = part.last + 1;
    return part;
  });
}
