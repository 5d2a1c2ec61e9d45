/** The schemas of typed records as the page has them: what filters may name follows them, and files can be added and removed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../electron/contract/bridge.ts';
import { knowTypes } from '../../electron/contract/filter/known-names.ts';
import { NO_SCHEMAS, type SchemaState } from '../../electron/contract/schemas.ts';
import type { Failure, Result } from '../../native/core/result.ts';

export interface SchemaSlice {
  readonly schemas: SchemaState;
  readonly failure: Failure | null;
}

export interface Schemas {
  readonly store: StoreApi<SchemaSlice>;
  /** Takes over what is in use. */
  take(state: SchemaState): void;
  /** Has the files read again. */
  refresh(): Promise<void>;
  /** Has the program ask for files. */
  add(): Promise<void>;
  remove(id: string): Promise<void>;
}

/** `changed`: filters may mean something else now. */
export function createSchemas({ schemas: calls }: Pick<Bridge, 'schemas'>, changed: () => void): Schemas {
  const store = createStore<SchemaSlice>(() => ({ schemas: NO_SCHEMAS, failure: null }));

  function take(schemas: SchemaState): void {
    const isOther = JSON.stringify(schemas.types) !== JSON.stringify(store.getState().schemas.types);
    if (isOther) knowTypes(schemas.types);
    store.setState({ schemas, failure: null });
    if (isOther) changed();
  }

  function taken(result: Result<SchemaState | null>): void {
    if (!result.ok) store.setState({ failure: result.failure });
    else if (result.value !== null) take(result.value);
  }

  return {
    store,
    take,
    refresh: async () => taken(await calls.read()),
    add: async () => taken(await calls.add()),
    remove: async (id) => taken(await calls.remove({ id })),
  };
}
