/**
 * The one map of everything that crosses between the program and a page. Each call is declared once, in `calls/`, and
 * each event once, in `events.ts`; types, lists, checks, the preload script, the bridge and its answers derive from them.
 * The contract names no Electron type, so that the same page can be served over another transport.
 */
import type { Failure, Result } from '../../native/core/result.ts';
import type { Call, Form } from './call.ts';
import { appCalls } from './calls/app-calls.ts';
import { libraryCalls } from './calls/library-calls.ts';
import { machineCalls } from './calls/machine-calls.ts';
import { sessionCalls } from './calls/session-calls.ts';
import { viewCalls } from './calls/view-calls.ts';
import { checked } from './check.ts';
import { EVENTS, type Event } from './events.ts';
import type { Packed } from './packed.ts';

export { EVENTS };

export const CALLS = { ...appCalls, ...sessionCalls, ...viewCalls, ...libraryCalls, ...machineCalls };

export type RequestChannel = keyof typeof CALLS;
export type EventChannel = keyof typeof EVENTS;

export const REQUEST_CHANNELS = Object.keys(CALLS) as readonly RequestChannel[];
export const EVENT_CHANNELS = Object.keys(EVENTS) as readonly EventChannel[];

/** What a channel is asked with. `null` is "nothing". */
export type RequestOf<C extends RequestChannel> = (typeof CALLS)[C] extends Call<infer Q, infer _R, Form> ? Q : never;
/** What it replies with, on both sides of the wire. */
export type ReplyOf<C extends RequestChannel> = (typeof CALLS)[C] extends Call<infer _Q, infer R, Form> ? R : never;
/** The reply as it crosses. */
export type WireOf<C extends RequestChannel> =
  (typeof CALLS)[C] extends Call<unknown, infer R, 'packed'> ? Packed<R> : ReplyOf<C>;

export type PayloadOf<C extends EventChannel> = (typeof EVENTS)[C] extends Event<infer P, infer _F> ? P : never;
export type EventWireOf<C extends EventChannel> =
  (typeof EVENTS)[C] extends Event<infer P, 'packed'> ? Packed<P> : PayloadOf<C>;

/** The declaration of a call without the types of its own: for code that treats all alike. */
export const callOf = (channel: RequestChannel): Call<unknown, unknown, Form> =>
  CALLS[channel] as Call<unknown, unknown, Form>;

/**
 * What every call comes back with, over any transport: the reply, or why the call was refused. `bad-argument`: no valid
 * request of its channel; `overloaded`: too many calls are waiting already; `closed`: what it is about is not open any
 * more; `internal`: a defect. Where the reply itself may be a failure, a refusal is one like any other.
 */
export type Answer<C extends RequestChannel> =
  (typeof CALLS)[C] extends Call<unknown, infer R, 'result'> ? R : Result<WireOf<C>>;

/** The service's side: one handler a channel. */
export type Handlers = {
  readonly [C in RequestChannel]: (request: RequestOf<C>) => Promise<ReplyOf<C>> | ReplyOf<C>;
};

/** The request of a channel rebuilt from untrusted data. Failure: bad-argument, with the field and what was expected. */
export function checkRequest<C extends RequestChannel>(channel: C, value: unknown): Result<RequestOf<C>> {
  return checked(callOf(channel).check, value) as Result<RequestOf<C>>;
}

/** What a refused or unanswered call is told by. */
export function callFailure(error: unknown): Failure {
  return {
    code: 'internal',
    message: `The program behind the window did not answer: ${error instanceof Error ? error.message : String(error)}`,
    action: 'Try again; if it happens again, restart RingView and report it',
  };
}
