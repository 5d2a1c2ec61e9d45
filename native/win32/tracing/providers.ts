/** Which providers of events there are on this machine, by name, and who has registered one. */
import { guidAt, guidBytes } from '../../core/guid.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { ERROR } from '../errors.ts';
import { bound, systemError } from '../library.ts';
import { TRACING_LIBRARIES } from './libraries.ts';
import {
  TRACE_ENABLE_INFO as ENABLED,
  PROVIDER_ENUMERATION_INFO as ENUMERATION,
  TRACE_PROVIDER_INSTANCE_INFO as INSTANCE,
  TRACE_PROVIDER_INFO as PROVIDER,
  TRACE_GUID_INFO as REGISTERED,
} from './structures.ts';

/** Bytes that Windows needs for all providers of a machine are some 200,000; a system that asks for more is not asked again. */
const FIRST_BYTES = 262_144;
/** Most providers have one registration. */
const FIRST_REGISTRATION_BYTES = 4096;
const MOST_BYTES = 64 * 1024 * 1024;
const TRACE_GUID_QUERY_LIST = 0;
const TRACE_GUID_QUERY_INFO = 1;
const GUID_BYTES = 16;
const utf16 = new TextDecoder('utf-16le');

const names = bound(TRACING_LIBRARIES.providers, (declare) => ({
  enumerate: declare('uint32_t __stdcall TdhEnumerateProviders(void *buffer, void *bytes)'),
}));

const registrations = bound(TRACING_LIBRARIES.traces, (declare) => ({
  query: declare(
    'uint32_t __stdcall EnumerateTraceGuidsEx(int class, void *input, uint32_t inputBytes, void *output, uint32_t outputBytes, void *needed)',
  ),
}));

/** Calls with a buffer until it is long enough. Null and the error where it fails. */
function withRoom(
  call: (buffer: Uint8Array, needed: Uint32Array) => number,
  firstBytes = FIRST_BYTES,
): Uint8Array<ArrayBuffer> | number {
  let bytes = firstBytes;
  for (;;) {
    const buffer = new Uint8Array(bytes);
    const needed = new Uint32Array([bytes]);
    const error = call(buffer, needed);
    if (error === 0) return buffer;
    const [asked = 0] = needed;
    // Providers may come while the list is made: a little more is asked for than was needed.
    if (error !== ERROR.INSUFFICIENT_BUFFER || asked <= bytes || asked > MOST_BYTES) return error;
    bytes = asked + 4096;
  }
}

/** Providers that Windows knows by name: GUIDs by names in lower case. Failures: source-unsupported, io-error. */
export function providersByName(): Result<Map<string, string>> {
  const loaded = names();
  if (!loaded.ok) return loaded;
  const buffer = withRoom((bytes, needed) => loaded.value.enumerate(bytes, needed));
  if (typeof buffer === 'number') {
    return fail(
      'io-error',
      'The providers of events cannot be listed',
      'Name the provider by GUID',
      systemError(buffer),
    );
  }
  return ok(readProviders(buffer));
}

/** The list that TdhEnumerateProviders filled. Never reads beyond it. */
export function readProviders(buffer: Uint8Array<ArrayBuffer>): Map<string, string> {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const found = new Map<string, string>();
  const first = ENUMERATION.TraceProviderInfoArray;
  const room = Math.max(0, Math.floor((buffer.length - first) / PROVIDER.size));
  const count = buffer.length < first ? 0 : Math.min(view.getUint32(ENUMERATION.NumberOfProviders, true), room);
  for (let number = 0; number < count; number++) {
    const at = first + number * PROVIDER.size;
    const nameAt = view.getUint32(at + PROVIDER.ProviderNameOffset, true);
    let end = nameAt;
    while (end + 2 <= buffer.length && view.getUint16(end, true) !== 0) end += 2;
    if (nameAt === 0 || end <= nameAt) continue;
    found.set(utf16.decode(buffer.subarray(nameAt, end)).toLowerCase(), guidAt(view, at + PROVIDER.ProviderGuid));
  }
  return found;
}

/** GUIDs of the providers that somebody has registered or enabled. Failures: source-unsupported, permission-denied, io-error. */
export function registeredProviders(): Result<string[]> {
  const loaded = registrations();
  if (!loaded.ok) return loaded;
  const { query } = loaded.value;
  let filled = 0;
  const buffer = withRoom((bytes, needed) => {
    const error = query(TRACE_GUID_QUERY_LIST, null, 0, bytes, bytes.length, needed);
    [filled = 0] = needed;
    return error;
  });
  if (typeof buffer === 'number') return refused('Windows does not list the providers that are registered', buffer);
  const view = new DataView(buffer.buffer);
  const count = Math.floor(Math.min(filled, buffer.length) / GUID_BYTES);
  return ok(Array.from({ length: count }, (_, at) => guidAt(view, at * GUID_BYTES)));
}

function refused(what: string, error: number): Result<never> {
  const code = error === ERROR.ACCESS_DENIED ? 'permission-denied' : 'io-error';
  return fail(code, what, 'See the system error', systemError(error));
}

/** One registration of a provider. */
export interface Registration {
  /** The process; 0 or 4 for a driver. */
  readonly pid: number;
  /** What each session that it writes into asked for. */
  readonly enabled: readonly { readonly loggerId: number; readonly level: number; readonly keywords: bigint }[];
}

/** Who has registered a provider; none where it is not loaded. Failures: source-unsupported, permission-denied, io-error. */
export function registrationsOf(guid: string): Result<Registration[]> {
  const loaded = registrations();
  if (!loaded.ok) return loaded;
  const { query } = loaded.value;
  const input = guidBytes(guid);
  const buffer = withRoom(
    (bytes, needed) => query(TRACE_GUID_QUERY_INFO, input, input.length, bytes, bytes.length, needed),
    FIRST_REGISTRATION_BYTES,
  );
  if (typeof buffer !== 'number') return ok(readRegistrations(buffer));
  if (buffer === ERROR.WMI_GUID_NOT_FOUND || buffer === ERROR.NOT_FOUND) return ok([]);
  return refused(`Windows does not say who has registered the provider {${guid}}`, buffer);
}

/** What EnumerateTraceGuidsEx filled for one provider. Never reads beyond it, and ends whatever its offsets say. */
export function readRegistrations(buffer: Uint8Array<ArrayBuffer>): Registration[] {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const found: Registration[] = [];
  if (buffer.length < REGISTERED.size) return found;
  const instances = view.getUint32(REGISTERED.InstanceCount, true);
  for (let at: number = REGISTERED.size; found.length < instances && at + INSTANCE.size <= buffer.length; ) {
    const count = view.getUint32(at + INSTANCE.EnableCount, true);
    const enabled: { loggerId: number; level: number; keywords: bigint }[] = [];
    for (let number = 0; number < count; number++) {
      const info = at + INSTANCE.size + number * ENABLED.size;
      if (info + ENABLED.size > buffer.length) break;
      if (view.getUint32(info + ENABLED.IsEnabled, true) === 0) continue;
      enabled.push({
        loggerId: view.getUint16(info + ENABLED.LoggerId, true),
        level: view.getUint8(info + ENABLED.Level),
        keywords: view.getBigUint64(info + ENABLED.MatchAnyKeyword, true),
      });
    }
    found.push({ pid: view.getUint32(at + INSTANCE.Pid, true), enabled });
    const next = view.getUint32(at + INSTANCE.NextOffset, true);
    if (next < INSTANCE.size) break;
    at += next;
  }
  return found;
}
