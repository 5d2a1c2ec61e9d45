/** Calls about named filters: what each does is in ../filter-sets.ts. */
import type { filterCalls } from '../../contract/calls/filter-calls.ts';
import type { Handlers } from '../../contract/channels.ts';
import type { Dependencies } from './dependencies.ts';

export function filterHandlers({ filterSets }: Dependencies): Pick<Handlers, keyof typeof filterCalls> {
  return {
    'filters.list': () => filterSets.all,
    'filters.save': (filter) => filterSets.save(filter),
    'filters.rename': ({ name, to }) => filterSets.rename(name, to),
    'filters.delete': ({ name }) => filterSets.delete(name),
    'filters.export': () => filterSets.export(),
    'filters.import': () => filterSets.import(),
  };
}
