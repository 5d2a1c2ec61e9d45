/**
 * The debug output of Windows: the 4 KiB section and the two events through which OutputDebugString hands each message
 * to one viewer. Programs wait until the viewer has taken a message, so the caller has to take them at once.
 */
import { fail, ok, type Result } from '../core/result.ts';
import { deniedToUser } from './denied.ts';
import { ERROR } from './errors.ts';
import { bound, systemError } from './library.ts';
import { runningProcesses } from './processes.ts';

export type DebugScope = 'session' | 'global';

export const DEBUG_BUFFER_BYTES = 4096;

/**
 * Security descriptor that lets everyone write, including low-integrity and sandboxed programs. With the default rights
 * of an elevated viewer, the output of ordinary programs would not be seen. The GX right is needed to wait for an
 * event.
 */
const SECURITY =
  'D:(A;;GRGWGX;;;WD)(A;;GRGWGX;;;AN)(A;;GRGWGX;;;S-1-15-2-1)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;OW)S:(ML;;NW;;;LW)';
const SDDL_REVISION = 1;
const PAGE_READWRITE = 4;
const FILE_MAP_READ = 4;
const NO_FILE = 0xffffffffffffffffn;
const WAIT_TIMEOUT = 0x102;
const CP_ACP = 0;
const CP_UTF8 = 65001;

/** Names of programs that own the debug output while they run. */
const VIEWERS = [
  'dbgview.exe',
  'dbgview64.exe',
  'dbgview64a.exe',
  'debugview++.exe',
  'debugviewconsole.exe',
  'tracespy.exe',
  'tracespyconsole.exe',
  'traceview.exe',
  'ringview.exe',
];

const api = bound('kernel32.dll', (declare) => ({
  createEvent: declare(
    'uintptr_t __stdcall CreateEventW(void *security, int manual, int initial, const char16_t *name)',
  ),
  setEvent: declare('int __stdcall SetEvent(uintptr_t event)'),
  createMapping: declare(
    'uintptr_t __stdcall CreateFileMappingW(uintptr_t file, void *security, uint32_t protect, uint32_t high, uint32_t low, const char16_t *name)',
  ),
  openMapping: declare('uintptr_t __stdcall OpenFileMappingW(uint32_t access, int inherit, const char16_t *name)'),
  mapView: declare(
    'uintptr_t __stdcall MapViewOfFile(uintptr_t section, uint32_t access, uint32_t high, uint32_t low, size_t bytes)',
  ),
  unmapView: declare('int __stdcall UnmapViewOfFile(uintptr_t address)'),
  waitFor: declare(
    'uint32_t __stdcall WaitForMultipleObjects(uint32_t count, void *handles, int all, uint32_t milliseconds)',
  ),
  closeHandle: declare('int __stdcall CloseHandle(uintptr_t handle)'),
  localFree: declare('uintptr_t __stdcall LocalFree(uintptr_t memory)'),
  toWide: declare(
    'int __stdcall MultiByteToWideChar(uint32_t page, uint32_t flags, void *text, int bytes, void *wide, int units)',
  ),
  fromWide: declare(
    'int __stdcall WideCharToMultiByte(uint32_t page, uint32_t flags, void *wide, int units, void *text, int bytes, void *unknown, void *used)',
  ),
  counter: declare('int __stdcall QueryPerformanceCounter(void *count)'),
  getLastError: declare('uint32_t __stdcall GetLastError()'),
  copyOut: declare('void __stdcall RtlMoveMemory(void *target, uintptr_t source, size_t bytes)'),
}));

const security = bound('advapi32.dll', (declare) => ({
  descriptor: declare(
    'int __stdcall ConvertStringSecurityDescriptorToSecurityDescriptorW(const char16_t *text, uint32_t revision, void *descriptor, void *bytes)',
  ),
}));

export interface DebugBuffer {
  /** Can be passed to `wake` on any thread of this process to end a wait. */
  readonly stopHandle: number;
  /** Lets the first program write. */
  begin(): void;
  /**
   * Waits for a message. `taken`: it was copied to `target` (DEBUG_BUFFER_BYTES), its time to `ticks`, and the next
   * program was let in. If a message and a stop request are both there, the message is taken first.
   */
  take(target: Uint8Array, ticks: Uint32Array, timeoutMs: number): 'taken' | 'nothing' | 'stop';
  close(): void;
}

