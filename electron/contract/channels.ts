/**
 * Everything that is sent between the program and a page, in one map. Each call is declared once, in `calls/`, and each
 * event once, in `events.ts`; types, lists, checks, the preload script, the bridge and its answers derive from them.
 * The contract names no type of Electron, so that the same page can be served over another transport.
 */
import type { Failure, Result } from '../../native/core/result.ts';
import type { Call, Form } from './call.ts';
import { addressCalls } from './calls/address-calls.ts';
import { appCalls } from './calls/app-calls.ts';
import { bookmarkCalls } from './calls/bookmark-calls.ts';
import { colourCalls } from './calls/colour-calls.ts';
import { filterCalls } from './calls/filter-calls.ts';
import { libraryCalls } from './calls/library-calls.ts';
import { logCalls } from './calls/log-calls.ts';
import { machineCalls } from './calls/machine-calls.ts';
import { mergeCalls } from './calls/merge-calls.ts';
import { recentCalls } from './calls/recent-calls.ts';
import { schemaCalls } from './calls/schema-calls.ts';
import { sessionCalls } from './calls/session-calls.ts';
import { settingsCalls } from './calls/settings-calls.ts';
import { sqlCalls } from './calls/sql-calls.ts';
import { viewCalls } from './calls/view-calls.ts';
import { watchCalls } from './calls/watch-calls.ts';
import { checked } from './check.ts';
import { EVENTS, type Event } from './events.ts';
import type { Packed } from './packed.ts';

export { EVENTS };

export const CALLS = {
  ...{ ...appCalls, ...sessionCalls, ...mergeCalls, ...viewCalls, ...bookmarkCalls },
  ...{ ...watchCalls, ...colourCalls, ...filterCalls, ...libraryCalls, ...recentCalls, ...machineCalls },
  ...{ ...sqlCalls, ...logCalls, ...addressCalls, ...settingsCalls, ...schemaCalls },
};

export type RequestChannel = keyof typeof CALLS;
export type EventChannel = keyof typeof EVENTS;

export const REQUEST_CHANNELS = Object.keys(CALLS) as readonly RequestChannel[];
export const EVENT_CHANNELS = Object.keys(EVENTS) as readonly EventChannel[];

/** The request of a channel. `null` means that there is nothing to say. */
export type RequestOf<C extends RequestChannel> = (typeof CALLS)[C] extends Call<infer Q, infer _R, Form> ? Q : never;
/** The reply of a channel, as both sides of the wire see it. */
export type ReplyOf<C extends RequestChannel> = (typeof CALLS)[C] extends Call<infer _Q, infer R, Form> ? R : never;
/** The reply in the form in which it is sent. */
export type WireOf<C extends RequestChannel> =
  (typeof CALLS)[C] extends Call<unknown, infer R, 'packed'> ? Packed<R> : ReplyOf<C>;

export type PayloadOf<C extends EventChannel> = (typeof EVENTS)[C] extends Event<infer P, infer _F> ? P : never;
export type EventWireOf<C extends EventChannel> =
  (typeof EVENTS)[C] extends Event<infer P, 'packed'> ? Packed<P> : PayloadOf<C>;

/** The declaration of a call with its own types removed, for code that treats all calls alike. */
export const callOf = (channel: RequestChannel): Call<unknown, unknown, Form> =>
  CALLS[channel] as Call<unknown, unknown, Form>;

/**
 * The answer to a call, over any transport: the reply, or why the call was refused. `bad-argument`: not a valid request
 * of its channel; `overloaded`: too many calls are waiting already; `closed`: the view or session is not open any more;
 * `internal`: a defect. If the reply itself may be a failure, a refusal is given as such a failure.
 */
export type Answer<C extends RequestChannel> =
  (typeof CALLS)[C] extends Call<unknown, infer R, 'result'> ? R : Result<WireOf<C>>;

/** The service's side: one handler a channel. */
export type Handlers = {
  readonly [C in RequestChannel]: (request: RequestOf<C>) => Promise<ReplyOf<C>> | ReplyOf<C>;
};

/**
 * Rebuilds the request of a channel from untrusted data. Failure: bad-argument, with the field and what was expected.
 */
export function checkRequest<C extends RequestChannel>(channel: C, value: unknown): Result<RequestOf<C>> {
  return checked(callOf(channel).check, value) as Result<RequestOf<C>>;
}

/** The failure that is shown for a call that was refused or not answered. */
export function callFailure(error: unknown): Failure {
  return {
    code: 'internal',
    message: `The program behind the window did not answer: ${error instanceof Error ? error.message : String(error)}`,
    action: 'Try again; if it happens again, restart RingView and report it',
  };
}
