/** The filters that a person has named, as the page has them: shared by all views of all sessions. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type { NamedFilter } from '../../electron/contract/named-filters.ts';
import type { FilterSpec } from '../../electron/contract/rows.ts';
import type { Failure, Result } from '../../native/core/result.ts';
import { formatPlural } from '../model/format.ts';
import type { Colours } from './colours.ts';

export interface FilterSetsState {
  /** By name; null before they were asked for. */
  readonly filters: readonly NamedFilter[] | null;
  /** What is said of the last thing that was done, or why it could not be. */
  readonly said: string;
  readonly failure: Failure | null;
}

export interface FilterSets {
  readonly store: StoreApi<FilterSetsState>;
  refresh(): Promise<void>;
  /** Each resolves to whether it was done. */
  save(name: string, filter: FilterSpec): Promise<boolean>;
  rename(name: string, to: string): Promise<boolean>;
  remove(name: string): Promise<boolean>;
  exportAll(): Promise<void>;
  importFrom(): Promise<void>;
}

export function createFilterSets(
  { filters: calls }: Pick<Bridge, 'filters'>,
  colours: Pick<Colours, 'refresh'>,
): FilterSets {
  const store = createStore<FilterSetsState>(() => ({ filters: null, said: '', failure: null }));

  function tell(said: string, more: Partial<FilterSetsState> = {}): true {
    store.setState({ said, failure: null, ...more });
    return true;
  }

  function fail(failure: Failure): false {
    store.setState({ said: '', failure });
    return false;
  }

  async function changed(asked: Promise<Result<readonly NamedFilter[]>>, said: string): Promise<boolean> {
    const result = await asked;
    return result.ok ? tell(said, { filters: result.value }) : fail(result.failure);
  }

  return {
    store,
    async refresh() {
      tell('', { filters: await calls.list() });
    },
    save: (name, filter) => changed(calls.save({ name, filter }), `Saved as ${name.trim()}`),
    rename: (name, to) => changed(calls.rename({ name, to }), ''),
    remove: (name) => changed(calls.delete({ name }), `${name} deleted`),
    async exportAll() {
      const result = await calls.export();
      if (!result.ok) fail(result.failure);
      else if (result.value !== null)
        tell(`${formatPlural(result.value.count, 'filter')} written to ${result.value.path}`);
    },
    async importFrom() {
      const result = await calls.import();
      if (!result.ok) fail(result.failure);
      else if (result.value !== null) {
        const { filters, count, highlights } = result.value;
        const more = highlights === 0 ? '' : `, ${formatPlural(highlights, 'highlight')}`;
        tell(`${formatPlural(count, 'filter')}${more} imported`, { filters });
        if (highlights > 0) void colours.refresh();
      }
    },
  };
}
