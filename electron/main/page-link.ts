/**
 * Whether there is a page that listens. It does from its first call, which it makes once it has subscribed, until it
 * ends or leaves; what is sent in between two pages is dropped, for the next one asks for all of it. A page that ended
 * cannot be sent to: Electron would print an error for each try.
 */
import type { EventChannel, EventWireOf } from '../contract/channels.ts';

export type Deliver = <C extends EventChannel>(channel: C, payload: EventWireOf<C>) => void;

export class PageLink {
  private readonly deliver: Deliver;
  private open = false;

  constructor(deliver: Deliver) {
    this.deliver = deliver;
  }

  get listens(): boolean {
    return this.open;
  }

  pageListens(): void {
    this.open = true;
  }

  pageGone(): void {
    this.open = false;
  }

  send<C extends EventChannel>(channel: C, payload: EventWireOf<C>): void {
    if (this.open) this.deliver(channel, payload);
  }
}
