/**
 * Logging sessions of Windows tracing: starts, asks, flushes and stops them, and tells providers what to write into them.
 * A session outlives the process that started it, so whoever starts one stops it.
 */

import { guidBytes } from '../../core/guid.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { deniedToUser } from '../denied.ts';
import { ERROR } from '../errors.ts';
import { bound, systemError, wideText } from '../library.ts';
import { allocate } from '../native-memory.ts';
import { TRACING_LIBRARIES } from './libraries.ts';
import { LOG_MODE, EVENT_TRACE_PROPERTIES as PROPERTIES } from './structures.ts';

/** Longest name of a session or of its file with the NUL, UTF-16 units; the system accepts as many. */
const NAME_UNITS = 1024;
const NAME_AT = PROPERTIES.size;
const FILE_AT = NAME_AT + NAME_UNITS * 2;
const PROPERTIES_BYTES = FILE_AT + NAME_UNITS * 2;
const WNODE_FLAG_TRACED_GUID = 0x00020000;
/** Wnode.ClientContext: stamps are those of the performance counter, as the rings of drivers have them. */
export const CLOCK_QPC = 1;
const CONTROL = { QUERY: 0, STOP: 1, FLUSH: 3 } as const;
const ENABLE_PROVIDER = 1;
/** KB of a buffer: an event of 64 KiB has to fit into one. */
const BUFFER_KB = 128;
/** Buffers of the session: 16 MB at most, one second of very much. */
const LEAST_BUFFERS = 16;
const MOST_BUFFERS = 128;
/** Seconds after which a buffer is handed over although it is not full; the least there is. */
const FLUSH_SECONDS = 1;
/** Sessions that Windows has at once, unless it is told otherwise. */
const USUAL_SESSIONS = 64;
const MOST_SESSIONS = 1024;

const api = bound(TRACING_LIBRARIES.traces, (declare) => ({
  start: declare('uint32_t __stdcall StartTraceW(void *handle, const char16_t *name, void *properties)'),
  control: declare(
    'uint32_t __stdcall ControlTraceW(uint64_t handle, const char16_t *name, void *properties, uint32_t code)',
  ),
  enable: declare(
    'uint32_t __stdcall EnableTraceEx2(uint64_t handle, void *provider, uint32_t code, uint8_t level, uint64_t any, uint64_t all, uint32_t timeout, void *parameters)',
  ),
  queryAll: declare('uint32_t __stdcall QueryAllTracesW(uintptr_t properties, uint32_t count, void *found)'),
}));

/** What Windows says of a logging session. */
export interface SessionFacts {
  readonly name: string;
  /** Where it writes; empty for one that is only read while it runs. */
  readonly logFile: string;
  /** Bits of LOG_MODE and others. */
  readonly mode: number;
  /** Wnode.ClientContext: 1 performance counter, 2 system time, 3 cycles. */
  readonly clock: number;
  /** What a system logger writes, bits of KERNEL_FLAGS. */
  readonly kernelFlags: number;
  readonly eventsLost: number;
  /** Buffers that could not be written to the file. */
  readonly fileBuffersLost: number;
  /** Buffers that nobody read in time. */
  readonly readBuffersLost: number;
  readonly buffersWritten: number;
  /** By which TRACE_ENABLE_INFO names it; 0 where it is not known. */
  readonly loggerId: number;
}

/** Properties for a call that fills them. */
function emptyProperties(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PROPERTIES_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(PROPERTIES['Wnode.BufferSize'], PROPERTIES_BYTES, true);
  view.setUint32(PROPERTIES.LoggerNameOffset, NAME_AT, true);
  view.setUint32(PROPERTIES.LogFileNameOffset, FILE_AT, true);
  return bytes;
}

/** Facts out of properties that a call filled. Offsets that lie outside are those of no name. */
function factsOf(bytes: Uint8Array<ArrayBuffer>): SessionFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => view.getUint32(at, true);
  const textAt = (at: number): string => {
    if (at < PROPERTIES.size || at + 2 > bytes.length) return '';
    const units = bytes.slice(at, at + Math.min(NAME_UNITS * 2, (bytes.length - at) & ~1));
    return wideText(new Uint16Array(units.buffer));
  };
  return {
    name: textAt(word(PROPERTIES.LoggerNameOffset)),
    logFile: textAt(word(PROPERTIES.LogFileNameOffset)),
    mode: word(PROPERTIES.LogFileMode),
    clock: word(PROPERTIES['Wnode.ClientContext']),
    kernelFlags: word(PROPERTIES.EnableFlags),
    eventsLost: word(PROPERTIES.EventsLost),
    fileBuffersLost: word(PROPERTIES.LogBuffersLost),
    readBuffersLost: word(PROPERTIES.RealTimeBuffersLost),
    buffersWritten: word(PROPERTIES.BuffersWritten),
    loggerId: view.getUint16(PROPERTIES['Wnode.HistoricalContext'], true),
  };
}

/** What to do about an error of a call on the session `name`. */
function refused(what: string, error: number): Result<never> {
  const system = systemError(error);
  switch (error) {
    case ERROR.ACCESS_DENIED: {
      const action = 'Start RingView as administrator, or join the group Performance Log Users';
      return deniedToUser(what, action, system);
    }
    case ERROR.WMI_INSTANCE_NOT_FOUND:
      return fail('source-not-found', `${what}: there is none of this name`, 'List those that run: ringview traces');
    case ERROR.NO_SYSTEM_RESOURCES: {
      const action = 'Stop one that is not needed: ringview traces lists them';
      return fail('source-busy', `${what}: Windows has as many logging sessions as it can have`, action, system);
    }
    default:
      return fail('io-error', what, 'See the system error', system);
  }
}

