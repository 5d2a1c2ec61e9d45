/** What codes in messages mean: known once the tables are loaded, which they are when something first asks for them. */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** What the tables tell. */
export type Decoding = typeof import('../model/decoding.ts');

export interface DecoderState {
  /** Null until it is loaded. */
  readonly decoding: Decoding | null;
}

export interface Decoder {
  readonly store: StoreApi<DecoderState>;
  /** Loads the tables once; resolves to null if they cannot be loaded, and tries again when it is asked again. */
  load(): Promise<Decoding | null>;
}

export function createDecoder(importTables: () => Promise<Decoding> = () => import('../model/decoding.ts')): Decoder {
  const store = createStore<DecoderState>(() => ({ decoding: null }));
  let loading: Promise<Decoding | null> | null = null;
  return {
    store,
    load() {
      loading ??= importTables().then(
        (decoding) => {
          store.setState({ decoding });
          return decoding;
        },
        () => {
          // Messages are shown without it.
          loading = null;
          return null;
        },
      );
      return loading;
    },
  };
}
