/**
 * Sizes and offsets of the structures of Windows tracing on 64-bit Windows, as evntrace.h, evntcons.h, wmistr.h and
 * tdh.h declare them. Pure. `e2e/wine/tracing/layouts.h` says the same to a C compiler, and a test holds the two equal.
 */

export const EVENT_TRACE_PROPERTIES = {
  size: 120,
  'Wnode.BufferSize': 0,
  'Wnode.HistoricalContext': 8,
  'Wnode.Guid': 24,
  'Wnode.ClientContext': 40,
  'Wnode.Flags': 44,
  BufferSize: 48,
  MinimumBuffers: 52,
  MaximumBuffers: 56,
  MaximumFileSize: 60,
  LogFileMode: 64,
  FlushTimer: 68,
  EnableFlags: 72,
  NumberOfBuffers: 80,
  FreeBuffers: 84,
  EventsLost: 88,
  BuffersWritten: 92,
  LogBuffersLost: 96,
  RealTimeBuffersLost: 100,
  LoggerThreadId: 104,
  LogFileNameOffset: 112,
  LoggerNameOffset: 116,
} as const;

export const EVENT_TRACE_LOGFILEW = {
  size: 448,
  LogFileName: 0,
  LoggerName: 8,
  CurrentTime: 16,
  BuffersRead: 24,
  ProcessTraceMode: 28,
  CurrentEvent: 32,
  'LogfileHeader.BufferSize': 120,
  'LogfileHeader.NumberOfProcessors': 132,
  'LogfileHeader.PointerSize': 164,
  'LogfileHeader.CpuSpeedInMHz': 172,
  'LogfileHeader.BootTime': 368,
  'LogfileHeader.PerfFreq': 376,
  'LogfileHeader.StartTime': 384,
  'LogfileHeader.ReservedFlags': 392,
  'LogfileHeader.BuffersLost': 396,
  BufferCallback: 400,
  BufferSize: 408,
  Filled: 412,
  EventsLost: 416,
  EventRecordCallback: 424,
  IsKernelTrace: 432,
  Context: 440,
} as const;

export const EVENT_RECORD = {
  size: 112,
  'EventHeader.Size': 0,
  'EventHeader.HeaderType': 2,
  'EventHeader.Flags': 4,
  'EventHeader.EventProperty': 6,
  'EventHeader.ThreadId': 8,
  'EventHeader.ProcessId': 12,
  'EventHeader.TimeStamp': 16,
  'EventHeader.ProviderId': 24,
  'EventHeader.EventDescriptor.Id': 40,
  'EventHeader.EventDescriptor.Version': 42,
  'EventHeader.EventDescriptor.Channel': 43,
  'EventHeader.EventDescriptor.Level': 44,
  'EventHeader.EventDescriptor.Opcode': 45,
  'EventHeader.EventDescriptor.Task': 46,
  'EventHeader.EventDescriptor.Keyword': 48,
  'EventHeader.ActivityId': 64,
  BufferContext: 80,
  ExtendedDataCount: 84,
  UserDataLength: 86,
  ExtendedData: 88,
  UserData: 96,
  UserContext: 104,
} as const;

export const EVENT_HEADER_EXTENDED_DATA_ITEM = { size: 16, ExtType: 2, DataSize: 6, DataPtr: 8 } as const;

export const PROVIDER_ENUMERATION_INFO = { NumberOfProviders: 0, TraceProviderInfoArray: 8 } as const;

export const TRACE_PROVIDER_INFO = { size: 24, ProviderGuid: 0, SchemaSource: 16, ProviderNameOffset: 20 } as const;

export const TRACE_GUID_INFO = { size: 8, InstanceCount: 0 } as const;

export const TRACE_PROVIDER_INSTANCE_INFO = { size: 16, NextOffset: 0, EnableCount: 4, Pid: 8, Flags: 12 } as const;

export const TRACE_ENABLE_INFO = {
  size: 32,
  IsEnabled: 0,
  Level: 4,
  LoggerId: 6,
  EnableProperty: 8,
  MatchAnyKeyword: 16,
  MatchAllKeyword: 24,
} as const;

/** Bits of EVENT_HEADER.Flags. */
export const HEADER_FLAG = {
  EXTENDED_INFO: 0x0001,
  TRACE_MESSAGE: 0x0008,
  HEADER_32: 0x0020,
  HEADER_64: 0x0040,
  CLASSIC: 0x0100,
  PROCESSOR_INDEX: 0x0200,
} as const;

/** EVENT_HEADER_EXT_TYPE_*: what items of extended data are. */
export const EXTENDED_TYPE = { INSTANCE_INFO: 4, EVENT_SCHEMA_TL: 11, PROV_TRAITS: 12 } as const;

/** EVENT_TRACE_*_MODE: bits of LogFileMode. */
export const LOG_MODE = { REAL_TIME: 0x00000100, SYSTEM_LOGGER: 0x02000000 } as const;

/** PROCESS_TRACE_MODE_*. */
export const PROCESS_MODE = { REAL_TIME: 0x00000100, RAW_TIMESTAMP: 0x00001000, EVENT_RECORD: 0x10000000 } as const;

/** EVENT_TRACE_FLAG_*: what the system logger writes, by the names under which a person asks for it. */
export const KERNEL_FLAGS = {
  process: 0x00000001,
  thread: 0x00000002,
  image: 0x00000004,
  counters: 0x00000008,
  cswitch: 0x00000010,
  dpc: 0x00000020,
  interrupt: 0x00000040,
  syscall: 0x00000080,
  disk: 0x00000100,
  files: 0x00000200,
  diskinit: 0x00000400,
  dispatcher: 0x00000800,
  pagefault: 0x00001000,
  hardfault: 0x00002000,
  virtualalloc: 0x00004000,
  tcpip: 0x00010000,
  registry: 0x00020000,
  dbgprint: 0x00040000,
  alpc: 0x00100000,
  splitio: 0x00200000,
  driver: 0x00800000,
  profile: 0x01000000,
  fileio: 0x02000000,
  fileioinit: 0x04000000,
} as const;

export type KernelFlagName = keyof typeof KERNEL_FLAGS;