export interface StartedSession {
  readonly name: string;
  readonly handle: bigint;
}

/**
 * Starts a session that is read while it runs, stamped by the performance counter. `kernelFlags`: what the system itself is
 * to write, as a system logger beside others (Windows 8 and later); null for a session of providers alone.
 * Failures: permission-denied, source-busy (no session is free), bad-argument (the name is taken), source-unsupported,
 * io-error.
 */
export function startSession(name: string, kernelFlags: number | null): Result<StartedSession> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const properties = emptyProperties();
  const view = new DataView(properties.buffer);
  view.setUint32(PROPERTIES['Wnode.Flags'], WNODE_FLAG_TRACED_GUID, true);
  view.setUint32(PROPERTIES['Wnode.ClientContext'], CLOCK_QPC, true);
  view.setUint32(PROPERTIES.BufferSize, BUFFER_KB, true);
  view.setUint32(PROPERTIES.MinimumBuffers, LEAST_BUFFERS, true);
  view.setUint32(PROPERTIES.MaximumBuffers, MOST_BUFFERS, true);
  view.setUint32(
    PROPERTIES.LogFileMode,
    LOG_MODE.REAL_TIME | (kernelFlags === null ? 0 : LOG_MODE.SYSTEM_LOGGER),
    true,
  );
  view.setUint32(PROPERTIES.FlushTimer, FLUSH_SECONDS, true);
  view.setUint32(PROPERTIES.EnableFlags, kernelFlags ?? 0, true);
  // It has no file.
  view.setUint32(PROPERTIES.LogFileNameOffset, 0, true);
  const handle = new BigUint64Array(1);
  const error: number = loaded.value.start(handle, name, properties);
  if (error === ERROR.ALREADY_EXISTS) {
    const action = `Stop it if it is not needed: ringview traces stop '${name}'`;
    return fail('bad-argument', `A logging session ${name} runs already`, action);
  }
  if (error !== 0) return refused('The logging session cannot be started', error);
  return ok({ name, handle: handle[0] as bigint });
}

/** Asks Windows for a session by its name. Failures: source-not-found, permission-denied, source-unsupported, io-error. */
export function querySession(name: string): Result<SessionFacts> {
  return control(name, CONTROL.QUERY, `The logging session '${name}' cannot be examined`);
}

/** Stops a session; the value is what it counted. Failures: as querySession. */
export function stopSession(name: string): Result<SessionFacts> {
  return control(name, CONTROL.STOP, `The logging session '${name}' cannot be stopped`);
}

/** Has a session hand over what is in its buffers now. Failures: as querySession. */
export function flushSession(name: string): Result<SessionFacts> {
  return control(name, CONTROL.FLUSH, `The logging session '${name}' cannot be flushed`);
}

function control(name: string, code: number, what: string): Result<SessionFacts> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const properties = emptyProperties();
  const error: number = loaded.value.control(0n, name, properties, code);
  // Windows says so where a name was longer than there was room for; all else is there.
  if (error !== 0 && error !== ERROR.MORE_DATA) return refused(what, error);
  return ok(factsOf(properties));
}

/**
 * Has a provider write into a session: events of `keywords` (any of these bits) up to `level`.
 * Failures: permission-denied, source-busy (it writes into as many sessions as it can), source-unsupported, io-error.
 */
export function enableProvider(session: StartedSession, guid: string, keywords: bigint, level: number): Result<null> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const { enable } = loaded.value;
  // Without a timeout the call does not wait for the provider. The last argument is for what this program does not ask for.
  const error: number = enable(session.handle, guidBytes(guid), ENABLE_PROVIDER, level, keywords, 0n, 0, null);
  return error === 0 ? ok(null) : refused(`The provider {${guid}} cannot be enabled`, error);
}

/** All logging sessions that this process may know of. Failures: permission-denied, source-unsupported, io-error. */
export function allSessions(): Result<SessionFacts[]> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  let room = USUAL_SESSIONS;
  for (;;) {
    const memory = allocate(room * (8 + PROPERTIES_BYTES));
    if (!memory.ok) return memory;
    const { address, write, read, free } = memory.value;
    const places = new BigUint64Array(room);
    for (let at = 0; at < room; at++) {
      const place = room * 8 + at * PROPERTIES_BYTES;
      places[at] = BigInt(address + place);
      write(emptyProperties(), place);
    }
    write(new Uint8Array(places.buffer));
    const found = new Uint32Array(1);
    const error: number = loaded.value.queryAll(address, room, found);
    const bytes = read();
    free();
    const [count = 0] = found;
    if (error === ERROR.MORE_DATA && count > room && count <= MOST_SESSIONS) {
      room = count;
      continue;
    }
    if (error !== 0 && error !== ERROR.MORE_DATA) return refused('The logging sessions cannot be listed', error);
    return ok(
      Array.from({ length: Math.min(count, room) }, (_, at) => {
        const place = room * 8 + at * PROPERTIES_BYTES;
        return factsOf(bytes.slice(place, place + PROPERTIES_BYTES));
      }),
    );
  }
}
