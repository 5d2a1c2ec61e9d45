/**
 * The page's side of the contract: a named method for each call (`view.setFilter` is `bridge.view.setFilter`) and one
 * subscription for each event (`bridge.on.view.update`). All of it derives from the declarations. No method takes the
 * name of a channel, so a page can call nothing that the contract does not list.
 */
import type { Answer, EventChannel, EventWireOf, PayloadOf, ReplyOf, RequestChannel, RequestOf } from './channels.ts';

type RoomOf<C extends string> = C extends `${infer R}.${string}` ? R : never;
type NameIn<C extends string, R extends string> = C extends `${R}.${infer N}` ? N : never;

type Method<Q, R> = null extends Q ? () => Promise<R> : (request: Q) => Promise<R>;
/** Returns a function that ends the subscription. */
type Subscribe<P> = (listener: (payload: P) => void) => () => void;

type Rooms<Reply extends { [C in RequestChannel]: unknown }> = {
  readonly [R in RoomOf<RequestChannel>]: {
    readonly [N in NameIn<RequestChannel, R>]: `${R}.${N}` extends infer C extends RequestChannel
      ? Method<RequestOf<C>, Reply[C]>
      : never;
  };
};

type Subscriptions<Payload extends { [C in EventChannel]: unknown }> = {
  readonly [R in RoomOf<EventChannel>]: {
    readonly [N in NameIn<EventChannel, R>]: `${R}.${N}` extends infer C extends EventChannel
      ? Subscribe<Payload[C]>
      : never;
  };
};

/** The bridge in the form that the page's stores use: every call has an answer, even if it is refused. */
export type Bridge = Rooms<{ [C in RequestChannel]: ReplyOf<C> }> & {
  readonly on: Subscriptions<{ [C in EventChannel]: PayloadOf<C> }>;
};

/**
 * The form of `window.ringview`, or of any other wire to the service: a call answers with its reply or with why it was
 * refused.
 */
export type Wire = Rooms<{ [C in RequestChannel]: Answer<C> }> & {
  readonly on: Subscriptions<{ [C in EventChannel]: EventWireOf<C> }>;
};

/** The request of a call about a session or view without the number of that session or view. */
type Rest<Q> = keyof Omit<Q, 'session' | 'view'> extends never ? null : Omit<Q, 'session' | 'view'>;
type BoundRoom<R extends string> = {
  readonly [N in NameIn<RequestChannel, R>]: `${R}.${N}` extends infer C extends RequestChannel
    ? Method<Rest<RequestOf<C>>, ReplyOf<C>>
    : never;
};
type BoundEvents<R extends string> = {
  readonly [N in NameIn<EventChannel, R>]: `${R}.${N}` extends infer C extends EventChannel
    ? Subscribe<Omit<PayloadOf<C>, 'session' | 'view'>>
    : never;
};

/**
 * The bridge in the form for code that looks at one view of one session: the numbers are filled in, and events of other
 * views are left out.
 */
export type BoundBridge = Omit<Bridge, 'session' | 'view' | 'on'> & {
  readonly session: BoundRoom<'session'>;
  readonly view: BoundRoom<'view'>;
  readonly on: Omit<Bridge['on'], 'session' | 'view'> & {
    readonly session: BoundEvents<'session'>;
    readonly view: BoundEvents<'view'>;
  };
};

/** The two parts of a channel's name: `view.setFilter` is `['view', 'setFilter']`. */
export function partsOf(channel: string): readonly [room: string, name: string] {
  const dot = channel.indexOf('.');
  return [channel.slice(0, dot), channel.slice(dot + 1)];
}

/** The methods of some channels, grouped by room; `make` makes each method. The caller states the resulting type. */
export function roomsOf<C extends string>(channels: readonly C[], make: (channel: C) => unknown): unknown {
  const rooms: Record<string, Record<string, unknown>> = {};
  for (const channel of channels) {
    const [room, name] = partsOf(channel);
    rooms[room] ??= {};
    (rooms[room] as Record<string, unknown>)[name] = make(channel);
  }
  return rooms;
}
