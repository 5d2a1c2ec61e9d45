/** Event log channels of Windows, by subscription: hands over events from now on, as XML, when it is asked for them. */
import { fail, ok, type Result } from '../core/result.ts';
import { deniedToUser } from './denied.ts';
import { ERROR } from './errors.ts';
import { bound, systemError, wideText } from './library.ts';
import { TRACING_LIBRARIES } from './tracing/libraries.ts';

const FUTURE_EVENTS = 1;
const RENDER_EVENT_XML = 1;
const FORMAT_MESSAGE_EVENT = 1;
/** Events that are asked for at once. */
const EVENTS_A_CALL = 32;
/** UTF-16 units that most events take, and that none exceeds: Windows has at most 64 KiB of an event. */
const USUAL_UNITS = 8192;
const MOST_UNITS = 1_048_576;
/** Publishers whose texts are kept open. */
const MOST_PUBLISHERS = 256;

const api = bound(TRACING_LIBRARIES.eventLogs, (declare) => ({
  subscribe: declare(
    'uintptr_t __stdcall EvtSubscribe(uintptr_t session, uintptr_t signal, const char16_t *channel, const char16_t *query, uintptr_t bookmark, uintptr_t context, uintptr_t callback, uint32_t flags)',
  ),
  next: declare(
    'int __stdcall EvtNext(uintptr_t results, uint32_t count, void *events, uint32_t timeout, uint32_t flags, void *found)',
  ),
  render: declare(
    'int __stdcall EvtRender(uintptr_t context, uintptr_t event, uint32_t flags, uint32_t bytes, void *buffer, void *used, void *properties)',
  ),
  publisher: declare(
    'uintptr_t __stdcall EvtOpenPublisherMetadata(uintptr_t session, const char16_t *name, const char16_t *file, uint32_t locale, uint32_t flags)',
  ),
  format: declare(
    'int __stdcall EvtFormatMessage(uintptr_t publisher, uintptr_t event, uint32_t id, uint32_t count, void *values, uint32_t flags, uint32_t units, void *buffer, void *used)',
  ),
  close: declare('int __stdcall EvtClose(uintptr_t object)'),
}));

const kernel = bound('kernel32.dll', (declare) => ({
  createEvent: declare(
    'uintptr_t __stdcall CreateEventW(void *security, int manual, int initial, const char16_t *name)',
  ),
  closeHandle: declare('int __stdcall CloseHandle(uintptr_t handle)'),
  getLastError: declare('uint32_t __stdcall GetLastError()'),
}));

type Api = ReturnType<typeof api> extends Result<infer T> ? T : never;

export interface ChannelEvent {
  readonly xml: string;
  /** What Windows says of the event in words, given its provider; null where it has no words. */
  readonly sentence: (provider: string) => string | null;
}

export interface ChannelReader {
  /**
   * Hands over what has come, some events at most; how many. An event is valid during the call only. Failures: io-error, source-gone
   * (the channel was removed).
   */
  next(take: (event: ChannelEvent) => void): Result<number>;
  close(): void;
}

/**
 * Subscribes to what a channel gets from now on. Failures: source-not-found, permission-denied, bad-argument (a channel of a
 * kind that cannot be subscribed to), source-unsupported off Windows, io-error.
 */
export function openChannel(name: string): Result<ChannelReader> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const system = kernel();
  if (!system.ok) return system;
  const { createEvent, closeHandle, getLastError } = system.value;
  // Windows wants an event to signal, although this program asks for events by itself.
  const signal = Number(createEvent(null, 1, 0, null));
  const subscription = Number(loaded.value.subscribe(0, signal, name, null, 0, 0, 0, FUTURE_EVENTS));
  if (subscription === 0) {
    const error: number = getLastError();
    if (signal !== 0) closeHandle(signal);
    return refused(name, error);
  }
  return ok(new Subscription(loaded.value, subscription, getLastError, () => closeHandle(signal), name));
}

