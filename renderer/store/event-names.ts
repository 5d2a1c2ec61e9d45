/** What the events of traces and event logs are called, as the session reported it. Rows have the number. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { NumberedNames } from '../../electron/contract/machine.ts';
import { EVENT_NAME_FIELDS, type EventNameField, type EventNames } from '../../native/core/event-names.ts';

export interface EventNamesState {
  readonly byNumber: ReadonlyMap<number, EventNames>;
  /** Which of the names tell events apart: a provider, once there are two. The same set until there is another. */
  readonly fields: ReadonlySet<EventNameField>;
}

export interface KnownEventNames {
  readonly store: StoreApi<EventNamesState>;
  connect(): () => void;
}

/** The state with names that are new. */
export function withEventNames({ byNumber, fields }: EventNamesState, news: readonly NumberedNames[]): EventNamesState {
  const known = new Map([...byNumber, ...news.map(({ number, names }) => [number, names] as const)]);
  const found = EVENT_NAME_FIELDS.filter(
    (field) =>
      !fields.has(field) &&
      news.some(({ names }) => names[field] !== null) &&
      (field !== 'provider' || new Set([...known.values()].map(({ provider }) => provider)).size > 1),
  );
  return {
    byNumber: known,
    fields: found.length === 0 ? fields : new Set([...fields, ...found]),
  };
}

export function createEventNames(bridge: Pick<BoundBridge, 'on'>): KnownEventNames {
  const store = createStore<EventNamesState>(() => ({ byNumber: new Map(), fields: new Set() }));
  return {
    store,
    connect: () => bridge.on.session.eventNames(({ names }) => store.setState((state) => withEventNames(state, names))),
  };
}
