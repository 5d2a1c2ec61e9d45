/**
 * The bridge for code that looks at one view of one session: fills in their numbers, and leaves out events of other
 * views.
 */
import type { BoundBridge, Bridge } from '../../electron/contract/bridge.ts';

export interface Look {
  readonly session: number;
  readonly view: number;
}

type Methods = Record<string, (request: object) => unknown>;
type Events = Record<string, (listener: (payload: object) => void) => () => void>;

function filled(methods: unknown, ids: object): Methods {
  const bound = Object.entries(methods as Methods).map(([name, method]) => [
    name,
    (request?: object) => method({ ...request, ...ids }),
  ]);
  return Object.fromEntries(bound) as Methods;
}

function only(events: unknown, is: (payload: object) => boolean): Events {
  const bound = Object.entries(events as Events).map(([name, subscribe]) => [
    name,
    (listener: (payload: object) => void) =>
      subscribe((payload) => {
        if (is(payload)) listener(payload);
      }),
  ]);
  return Object.fromEntries(bound) as Events;
}

export function boundTo(bridge: Bridge, { session, view }: Look): BoundBridge {
  return {
    ...bridge,
    session: filled(bridge.session, { session }),
    view: filled(bridge.view, { view }),
    on: {
      ...bridge.on,
      session: only(bridge.on.session, (payload) => (payload as { readonly session: number }).session === session),
      view: only(bridge.on.view, (payload) => (payload as { readonly view: number }).view === view),
    },
  } as unknown as BoundBridge;
}
