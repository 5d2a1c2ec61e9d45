/*
 * registry_events.h - reports operations on the registry as the typed records of kernel_events.h, each once, when it is done.
 * Nothing is changed or refused, and no data of a value is looked at.
 */
#ifndef RINGVIEW_REGISTRY_EVENTS_H
#define RINGVIEW_REGISTRY_EVENTS_H

#include "../include/ringview/kernel_events.h"
#include "process_events.h"

/* Whether this system can tell of the registry: Windows 8 and later. */
_IRQL_requires_max_(PASSIVE_LEVEL) bool rv_registry_events_available(void);

/*
 * Begins to report. `filter` stays where it is; `remarks` of an event is its operation. On failure nothing changed.
 * STATUS_NOT_SUPPORTED: see above. STATUS_OBJECT_NAME_COLLISION: another driver has RingView's altitude, or another
 * driver that embeds RingView reports already. May be called again.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_registry_events_start(_In_ PDRIVER_OBJECT driver, _In_ rv_event_sink *sink, _In_ const rv_filter *filter);

/* Ends it. When this returns, no callback is under way; operations that have begun are not reported. May be called again. */
_IRQL_requires_max_(PASSIVE_LEVEL) void rv_registry_events_stop(void);

bool rv_registry_events_running(void);

#endif
