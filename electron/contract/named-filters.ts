/**
 * Filters that a person has named, to have them again and to give them to others: as a page sees them, and as the text of
 * a file. A file may come from anybody, so every part of it is checked like a request.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { type Check, checked, list, object, refuse, reject, text } from './check.ts';
import { type ColourRule, colourRule, MOST_COLOUR_RULES } from './colour-rules.ts';
import { lengthFailure } from './limits.ts';
import { filterSpec } from './query.ts';
import type { FilterSpec } from './rows.ts';

export interface NamedFilter {
  readonly name: string;
  /** Without sources hidden by their numbers, which mean others in another session. */
  readonly filter: FilterSpec;
}

export const MAX_FILTER_NAME = 80;
export const MOST_NAMED_FILTERS = 100;
/** The most that all of them take as a file, UTF-16 units: they are part of the settings. */
export const MOST_FILTERS_TEXT = 256 * 1024;

export const filterName: Check<string> = (value) => {
  const name = text(value, 'name').trim();
  if (name === '') reject('name: must not be empty');
  refuse(lengthFailure('The name', name, MAX_FILTER_NAME));
  return name;
};

export const namedFilter: Check<NamedFilter> = (value) => {
  const { name, filter } = object(value);
  return { name: filterName(name), filter: withoutSources(filterSpec(filter)) };
};

const withoutSources = (filter: FilterSpec): FilterSpec => ({ ...filter, hiddenSources: [] });

const byName = (a: NamedFilter, b: NamedFilter): number => a.name.localeCompare(b.name, 'en');

/** These filters and others, by name; of one name the later one counts. Failure: overloaded, if they are too many. */
export function withNamed(
  before: readonly NamedFilter[],
  more: readonly NamedFilter[],
): Result<readonly NamedFilter[]> {
  const all = new Map([...before, ...more].map((each) => [each.name, each]));
  const merged = [...all.values()].sort(byName);
  if (merged.length > MOST_NAMED_FILTERS) {
    return fail('overloaded', `More than ${MOST_NAMED_FILTERS} filters cannot be saved`, 'Delete some first');
  }
  if (filterFile(merged).length > MOST_FILTERS_TEXT) {
    return fail('overloaded', 'All saved filters together are too long', 'Delete some first');
  }
  return ok(merged);
}

/** All filters after a file of them was read, and how much was in it. */
export interface ImportedFilters {
  readonly filters: readonly NamedFilter[];
  readonly count: number;
  readonly highlights: number;
}

/** What a file of filters holds. */
export interface FilterFile {
  readonly filters: readonly NamedFilter[];
  /** None in files of earlier versions. */
  readonly highlights: readonly ColourRule[];
}

/** The text of a file of filters. */
export const filterFile = (filters: readonly NamedFilter[], highlights: readonly ColourRule[] = []): string =>
  `${JSON.stringify({ ringview: 'filters', version: 1, filters, highlights }, null, 1)}\n`;

/** What a file's text holds. Failure: bad-argument, which says what is wrong and in which filter or highlight. */
export function readFilterFile(content: string): Result<FilterFile> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    return broken(`it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const listed = checked((all) => {
    const { ringview, filters, highlights = [] } = object(all);
    if (ringview !== 'filters') reject('it does not say that it holds filters');
    return {
      filters: list(filters, MOST_NAMED_FILTERS, 'filters', (each) => each),
      highlights: list(highlights, MOST_COLOUR_RULES, 'highlights', (each) => each),
    };
  }, value);
  if (!listed.ok) return broken(listed.failure.message);
  const filters = each('filter', listed.value.filters, namedFilter);
  if (!filters.ok) return filters;
  const highlights = each('highlight', listed.value.highlights, colourRule);
  return highlights.ok ? ok({ filters: filters.value, highlights: highlights.value }) : highlights;
}

function each<T>(what: string, listed: readonly unknown[], check: Check<T>): Result<readonly T[]> {
  const read: T[] = [];
  for (const [at, value] of listed.entries()) {
    const one = checked(check, value);
    if (!one.ok) return broken(`${what} ${at + 1}: ${one.failure.message}`);
    read.push(one.value);
  }
  return ok(read);
}

const broken = (why: string): Result<never> =>
  fail(
    'bad-argument',
    `The file holds no filters of RingView: ${why}`,
    'Choose a file that was exported from the list of filters',
  );

/** Filters as they were remembered; what makes no sense is left out. */
export function parseNamedFilters(value: unknown): NamedFilter[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_NAMED_FILTERS).flatMap((each) => {
    const one = checked(namedFilter, each);
    return one.ok ? [one.value] : [];
  });
}
