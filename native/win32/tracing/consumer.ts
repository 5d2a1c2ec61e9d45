/**
 * Reads the events of a logging session while it runs. Windows calls back for each event on the thread that waits in
 * `process`, so that thread has nothing else to do, and koffi runs the callbacks on it while the call lasts.
 */
import koffi from 'koffi';
import { fail, ok, type Result } from '../../core/result.ts';
import { deniedToUser } from '../denied.ts';
import { ERROR } from '../errors.ts';
import { bound, systemError } from '../library.ts';
import { allocate, type NativeMemory, wideBytes } from '../native-memory.ts';
import { TRACING_LIBRARIES } from './libraries.ts';
import { EVENT_TRACE_LOGFILEW as LOGFILE, PROCESS_MODE } from './structures.ts';

const INVALID_HANDLE = 0xffffffffffffffffn;
/** The longest name of a session, with its NUL, bytes. */
const NAME_BYTES = 2048;

const api = bound(TRACING_LIBRARIES.traces, (declare) => ({
  open: declare('uint64_t __stdcall OpenTraceW(uintptr_t logfile)'),
  process: declare('uint32_t __stdcall ProcessTrace(void *handles, uint32_t count, void *start, void *end)'),
  close: declare('uint32_t __stdcall CloseTrace(uint64_t handle)'),
}));

const errors = bound('kernel32.dll', (declare) => ({
  getLastError: declare('uint32_t __stdcall GetLastError()'),
}));

type Types = { readonly event: unknown; readonly buffer: unknown };
let types: Types | undefined;

/** Names of types are known to all of koffi, so they are declared once a thread. */
function callbackTypes(): Types {
  types ??= {
    event: koffi.pointer(koffi.proto('void __stdcall RingViewEventRecordCallback(uintptr_t record)')),
    buffer: koffi.pointer(koffi.proto('uint32_t __stdcall RingViewBufferCallback(uintptr_t logfile)')),
  };
  return types;
}

/** What the session says of the events that follow. */
export interface TraceFacts {
  /** By which another thread can end the reading; digits, because it has 64 bits. */
  readonly handle: string;
  readonly pointerBytes: 4 | 8;
  readonly cpuCount: number;
  /** Ticks a second of the performance counter; 0 if it does not say. */
  readonly frequency: number;
}

export interface TraceConsumer {
  readonly facts: TraceFacts;
  /** Returns once the session has ended, or was closed by `closeTrace`: 0, or the system's error. */
  process(): number;
  close(): void;
}

export interface TraceListener {
  /** Called with the address of an EVENT_RECORD, valid until it returns. */
  readonly onEvent: (record: number) => void;
  /** Called after the events of a buffer. Return false to end the reading. */
  readonly onBuffer: () => boolean;
}

/**
 * Opens a running session for reading. `raw`: stamps are those of the session's clock; else they are system time.
 * Failures: source-not-found, permission-denied, source-busy (others read it, and one more cannot), source-unsupported, io-error.
 */
export function openTrace(session: string, raw: boolean, listener: TraceListener): Result<TraceConsumer> {
  const loaded = api();
  if (!loaded.ok) return loaded;
  const kernel = errors();
  if (!kernel.ok) return kernel;
  const memory = allocate(LOGFILE.size + NAME_BYTES);
  if (!memory.ok) return memory;
  const { event, buffer } = callbackTypes();
  const onEvent = koffi.register((record: number | bigint) => listener.onEvent(Number(record)), event as string);
  const onBuffer = koffi.register(() => (listener.onBuffer() ? 1 : 0), buffer as string);
  const release = (): void => {
    koffi.unregister(onEvent);
    koffi.unregister(onBuffer);
    memory.value.free();
  };
  const mode = PROCESS_MODE.REAL_TIME | PROCESS_MODE.EVENT_RECORD | (raw ? PROCESS_MODE.RAW_TIMESTAMP : 0);
  describe(memory.value, session, mode, onEvent, onBuffer);
  const handle = BigInt(loaded.value.open(memory.value.address));
  if (handle === INVALID_HANDLE) {
    const error: number = kernel.value.getLastError();
    release();
    return refused(session, error);
  }
  const handles = new BigUint64Array([handle]);
  return ok({
    facts: factsOf(memory.value, handle),
    process: () => loaded.value.process(handles, 1, null, null),
    close: () => {
      loaded.value.close(handle);
      release();
    },
  });
}

/** Ends the reading of `handle` from any thread of this process. */
export function closeTrace(handle: string): void {
  const loaded = api();
  if (loaded.ok) loaded.value.close(BigInt(handle));
}

function describe(memory: NativeMemory, session: string, mode: number, onEvent: bigint, onBuffer: bigint): void {
  const logfile = new Uint8Array(LOGFILE.size);
  const view = new DataView(logfile.buffer);
  const name = wideBytes(session);
  memory.write(name.subarray(0, NAME_BYTES), LOGFILE.size);
  view.setBigUint64(LOGFILE.LoggerName, BigInt(memory.address + LOGFILE.size), true);
  view.setUint32(LOGFILE.ProcessTraceMode, mode >>> 0, true);
  view.setBigUint64(LOGFILE.EventRecordCallback, onEvent, true);
  view.setBigUint64(LOGFILE.BufferCallback, onBuffer, true);
  memory.write(logfile);
}

function factsOf(memory: NativeMemory, handle: bigint): TraceFacts {
  const view = new DataView(memory.read(LOGFILE.size).buffer);
  return {
    handle: handle.toString(),
    pointerBytes: view.getUint32(LOGFILE['LogfileHeader.PointerSize'], true) === 4 ? 4 : 8,
    cpuCount: view.getUint32(LOGFILE['LogfileHeader.NumberOfProcessors'], true),
    frequency: Number(view.getBigInt64(LOGFILE['LogfileHeader.PerfFreq'], true)),
  };
}

function refused(session: string, error: number): Result<never> {
  const what = `The logging session '${session}' cannot be read`;
  const system = systemError(error);
  switch (error) {
    case ERROR.ACCESS_DENIED: {
      const action = 'Start RingView as administrator, or join the group Performance Log Users';
      return deniedToUser(what, action, system);
    }
    case ERROR.WMI_INSTANCE_NOT_FOUND:
    case ERROR.FILE_NOT_FOUND:
      return fail('source-not-found', `${what}: there is none of this name`, 'List those that run: ringview traces');
    case ERROR.NO_SYSTEM_RESOURCES:
      return fail('source-busy', `${what}: as many programs read it as can`, 'Close one of them', system);
    default:
      return fail('io-error', what, 'See the system error', system);
  }
}
