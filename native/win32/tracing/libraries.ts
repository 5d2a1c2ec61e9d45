/**
 * Which libraries of Windows have the functions of tracing and of event logs. A file of its own, so that a test can build
 * the modules beside it against a library that only stands in for them.
 */
export const TRACING_LIBRARIES = { traces: 'advapi32.dll', providers: 'tdh.dll', eventLogs: 'wevtapi.dll' } as const;
