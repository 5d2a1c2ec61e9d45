/**
 * A wire within one process, for tests and for programs that use the service without a window. Every message is
 * converted to text, as it would be for a socket, so that nothing can be passed that another transport could not carry.
 */
import { roomsOf, type Wire } from '../contract/bridge.ts';
import { EVENT_CHANNELS, type EventChannel, type EventWireOf, REQUEST_CHANNELS } from '../contract/channels.ts';
import type { Calls } from '../service/calls.ts';

/** Transmits a message: returns what arrives at the other end. */
export type Carry = (message: unknown) => unknown;

/** Transmits as JSON text. Values without a JSON form, such as `undefined` and functions, arrive as null. */
export const asText: Carry = (message) => JSON.parse(JSON.stringify(message) ?? 'null');

export class InProcessWire {
  readonly wire: Wire;
  private readonly carry: Carry;
  private readonly listeners = new Map<string, Set<(payload: unknown) => void>>();

  constructor(calls: Calls, carry: Carry = asText) {
    this.carry = carry;
    this.wire = {
      ...(roomsOf(REQUEST_CHANNELS, (channel) => async (request: unknown) => {
        const arrived = carry(request);
        return carry(await calls.answer(channel, arrived));
      }) as object),
      on: roomsOf(EVENT_CHANNELS, (channel) => (listener: (payload: unknown) => void) => {
        const own = this.listeners.get(channel) ?? new Set();
        this.listeners.set(channel, own.add(listener));
        return () => own.delete(listener);
      }),
    } as Wire;
  }

  /** Sends an event to the listeners at this end. */
  send<C extends EventChannel>(channel: C, payload: EventWireOf<C>): void {
    for (const listener of [...(this.listeners.get(channel) ?? [])]) listener(this.carry(payload));
  }
}
