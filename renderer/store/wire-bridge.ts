/**
 * The bridge as the stores use it, over a wire: every call has an answer. A request is checked here first, by the rules
 * of the service, so that what it would refuse is said at once and in the same words. A call may be refused all the same,
 * and the program behind the window may be busy or have a defect; a rejection would end whatever waited for it, and with
 * it all that comes after. What the answer is then is declared with the call (electron/contract/call.ts).
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

/** A call that the page cannot go on without was refused; its failure is what the person is to be told. */
export class Unanswered extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

type Rooms = Record<string, Record<string, (argument: never) => unknown>>;

/** The member of a wire that a channel names. */
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

/** Looks for a row where somebody waits to be told why there is no answer, which is not to be taken for "no such row". */
export function locateOver(wire: Wire, request: RequestOf<'view.locate'>): Promise<Result<ReplyOf<'view.locate'>>> {
  return ask(wire, 'view.locate', request) as Promise<Result<ReplyOf<'view.locate'>>>;
}

/** `tell` gets what no answer can say. */
export function bridgeOver(wire: Wire, tell: (failure: Failure) => void): Bridge {
  async function call(channel: RequestChannel, request: unknown): Promise<unknown> {
    const { form, fallback } = callOf(channel);
    const answer = await ask(wire, channel, request);
    if (form === 'result') return answer;
    if (answer.ok) return answer.value;
    if (fallback.how === 'reject') throw new Unanswered(answer.failure);
    if (fallback.how === 'say') return fallback.value(answer.failure);
    // A view may be closed while it is asked about: that is no news.
    if (answer.failure.code !== 'closed') tell(answer.failure);
    return fallback.value;
  }

  return {
    ...(roomsOf(REQUEST_CHANNELS, (channel) => (request: unknown) => call(channel, request ?? null)) as object),
    on: roomsOf(EVENT_CHANNELS, (channel) => {
      // Many listen to the same event: it is unpacked once.
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