function refused(name: string, error: number): Result<never> {
  const what = `The event log channel '${name}' cannot be subscribed to`;
  const system = systemError(error);
  switch (error) {
    case ERROR.ACCESS_DENIED:
      return deniedToUser(what, 'Start RingView as administrator', system);
    case ERROR.EVT_CHANNEL_NOT_FOUND:
    case ERROR.FILE_NOT_FOUND:
      return fail('source-not-found', `${what}: there is none of this name`, 'wevtutil el lists those there are');
    case ERROR.EVT_DIRECT_CHANNEL: {
      const action = 'Read its provider live instead: etw:PROVIDER';
      return fail('bad-argument', `${what}: it is one for analysis or debugging`, action, system);
    }
    default:
      return fail('io-error', what, 'See the system error', system);
  }
}

class Subscription implements ChannelReader {
  private readonly api: Api;
  private readonly handle: number;
  private readonly lastError: () => number;
  private readonly release: () => void;
  private readonly name: string;
  private readonly events = new BigUint64Array(EVENTS_A_CALL);
  private readonly found = new Uint32Array(1);
  private readonly used = new Uint32Array(1);
  private units = new Uint16Array(USUAL_UNITS);
  private closed = false;
  /** 0 for a publisher that Windows has no texts of. */
  private readonly publishers = new Map<string, number>();

  constructor(calls: Api, handle: number, lastError: () => number, release: () => void, name: string) {
    this.api = calls;
    this.handle = handle;
    this.lastError = lastError;
    this.release = release;
    this.name = name;
  }

  next(take: (event: ChannelEvent) => void): Result<number> {
    const { api: calls, events, found } = this;
    if (calls.next(this.handle, EVENTS_A_CALL, events, 0, 0, found) === 0) {
      const error = this.lastError();
      if (error === ERROR.NO_MORE_ITEMS || error === ERROR.TIMEOUT) return ok(0);
      const gone = error === ERROR.EVT_CHANNEL_NOT_FOUND;
      const what = `The event log channel '${this.name}' can no longer be read`;
      return fail(gone ? 'source-gone' : 'io-error', what, 'Start the capture again', systemError(error));
    }
    const [count = 0] = found;
    let failure: Result<number> | null = null;
    for (const event of events.subarray(0, Math.min(count, EVENTS_A_CALL))) {
      const xml: string | Result<never> | null = failure === null ? this.render(event) : null;
      if (typeof xml === 'string') take({ xml, sentence: (provider) => this.format(provider, event) });
      else if (xml !== null) failure ??= xml;
      calls.close(event);
    }
    return failure ?? ok(count);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const publisher of this.publishers.values()) if (publisher !== 0) this.api.close(publisher);
    this.api.close(this.handle);
    this.release();
  }

  private render(event: bigint): string | Result<never> {
    for (;;) {
      const { units, used } = this;
      const properties = new Uint32Array(1);
      const done = this.api.render(0, event, RENDER_EVENT_XML, units.byteLength, units, used, properties);
      if (done !== 0) return wideText(units);
      const error = this.lastError();
      const needed = (used[0] as number) / 2;
      if (error !== ERROR.INSUFFICIENT_BUFFER || needed <= units.length || needed > MOST_UNITS) {
        const what = `An event of the channel '${this.name}' cannot be read`;
        return fail('io-error', what, 'Start the capture again', systemError(error));
      }
      this.units = new Uint16Array(Math.ceil(needed));
    }
  }

  private format(provider: string, event: bigint): string | null {
    const publisher = this.publisherOf(provider);
    if (publisher === 0) return null;
    const { units, used } = this;
    const done = this.api.format(publisher, event, 0, 0, null, FORMAT_MESSAGE_EVENT, units.length, units, used);
    const text = done === 0 ? '' : wideText(units).trim();
    return text === '' ? null : text;
  }

  private publisherOf(provider: string): number {
    const known = this.publishers.get(provider);
    if (known !== undefined) return known;
    if (this.publishers.size >= MOST_PUBLISHERS) return 0;
    const opened = Number(this.api.publisher(0, provider, null, 0, 0));
    this.publishers.set(provider, opened);
    return opened;
  }
}