/** Failures: source-busy (naming the viewers that run), permission-denied, source-unsupported, io-error. */
export function createDebugBuffer(scope: DebugScope): Result<DebugBuffer> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const calls = loaded.value;
  const attributes = everyone(calls.getLastError);
  if (!attributes.ok) return attributes;
  const handles: number[] = [];
  const close = (): void => {
    for (const handle of handles.splice(0)) calls.closeHandle(handle);
  };
  const prefix = scope === 'global' ? 'Global\\' : '';
  const refuse = (what: string, error: number): Result<never> => {
    close();
    calls.localFree(attributes.value.descriptor);
    return whyNot(scope, what, error);
  };

  const mapping: number = calls.createMapping(
    NO_FILE,
    attributes.value.bytes,
    PAGE_READWRITE,
    0,
    DEBUG_BUFFER_BYTES,
    `${prefix}DBWIN_BUFFER`,
  );
  const mappingError: number = calls.getLastError();
  if (mapping === 0) return refuse('the buffer of the debug output cannot be created', mappingError);
  handles.push(mapping);
  if (mappingError === ERROR.ALREADY_EXISTS) return refuse('', mappingError);
  // BUFFER_READY is not set before `begin`, so that programs which find the buffer wait until messages are being taken.
  const names = [`${prefix}DBWIN_DATA_READY`, null, `${prefix}DBWIN_BUFFER_READY`];
  for (const name of names) {
    const event: number = calls.createEvent(name === null ? null : attributes.value.bytes, 0, 0, name);
    const error: number = calls.getLastError();
    if (event === 0) return refuse('the events of the debug output cannot be created', error);
    handles.push(event);
    // Unlike the section, an existing event is no obstacle: a program that opened it for an earlier viewer still holds
    // it, and it serves just as well.
  }
  const address: number = calls.mapView(mapping, FILE_MAP_READ, 0, 0, 0);
  if (address === 0) return refuse('the buffer of the debug output cannot be mapped', calls.getLastError());
  calls.localFree(attributes.value.descriptor);

  const [, dataReady = 0, stop = 0, bufferReady = 0] = handles;
  const waits = new BigUint64Array([BigInt(dataReady), BigInt(stop)]);
  return ok({
    stopHandle: stop,
    begin: () => {
      // Resets DATA_READY: a message that an earlier viewer was told of and did not take is not for this one.
      calls.waitFor(1, waits, 0, 0);
      calls.setEvent(bufferReady);
    },
    take: (target, ticks, timeoutMs) => {
      const woken: number = calls.waitFor(2, waits, 0, timeoutMs);
      if (woken === 1) return 'stop';
      if (woken !== 0) return woken === WAIT_TIMEOUT ? 'nothing' : 'stop';
      calls.counter(ticks);
      calls.copyOut(target, address, DEBUG_BUFFER_BYTES);
      calls.setEvent(bufferReady);
      return 'taken';
    },
    close: () => {
      calls.unmapView(address);
      close();
    },
  });
}

/** Ends a wait of another thread of this process. */
export function wake(stopHandle: number): void {
  const loaded = api();
  if (loaded.ok) loaded.value.setEvent(stopHandle);
}

/** SECURITY_ATTRIBUTES of 64-bit Windows; the caller frees `descriptor`. */
function everyone(getLastError: () => number): Result<{ bytes: Uint8Array; descriptor: bigint }> {
  const loaded = security();
  if (!loaded.ok) return loaded;
  const pointer = new BigUint64Array(1);
  if (loaded.value.descriptor(SECURITY, SDDL_REVISION, pointer, null) === 0) {
    const what = 'The rights to the debug output cannot be made';
    return fail('io-error', what, 'See the system error', systemError(getLastError()));
  }
  const descriptor = pointer[0] as bigint;
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setBigUint64(8, descriptor, true);
  return ok({ bytes, descriptor });
}

/** Whether a viewer owns the debug output; null if that cannot be told. Failure: source-unsupported. */
export function debugBufferOwned(scope: DebugScope): Result<boolean | null> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const { openMapping, closeHandle, getLastError } = loaded.value;
  const mapping: number = openMapping(FILE_MAP_READ, 0, scope === 'global' ? 'Global\\DBWIN_BUFFER' : 'DBWIN_BUFFER');
  if (mapping !== 0) {
    closeHandle(mapping);
    return ok(true);
  }
  const error: number = getLastError();
  if (error === ERROR.FILE_NOT_FOUND) return ok(false);
  return ok(error === ERROR.ACCESS_DENIED ? true : null);
}

/** Known viewers that are running, for people: `dbgview64.exe (pid 12)`. */
export function runningViewers(): string[] {
  const all = runningProcesses();
  if (!all.ok) return [];
  return all.value
    .filter(({ name, pid }) => pid !== process.pid && VIEWERS.includes(name.toLowerCase()))
    .map(({ name, pid }) => `${name} (pid ${pid})`);
}

function whyNot(scope: DebugScope, what: string, error: number): Result<never> {
  const system = systemError(error);
  if (error === ERROR.ALREADY_EXISTS) {
    const viewers = runningViewers();
    const owner = viewers.length > 0 ? viewers.join(' or ') : 'another viewer';
    const action = viewers.length > 0 ? 'Close it, then try again' : 'Close it; if none runs, try again in ten seconds';
    return fail('source-busy', `The debug output is taken by ${owner}`, action, system);
  }
  if (error === ERROR.ACCESS_DENIED || error === ERROR.PRIVILEGE_NOT_HELD) {
    const action =
      scope === 'global'
        ? 'Start RingView as administrator, or use dbwin: for this logon session'
        : 'Close viewers that run as administrator, or start RingView as administrator';
    return deniedToUser(`The debug output may not be captured: ${what || 'access denied'}`, action, system);
  }
  return fail('io-error', `The debug output cannot be captured: ${what}`, 'Try again', system);
}

/** Text in the machine's ANSI code page as UTF-8; null if the system cannot tell. */
export function ansiToUtf8(text: Uint8Array): Uint8Array | null {
  const loaded = api();
  if (!loaded.ok || text.length === 0) return null;
  const wide = new Uint16Array(text.length);
  const units: number = loaded.value.toWide(CP_ACP, 0, text, text.length, wide, wide.length);
  const utf8 = new Uint8Array(units * 3);
  const bytes: number = units === 0 ? 0 : loaded.value.fromWide(CP_UTF8, 0, wide, units, utf8, utf8.length, null, null);
  return bytes === 0 ? null : utf8.subarray(0, bytes);
}
