/**
 * Checks of the parts of requests about rows: filters, queries, ranges. Calls about views, sessions and pages share
 * them.
 */
import { flag, integer, integers, MAX, object, refuse, reject, taken, text } from './check.ts';
import { filterTree } from './filter/parse.ts';
import { MAX_CPUS, MAX_SOURCE, patternFailure } from './limits.ts';
import type { PositionRange } from './output.ts';
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
  return {
    generation: integer(fields.generation, 0, MAX, 'generation'),
    first: integer(fields.first, 0, MAX, 'first'),
    last: integer(fields.last, 0, MAX, 'last'),
  };
}
