/*
 * event_captures.h - the captures of what the kernel does for others: which of them are on, and their filters. All of it is
 * called under the lock of control.c; the callbacks ask the filters by themselves.
 */
#ifndef RINGVIEW_EVENT_CAPTURES_H
#define RINGVIEW_EVENT_CAPTURES_H

#include "process_events.h"

/* Forgets all filters. `driver` is the one whose code the callbacks are. */
void rv_event_captures_init(_In_ PDRIVER_OBJECT driver);

/* RV_CAPTURE_* of events that this system can tell of. */
_IRQL_requires_max_(PASSIVE_LEVEL) uint32_t rv_event_captures_available(void);

/* Those that are on. */
uint32_t rv_event_captures_mask(void);

/*
 * Sets which are on. On failure nothing changed; the status is that of the system, see process_events.h, registry_events.h,
 * handle_events.h. When this returns, no callback of what was switched off is under way.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_event_captures_set(uint32_t mask, _In_ rv_event_sink *sink);

/* Sets the filter of some captures, on or not. The request has been checked. */
void rv_event_captures_filter(_In_ const rv_ioctl_event_filter *request);

/* The filters as they were set. */
void rv_event_captures_filters(_Out_ rv_ioctl_event_filters *answer);

#endif
