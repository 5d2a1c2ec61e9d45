/*
 * process_events.h - reports the start and end of processes and threads and the loading of images, as the typed records
 * of events.h. It is shared by ringview.sys and by drivers that embed RingView or log through it, so it passes events
 * only to a sink.
 */
#ifndef RINGVIEW_PROCESS_EVENTS_H
#define RINGVIEW_PROCESS_EVENTS_H

#include "../include/ringview/events.h"
#include "../include/ringview/ioctl.h"
#include "event_filter.h"
#include "wdk.h"

/* Receives an event, with the arguments of SendData. May be called at APC_LEVEL or below, from any thread. */
typedef void rv_event_sink(uint16_t type, uint32_t remarks, const void *data, uint32_t length);

/*
 * Sets which of RV_CAPTURE_PROCESS, _THREAD and _IMAGE are reported. On failure nothing changed. `filters` are RV_EVENT_KINDS,
 * one for each bit of a capture mask, and stay where they are; NULL: every event is reported.
 * STATUS_ACCESS_DENIED for processes: the driver was not linked with /INTEGRITYCHECK. STATUS_INSUFFICIENT_RESOURCES,
 * STATUS_INVALID_PARAMETER: the system has no room for another callback.
 * When this returns, no callback of what was switched off is under way.
 */
_Must_inspect_result_ _IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS
rv_process_events_set(uint32_t mask, _In_ rv_event_sink *sink, _In_opt_ const rv_filter *filters);

/* The captures that are reported at present. */
uint32_t rv_process_events_mask(void);

#endif
