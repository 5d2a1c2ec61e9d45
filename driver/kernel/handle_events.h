/*
 * handle_events.h - reports handles to processes and threads that are opened or duplicated, as the typed records of
 * kernel_events.h, each once, when it is done. No access is changed.
 */
#ifndef RINGVIEW_HANDLE_EVENTS_H
#define RINGVIEW_HANDLE_EVENTS_H

#include "../include/ringview/kernel_events.h"
#include "process_events.h"

_IRQL_requires_max_(PASSIVE_LEVEL) bool rv_handle_events_available(void);

/*
 * Begins to report. `filter` stays where it is: its processes are those that ask and those that the handle leads to. `remarks` of
 * an event is the latter. On failure nothing changed.
 * STATUS_ACCESS_DENIED: the driver was not linked with /INTEGRITYCHECK, or is not signed as the system demands.
 * STATUS_OBJECT_NAME_COLLISION: another driver has RingView's altitude, or another driver that embeds RingView reports
 * already. May be called again.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_handle_events_start(_In_ rv_event_sink *sink, _In_ const rv_filter *filter);

/* Ends it. When this returns, no callback is under way; operations that have begun are not reported. May be called again. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_handle_events_stop(void);

bool rv_handle_events_running(void);

#endif
