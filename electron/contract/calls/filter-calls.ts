/** Calls about filters that a person has named. Where they are written to and read from, the person is asked. */
import { plain, result } from '../call.ts';
import { nothing, object } from '../check.ts';
import { filterName, type ImportedFilters, type NamedFilter, namedFilter } from '../named-filters.ts';

export const filterCalls = {
  /** By name. */
  'filters.list': plain<readonly NamedFilter[]>([])(nothing),
  /** Saves one, in the place of one of the same name. */
  'filters.save': result<readonly NamedFilter[]>()(namedFilter),
  /** Failure: bad-argument, if there is none of that name, or one of the other. */
  'filters.rename': result<readonly NamedFilter[]>()((value) => {
    const { name, to } = object(value);
    return { name: filterName(name), to: filterName(to) };
  }),
  /** Harmless if there is none of that name. */
  'filters.delete': result<readonly NamedFilter[]>()((value) => ({ name: filterName(object(value).name) })),
  /** Asks where to, and writes all of them, with what is highlighted; null if the person dismissed the dialog. */
  'filters.export': result<{ readonly path: string; readonly count: number } | null>()(nothing),
  /** Asks for a file, and adds its filters; those of the same names are replaced. Null if the person dismissed the dialog. */
  'filters.import': result<ImportedFilters | null>()(nothing),
};
