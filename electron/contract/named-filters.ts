/**
 * Filters that a person has named, to have them again and to give them to others: as a page sees them, and as the text of
 * a file. A file may come from anybody, so every part of it is checked like a request.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import { type Check, checked, list, object, refuse, reject, text } from './check.ts';
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

/** The text of a file of filters. */
export const filterFile = (filters: readonly NamedFilter[]): string =>
  `${JSON.stringify({ ringview: 'filters', version: 1, filters }, null, 1)}\n`;

/** The filters of a file's text. Failure: bad-argument, which says what is wrong and in which filter. */
export function readFilterFile(content: string): Result<readonly NamedFilter[]> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    return broken(`it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const listed = checked((all) => {
    const { ringview, filters } = object(all);
    if (ringview !== 'filters') reject('it does not say that it holds filters');
    return list(filters, MOST_NAMED_FILTERS, 'filters', (each) => each);
  }, value);
  if (!listed.ok) return broken(listed.failure.message);
  const read: NamedFilter[] = [];
  for (const [at, each] of listed.value.entries()) {
    const one = checked(namedFilter, each);
    if (!one.ok) return broken(`filter ${at + 1}: ${one.failure.message}`);
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
