/**
 * Handles one page's calls, whatever transport brings them. Each call is checked against the contract, limited, run,
 * and answered with its reply or with why there is none. Nothing is thrown, so that no transport has to interpret
 * errors.
 *
 * The limits are needed because a page that was taken over may call as fast as it can. Limited are the calls that wait
 * for something, in total and by channel, and the bytes of answers, which stay in this program until the page has taken
 * them. A person using the page never comes near these limits.
 */
import { fail, ok, type Result } from '../../native/core/result.ts';
import {
  type Answer,
  callOf,
  checkRequest,
  type Handlers,
  REQUEST_CHANNELS,
  type RequestChannel,
} from '../contract/channels.ts';
import { pack } from '../contract/packed.ts';
import { Refused } from './refused.ts';

export interface CallsDependencies {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Lets everything else run that is due. */
  readonly rest: () => Promise<void>;
  /**
   * Called with every refused call, as one line: a refusal is a sign of a defect or of an attack, and neither should go
   * unnoticed.
   */
  readonly onRefused: (channel: string, reason: string) => void;
  /** Called for every handler that threw. Expected failures are values, so an exception is a defect of ours. */
  readonly onDefect: (channel: string, error: unknown) => void;
}

/** The most calls that may wait at the same time. */
export const MOST_WAITING = 64;
/** The most calls of one channel that may wait at the same time. */
const MOST_WAITING_OF_ONE = 8;

/** The most bytes of answers for a page, both at once and in a second. */
const ANSWER_BYTES = 64 * 1024 * 1024;

const CHANNELS: ReadonlySet<string> = new Set(REQUEST_CHANNELS);

export class Calls {
  /** One for each channel. */
  readonly handlers: Handlers;
  private readonly dependencies: CallsDependencies;
  private readonly waiting = new Map<RequestChannel, number>();
  private waitingInAll = 0;
  private bytesLeft = ANSWER_BYTES;
  private refilledAt: number;

  constructor(handlers: Handlers, dependencies: CallsDependencies) {
    this.handlers = handlers;
    this.dependencies = dependencies;
    this.refilledAt = dependencies.now();
  }

  /** Calls that have not been answered yet. */
  get waitingCalls(): number {
    return this.waitingInAll;
  }

  /** Checks, runs and answers a call. Never rejects. */
  async answer<C extends RequestChannel>(channel: C, payload: unknown): Promise<Answer<C>> {
    try {
      // A transport may pass on any name that it receives from outside.
      if (!CHANNELS.has(channel))
        return this.refused(
          channel,
          fail('bad-argument', 'There is no such call', 'Use one of the contract'),
        ) as Answer<C>;
      const request = checkRequest(channel, payload);
      if (!request.ok) return this.refused(channel, { ok: false, failure: request.failure }) as Answer<C>;
      const busy = this.tooMuch(channel);
      if (busy !== null) {
        return this.refused(
          channel,
          fail('overloaded', busy, 'Wait until some are answered, then try again'),
        ) as Answer<C>;
      }
      const reply = await this.run(channel, () => this.handlers[channel](request.value));
      const { form } = callOf(channel);
      const wire = form === 'packed' ? pack(reply) : reply;
      this.bytesLeft -= weightOf(wire);
      return (form === 'result' ? wire : ok(wire)) as Answer<C>;
    } catch (error) {
      // Not a defect: a page may call about a view that was closed while the call was on its way.
      if (error instanceof Refused) return { ok: false, failure: error.failure } as Answer<C>;
      this.dependencies.onDefect(channel, error);
      const what = error instanceof Error ? error.message : String(error);
      return fail(
        'internal',
        `RingView met a defect of its own in ${channel}: ${what}`,
        'Please report it',
      ) as Answer<C>;
    }
  }

  private refused(channel: string, failure: Result<never>): Result<never> {
    if (!failure.ok) this.dependencies.onRefused(channel, failure.failure.message);
    return failure;
  }

  private tooMuch(channel: RequestChannel): string | null {
    if (this.waitingInAll >= MOST_WAITING) return 'Too many calls are waiting';
    if ((this.waiting.get(channel) ?? 0) >= MOST_WAITING_OF_ONE) return `Too many calls of ${channel} are waiting`;
    const now = this.dependencies.now();
    this.bytesLeft = Math.min(ANSWER_BYTES, this.bytesLeft + ((now - this.refilledAt) * ANSWER_BYTES) / 1000);
    this.refilledAt = now;
    return this.bytesLeft > 0 ? null : 'Too much was asked for at once';
  }

  private async run<T>(channel: RequestChannel, handle: () => T | Promise<T>): Promise<T> {
    const reply = callOf(channel).costly ? this.dependencies.rest().then(handle) : handle();
    if (!(reply instanceof Promise)) return reply;
    this.waiting.set(channel, (this.waiting.get(channel) ?? 0) + 1);
    this.waitingInAll++;
    try {
      return await reply;
    } finally {
      this.waiting.set(channel, (this.waiting.get(channel) ?? 0) - 1);
      this.waitingInAll--;
    }
  }
}

/** Approximate bytes of an answer while it is sent; only replies that can be large are counted. */
function weightOf(reply: unknown): number {
  if (typeof reply === 'string') return 2 * reply.length;
  if (typeof reply !== 'object' || reply === null) return 0;
  const { bytes, text } = reply as { readonly bytes?: unknown; readonly text?: unknown };
  return (bytes instanceof Uint8Array ? bytes.length : 0) + (typeof text === 'string' ? 2 * text.length : 0);
}
