/** Whoever looks at one view of one session asks about those alone, and hears of those alone. */
import { describe, expect, it } from 'vitest';
import { type Bridge, partsOf, roomsOf } from '../../electron/contract/bridge.ts';
import { EVENT_CHANNELS, REQUEST_CHANNELS } from '../../electron/contract/channels.ts';
import { boundTo } from './bound-bridge.ts';

type Rooms<F> = Record<string, Record<string, F>>;
type Method = (request?: object) => unknown;
type Subscribe = (listener: (payload: object) => void) => () => void;

/** A bridge that answers with what it was asked, and the listeners of each of its events. */
function echoing() {
  const listeners = new Map<string, Set<(payload: object) => void>>();
  const bridge = {
    ...(roomsOf(REQUEST_CHANNELS, (channel) => (request?: object) => [channel, request]) as object),
    on: roomsOf(EVENT_CHANNELS, (channel) => (listener: (payload: object) => void) => {
      const own = listeners.get(channel) ?? new Set();
      listeners.set(channel, own.add(listener));
      return () => own.delete(listener);
    }),
  } as unknown as Bridge;
  const bound = boundTo(bridge, { session: 3, view: 7 });
  const send = (channel: string, payload: object) => {
    for (const each of listeners.get(channel) ?? []) each(payload);
  };
  return { bridge, bound, send, listeners };
}

/** What is not of a room is handed on as it is. */
const expected = (room: string): object | undefined =>
  room === 'view' ? { rows: 5, view: 7 } : room === 'session' ? { rows: 5, session: 3 } : { rows: 5 };

describe('a bound bridge', () => {
  it.each(REQUEST_CHANNELS)('%s asks about its view, its session, or neither', (channel) => {
    const [room, name] = partsOf(channel);
    const method = (echoing().bound as unknown as Rooms<Method>)[room]?.[name] as Method;
    expect(method({ rows: 5 })).toEqual([channel, expected(room)]);
  });

  it('asks about its view where there is nothing else to say', () => {
    const { bound } = echoing();
    expect(bound.view.stopScan()).toEqual(['view.stopScan', { view: 7 }]);
    expect(bound.session.stop()).toEqual(['session.stop', { session: 3 }]);
    expect(bound.driver.examine()).toEqual(['driver.examine', undefined]);
  });

  it('does not let a request be about another view', () => {
    const { bound } = echoing();
    expect(bound.view.setTail({ rows: 5, view: 8 } as never)).toEqual(['view.setTail', { rows: 5, view: 7 }]);
  });

  it.each(EVENT_CHANNELS)('%s is heard of its view, its session, or wholly, until it ends', (channel) => {
    const { bound, send, listeners } = echoing();
    const [room, name] = partsOf(channel);
    const heard: object[] = [];
    const subscribe = (bound.on as unknown as Rooms<Subscribe>)[room]?.[name] as Subscribe;
    const end = subscribe((payload) => heard.push(payload));
    const own = { session: 3, view: 7 };
    const other = { session: 4, view: 8 };
    send(channel, own);
    send(channel, other);
    expect(heard).toEqual(room === 'view' || room === 'session' ? [own] : [own, other]);
    end();
    expect(listeners.get(channel)?.size).toBe(0);
  });
});
