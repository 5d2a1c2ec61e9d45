/** A wire that records what crosses it, and on which a test can answer instead of the service, or delay the answer. */
import { partsOf, roomsOf, type Wire } from '../../electron/contract/bridge.ts';
import {
  type Answer,
  EVENT_CHANNELS,
  type EventChannel,
  REQUEST_CHANNELS,
  type RequestChannel,
  type RequestOf,
} from '../../electron/contract/channels.ts';

type Pass<C extends RequestChannel> = (request: RequestOf<C>) => Promise<Answer<C>>;
type Subscribe = (listener: (payload: unknown) => void) => () => void;
type Answering<C extends RequestChannel> = (request: RequestOf<C>, pass: Pass<C>) => Promise<Answer<C>>;

/** A call that waits for the test. */
export interface Waiting<C extends RequestChannel> {
  readonly request: RequestOf<C>;
  /** Lets the service answer now. */
  answer(): Promise<void>;
  /** Answers instead of the service. */
  say(answer: Answer<C>): void;
}

export class RecordedWire {
  /** Every request, in order. */
  readonly calls: { readonly channel: RequestChannel; readonly request: unknown }[] = [];
  /** Every event to which the page was subscribed, in order. */
  readonly told: { readonly channel: EventChannel; readonly payload: unknown }[] = [];
  readonly wire: Wire;
  private readonly answering = new Map<RequestChannel, Answering<RequestChannel>>();

  constructor(inner: Wire) {
    const events = inner.on as unknown as Record<string, Record<string, Subscribe>>;
    const rooms = inner as unknown as Record<string, Record<string, Pass<RequestChannel>>>;
    this.wire = {
      ...(roomsOf(REQUEST_CHANNELS, (channel) => async (request: RequestOf<RequestChannel>) => {
        this.calls.push({ channel, request });
        const [room, name] = partsOf(channel);
        const pass = rooms[room]?.[name] as Pass<RequestChannel>;
        const answer = this.answering.get(channel);
        return answer === undefined ? pass(request) : answer(request, pass);
      }) as object),
      on: roomsOf(EVENT_CHANNELS, (channel) => (listener: (payload: unknown) => void) => {
        const [room, name] = partsOf(channel);
        const subscribe = events[room]?.[name] as Subscribe;
        return subscribe((payload) => {
          this.told.push({ channel, payload });
          listener(payload);
        });
      }),
    } as Wire;
  }

  /** What a channel was asked with, in order. */
  asked<C extends RequestChannel>(channel: C): RequestOf<C>[] {
    return this.calls.filter((call) => call.channel === channel).map(({ request }) => request as RequestOf<C>);
  }

  /** Answers calls of a channel from now on. */
  answer<C extends RequestChannel>(channel: C, answering: Answering<C>): void {
    this.answering.set(channel, answering as unknown as Answering<RequestChannel>);
  }

  /** Lets the service answer again. Calls that wait continue to wait. */
  release(...channels: readonly RequestChannel[]): void {
    for (const channel of channels) this.answering.delete(channel);
  }

  /** Delays the calls of a channel from now on; returns those that wait, in the order in which they came. */
  hold<C extends RequestChannel>(channel: C): Waiting<C>[] {
    const waiting: Waiting<C>[] = [];
    this.answer(channel, (request, pass) => {
      return new Promise((resolve) => {
        waiting.push({ request, answer: async () => resolve(await pass(request)), say: resolve });
      });
    });
    return waiting;
  }
}
