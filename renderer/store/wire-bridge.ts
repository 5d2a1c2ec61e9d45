/**
 * The bridge over a wire, in the form that the stores use: every call has an answer. Requests are first checked here by
 * the rules of the service, so that a refusal is shown at once and in the same words. A call can still fail, because
 * the program behind the window may be busy or have a defect; a rejected promise would then stop whatever waits for it
 * and everything after it. What answer is used instead is declared with the call (electron/contract/call.ts).
 */
import { type Bridge, partsOf, roomsOf, type Wire } from '../../electron/contract/bridge.ts';
import {
  callFailure,
  callOf,
  checkRequest,
  EVENT_CHANNELS,
  EVENTS,
  REQUEST_CHANNELS,
  type ReplyOf,
  type RequestChannel,
  type RequestOf,
} from '../../electron/contract/channels.ts';
import { unpack } from '../../electron/contract/packed.ts';
import type { Failure, Result } from '../../native/core/result.ts';

/** Thrown if a call without which the page cannot continue failed; holds the failure to show to the person. */
export class Unanswered extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

type Rooms = Record<string, Record<string, (argument: never) => unknown>>;

/** The method of a wire for a channel. */
function memberOf(rooms: unknown, channel: string): (argument: unknown) => unknown {
  const [room, name] = partsOf(channel);
  return (rooms as Rooms)[room]?.[name] as never;
}

/** The answer of any call, or why there is none. */
async function ask(wire: Wire, channel: RequestChannel, request: unknown): Promise<Result<unknown>> {
  const checked = checkRequest(channel, request);
  if (!checked.ok) return checked;
  try {
    const answer = (await memberOf(wire, channel)(checked.value)) as Result<unknown>;
    return answer.ok && callOf(channel).form === 'packed'
      ? { ok: true, value: unpack(answer.value as string) }
      : answer;
  } catch (error) {
    return { ok: false, failure: callFailure(error) };
  }
}

/** Locates a row for callers that need to know why there is no answer, because that does not mean "no such row". */
export function locateOver(wire: Wire, request: RequestOf<'view.locate'>): Promise<Result<ReplyOf<'view.locate'>>> {
  return ask(wire, 'view.locate', request) as Promise<Result<ReplyOf<'view.locate'>>>;
}

/** `tell` receives the failures that an answer cannot express. */
export function bridgeOver(wire: Wire, tell: (failure: Failure) => void): Bridge {
  async function call(channel: RequestChannel, request: unknown): Promise<unknown> {
    const { form, fallback } = callOf(channel);
    const answer = await ask(wire, channel, request);
    if (form === 'result') return answer;
    if (answer.ok) return answer.value;
    if (fallback.how === 'reject') throw new Unanswered(answer.failure);
    if (fallback.how === 'say') return fallback.value(answer.failure);
    // A view may be closed while a call about it is on its way, which need not be shown.
    if (answer.failure.code !== 'closed') tell(answer.failure);
    return fallback.value;
  }

  return {
    ...(roomsOf(REQUEST_CHANNELS, (channel) => (request: unknown) => call(channel, request ?? null)) as object),
    on: roomsOf(EVENT_CHANNELS, (channel) => {
      // The payload is unpacked once for all listeners.
      const listeners = new Set<(payload: unknown) => void>();
      let end: (() => void) | null = null;
      const heard = (payload: unknown): void => {
        const value = EVENTS[channel].form === 'packed' ? unpack(payload as string) : payload;
        for (const listener of [...listeners]) listener(value);
      };
      return (listener: (payload: unknown) => void) => {
        listeners.add(listener);
        end ??= memberOf(wire.on, channel)(heard) as () => void;
        return () => {
          listeners.delete(listener);
          if (listeners.size > 0) return;
          end?.();
          end = null;
        };
      };
    }),
  } as Bridge;
}
